//! Everything below HTTP, as shared by the server and the commands.

use std::sync::Arc;

use futures_util::{StreamExt as _, stream};

use super::demonstration::Demonstration;
use super::settings;
use super::suggested::suggested;
use crate::catalogue::{Catalogue, Verifier};
use crate::config::{self, Config};
use crate::federation::Federation;
use crate::graphql::Graph;
use crate::model::{Clock, Postcodes, SourceMode};
use crate::source::{ProbeReport, Source, Sources};
use crate::sync::Synchroniser;

/// A probe mostly waits, but its responses are large.
const PROBED_AT_ONCE: usize = 8;

/// The graph over all sources, with the rooms below it.
pub struct Gateway {
    /// The public contract.
    pub graph: Arc<Graph>,
    /// The use cases over all sources.
    pub federation: Arc<Federation>,
    sources: Sources,
    catalogue: Option<Catalogue>,
    each: Vec<Arc<Source>>,
    demonstration: Option<Demonstration>,
}

impl Gateway {
    /// Sets up the enabled sources of a configuration, all read live, without sending requests yet. Sources that cannot
    /// be read are left out, with a line in the log.
    pub fn new(config: &Config, places: Arc<Postcodes>, clock: Clock) -> Self {
        Self::over(&config.sources, None, config, None, places, clock)
    }

    /// Like [`Gateway::new`], but serves the embedded demonstration if the configuration has no sources.
    ///
    /// # Errors
    /// If the demonstration's feeds cannot be served on the loopback interface.
    pub async fn start(config: &Config, places: Arc<Postcodes>, clock: Clock) -> anyhow::Result<Self> {
        let (sources, demonstration) = configured(config).await?;
        Ok(Self::over(&sources, demonstration, config, None, places, clock))
    }

    /// Like [`Gateway::start`], with the catalogue open for sources whose mode is `catalogue`. `verifier` checks a
    /// store that was not closed properly.
    ///
    /// # Errors
    /// As for [`Gateway::start`], and if the catalogue cannot be opened.
    pub async fn start_with_catalogue(
        config: &Config,
        places: Arc<Postcodes>,
        clock: Clock,
        verifier: &Verifier,
    ) -> anyhow::Result<Self> {
        let (sources, demonstration) = configured(config).await?;
        let is_kept = |source: &config::Source| source.enabled && source.mode == SourceMode::Catalogue;
        let catalogue = match sources.iter().any(is_kept) {
            true => {
                let postcodes = Postcodes::clone(&places);
                Some(settings::catalogue(config, postcodes, clock.clone(), verifier).await?)
            }
            false => None,
        };
        Ok(Self::over(&sources, demonstration, config, catalogue, places, clock))
    }

    /// Returns whether it serves the embedded demonstration.
    pub fn is_demonstration(&self) -> bool {
        self.demonstration.is_some()
    }

    /// Probes every source, several at once. Returns reports in configuration order.
    pub async fn probe(&self) -> Vec<ProbeReport> {
        let each = stream::iter(self.each.clone()).map(|source| async move { source.probe().await });
        each.buffered(PROBED_AT_ONCE).collect().await
    }

    /// Stops reading from the sources.
    pub async fn stop(&self) {
        self.sources.stop().await;
        if let Some(catalogue) = &self.catalogue {
            catalogue.close().await;
        }
        if let Some(demonstration) = &self.demonstration {
            demonstration.stop().await;
        }
    }

    fn over(
        configured: &[config::Source],
        demonstration: Option<Demonstration>,
        config: &Config,
        catalogue: Option<Catalogue>,
        places: Arc<Postcodes>,
        clock: Clock,
    ) -> Self {
        let sources = Sources::new(settings::cache_shares(config).sources, clock.clone())
            .reading_within(config.reading.max_memory)
            .keeping_secret(configured);
        let enabled: Vec<_> = configured.iter().filter(|source| source.enabled).collect();
        let build = |source: &&config::Source| Arc::new(sources.source(source, &config.privacy));
        let built: Vec<Arc<Source>> = enabled.iter().map(build).collect();
        mention_quarantined(&built);
        let mut federation = Federation::new(built.clone(), clock.clone()).with_places(places);
        if let Some(lexicon) = settings::lexicon(config) {
            federation = federation.with_lexicon(lexicon);
        }
        let lexicon = federation.lexicon();
        federation = federation.with_suggested(suggested(&lexicon));
        if let Some(catalogue) = &catalogue {
            let kept = built.iter().filter(|source| source.info().mode == SourceMode::Catalogue);
            let every = config.catalogue.sync_every;
            let synchroniser = Synchroniser::new(kept.cloned().collect(), catalogue, every, &clock);
            federation = federation.with_catalogue(catalogue.clone(), Arc::new(synchroniser));
        }
        let federation = Arc::new(federation);
        let graph = Arc::new(Graph::new(Arc::clone(&federation), settings::graph(config)));
        Self { graph, federation, sources, catalogue, each: built, demonstration }
    }
}

/// Returns the sources of a configuration, or of the embedded demonstration if it has none.
async fn configured(config: &Config) -> anyhow::Result<(Vec<config::Source>, Option<Demonstration>)> {
    if !config.sources.is_empty() {
        return Ok((config.sources.clone(), None));
    }
    let demonstration = Demonstration::start().await?;
    tracing::info!("no sources configured: serving the embedded demonstration with invented data");
    Ok((demonstration.sources().to_vec(), Some(demonstration)))
}

fn mention_quarantined(sources: &[Arc<Source>]) {
    for source in sources {
        if let Some(reason) = source.quarantined() {
            let (key, code) = (&source.info().key, reason.code.as_str());
            tracing::error!(source = %key, code, reason = %reason.message, "source left out");
        }
    }
}
