//! Everything below HTTP, as shared by the server and the commands.

use std::sync::Arc;

use futures_util::{StreamExt as _, stream};

use super::demonstration::DemonstrationFeeds;
use super::settings;
use super::suggested::suggested;
use crate::catalogue::{StoreVerifier, StoredCatalogue};
use crate::config::{self, GatewayConfig};
use crate::federation::Federation;
use crate::graphql::ServiceGraph;
use crate::model::{InstantClock, LiveMembers, PostcodePlaces, SourceMode};
use crate::source::{FeedSource, ProbeReport, SourceServices};
use crate::sync::SourceSynchroniser;

/// A probe mostly waits, but its responses are large.
const PROBED_AT_ONCE: usize = 8;

/// The graph over all sources, with the rooms below it.
pub struct GatewayRooms {
    /// The public contract.
    pub graph: Arc<ServiceGraph>,
    /// The use cases over all sources.
    pub federation: Arc<Federation>,
    sources: SourceServices,
    catalogue: Option<StoredCatalogue>,
    members: LiveMembers,
    each: Vec<Arc<FeedSource>>,
    demonstration: Option<DemonstrationFeeds>,
}

impl GatewayRooms {
    /// Sets up the enabled sources of a configuration, all read live, without sending requests yet.
    pub fn new(config: &GatewayConfig, places: Arc<PostcodePlaces>, clock: InstantClock) -> Self {
        Self::over(&config.sources, None, config, None, places, clock)
    }

    /// Like [`GatewayRooms::new`], but serves the embedded demonstration if the configuration has no sources.
    ///
    /// # Errors
    /// If the demonstration's feeds cannot be served on the loopback interface.
    pub async fn start(
        config: &GatewayConfig,
        places: Arc<PostcodePlaces>,
        clock: InstantClock,
    ) -> anyhow::Result<Self> {
        let (sources, demonstration) = configured(config).await?;
        Ok(Self::over(&sources, demonstration, config, None, places, clock))
    }

    /// Like [`GatewayRooms::start`], with the catalogue open for sources whose mode is `catalogue`. `verifier` checks a
    /// store that was not closed properly.
    ///
    /// # Errors
    /// As for [`GatewayRooms::start`], and if the catalogue cannot be opened.
    pub async fn start_with_catalogue(
        config: &GatewayConfig,
        places: Arc<PostcodePlaces>,
        clock: InstantClock,
        verifier: &StoreVerifier,
    ) -> anyhow::Result<Self> {
        let (sources, demonstration) = configured(config).await?;
        let is_synchronised =
            |source: &config::SourceSettings| source.enabled && source.mode == SourceMode::Catalogue;
        // With a journal, the catalogue is needed even without synchronised sources: the pace of live sources is
        // divided by the number of gateways that share the journal.
        let is_shared = config.catalogue.journal.is_some();
        let catalogue = match is_shared || sources.iter().any(is_synchronised) {
            true => {
                let postcodes = PostcodePlaces::clone(&places);
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

    /// Returns the number of gateways that share the catalogue. It follows changes.
    pub(super) fn members(&self) -> &LiveMembers {
        &self.members
    }

    /// Keeps the number of gateways that share the catalogue up to date, while it is polled. Returns at once if the
    /// catalogue is not shared.
    pub(super) async fn keep_counting_members(&self) {
        let Some(mut standing) = self.catalogue.as_ref().and_then(StoredCatalogue::watch_standing) else {
            return;
        };
        loop {
            self.members.set(standing.borrow_and_update().members);
            // Ends with the catalogue.
            if standing.changed().await.is_err() {
                return;
            }
        }
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
        configured: &[config::SourceSettings],
        demonstration: Option<DemonstrationFeeds>,
        config: &GatewayConfig,
        catalogue: Option<StoredCatalogue>,
        places: Arc<PostcodePlaces>,
        clock: InstantClock,
    ) -> Self {
        let members = LiveMembers::default();
        let sources = SourceServices::new(settings::cache_shares(config).sources, clock.clone())
            .reading_within(config.reading.max_memory)
            .sharing_pace_among(members.clone())
            .keeping_secret(configured);
        let enabled: Vec<_> = configured.iter().filter(|source| source.enabled).collect();
        let build = |source: &&config::SourceSettings| Arc::new(sources.source(source, &config.privacy));
        let built: Vec<Arc<FeedSource>> = enabled.iter().map(build).collect();
        let mut federation = Federation::new(built.clone(), clock.clone()).with_places(places);
        if let Some(lexicon) = settings::lexicon(config) {
            federation = federation.with_lexicon(lexicon);
        }
        let lexicon = federation.lexicon();
        federation = federation.with_suggested(suggested(&lexicon));
        if let Some(catalogue) = &catalogue {
            let kept = built.iter().filter(|source| source.info().mode == SourceMode::Catalogue);
            let every = config.catalogue.sync_every;
            let synchroniser = SourceSynchroniser::new(kept.cloned().collect(), catalogue, every, &clock);
            federation = federation.with_catalogue(catalogue.clone(), Arc::new(synchroniser));
        }
        let federation = Arc::new(federation);
        let graph = Arc::new(ServiceGraph::new(Arc::clone(&federation), settings::graph(config)));
        Self { graph, federation, sources, catalogue, members, each: built, demonstration }
    }
}

/// Returns the sources of a configuration, or of the embedded demonstration if it has none.
async fn configured(
    config: &GatewayConfig,
) -> anyhow::Result<(Vec<config::SourceSettings>, Option<DemonstrationFeeds>)> {
    if !config.sources.is_empty() {
        return Ok((config.sources.clone(), None));
    }
    let demonstration = DemonstrationFeeds::start().await?;
    tracing::info!("no sources configured: serving the embedded demonstration with invented data");
    Ok((demonstration.sources().to_vec(), Some(demonstration)))
}
