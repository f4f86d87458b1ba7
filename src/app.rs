//! The composition root: from a configuration to a running server with an address and a way to stop it.

use std::net::SocketAddr;
use std::sync::Arc;

use crate::config::Config;
use crate::demo;
use crate::federation::Federation;
use crate::model::Clock;
use crate::source::Sources;

/// Everything below HTTP, put together: what the server and the commands share.
pub struct Gateway {
    /// The use cases over all sources.
    pub federation: Arc<Federation>,
    sources: Sources,
}

impl Gateway {
    /// Puts the enabled sources of a configuration together; asks nothing of them yet.
    pub fn new(config: &Config, clock: Clock) -> Self {
        let sources = Sources::new(config.cache.max_size, clock.clone());
        let enabled = config.sources.iter().filter(|source| source.enabled);
        let built = enabled.map(|source| Arc::new(sources.source(source, &config.privacy))).collect();
        Self { federation: Arc::new(Federation::new(built, clock)), sources }
    }

    /// Stops reading from the sources.
    pub async fn stop(&self) {
        self.sources.stop().await;
    }
}
