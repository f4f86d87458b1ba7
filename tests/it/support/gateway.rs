//! A gateway over fake feeds, configured by TOML as anybody's would be, and asked over HTTP.

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

/// A gateway as it shall be.
#[derive(Clone)]
pub(crate) struct Setup {
    sources: Vec<(String, String, String)>,
    defaults: String,
    sections: String,
    clock: InstantClock,
}

/// An answer.
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

/// What came back, where nothing went wrong.
pub(crate) fn data(answer: Value) -> Value {
    assert_eq!(answer.get("errors"), None, "no errors are expected");
    answer["data"].clone()
}

/// Nothing is tried twice or tried out, and the pace is no limit, unless a test says so: what is counted is what was wanted.
const DEFAULTS: &str =
    "mode = 'live'\ndialect = 'hsds-3'\nretries = 0\nrequests_per_second = 100000\nprobe_every = '0s'\n";

impl Gateway {
    /// A gateway over these feeds, in this order.
    pub(crate) fn over(feeds: &[&FakeFeed]) -> Setup {
        let addresses: Vec<_> = feeds.iter().map(|feed| (&*feed.key, &*feed.url)).collect();
        Self::over_addresses(&addresses)
    }

    /// A gateway over feeds by their keys and addresses.
    pub(crate) fn over_addresses(feeds: &[(&str, &str)]) -> Setup {
        let source = |(key, url): &(&str, &str)| ((*key).to_owned(), (*url).to_owned(), String::new());
        let sources = feeds.iter().map(source).collect();
        let (defaults, sections) = (DEFAULTS.to_owned(), String::new());
        Setup { sources, defaults, sections, clock: wall_clock() }
    }

    /// Asks the graph. Each question is a new one: what was answered to an equal one a moment ago is not taken.
    pub(crate) async fn query(&self, text: &str) -> Value {
        self.query_with(text, json!({})).await
    }

    /// Asks the graph with variables, likewise.
    pub(crate) async fn query_with(&self, text: &str, variables: Value) -> Value {
        self.ask(text, variables).await.json()
    }

    /// Asks the graph, and shows the whole answer.
    pub(crate) async fn ask(&self, text: &str, variables: Value) -> Reply {
        let number = self.asked.fetch_add(1, Ordering::Relaxed);
        self.post(&json!({ "query": format!("{text}\n# {number}"), "variables": variables })).await
    }

    /// Sends a body to the graph as it is.
    pub(crate) async fn post(&self, body: &Value) -> Reply {
        let request = self.client.post(format!("{}/graphql", self.base));
        self.send(request.header("content-type", "application/json").body(body.to_string())).await
    }

    /// Waits until every source has answered whole, or been synchronised.
    pub(crate) async fn is_fresh(&self) {
        let fresh = async {
            loop {
                // QueryContext is what makes live sources read.
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

    /// Gets a path.
    pub(crate) async fn get(&self, path: &str) -> Reply {
        self.send(self.client.get(format!("{}{path}", self.base))).await
    }

    /// Sends whatever a test makes of the address of the graph.
    pub(crate) async fn send_as(
        &self,
        request: impl FnOnce(&reqwest::Client, String) -> reqwest::RequestBuilder,
    ) -> Reply {
        self.send(request(&self.client, format!("{}/graphql", self.base))).await
    }

    /// Where it listens.
    pub(crate) fn address(&self) -> SocketAddr {
        self.app.address()
    }

    /// Where it serves metrics and health apart.
    pub(crate) fn admin_address(&self) -> Option<SocketAddr> {
        self.app.admin_address()
    }

    /// The status of a path, if there is an answer.
    pub(crate) async fn try_get(&self, path: &str) -> Option<u16> {
        let sent = self.client.get(format!("{}{path}", self.base)).send().await;
        sent.ok().map(|response| response.status().as_u16())
    }

    /// Stops it.
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
    /// With lines of `[defaults]`.
    pub(crate) fn with_defaults(mut self, lines: &str) -> Self {
        // Said twice, a key would be refused: the test's own stands.
        let name = |line: &str| line.split('=').next().unwrap_or_default().trim().to_owned();
        let own: Vec<String> = lines.lines().map(name).collect();
        let kept = self.defaults.lines().filter(|line| !own.contains(&name(line)));
        let mut defaults: String = kept.map(|line| format!("{line}\n")).collect();
        writeln!(defaults, "{lines}").unwrap();
        self.defaults = defaults;
        self
    }

    /// With lines for one source.
    pub(crate) fn with_source(mut self, key: &str, lines: &str) -> Self {
        let source = self.sources.iter_mut().find(|source| source.0 == key).unwrap();
        writeln!(source.2, "{lines}").unwrap();
        self
    }

    /// With other sections.
    pub(crate) fn with(mut self, sections: &str) -> Self {
        writeln!(self.sections, "{sections}").unwrap();
        self
    }

    /// With a clock that stands still.
    pub(crate) fn at(mut self, instant: DateTime<Utc>) -> Self {
        self.clock = InstantClock::fixed(instant);
        self
    }

    /// On a port of its own.
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
        // Started after the gateway, which has chosen the process's cryptography.
        let client = reqwest::Client::builder().build().unwrap();
        Gateway { app, client, base, asked: AtomicUsize::new(0) }
    }
}

#[expect(clippy::disallowed_methods, reason = "the tests stand where the command line does")]
pub(crate) fn wall_clock() -> InstantClock {
    InstantClock::new(Utc::now)
}
