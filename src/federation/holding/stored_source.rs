//! Synchronised sources: what is asked of them is answered from the catalogue.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta};

use super::cached_sets::CachedSets;
use super::provider_joins::ProviderJoins;
use crate::admission::off_thread;
use crate::catalogue::{CatalogueSnapshot, StoreError, StoredCatalogue};
use crate::federation::quality::QualityTallies;
use crate::federation::report::records_unreadable;
use crate::federation::suggest::StoredNames;
use crate::federation::{QueryContext, ReportStatus, SourceError, SourceReport};
use crate::model::{InstantClock, RecordKind};
use crate::source::{CachedRead, FeedSource, FromRow, RecordSet};
use crate::sync::{SourceSynchroniser, SyncProgress};

/// The catalogue, what keeps it in step with the feeds, and what is worked out of it.
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

/// How long an answer is handed out that a walk under way may change at any moment.
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

    /// How many services are stored; none where that cannot be read.
    pub(in crate::federation) fn count(self) -> Option<usize> {
        let count = self.snapshot().store().count(RecordKind::Service, &self.source.info().key).ok()?;
        usize::try_from(count).ok()
    }

    pub(in crate::federation) fn progress(self) -> Option<SyncProgress> {
        self.synced.synchroniser.progress(&self.source.info().key)
    }

    /// Whether it is known not to have any record that is not stored.
    pub(in crate::federation) fn has_everything(self) -> bool {
        let is_read = |progress: SyncProgress| progress.is_warm && !progress.falls_short;
        self.progress().is_some_and(is_read) && self.lost().is_none()
    }

    /// Writes down what is known of the feed, for after a restart.
    pub(in crate::federation) async fn remember(self) {
        self.synced.synchroniser.remember(&self.source.info().key).await;
    }

    /// Why it cannot be said that all it has is stored, though it was walked to the end: some of it could not be read
    /// since.
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
        // Nothing is stored of a source that was never read: that is no answer, and no empty list.
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

    /// The same as it was read lately, or now, and whether any of it cannot be read; none where nothing can.
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

    /// How long what is stored stays as it is: until the next walk, or briefly while one is under way.
    fn until_next_walk(self, progress: &SyncProgress) -> Duration {
        let until_next = progress.next_at.and_then(|next| (next - self.clock.now()).to_std().ok());
        until_next.unwrap_or(WHILE_WALKING.min(self.source.limits().fresh_for))
    }

    /// How far its services are considered where the quality of all of them is judged.
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
        // Whoever waited for a first synchronisation in vain is told what for.
        let is_late = status == ReportStatus::Failed && progress.error.is_none();
        let until_next = self.until_next_walk(&progress);
        let error = progress.error.or_else(|| is_late.then(|| self.source.too_late()));
        let age = standing.age.unwrap_or_default();
        if status == ReportStatus::Complete {
            asking.took(until_next, age);
        } else {
            asking.degraded(self.source.limits().fresh_for);
            asking.took_aged(age);
        }
        let matched = (status != ReportStatus::Failed).then_some(matched);
        let info = Arc::clone(self.source.info());
        let report = SourceReport { info, status, matched, age: standing.age, took, error };
        match self.lost() {
            Some(error) => report.lacking(error),
            None => report,
        }
    }
}
