//! The synchronisation of one source: what its runs share.

use std::collections::{BTreeMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::watch;

use super::metrics;
use super::progress::{SyncPhase, SyncProgress};
use super::state::{ListTimes, SyncState};
use super::withhold::WithheldSoFar;
use crate::catalogue::{StoreError, StoreSnapshot, StoredCatalogue, SyncBatch, WrittenCounts, off_runtime};
use crate::model::{InstantClock, RecordKind, SourceKey};
use crate::source::{FeedSource, SourceError};

/// The name of the note on how well the feed follows the standard.
const CONFORMANCE: &str = "conformance";
/// The prefix of the notes on what a page says is private, followed by the page's name.
const PRIVATE: &str = "private/";
/// The name of the note on what else was learnt about the feed.
const LEARNT: &str = "learnt";

/// The time after which detail pages that added nothing to the list are sampled again.
const SAMPLED_AGAIN_AFTER: TimeDelta = TimeDelta::hours(24);

/// One source, with the catalogue that it is stored in.
pub(super) struct SourceSync {
    pub source: Arc<FeedSource>,
    pub catalogue: StoredCatalogue,
    pub clock: InstantClock,
    /// The interval between sync runs.
    pub every: Duration,
    pub progress: watch::Sender<SyncProgress>,
    /// The number of a walk, and the services whose detail pages could not be read in it. They are not requested again
    /// in that walk.
    tried: Mutex<(u64, HashSet<Box<str>>)>,
    /// The kinds whose lists are as complete as the detail pages, and until when that is assumed.
    full_lists: Mutex<BTreeMap<RecordKind, DateTime<Utc>>>,
    /// What is withheld from the stored records.
    pub(super) withheld: Mutex<WithheldSoFar>,
    /// Held during a sync run: there is one at a time.
    pub(super) walking: tokio::sync::Mutex<()>,
}

impl SourceSync {
    pub(super) fn new(
        source: Arc<FeedSource>,
        catalogue: StoredCatalogue,
        every: Duration,
        clock: InstantClock,
    ) -> Self {
        let line = Self {
            source,
            catalogue,
            clock,
            every,
            progress: watch::Sender::new(SyncProgress::default()),
            tried: Mutex::default(),
            full_lists: Mutex::default(),
            withheld: Mutex::default(),
            walking: tokio::sync::Mutex::default(),
        };
        line.source.note_sync_interval(every);
        line.recall();
        line
    }

    pub(super) fn key(&self) -> &SourceKey {
        &self.source.info().key
    }

    /// Reads the store on a thread that may block.
    pub(super) async fn with_store<T: Send + 'static>(
        &self,
        work: impl FnOnce(&StoreSnapshot) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, Arc<StoreError>> {
        let snapshot = self.catalogue.snapshot();
        let done = off_runtime(move || work(snapshot.store())).await;
        done.unwrap_or(Err(StoreError::Closed)).map_err(Arc::new)
    }

    pub(super) async fn submit(&self, mut batch: SyncBatch) -> Result<WrittenCounts, Arc<StoreError>> {
        // Something in the records may have become private while they waited.
        for upsert in &mut batch.upserts {
            if let Some(less) = self.source.less_private(&upsert.record) {
                upsert.record = less;
            }
        }
        let pages = self.source.private_to_remember();
        let names: Vec<Box<str>> = pages.iter().map(|(page, _)| page.clone()).collect();
        batch.notes.extend(pages.into_iter().map(|(page, said)| (format!("{PRIVATE}{page}").into(), said)));
        let written = self.catalogue.submit(batch).await;
        if written.is_err() {
            self.source.remember_later(names);
        }
        written
    }

    pub(super) fn show(&self, change: impl FnOnce(&mut SyncProgress)) {
        self.progress.send_modify(change);
    }

    pub(super) fn show_phase(&self, phase: SyncPhase) {
        self.show(|progress| progress.phase = phase);
    }

    /// Returns whether the detail page of a service could not be read in this walk.
    pub(super) fn was_tried(&self, walk: u64, upstream_id: &str) -> bool {
        let tried = self.tried.lock().unwrap_or_else(PoisonError::into_inner);
        tried.0 == walk && tried.1.contains(upstream_id)
    }

    pub(super) fn note_tried(&self, walk: u64, upstream_id: &str) {
        let mut tried = self.tried.lock().unwrap_or_else(PoisonError::into_inner);
        if tried.0 != walk {
            *tried = (walk, HashSet::new());
        }
        tried.1.insert(upstream_id.into());
    }

    /// Returns whether the list of a kind was recently found to be as complete as the detail pages.
    pub(super) fn says_all_in_lists(&self, kind: RecordKind) -> bool {
        let known = self.full_lists.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(&kind).is_some_and(|until| self.clock.now() < *until)
    }

    pub(super) fn note_says_all_in_lists(&self, kind: RecordKind) {
        let until = self.clock.now() + SAMPLED_AGAIN_AFTER;
        self.full_lists.lock().unwrap_or_else(PoisonError::into_inner).insert(kind, until);
    }

    /// Returns the stored state of the source.
    pub(super) async fn state(&self) -> Result<SyncState, Arc<StoreError>> {
        let key = self.key().clone();
        self.with_store(move |store| Ok(SyncState::read(store.state(&key)?.as_deref()))).await
    }

    /// Returns the notes to store with the records: how well the feed follows the standard, and what else was learnt
    /// about it.
    pub(super) fn notes(&self) -> Vec<(Box<str>, Option<Vec<u8>>)> {
        // Encoding fails only for sequences of unknown length, and there are none here.
        let conformance =
            self.source.conformance_to_remember().and_then(|known| postcard::to_stdvec(&*known).ok());
        let notes = [(CONFORMANCE, conformance), (LEARNT, self.source.learnt())];
        notes.into_iter().filter(|(_, note)| note.is_some()).map(|(name, note)| (name.into(), note)).collect()
    }

    /// Stores what is known of the feed now, even if no sync run is in progress.
    pub(super) async fn remember(&self) {
        let batch = SyncBatch { notes: self.notes(), ..SyncBatch::new(self.key().clone(), 0) };
        if let Err(error) = self.submit(batch).await {
            tracing::debug!(source = %self.key(), %error, "cannot store the state of the source");
        }
    }

    /// Restores what the catalogue has stored about the source, and shows its state.
    pub(super) fn recall(&self) {
        let snapshot = self.catalogue.snapshot();
        let said = snapshot.store().notes(self.key(), PRIVATE).unwrap_or_default();
        for (page, note) in &said {
            self.source.recall_private(page.strip_prefix(PRIVATE).unwrap_or(page), note);
        }
        let read = || {
            let state = SyncState::read(snapshot.store().state(self.key())?.as_deref());
            if let Some(note) = snapshot.store().note(self.key(), CONFORMANCE)? {
                // A note that can no longer be read is ignored: its contents are found out again.
                postcard::from_bytes(&note)
                    .into_iter()
                    .for_each(|known| self.source.recall_conformance(known));
            }
            if let Some(note) = snapshot.store().note(self.key(), LEARNT)? {
                self.source.recall_learnt(&note);
            }
            let count = snapshot.store().count(RecordKind::Service, self.key())?;
            let oldest_at = if state.listed.is_none() { oldest(snapshot.store(), self.key())? } else { None };
            Ok::<_, StoreError>((state, count, oldest_at))
        };
        let Ok((state, count, oldest_at)) = read() else { return };
        self.show(|progress| {
            progress.has_arrived = count > 0 || state.finished_at.is_some();
            progress.oldest_at = oldest_at;
        });
        let Some(finished_at) = state.finished_at else { return };
        let (listed, ceiling, flaw) = (state.listed, state.ceiling(finished_at), state.flaw(finished_at));
        self.show(|progress| {
            state.show_gaps(progress, finished_at);
            progress.finished_at = Some(finished_at);
            progress.is_warm = listed.is_some();
            progress.walked = count;
        });
        self.note_listed(listed, count);
        metrics::synchronised(self.key().as_str(), finished_at);
        self.note_flaw(ceiling.or(flaw));
    }

    /// Shows how old the stored services are, as long as their list was never read to its end.
    pub(super) async fn show_age(&self, state: &SyncState) {
        if state.listed.is_some() {
            return;
        }
        let key = self.key().clone();
        // An unreadable store is reported by whatever needs its records.
        if let Ok(oldest) = self.with_store(move |store| oldest(store, &key)).await {
            self.show(|progress| progress.oldest_at = oldest);
        }
    }

    /// Shows that a sync run ended, and what is wrong with its result, if anything.
    pub(super) fn note_flaw(&self, flaw: Option<SourceError>) {
        flaw.iter().for_each(|flaw| self.source.note_flaw(flaw.clone()));
        self.show(|progress| {
            progress.phase = SyncPhase::Waiting;
            progress.error = flaw;
        });
    }

    /// Tells the source when its services were last read. Does nothing if the list was never read to its end.
    pub(super) fn note_listed(&self, listed: Option<ListTimes>, count: u64) {
        if let Some(ListTimes { began_at, ended_at }) = listed {
            let count = usize::try_from(count).unwrap_or(usize::MAX);
            self.source.note_synchronised(count, began_at, ended_at);
        }
    }
}

/// Returns when the service that was not read or seen for longest was. `None` if there are no services.
fn oldest(store: &StoreSnapshot, source: &SourceKey) -> Result<Option<DateTime<Utc>>, StoreError> {
    let marks = store.marks(RecordKind::Service, source)?;
    Ok(marks.into_iter().map(|(_, mark)| mark.seen_at).min())
}
