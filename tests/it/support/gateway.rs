//! A gateway over fake feeds, configured by TOML like any other, and queried over HTTP.

use std::fmt::Write as _;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use oruk_gateway::app::RunningGateway;
use oruk_gateway::config::GatewayConfig;
use oruk_gateway::model::InstantClock;
use reqwest::header::HeaderMap;
use serde_json::{Value, json};

use super::FakeFeed;

/// A running gateway.
pub(crate) struct Gateway {
    app: RunningGateway,
    client: reqwest::Client,
    base: String,
    asked: AtomicUsize,
}

/// The configuration of a gateway.
#[derive(Clone)]
pub(crate) struct Setup {
    sources: Vec<(String, String, String)>,
    defaults: String,
    sections: String,
    clock: InstantClock,
}

/// A response.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
    pub(crate) took: Duration,
}

impl Reply {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("no JSON: {}", self.text))
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

/// Returns the data of a response that must not have errors.
pub(crate) fn data(answer: Value) -> Value {
    assert_eq!(answer.get("errors"), None, "no errors are expected");
    answer["data"].clone()
}

/// Without retries and probes and with no limit on the pace, unless a test sets them, so that counted requests are
/// those the test is about.
const DEFAULTS: &str =
    "mode = 'live'\ndialect = 'hsds-3'\nretries = 0\nrequests_per_second = 100000\nprobe_every = '0s'\n";

impl Gateway {
    /// Configures a gateway over these feeds, in this order.
    pub(crate) fn over(feeds: &[&FakeFeed]) -> Setup {
        let addresses: Vec<_> = feeds.iter().map(|feed| (&*feed.key, &*feed.url)).collect();
        Self::over_addresses(&addresses)
    }

    /// Configures a gateway over feeds with these keys and addresses.
    pub(crate) fn over_addresses(feeds: &[(&str, &str)]) -> Setup {
        let source = |(key, url): &(&str, &str)| ((*key).to_owned(), (*url).to_owned(), String::new());
        let sources = feeds.iter().map(source).collect();
        let (defaults, sections) = (DEFAULTS.to_owned(), String::new());
        Setup { sources, defaults, sections, clock: wall_clock() }
    }

    /// Sends a query. Each one is made unique, so that no cached response to an equal one is used.
    pub(crate) async fn query(&self, text: &str) -> Value {
        self.query_with(text, json!({})).await
    }

    /// Like [`Self::query`], with variables.
    pub(crate) async fn query_with(&self, text: &str, variables: Value) -> Value {
        self.ask(text, variables).await.json()
    }

    /// Sends a query, and returns the complete response.
    pub(crate) async fn ask(&self, text: &str, variables: Value) -> Reply {
        let number = self.asked.fetch_add(1, Ordering::Relaxed);
        self.post(&json!({ "query": format!("{text}\n# {number}"), "variables": variables })).await
    }

    /// Sends a body to the graph unchanged.
    pub(crate) async fn post(&self, body: &Value) -> Reply {
        let request = self.client.post(format!("{}/graphql", self.base));
        self.send(request.header("content-type", "application/json").body(body.to_string())).await
    }

    /// Waits until every source has been read completely, or synchronised.
    pub(crate) async fn is_fresh(&self) {
        let fresh = async {
            loop {
                // The query for services makes the gateway read live sources.
                let asked = "{ services { totalCount } sources { status } }";
                let sources = data(self.query(asked).await)["sources"].take();
                if sources.as_array().unwrap().iter().all(|source| source["status"] == "FRESH") {
                    return;
                }
            }
        };
        if tokio::time::timeout(Duration::from_secs(60), fresh).await.is_err() {
            panic!(
                "a source is not read whole: {}",
                self.query("{ sources { key status error { message } } }").await
            );
        }
    }

    /// Sends a GET request for a path.
    pub(crate) async fn get(&self, path: &str) -> Reply {
        self.send(self.client.get(format!("{}{path}", self.base))).await
    }

    /// Sends the request that a test makes from the graph's address.
    pub(crate) async fn send_as(
        &self,
        request: impl FnOnce(&reqwest::Client, String) -> reqwest::RequestBuilder,
    ) -> Reply {
        self.send(request(&self.client, format!("{}/graphql", self.base))).await
    }

    /// Returns the address that it listens on.
    pub(crate) fn address(&self) -> SocketAddr {
        self.app.address()
    }

    /// Returns the separate address of metrics and health, if there is one.
    pub(crate) fn admin_address(&self) -> Option<SocketAddr> {
        self.app.admin_address()
    }

    /// Returns the status of a path. `None` if there is no response.
    pub(crate) async fn try_get(&self, path: &str) -> Option<u16> {
        let sent = self.client.get(format!("{}{path}", self.base)).send().await;
        sent.ok().map(|response| response.status().as_u16())
    }

    /// Stops the gateway.
    pub(crate) async fn stop(self) {
        self.app.stop().await;
    }

    async fn send(&self, request: reqwest::RequestBuilder) -> Reply {
        let began = Instant::now();
        let response = request.send().await.unwrap();
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let text = response.text().await.unwrap();
        Reply { status, headers, text, took: began.elapsed() }
    }
}

impl Setup {
    /// Adds lines to `[defaults]`.
    pub(crate) fn with_defaults(mut self, lines: &str) -> Self {
        // A repeated key would be refused, so the test's own replaces the default.
        let name = |line: &str| line.split('=').next().unwrap_or_default().trim().to_owned();
        let own: Vec<String> = lines.lines().map(name).collect();
        let kept = self.defaults.lines().filter(|line| !own.contains(&name(line)));
        let mut defaults: String = kept.map(|line| format!("{line}\n")).collect();
        writeln!(defaults, "{lines}").unwrap();
        self.defaults = defaults;
        self
    }

    /// Adds lines to one source.
    pub(crate) fn with_source(mut self, key: &str, lines: &str) -> Self {
        let source = self.sources.iter_mut().find(|source| source.0 == key).unwrap();
        writeln!(source.2, "{lines}").unwrap();
        self
    }

    /// Adds other sections.
    pub(crate) fn with(mut self, sections: &str) -> Self {
        writeln!(self.sections, "{sections}").unwrap();
        self
    }

    /// Uses a clock that stands still.
    pub(crate) fn at(mut self, instant: DateTime<Utc>) -> Self {
        self.clock = InstantClock::fixed(instant);
        self
    }

    /// Starts the gateway on a free port.
    pub(crate) async fn start(&self) -> Gateway {
        let mut text = format!("{}\n[defaults]\n{}\n", self.sections, self.defaults);
        if !self.sections.contains("[server]") {
            text.push_str("[server]\n");
        }
        text = text.replace("[server]\n", "[server]\nlisten = '127.0.0.1:0'\n");
        for (key, url, lines) in &self.sources {
            writeln!(text, "[[sources]]\nkey = '{key}'\nurl = '{url}'\n{lines}").unwrap();
        }
        let config = GatewayConfig::parse(&text, &|_| None)
            .unwrap_or_else(|problems| panic!("{problems:?} in\n{text}"));
        let app = RunningGateway::start(config, Arc::default(), self.clock.clone()).await.unwrap();
        let base = format!("http://{}", app.address());
        // After the gateway, because that chooses the process's cryptography.
        let client = reqwest::Client::builder().build().unwrap();
        Gateway { app, client, base, asked: AtomicUsize::new(0) }
    }
}

#[expect(clippy::disallowed_methods, reason = "the tests stand where the command line does")]
pub(crate) fn wall_clock() -> InstantClock {
    InstantClock::new(Utc::now)
}
