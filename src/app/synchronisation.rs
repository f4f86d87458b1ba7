//! Synchronises a configuration's sources without serving.

use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;
use tokio::sync::watch;

use super::settings;
use crate::catalogue::{ReplicaStanding, StoreVerifier, StoredCatalogue};
use crate::config::GatewayConfig;
use crate::model::{InstantClock, PostcodePlaces, RecordKind, SourceKey};
use crate::source::SourceServices;
use crate::sync::{SourceSynchroniser, SyncOutcome, SyncProgress};

/// How long to wait for the lease. This is longer than a lease lasts that was not given back.
const LEADS_WITHIN: Duration = Duration::from_secs(25);

/// Sources of a configuration, and the catalogue they are synchronised into.
pub struct SyncSession {
    sources: SourceServices,
    catalogue: StoredCatalogue,
    synchroniser: SourceSynchroniser,
    keys: Vec<SourceKey>,
}

impl SyncSession {
    /// Opens the catalogue at `catalogue.directory`, without sending requests yet. `postcodes` locates services without
    /// coordinates. `verifier` checks a store that was not closed properly.
    ///
    /// # Errors
    /// If the catalogue cannot be opened; the message says what to do.
    pub async fn open(
        config: &GatewayConfig,
        keys: Vec<SourceKey>,
        postcodes: PostcodePlaces,
        clock: InstantClock,
        verifier: &StoreVerifier,
    ) -> anyhow::Result<Self> {
        let catalogue = settings::catalogue(config, postcodes, clock.clone(), verifier).await?;
        until_leading(&catalogue).await?;
        let sources = SourceServices::new(settings::cache_shares(config).sources, clock.clone())
            .reading_within(config.reading.max_memory)
            .keeping_secret(&config.sources);
        let wanted = config.sources.iter().filter(|source| keys.contains(&source.key));
        let each = wanted.map(|source| Arc::new(sources.source(source, &config.privacy))).collect();
        let synchroniser = SourceSynchroniser::new(each, &catalogue, config.catalogue.sync_every, &clock);
        Ok(Self { sources, catalogue, synchroniser, keys })
    }

    /// Returns a receiver of a source's synchronisation progress.
    pub fn watch(&self, key: &SourceKey) -> Option<watch::Receiver<SyncProgress>> {
        self.synchroniser.watch(key)
    }

    /// Synchronises every source once, all concurrently, and reports each when it is done. Can be dropped.
    pub async fn run(&self, mut done: impl FnMut(&SourceKey, &SyncOutcome)) {
        let walk = |key| async move { (key, self.synchroniser.synchronise(key).await) };
        let mut walks: FuturesUnordered<_> = self.keys.iter().map(walk).collect();
        while let Some((key, outcome)) = walks.next().await {
            if let Some(outcome) = outcome {
                done(key, &outcome);
            }
        }
    }

    /// Returns the number of a source's stored services.
    pub fn services(&self, key: &SourceKey) -> u64 {
        self.catalogue.snapshot().store().count(RecordKind::Service, key).unwrap_or(0)
    }

    /// Writes pending data, and closes the catalogue.
    pub async fn close(&self) {
        self.sources.stop().await;
        self.catalogue.close().await;
    }
}

/// Waits until this process leads, if several share the catalogue, because only the leader reads publishers.
///
/// # Errors
/// If it does not lead in time.
async fn until_leading(catalogue: &StoredCatalogue) -> anyhow::Result<()> {
    let Some(mut standing) = catalogue.watch_standing() else { return Ok(()) };
    let leading = standing.wait_for(ReplicaStanding::leads);
    let leads = tokio::time::timeout(LEADS_WITHIN, leading).await.is_ok_and(|leads| leads.is_ok());
    anyhow::ensure!(
        leads,
        "another gateway that shares `catalogue.journal` reads the publishers for all, or the journal does not answer; \
         leave it to that one, or stop it first"
    );
    Ok(())
}
