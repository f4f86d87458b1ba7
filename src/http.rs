//! HTTP: GraphQL over HTTP, pages for people, health and metrics; no business words.

mod admin;
mod answers;
mod asker;
mod assets;
mod body;
mod caching;
mod compression;
mod connections;
mod content;
mod cors;
mod errors;
mod graphql;
mod health;
mod metrics;
mod negotiate;
mod operation;
mod pages;
mod request;
mod request_id;
mod response;
mod routes;

#[cfg(test)]
mod tests;

use std::time::Duration;

use ipnet::IpNet;
use url::Url;

use crate::admission::AdmissionSettings;
use crate::federation::SourceState;

pub use connections::{ConnectionSettings, Server};
pub use routes::{Routes, routes};

/// How the gateway is served.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where GraphQL is served, beginning with `/`.
    pub path: String,
    /// Whether browsers get the console there.
    pub console: bool,
    /// Whether the schema may be asked for; pages only mention it.
    pub introspection: bool,
    /// How many operations a batch may have; none means no batches.
    pub batching: Option<usize>,
    /// How many bytes a request's body, or the query part of its address, may have.
    pub max_body: usize,
    /// How long a request may take, from its first to its last byte.
    pub request_timeout: Duration,
    /// Most bytes that the answers of a batch take together.
    pub max_answer: usize,
    /// The origins whose pages may ask; `*` stands for all.
    pub cors_origins: Vec<String>,
    /// The address the gateway is known by, for links; none means as requested.
    pub public_url: Option<Url>,
    /// Whether metrics are served apart from everything else, by [`Routes::admin`] alone.
    pub metrics_apart: bool,
    /// Proxies that are believed about who is asking.
    pub trusted_proxies: Vec<IpNet>,
    /// How much runs at once, and how much waits.
    pub admission: AdmissionSettings,
    /// How many processors there are to share.
    pub processors: usize,
    /// How many bytes of responses to keep for equal questions; each is kept for a second at most.
    pub answer_cache_bytes: u64,
}

/// What the front page and the readiness check need to know of the sources.
pub trait Sources: Send + Sync + 'static {
    /// Every configured source as it stands now.
    fn states(&self) -> Vec<SourceState>;
    /// Whether queries can be answered.
    ///
    /// # Errors
    /// When they cannot yet: why, in words that are safe to show.
    fn is_ready(&self) -> Result<(), String>;
}
