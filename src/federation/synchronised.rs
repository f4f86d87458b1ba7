//! Sources that are synchronised: what is asked of them is answered from the catalogue.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta};
use futures_util::future::join_all;

use super::cached_sets::KeptSets;
use super::quality::QualityTallies;
use super::report::records_unreadable;
use super::suggest::KeptNames;
use super::{Federation, QueryContext, ReportStatus, SourceError, SourceReport};
use crate::admission::off_thread;
use crate::catalogue::{CatalogueSnapshot, StoreError, StoredCatalogue};
use crate::model::{AnyRecord, RecordId, RecordKind, SourceMode};
use crate::source::{CachedRead, FeedSource, FromRow, RecordSet};
use crate::sync::{SourceSynchroniser, SyncProgress};

/// The catalogue, and what keeps it in step with the feeds.
pub(super) struct SyncedCatalogue {
    pub catalogue: StoredCatalogue,
    pub synchroniser: Arc<SourceSynchroniser>,
    pub tallies: QualityTallies,
    pub sets: KeptSets,
    pub names: KeptNames,
}

/// A kept record cannot be read.
#[derive(Clone, Copy, Debug)]
pub(super) struct UnreadableRecord;

/// How long an answer is handed out that a walk under way may change at any moment.
const WHILE_WALKING: Duration = Duration::from_secs(5);
/// How long after it starts a gateway learns from addresses for the second time, and how long between lessons later.
const FIRST_LESSON: Duration = Duration::from_secs(1);
const LESSON_EVERY: Duration = Duration::from_secs(60);

impl Federation {
    /// The same, answering for sources in catalogue mode from what is kept of them.
    #[must_use]
    pub fn with_catalogue(self, catalogue: StoredCatalogue, synchroniser: Arc<SourceSynchroniser>) -> Self {
        let (tallies, sets, names) = (QualityTallies::default(), KeptSets::default(), KeptNames::default());
        Self { keeping: Some(SyncedCatalogue { catalogue, synchroniser, tallies, sets, names }), ..self }
    }

    /// Whether a source is answered for from the catalogue.
    pub(super) fn is_synchronised(&self, source: &FeedSource) -> bool {
        self.keeping.is_some()
            && source.info().mode == SourceMode::Catalogue
            && source.quarantined().is_none()
    }

    /// The catalogue as it stands now; none where no source is synchronised.
    pub(super) fn snapshot(&self) -> Option<Arc<CatalogueSnapshot>> {
        Some(self.keeping.as_ref()?.catalogue.snapshot())
    }

    /// How many services are kept of a source; none where it is live, or that cannot be read.
    pub(super) fn synchronised_count(&self, source: &FeedSource) -> Option<usize> {
        let snapshot = self.snapshot().filter(|_| self.is_synchronised(source))?;
        let count = snapshot.store().count(RecordKind::Service, &source.info().key).ok()?;
        usize::try_from(count).ok()
    }

    /// How far the synchronisation of a source has come; none where it is live.
    pub(super) fn progress(&self, source: &FeedSource) -> Option<SyncProgress> {
        let keeping = self.keeping.as_ref().filter(|_| self.is_synchronised(source))?;
        keeping.synchroniser.progress(&source.info().key)
    }

    /// Waits for first synchronisations that have only just begun: as long after that as a live source would have.
    /// One that takes longer holds nobody up; what has arrived of it is served. One of which something was kept when the
    /// gateway was started is not waited for, though it was never read whole.
    pub(super) async fn until_warm(&self, sources: &[Arc<FeedSource>], asking: &QueryContext) {
        let Some(keeping) = &self.keeping else { return };
        let waits = sources.iter().filter_map(|source| {
            let mut watched = keeping.synchroniser.watch(&source.info().key)?;
            let deadline = source.limits().deadline;
            let began = watched.borrow().started_at;
            let gone = began.and_then(|began| (self.clock.now() - began).to_std().ok()).unwrap_or_default();
            let left = deadline.saturating_sub(gone);
            Some(async move {
                let is_told = |progress: &SyncProgress| {
                    progress.is_warm || progress.has_arrived || progress.error.is_some()
                };
                // Whichever comes first; the answer says how far it has come.
                let _ = tokio::time::timeout_at(asking.until(left), watched.wait_for(is_told)).await;
            })
        });
        join_all(waits).await;
    }

