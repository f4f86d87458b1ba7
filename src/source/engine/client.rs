//! Builds all HTTP clients for feeds.

use std::collections::HashMap;
use std::sync::Mutex;
use std::time::Duration;

use reqwest::redirect::{Attempt, Policy};

use super::resolver::BoundedResolver;

/// Shares HTTP clients. There is one for each connect timeout, because that is a setting of the client, not of the
/// request.
#[derive(Default)]
pub(crate) struct HttpClients {
    by_connect_timeout: Mutex<HashMap<Duration, reqwest::Client>>,
}

const USER_AGENT: &str = concat!("oruk-gateway/", env!("CARGO_PKG_VERSION"));
const MOST_REDIRECTS: usize = 5;
const KEEP_IDLE: Duration = Duration::from_secs(60);

impl HttpClients {
    /// Returns a client that gives up connecting after `connect_timeout`.
    pub(crate) fn with_connect_timeout(&self, connect_timeout: Duration) -> reqwest::Client {
        let mut clients = self.by_connect_timeout.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        clients.entry(connect_timeout).or_insert_with(|| build(connect_timeout)).clone()
    }
}

#[expect(clippy::expect_used, reason = "fails only where the process cannot set up TLS at all, at start-up")]
fn build(connect_timeout: Duration) -> reqwest::Client {
    // The provider is set once for the process. It may have been set already.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder()
        .user_agent(USER_AGENT)
        .connect_timeout(connect_timeout)
        .pool_idle_timeout(KEEP_IDLE)
        .dns_resolver(BoundedResolver)
        .redirect(Policy::custom(stay_on_host))
        .build()
        .expect("the HTTP client can be built")
}

/// A redirect that was not followed. The library's message might quote its target, so this has our own words.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct RefusedRedirect(&'static str);

/// Returns why the gateway did not follow a redirect. Returns `None` if the error has another cause.
pub(super) fn refused_redirect(error: &reqwest::Error) -> Option<&'static str> {
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        if let Some(RefusedRedirect(reason)) = error.downcast_ref() {
            return Some(reason);
        }
        cause = error.source();
    }
    None
}

// A feed must not be able to direct the gateway to another host, or to one inside the gateway's network.
fn stay_on_host(attempt: Attempt<'_>) -> reqwest::redirect::Action {
    let Some(first) = attempt.previous().first() else { return attempt.stop() };
    let same_host = attempt.url().host_str() == first.host_str();
    // Another port is another server, which must not get the credentials. A redirect from http to https is the same
    // server.
    let same_port = attempt.url().port() == first.port();
    let downgraded = first.scheme() == "https" && attempt.url().scheme() != "https";
    if attempt.previous().len() > MOST_REDIRECTS {
        attempt.error(RefusedRedirect("redirects too many times"))
    } else if !same_host || !same_port {
        attempt.error(RefusedRedirect("redirects to another host"))
    } else if downgraded {
        attempt.error(RefusedRedirect("redirects from https to http"))
    } else {
        attempt.follow()
    }
}
