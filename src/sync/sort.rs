//! Sorts the rows of a list page into new, changed, unchanged and broken ones. It reads the store, and so may wait for
//! the disk.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::Arc;

use super::deletion_policy::is_many;
use super::regression_guard::RegressionGuard;
use crate::catalogue::{RecordUpsert, StoreError, StoreSnapshot, SyncBatch};
use crate::model::{ContentHash, RecordId, SourceKey};
use crate::source::CrawledPage;

/// What pages are compared with.
#[derive(Clone)]
pub(super) struct PageSorter {
    pub source: SourceKey,
    /// The number of the sync run.
    pub walk: u64,
    /// Which detail pages are read again although their rows have not changed.
    pub turn: RecheckTurn,
    /// Whether the feed gave an id to every record stored so far.
    pub gives_ids: bool,
    /// Whether records with less content are accepted, however many they are.
    pub believes_poorer: bool,
    /// How many more records may be stored.
    pub room: u64,
}

/// Spreads records over rounds, so that each is read again once in `rounds` sync runs.
#[derive(Clone, Copy, Debug)]
pub(super) struct RecheckTurn {
    pub round: u64,
    pub rounds: u64,
}

/// A sorted page.
pub(super) struct SortedPage<T> {
    /// What to write.
    pub batch: SyncBatch,
    /// The number of rows with content that are not records.
    pub junk: u64,
    /// The number of records that had more content before, and are refused.
    pub refused: u64,
    /// The number of those that are not obviously broken, but too many to accept at once.
    pub poorer: u64,
    /// The number of records that are new.
    pub added: u64,
    /// The number of new records beyond the limit.
    pub without_room: u64,
    /// Changed rows of records whose detail pages are to be read. Their stored form stands until then.
    pub changed: Vec<Arc<T>>,
    /// Records whose detail pages are to be read again.
    pub due: Vec<DueRecord<T>>,
}

/// A record whose detail page is to be read again although its row has not changed.
pub(super) struct DueRecord<T> {
    pub id: RecordId,
    pub row: Option<ContentHash>,
    /// Its row, if its page was read again.
    pub listed: Option<Arc<T>>,
}

/// What a row turned out to be.
enum Fate<T> {
    Junk,
    New(Arc<T>),
    AsItWas { id: RecordId, due: Option<DueRecord<T>> },
    Worse(RecordId),
    Changed { record: Arc<T>, is_poorer: bool, is_kept_whole: bool },
}

impl RecheckTurn {
    /// Returns whether the record is due in this round.
    pub(super) fn is_of(self, id: &RecordId) -> bool {
        let mut hasher = DefaultHasher::new();
        id.upstream().hash(&mut hasher);
        self.rounds > 0 && hasher.finish() % self.rounds == self.round % self.rounds
    }
}

impl PageSorter {
    /// Sorts a page.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub(super) fn sort<T: RegressionGuard>(
        &self,
        page: CrawledPage<T>,
        kept: &StoreSnapshot,
    ) -> Result<SortedPage<T>, StoreError> {
        let mut sorted = SortedPage {
            batch: SyncBatch::new(self.source.clone(), self.walk),
            junk: page.unread as u64,
            refused: 0,
            poorer: 0,
            added: 0,
            without_room: 0,
            changed: Vec::new(),
            due: Vec::new(),
        };
        let in_full = page.in_full;
        for id in page.unchanged.iter().map(|id| RecordId::new(T::KIND, &self.source, id)) {
            let mark = kept.mark(&id)?.filter(|mark| mark.whole && !in_full && self.turn.is_of(&id));
            sorted.due.extend(mark.map(|mark| DueRecord { id: id.clone(), row: mark.row, listed: None }));
            sorted.batch.seen.push(id);
        }
        let is_unnamed = |record: &T| self.gives_ids && record.was_given_no_id();
        let unnamed = page.records.iter().filter(|record| is_unnamed(record)).count() as u64;
        // A single row without an id is a slip of the publisher. If most have none, something is broken, and every row
        // would become a new record.
        let refuses_unnamed = is_many(unnamed, page.records.len() as u64);
        let mut fates = Vec::with_capacity(page.records.len());
        for record in page.records {
            fates.push(match refuses_unnamed && is_unnamed(&record) {
                true => Fate::Junk,
                false => self.fate(record, in_full, kept)?,
            });
        }
        self.settle(fates, in_full, &mut sorted);
        Ok(sorted)
    }

    fn fate<T: RegressionGuard>(
        &self,
        mut record: T,
        in_full: bool,
        kept: &StoreSnapshot,
    ) -> Result<Fate<T>, StoreError> {
        if record.is_junk() {
            return Ok(Fate::Junk);
        }
        if in_full {
            record.make_full();
        }
        let record = Arc::new(record);
        let id = record.id().clone();
        let Some(mark) = kept.mark(&id)? else { return Ok(Fate::New(record)) };
        if mark.row.as_ref() == Some(&record.provenance().content_hash) {
            let is_due = mark.whole && !in_full && self.turn.is_of(&id);
            let due = || DueRecord { id: id.clone(), row: mark.row, listed: Some(record) };
            let due = is_due.then(due);
            return Ok(Fate::AsItWas { id, due });
        }
        let before = kept.get(&id)?.and_then(T::of);
        Ok(match before {
            Some(before) if record.is_worse_than(&before) => Fate::Worse(id),
            before => Fate::Changed {
                is_poorer: before.is_some_and(|before| record.is_poorer_than(&before)),
                record,
                is_kept_whole: mark.whole,
            },
        })
    }

    fn settle<T: RegressionGuard>(&self, fates: Vec<Fate<T>>, in_full: bool, sorted: &mut SortedPage<T>) {
        let (mut met, mut poorer) = (0, 0);
        for fate in &fates {
            met += u64::from(!matches!(fate, Fate::Junk | Fate::New(_)));
            poorer += u64::from(matches!(fate, Fate::Changed { is_poorer: true, .. }));
        }
        let refuses_poorer = !self.believes_poorer && is_many(poorer, met);
        let batch = &mut sorted.batch;
        for fate in fates {
            match fate {
                Fate::Junk => sorted.junk += 1,
                Fate::New(_) if sorted.added >= self.room => sorted.without_room += 1,
                Fate::New(record) => {
                    sorted.added += 1;
                    batch.upserts.push(upsert(record));
                }
                Fate::AsItWas { id, due } => {
                    sorted.due.extend(due);
                    batch.seen.push(id);
                }
                Fate::Worse(id) => {
                    sorted.refused += 1;
                    batch.seen.push(id);
                }
                Fate::Changed { record, is_poorer: true, .. } if refuses_poorer => {
                    sorted.refused += 1;
                    sorted.poorer += 1;
                    batch.seen.push(record.id().clone());
                }
                Fate::Changed { record, is_kept_whole: true, .. } if !in_full => {
                    // From now on the stored row is outdated, whether or not the detail page can be read.
                    batch.settled.push((record.id().clone(), None));
                    sorted.changed.push(record);
                }
                Fate::Changed { record, .. } => batch.upserts.push(upsert(record)),
            }
        }
    }
}

fn upsert<T: RegressionGuard>(record: Arc<T>) -> RecordUpsert {
    let row = record.provenance().content_hash;
    // Whether it may replace the stored form has been decided above.
    RecordUpsert { row: Some(row), newer: true, ..RecordUpsert::from(T::any(record)) }
}