    /// Why it cannot be said of a synchronised source that all it has is kept, though it was walked to the end: some of
    /// it could not be read since.
    pub(super) fn lost(&self, source: &FeedSource) -> Option<SourceError> {
        let since = self.snapshot()?.lacks_since(&source.info().key)?;
        let age = TimeDelta::from_std(source.standing().age?).ok()?;
        let now = self.clock.now();
        (now - age <= since).then(|| records_unreadable(now))
    }

    /// What is kept of a record of a synchronised source; none where nothing is.
    ///
    /// # Errors
    /// When it cannot be read; the log says why.
    pub(super) fn synchronised_record<T>(&self, id: &RecordId) -> Result<Option<Arc<T>>, UnreadableRecord>
    where
        Arc<T>: TryFrom<AnyRecord>,
    {
        Ok(self.synchronised_any(id)?.and_then(|record| Arc::try_from(record).ok()))
    }

    /// The same, of whatever kind the id is.
    ///
    /// # Errors
    /// As [`Federation::kept_record`].
    // On the thread that asks: reading one record takes less time than changing threads.
    pub(super) fn synchronised_any(&self, id: &RecordId) -> Result<Option<AnyRecord>, UnreadableRecord> {
        let Some(snapshot) = self.snapshot() else { return Ok(None) };
        snapshot.record(id).map_err(|error| {
            tracing::error!(source = %id.source(), %error, "cannot read a stored record");
            UnreadableRecord
        })
    }

    /// All records of a kind that are kept of a synchronised source.
    pub(super) async fn synchronised_set<T>(&self, source: &FeedSource) -> CachedRead<RecordSet<T>>
    where
        T: FromRow,
        Arc<T>: TryFrom<AnyRecord>,
    {
        let (standing, progress) = (source.standing(), self.progress(source).unwrap_or_default());
        let fetched_at = standing.last_success_at.unwrap_or_else(|| self.clock.now());
        let fresh_for = self.until_next_walk(source, &progress);
        let unread = || Some(records_unreadable(self.clock.now()));
        let gap = progress.unread.get(&T::KIND).cloned();
        let (set, damage) = match self.read_set(source).await {
            Some((set, lacks)) => {
                (Some(set.as_of(fetched_at)), if lacks { unread() } else { self.lost(source) })
            }
            None => (None, unread()),
        };
        // Nothing is kept of a source that was never read: that is no answer, and no empty list.
        let is_unread = !progress.is_warm && self.synchronised_count(source) == Some(0);
        let set = set.filter(|set| !is_unread || !set.records().is_empty());
        CachedRead {
            value: set.map(Arc::new),
            whole: progress.is_warm && !progress.is_cut && damage.is_none() && gap.is_none(),
            stale: standing.is_fresh == Some(false),
            fresh_for,
            error: damage
                .or(gap)
                .or(progress.error.filter(|_| !progress.is_warm || progress.is_cut))
                .or_else(|| is_unread.then(|| source.too_late())),
        }
    }

    /// The same as it was read lately, or now, and whether any of it cannot be read; none where nothing can.
    async fn read_set<T>(&self, source: &FeedSource) -> Option<(Arc<RecordSet<T>>, bool)>
    where
        T: FromRow,
        Arc<T>: TryFrom<AnyRecord>,
    {
        let keeping = self.keeping.as_ref()?;
        let (snapshot, key) = (keeping.catalogue.snapshot(), source.info().key.clone());
        let write = snapshot.last_write(T::KIND, &key);
        if let Some(set) = keeping.sets.get(&key, T::KIND, write) {
            return Some((set, false));
        }
        let read = off_thread(move || {
            let (records, lacks) = snapshot.store().all_records(T::KIND, &key)?;
            let records = records.into_iter().filter_map(|record| Arc::try_from(record).ok()).collect();
            Ok::<_, StoreError>((Arc::new(RecordSet::new(records, DateTime::UNIX_EPOCH)), lacks))
        });
        match read.await.ok()? {
            Ok((set, lacks)) => {
                if !lacks {
                    keeping.sets.hold(&source.info().key, T::KIND, write, &set);
                }
                Some((set, lacks))
            }
            Err(error) => {
                tracing::error!(source = %source.info().key, %error, "cannot read stored records");
                None
            }
        }
    }

