//! What is known of a source at a moment.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};

use super::holding::{Holding, StoredSource};
use super::{ConformanceSummary, Federation, FeedCapabilities, QueryContext};
use crate::model::{Dialect, SourceKey};
use crate::source::{FeedDeclaration, FeedSource, SourceStanding};
pub use crate::source::{RepublicationRule, SourceError, SourceErrorCode, SourceInfo};

/// A source at a moment: what was configured, and how it fares.
#[derive(Clone, Debug)]
pub struct SourceState {
    /// What the configuration says of it.
    pub info: Arc<SourceInfo>,
    /// The dialect it is read as; none before that is found out.
    pub dialect: Option<Dialect>,
    /// How it fares.
    pub status: FeedStatus,
    /// Services now served from it; none while unknown.
    pub service_count: Option<usize>,
    /// When it was last asked.
    pub last_attempt_at: Option<DateTime<Utc>>,
    /// When it last answered.
    pub last_success_at: Option<DateTime<Utc>>,
    /// Age of the data now served.
    pub age: Option<Duration>,
    /// When it is next synchronised; none where it is read live, or is being synchronised now.
    pub next_sync_at: Option<DateTime<Utc>>,
    /// Why it fails, where it does.
    pub error: Option<SourceError>,
}

/// How a source fares.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FeedStatus {
    /// Answering, data within its freshness target.
    Fresh,
    /// Serving data past its freshness target.
    Stale,
    /// Being read for the first time.
    Warming,
    /// No data to serve.
    Unavailable,
    /// Left out after a fatal fault. The schema promises the word; nothing is left out at present.
    Quarantined,
}

impl FeedStatus {
    /// The word that clients see.
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
    /// How each source fares, in configuration order.
    pub fn states(&self) -> Vec<SourceState> {
        self.holdings.each().map(SourceState::of).collect()
    }

    /// How one source fares. `None` if no source has that key.
    pub fn state(&self, key: &SourceKey) -> Option<SourceState> {
        self.holdings.get(key).map(SourceState::of)
    }

    /// What is configured of a source. `None` if no source has that key.
    pub fn info(&self, key: &SourceKey) -> Option<Arc<SourceInfo>> {
        self.source(key).map(|source| Arc::clone(source.info()))
    }

    /// What a source is known to do. `None` if no source has that key.
    pub fn capabilities(&self, key: &SourceKey) -> Option<FeedCapabilities> {
        self.source(key).map(|source| source.capabilities())
    }

    /// Where what a source sends departs from the standard it declares. `None` if no source has that key.
    pub fn conformance(&self, key: &SourceKey) -> Option<Arc<ConformanceSummary>> {
        self.source(key).map(|source| source.conformance())
    }

    /// The dialect a source is read as; none before that is found out.
    pub async fn dialect(&self, source: &SourceKey, asking: &QueryContext) -> Option<Dialect> {
        let source = self.source(source)?;
        Box::pin(source.make_sure_of_dialect(asking.until(source.limits().deadline))).await;
        source.dialect()
    }

    /// What the feed declares at its root; none where it does not answer.
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
            // What has arrived is served, whatever keeps the rest from coming.
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
