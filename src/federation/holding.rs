//! The data that the gateway has of each source. Only this module knows whether a source is synchronised or live.
//!
//! A synchronised source is answered from the catalogue ([`StoredSource`]). A live source is answered from its feed
//! through the cache ([`AskedFeed`]). Callers use a [`Holding`] and need not know which of the two it is. [`Holding`]
//! is an enum rather than a trait object because lists and records are generic over their kind, and so that no record
//! costs a box or a dynamic call.

mod asked_feed;
mod asked_matches;
mod asked_search;
mod cached_sets;
mod matches;
mod provider_joins;
mod record;
mod service_search;
mod stored_matches;
mod stored_search;
mod stored_source;

use std::sync::{Arc, OnceLock};

use chrono::{DateTime, NaiveDate, Utc};
use futures_util::future::join_all;
use tokio::time::Instant;

use super::QueryContext;
use super::source_matches::SourceMatches;
use crate::catalogue::{CatalogueSnapshot, ReplicaStanding, StoredCatalogue};
use crate::model::{HistoryPosition, InstantClock, Service, SourceKey, SourceMode, london_today};
use crate::source::{DetailedService, FeedSource, NestedRecord};
use crate::sync::{SourceSynchroniser, SyncProgress};

use provider_joins::ProviderJoins;

pub(super) use asked_feed::AskedFeed;
pub(super) use asked_matches::{AskedMatches, names_carried};
pub(super) use matches::{HeldMatches, MatchedPlace, PageCandidates};
pub(super) use record::{StoredAnswer, look_up, read_stored};
pub(super) use stored_matches::StoredMatches;
pub(super) use stored_source::{StoredSource, SyncedCatalogue};

pub(super) struct Holdings {
    sources: Vec<Arc<FeedSource>>,
    synced: OnceLock<SyncedCatalogue>,
    joins: ProviderJoins,
    clock: InstantClock,
}

