//! GraphQL over HTTP, the merged feed, exports, web pages, health checks and metrics.

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
mod exports;
mod feed;
mod graphql;
mod health;
mod incomplete_sources;
mod metrics;
mod negotiate;
mod openapi;
mod operation;
mod pages;
mod parameters;
mod request;
mod request_id;
mod response;
mod routes;

#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use ipnet::IpNet;
use url::Url;

use crate::admission::{AdmissionSettings, PointBudget};
use crate::federation::{NewestAssurance, ReplicaStanding, SourceState};
use crate::model::SourceKey;

pub use connections::{ConnectionServer, ConnectionSettings};
pub use routes::{ListenerRoutes, routes};

/// How the gateway is served.
#[derive(Clone, Debug)]
pub struct HttpSettings {
    /// The path at which GraphQL is served, beginning with `/`.
    pub path: String,
    /// Whether browsers get the console at that path.
    pub console: bool,
    /// Whether introspection is allowed; only mentioned on the pages.
    pub introspection: bool,
    /// The maximum number of operations in a batch. `None` means no batches.
    pub batching: Option<usize>,
    /// The maximum size of a request's body, and of the query part of its URL, in bytes.
    pub max_body: usize,
    /// The time limit for a request, from its first to its last byte.
    pub request_timeout: Duration,
    /// The time limit for an export, from its first to its last byte.
    pub export_timeout: Duration,
    /// The maximum size of all responses of a batch together, in bytes.
    pub max_answer: usize,
    /// The web origins whose pages may send requests; `*` means all.
    pub cors_origins: Vec<String>,
    /// The public address of the gateway, for links. `None` means the address in the request.
    pub public_url: Option<Url>,
    /// Whether metrics are served only by [`ListenerRoutes::admin`].
    pub metrics_apart: bool,
    /// Proxies whose `x-forwarded-for` is trusted to identify clients.
    pub trusted_proxies: Vec<IpNet>,
    /// How much may run and wait at once.
    pub admission: AdmissionSettings,
    /// The points that each client may spend in a minute. `None` means any number.
    pub points: Option<Arc<PointBudget>>,
    /// The number of processors to share.
    pub processors: usize,
    /// The size of the response cache in bytes. Responses are cached for at most a second.
    pub answer_cache_bytes: u64,
}

/// The state of the sources, for the front page and the readiness check.
pub trait SourceStates: Send + Sync + 'static {
    /// Returns the present state of every configured source.
    fn states(&self) -> Vec<SourceState>;
    /// Returns when each source's publisher last checked a service, as far as that is known without asking the feeds.
    fn newest_assurances(&self) -> BoxFuture<'_, HashMap<SourceKey, NewestAssurance>>;
    /// Checks whether queries can be answered.
    ///
    /// # Errors
    /// Returns the reason, safe to show, if they cannot be answered yet.
    fn is_ready(&self) -> Result<(), String>;
    /// Returns this gateway's role among those that share the catalogue. `None` if it shares it with no other gateway.
    fn standing(&self) -> Option<ReplicaStanding> {
        None
    }
}