    /// Synchronises the sources in catalogue mode, each now and then every so often, for ever.
    pub async fn keep_synchronised(&self) {
        match &self.keeping {
            Some(keeping) => keeping.synchroniser.keep_up().await,
            None => std::future::pending().await,
        }
    }

    /// Learns where postcodes are from the addresses that sources publish, whenever these have changed, for ever: what
    /// a file of postcodes leaves out, or all there is without one.
    pub async fn keep_learning_places(&self) {
        let Some(keeping) = &self.keeping else { return std::future::pending().await };
        let (mut learnt, mut wait) = (None, FIRST_LESSON);
        loop {
            let snapshot = keeping.catalogue.snapshot();
            let sequence = snapshot.store().sequence();
            if learnt != Some(sequence) {
                let known = self.places();
                let lesson = move || snapshot.store().addresses().map(|addresses| known.learning(addresses));
                match tokio::task::spawn_blocking(lesson).await {
                    Ok(Ok(places)) => self.places.store(Arc::new(places)),
                    Ok(Err(error)) => tracing::error!(%error, "cannot read stored addresses"),
                    Err(_) => return,
                }
                learnt = Some(sequence);
                self.learn_synchronised_names().await;
            }
            tokio::time::sleep(wait).await;
            wait = (wait * 2).min(LESSON_EVERY);
        }
    }

    /// Waits until every synchronised source has been walked once, or has failed to be; no longer than `most`.
    pub async fn until_synchronised(&self, most: Duration) {
        let Some(keeping) = &self.keeping else { return };
        let kept = self.sources.iter().filter(|source| self.is_synchronised(source));
        let waits = kept.filter_map(|source| {
            let mut watched = keeping.synchroniser.watch(&source.info().key)?;
            Some(async move {
                // Fails only when the synchroniser is gone, and then there is nothing to wait for.
                let _ = watched.wait_for(|progress| progress.is_warm || progress.error.is_some()).await;
            })
        });
        // What is missing by then shows in the answers.
        let _ = tokio::time::timeout(most, join_all(waits)).await;
    }

    /// How long what is kept of a source stays as it is: until the next walk, or briefly while one is under way.
    fn until_next_walk(&self, source: &FeedSource, progress: &SyncProgress) -> Duration {
        let until_next = progress.next_at.and_then(|next| (next - self.clock.now()).to_std().ok());
        until_next.unwrap_or(WHILE_WALKING.min(source.limits().fresh_for))
    }

    /// How a synchronised source took part.
    pub(super) fn synchronised_report(
        &self,
        source: &FeedSource,
        matched: usize,
        took: Duration,
        asking: &QueryContext,
    ) -> SourceReport {
        let (standing, progress) = (source.standing(), self.progress(source).unwrap_or_default());
        let has_some = || matched > 0 || self.synchronised_count(source).is_some_and(|kept| kept > 0);
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
        let until_next = self.until_next_walk(source, &progress);
        let error = progress.error.or_else(|| is_late.then(|| source.too_late()));
        let age = standing.age.unwrap_or_default();
        if status == ReportStatus::Complete {
            asking.took(until_next, age);
        } else {
            asking.degraded(source.limits().fresh_for);
            asking.took_aged(age);
        }
        let matched = (status != ReportStatus::Failed).then_some(matched);
        let info = Arc::clone(source.info());
        let report = SourceReport { info, status, matched, age: standing.age, took, error };
        self.lost(source).into_iter().fold(report, SourceReport::lacking)
    }
}