#[derive(Clone, Copy)]
pub(super) enum Holding<'h> {
    Stored(StoredSource<'h>),
    /// What the feed says, now or when it was last read.
    Live(AskedFeed<'h>),
}

impl Holdings {
    /// Starts with these sources, in configuration order. All are live until [`Self::add_catalogue`] is called.
    pub(super) fn new(sources: Vec<Arc<FeedSource>>, clock: InstantClock) -> Self {
        Self { sources, synced: OnceLock::new(), joins: ProviderJoins::default(), clock }
    }

    /// Answers for sources in catalogue mode from this catalogue from now on. Called once, when the gateway starts.
    pub(super) fn add_catalogue(&self, catalogue: StoredCatalogue, synchroniser: Arc<SourceSynchroniser>) {
        self.synced.get_or_init(|| SyncedCatalogue::new(catalogue, synchroniser));
    }

    pub(super) fn clock(&self) -> &InstantClock {
        &self.clock
    }

    pub(super) fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    pub(super) fn today(&self) -> NaiveDate {
        london_today(self.now())
    }

    /// Returns all sources, in configuration order.
    pub(super) fn sources(&self) -> &[Arc<FeedSource>] {
        &self.sources
    }

    pub(super) fn of<'h>(&'h self, source: &'h Arc<FeedSource>) -> Holding<'h> {
        match self.synced().filter(|_| source.info().mode == SourceMode::Catalogue) {
            Some(synced) => {
                Holding::Stored(StoredSource { source, synced, joins: &self.joins, clock: &self.clock })
            }
            None => Holding::Live(AskedFeed { source, joins: &self.joins, clock: &self.clock }),
        }
    }

    /// Returns the holding of the source with this key. `None` if no such source is configured.
    pub(super) fn get(&self, key: &SourceKey) -> Option<Holding<'_>> {
        let source = self.sources.iter().find(|source| source.info().key == *key)?;
        Some(self.of(source))
    }

    /// Returns the holding of each source, in configuration order.
    pub(super) fn each(&self) -> impl Iterator<Item = Holding<'_>> {
        self.sources.iter().map(|source| self.of(source))
    }

    pub(super) fn stored(&self) -> impl Iterator<Item = StoredSource<'_>> {
        self.each().filter_map(Holding::stored)
    }

    pub(super) fn live(&self) -> impl Iterator<Item = AskedFeed<'_>> {
        self.each().filter_map(Holding::live)
    }

    /// Returns the catalogue and what is derived from it. `None` if no source is synchronised.
    pub(super) fn synced(&self) -> Option<&SyncedCatalogue> {
        self.synced.get()
    }

    /// Returns the current snapshot of the catalogue. `None` if no source is synchronised.
    pub(super) fn snapshot(&self) -> Option<Arc<CatalogueSnapshot>> {
        Some(self.synced()?.catalogue.snapshot())
    }

    /// Returns this gateway's role among those that share the catalogue. `None` if it shares it with no other gateway.
    pub(super) fn standing(&self) -> Option<ReplicaStanding> {
        self.synced()?.catalogue.standing()
    }

    /// Returns which catalogue this is, and how many changes it has seen. `None` if no source is synchronised.
    pub(super) fn version(&self) -> Option<HistoryPosition> {
        self.snapshot().as_deref().map(version_of)
    }

    /// Waits for first sync runs that have only just begun, at most for a source's deadline counted from the start of
    /// its run. After that, what has arrived is served. A source with records stored before the gateway started is not
    /// waited for, even if its list was never read to the end.
    pub(super) async fn until_warm(
        &self,
        sources: impl IntoIterator<Item = &Arc<FeedSource>>,
        asking: &QueryContext,
    ) {
        let Some(synced) = self.synced() else { return };
        let waits = sources.into_iter().filter_map(|source| {
            let mut watched = synced.synchroniser.watch(&source.info().key)?;
            let deadline = source.limits().deadline;
            let began = watched.borrow().started_at;
            let gone = began.and_then(|began| (self.clock.now() - began).to_std().ok()).unwrap_or_default();
            let left = deadline.saturating_sub(gone);
            Some(async move {
                let is_told = |progress: &SyncProgress| {
                    progress.is_warm || progress.has_arrived || progress.error.is_some()
                };
                // Either outcome will do: the report says how far the sync run has come.
                let _ = tokio::time::timeout_at(asking.until(left), watched.wait_for(is_told)).await;
            })
        });
        join_all(waits).await;
    }

    /// Lists a source's records of a kind. A live source without a list of that kind gets the records that its services
    /// contain.
    pub(super) async fn list<T: NestedRecord>(
        &self,
        source: &Arc<FeedSource>,
        asking: &QueryContext,
    ) -> SourceMatches<T> {
        let began = Instant::now();
        match self.of(source) {
            Holding::Stored(stored) => {
                self.until_warm([source], asking).await;
                let seen = stored.list::<T>().await;
                SourceMatches::of(source, began, seen, asking, self.clock.now())
            }
            Holding::Live(feed) => feed.list(began, asking).await,
        }
    }
}

impl<'h> Holding<'h> {
    pub(super) fn source(self) -> &'h Arc<FeedSource> {
        self.feed().source
    }

    /// Returns the source's feed, for records that the gateway does not have.
    pub(super) fn feed(self) -> AskedFeed<'h> {
        match self {
            Self::Stored(StoredSource { source, joins, clock, .. }) => AskedFeed { source, joins, clock },
            Self::Live(feed) => feed,
        }
    }

    /// Returns the stored side. `None` if the source is live.
    pub(super) fn stored(self) -> Option<StoredSource<'h>> {
        match self {
            Self::Stored(stored) => Some(stored),
            Self::Live(_) => None,
        }
    }

    pub(super) fn live(self) -> Option<AskedFeed<'h>> {
        match self {
            Self::Stored(_) => None,
            Self::Live(feed) => Some(feed),
        }
    }

    /// Completes a live service from its detail page, if its list may leave something out. Otherwise returns `None`.
    /// That includes every synchronised source, because whatever its walks found is already stored.
    pub(super) async fn detail_of(
        self,
        service: &Arc<Service>,
        asking: &QueryContext,
    ) -> Option<DetailedService> {
        let Self::Live(AskedFeed { source, .. }) = self else { return None };
        let until = asking.until(source.limits().deadline);
        if !service.provenance.shallow || source.lists_in_full(until).await {
            return None;
        }
        Some(source.in_detail(service, until).await)
    }
}

/// Returns which catalogue a snapshot belongs to, and how many changes it has seen.
pub(super) fn version_of(snapshot: &CatalogueSnapshot) -> HistoryPosition {
    let store = snapshot.store();
    HistoryPosition { generation: store.generation().into(), sequence: store.sequence() }
}
