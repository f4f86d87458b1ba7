//! Synchronised sources, answered from the catalogue.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta};

use super::cached_sets::CachedSets;
use super::provider_joins::ProviderJoins;
use crate::admission::off_thread;
use crate::catalogue::{CatalogueSnapshot, StoreError, StoredCatalogue};
use crate::federation::quality::QualityTallies;
use crate::federation::report::records_unreadable;
use crate::federation::source_matches::age;
use crate::federation::suggest::StoredNames;
use crate::federation::{QueryContext, ReportStatus, SourceError, SourceReport};
use crate::model::{InstantClock, RecordKind};
use crate::source::{CachedRead, FeedSource, FromRow, RecordSet};
use crate::sync::{SourceSynchroniser, SyncProgress};

/// The catalogue, the synchroniser that keeps it in step with the feeds, and what is derived from it.
pub(in crate::federation) struct SyncedCatalogue {
    pub(in crate::federation) catalogue: StoredCatalogue,
    pub(in crate::federation) synchroniser: Arc<SourceSynchroniser>,
    pub(in crate::federation) tallies: QualityTallies,
    pub(in crate::federation) names: StoredNames,
    sets: CachedSets,
}

#[derive(Clone, Copy)]
pub(in crate::federation) struct StoredSource<'h> {
    pub(in crate::federation) source: &'h Arc<FeedSource>,
    pub(super) synced: &'h SyncedCatalogue,
    pub(super) joins: &'h ProviderJoins,
    pub(super) clock: &'h InstantClock,
}

/// How long an answer stays fresh while a walk in progress may change it at any moment.
const WHILE_WALKING: Duration = Duration::from_secs(5);

impl SyncedCatalogue {
    pub(super) fn new(catalogue: StoredCatalogue, synchroniser: Arc<SourceSynchroniser>) -> Self {
        Self {
            catalogue,
            synchroniser,
            tallies: QualityTallies::default(),
            names: StoredNames::default(),
            sets: CachedSets::default(),
        }
    }
}

