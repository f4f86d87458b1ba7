//! The state of sources at a moment.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};

use super::holding::{Holding, StoredSource};
use super::{ConformanceSummary, Federation, FeedCapabilities, QueryContext};
use crate::model::{Dialect, Provenance, RecordId, SourceKey};
use crate::source::{FeedDeclaration, FeedSource, SourceStanding};
pub use crate::source::{RepublicationRule, SourceError, SourceErrorCode, SourceInfo};

/// The state of a source at a moment: its configuration and its health.
#[derive(Clone, Debug)]
pub struct SourceState {
    /// The source's configuration.
    pub info: Arc<SourceInfo>,
    /// The dialect it is read as. `None` until it is detected.
    pub dialect: Option<Dialect>,
    /// Its health.
    pub status: FeedStatus,
    /// The number of services that are served from it. `None` if unknown.
    pub service_count: Option<usize>,
    /// When it was last requested.
    pub last_attempt_at: Option<DateTime<Utc>>,
    /// When it last responded.
    pub last_success_at: Option<DateTime<Utc>>,
    /// The age of the data that is served.
    pub age: Option<Duration>,
    /// When its next sync run begins. `None` if it is live, or a run is in progress.
    pub next_sync_at: Option<DateTime<Utc>>,
    /// Why it fails. `None` if it does not.
    pub error: Option<SourceError>,
}

/// The health of a source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FeedStatus {
    /// It responds, and its data is within the freshness target.
    Fresh,
    /// Its data is past the freshness target, or incomplete because the feed fails.
    Stale,
    /// It is being read for the first time.
    Warming,
    /// It has no data to serve.
    Unavailable,
    /// It was left out after a fatal fault. The schema promises this value; at present no source is left out.
    Quarantined,
}

impl FeedStatus {
    /// Returns the word that clients see.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Fresh => "FRESH",
            Self::Stale => "STALE",
            Self::Warming => "WARMING",
            Self::Unavailable => "UNAVAILABLE",
            Self::Quarantined => "QUARANTINED",
        }
    }
}

impl Federation {
    /// Returns the state of each source, in configuration order.
    pub fn states(&self) -> Vec<SourceState> {
        self.holdings.each().map(SourceState::of).collect()
    }

    /// Returns the state of one source. `None` if no source has this key.
    pub fn state(&self, key: &SourceKey) -> Option<SourceState> {
        self.holdings.get(key).map(SourceState::of)
    }

    /// Returns the configuration of a source. `None` if no source has this key.
    pub fn info(&self, key: &SourceKey) -> Option<Arc<SourceInfo>> {
        self.source(key).map(|source| Arc::clone(source.info()))
    }

    /// Returns whether a record is older than its source's freshness target.
    pub fn is_stale(&self, id: &RecordId, provenance: &Provenance) -> bool {
        match self.source(id.source()) {
            Some(source) => source.is_stale(provenance),
            None => provenance.is_stale(self.clock().now()),
        }
    }

    /// Returns what a source is known to support. `None` if no source has this key.
    pub fn capabilities(&self, key: &SourceKey) -> Option<FeedCapabilities> {
        self.source(key).map(|source| source.capabilities())
    }

    /// Returns where the source's data departs from the standard that it declares. `None` if no source has this key.
    pub fn conformance(&self, key: &SourceKey) -> Option<Arc<ConformanceSummary>> {
        self.source(key).map(|source| source.conformance())
    }

    /// Returns the dialect that a source is read as, after trying to detect it. `None` if it could not be detected.
    pub async fn dialect(&self, source: &SourceKey, asking: &QueryContext) -> Option<Dialect> {
        let source = self.source(source)?;
        Box::pin(source.make_sure_of_dialect(asking.until(source.limits().deadline))).await;
        source.dialect()
    }

    /// Returns what the feed declares at its root. `None` if it does not respond.
    pub async fn declared(&self, source: &SourceKey, asking: &QueryContext) -> Option<Arc<FeedDeclaration>> {
        let source = self.source(source)?;
        Box::pin(source.declared(asking.until(source.limits().deadline))).await.value
    }

    fn source(&self, key: &SourceKey) -> Option<&Arc<FeedSource>> {
        self.holdings.get(key).map(Holding::source)
    }
}

impl SourceState {
    fn of(holding: Holding<'_>) -> Self {
        let (source, stored) = (holding.source(), holding.stored());
        let SourceStanding { last_attempt_at, last_success_at, service_count, age, is_fresh, error } =
            source.standing();
        let progress = stored.and_then(StoredSource::progress);
        let error = error.or_else(|| progress.as_ref().and_then(|progress| progress.error.clone()));
        let is_warming = progress.as_ref().is_some_and(|progress| !progress.is_warm);
        let stored_count = stored.and_then(StoredSource::count);
        let status = match (is_fresh, &error) {
            // What has arrived is served, whatever prevents the rest from arriving.
            (_, error) if is_warming && (error.is_none() || stored_count.is_some_and(|count| count > 0)) => {
                FeedStatus::Warming
            }
            (Some(true), _) => FeedStatus::Fresh,
            (Some(false), _) => FeedStatus::Stale,
            (None, None) => FeedStatus::Warming,
            (None, Some(_)) => FeedStatus::Unavailable,
        };
        let info = Arc::clone(source.info());
        let dialect = source.dialect();
        let age = age.or_else(|| stored?.age());
        let next_sync_at = progress.and_then(|progress| progress.next_at);
        SourceState {
            info,
            dialect,
            status,
            service_count: stored_count.or(service_count),
            last_attempt_at,
            last_success_at,
            age,
            next_sync_at,
            error,
        }
    }
}