impl StoredSource<'_> {
    pub(in crate::federation) fn snapshot(self) -> Arc<CatalogueSnapshot> {
        self.synced.catalogue.snapshot()
    }

    /// Returns the number of stored services. `None` if it cannot be read.
    pub(in crate::federation) fn count(self) -> Option<usize> {
        let count = self.snapshot().store().count(RecordKind::Service, &self.source.info().key).ok()?;
        usize::try_from(count).ok()
    }

    pub(in crate::federation) fn progress(self) -> Option<SyncProgress> {
        self.synced.synchroniser.progress(&self.source.info().key)
    }

    /// Returns the age of the stored services. `None` if there are none.
    pub(in crate::federation) fn age(self) -> Option<Duration> {
        let incomplete = || {
            let oldest_at = self.progress()?.oldest_at?;
            (self.count()? > 0).then(|| age(oldest_at, self.clock.now()))
        };
        self.source.standing().age.or_else(incomplete)
    }

    /// Returns whether the catalogue is known to have every record of the source.
    pub(in crate::federation) fn has_everything(self) -> bool {
        let is_read = |progress: SyncProgress| progress.is_warm && !progress.falls_short;
        self.progress().is_some_and(is_read) && self.lost().is_none()
    }

    /// Stores what is known of the feed, for use after a restart.
    pub(in crate::federation) async fn remember(self) {
        self.synced.synchroniser.remember(&self.source.info().key).await;
    }

    /// Returns why stored data may be incomplete although the source was walked to its end: some records have since
    /// become unreadable.
    pub(super) fn lost(self) -> Option<SourceError> {
        let since = self.snapshot().lacks_since(&self.source.info().key)?;
        let age = TimeDelta::from_std(self.source.standing().age?).ok()?;
        let now = self.clock.now();
        (now - age <= since).then(|| records_unreadable(now))
    }

    pub(in crate::federation) async fn list<T: FromRow>(self) -> CachedRead<RecordSet<T>> {
        let (standing, progress) = (self.source.standing(), self.progress().unwrap_or_default());
        let fetched_at = standing.last_success_at.unwrap_or_else(|| self.clock.now());
        let fresh_for = self.until_next_walk(&progress);
        let unread = || Some(records_unreadable(self.clock.now()));
        let gap = progress.unread.get(&T::KIND).cloned();
        let (set, damage) = match self.read_set().await {
            Some((set, lacks)) => (Some(set.as_of(fetched_at)), if lacks { unread() } else { self.lost() }),
            None => (None, unread()),
        };
        // If the source was never read, an empty result says nothing about its list, so there is no value.
        let is_unread = !progress.is_warm && self.count() == Some(0);
        let set = set.filter(|set| !is_unread || !set.records().is_empty());
        CachedRead {
            value: set.map(Arc::new),
            whole: progress.is_warm && !progress.is_cut && damage.is_none() && gap.is_none(),
            stale: standing.is_fresh == Some(false),
            fresh_for,
            error: damage
                .or(gap)
                .or(progress.error.filter(|_| !progress.is_warm || progress.is_cut))
                .or_else(|| is_unread.then(|| self.source.too_late())),
        }
    }

    /// Reads the stored records of a kind, or takes them from the cache. The flag says whether some could not be read.
    /// Returns `None` if none could.
    async fn read_set<T: FromRow>(self) -> Option<(Arc<RecordSet<T>>, bool)> {
        let (snapshot, key) = (self.snapshot(), self.source.info().key.clone());
        let write = snapshot.last_write(T::KIND, &key);
        if let Some(set) = self.synced.sets.get(&key, T::KIND, write) {
            return Some((set, false));
        }
        let read = off_thread(move || {
            let (records, lacks) = snapshot.store().all_records(T::KIND, &key)?;
            let records = records.into_iter().filter_map(T::of_any).collect();
            Ok::<_, StoreError>((Arc::new(RecordSet::new(records, DateTime::UNIX_EPOCH)), lacks))
        });
        match read.await.ok()? {
            Ok((set, lacks)) => {
                if !lacks {
                    self.synced.sets.hold(&self.source.info().key, T::KIND, write, &set);
                }
                Some((set, lacks))
            }
            Err(error) => {
                tracing::error!(source = %self.source.info().key, %error, "cannot read stored records");
                None
            }
        }
    }

    /// Returns how long the stored data stays as it is: until the next walk, or briefly while one is in progress.
    fn until_next_walk(self, progress: &SyncProgress) -> Duration {
        let until_next = progress.next_at.and_then(|next| (next - self.clock.now()).to_std().ok());
        until_next.unwrap_or(WHILE_WALKING.min(self.source.limits().fresh_for))
    }

    /// Returns how completely the source's services are considered when the quality of its data is judged.
    pub(in crate::federation) fn quality_status(self) -> ReportStatus {
        let progress = self.progress().unwrap_or_default();
        let is_complete = progress.is_warm && progress.without_page == 0 && !progress.falls_short;
        if is_complete { ReportStatus::Complete } else { ReportStatus::Partial }
    }

    pub(in crate::federation) fn report(
        self,
        matched: usize,
        took: Duration,
        asking: &QueryContext,
    ) -> SourceReport {
        let (standing, progress) = (self.source.standing(), self.progress().unwrap_or_default());
        let has_some = || matched > 0 || self.count().is_some_and(|count| count > 0);
        let status = match (progress.is_warm, standing.is_fresh) {
            (true, _) if progress.without_page > 0 || progress.is_cut || progress.falls_short => {
                ReportStatus::Partial
            }
            (true, Some(false)) => ReportStatus::Stale,
            (true, _) => ReportStatus::Complete,
            (false, _) if has_some() => ReportStatus::Partial,
            (false, _) => ReportStatus::Failed,
        };
        // Says why the first sync run was waited for in vain.
        let is_late = status == ReportStatus::Failed && progress.error.is_none();
        let until_next = self.until_next_walk(&progress);
        let error = progress.error.or_else(|| is_late.then(|| self.source.too_late()));
        let age_of_data = self.age();
        let age = age_of_data.unwrap_or_default();
        if status == ReportStatus::Complete {
            asking.took(until_next, age);
        } else {
            asking.degraded(self.source.limits().fresh_for);
            asking.took_aged(age);
        }
        let matched = (status != ReportStatus::Failed).then_some(matched);
        let info = Arc::clone(self.source.info());
        let report = SourceReport { info, status, matched, age: age_of_data, took, error };
        match self.lost() {
            Some(error) => report.lacking(error),
            None => report,
        }
    }
}
