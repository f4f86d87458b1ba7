//! What a synchroniser submits to be written, and what writing it did.

use super::draft::RecordDraft;
use crate::model::{AnyRecord, ContentHash, RecordId, SourceKey};

/// One step of a synchronisation, written completely or not at all.
#[derive(Clone, Debug)]
pub struct SyncBatch {
    /// The source of the batch. Records and ids of other sources are ignored.
    pub source: SourceKey,
    /// The number of the walk that the batch belongs to. The records read, seen and settled count as seen in it.
    pub walk: u64,
    /// Records that were just read.
    pub upserts: Vec<RecordUpsert>,
    /// Records that are still in the feed and were not read again.
    pub seen: Vec<RecordId>,
    /// Records that are still in the feed, each with the hash of the list row that the stored form stands for from now
    /// on. `None` if the row has changed since, so that the detail page is still to be read.
    pub settled: Vec<(RecordId, Option<ContentHash>)>,
    /// Stored records without what their feed has since said is private.
    pub less_private: Vec<AnyRecord>,
    /// Records that a complete walk did not see. This is counted for each, and removes none.
    pub missed: Vec<RecordId>,
    /// Records to remove.
    pub removals: Vec<RecordId>,
    /// Records that could not be read. Those that still cannot are dropped as if they had never been stored.
    pub(crate) forgotten: Vec<RecordId>,
    /// The synchroniser's state for the source, in its own encoding. `None` leaves the stored state as it is.
    pub state: Option<Vec<u8>>,
    /// Further notes of the synchroniser, by name. `None` deletes a note.
    pub notes: Vec<(Box<str>, Option<Vec<u8>>)>,
}

impl SyncBatch {
    /// Creates an empty batch.
    pub fn new(source: SourceKey, walk: u64) -> Self {
        Self {
            source,
            walk,
            upserts: Vec::new(),
            seen: Vec::new(),
            settled: Vec::new(),
            less_private: Vec::new(),
            missed: Vec::new(),
            removals: Vec::new(),
            forgotten: Vec::new(),
            state: None,
            notes: Vec::new(),
        }
    }

    /// Returns the ids of the records that the batch concerns.
    pub(super) fn named(&self) -> impl Iterator<Item = &RecordId> + Clone {
        let written = self.upserts.iter().map(|upsert| upsert.record.id());
        let settled =
            self.settled.iter().map(|(id, _)| id).chain(self.less_private.iter().map(AnyRecord::id));
        let taken = self.missed.iter().chain(&self.removals).chain(&self.forgotten);
        written.chain(&self.seen).chain(settled).chain(taken)
    }

    /// Returns how many records the batch concerns.
    pub fn len(&self) -> usize {
        let known = self.upserts.len() + self.seen.len() + self.settled.len() + self.less_private.len();
        known + self.missed.len() + self.removals.len() + self.forgotten.len()
    }

    /// Returns whether the batch concerns no record.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// A record to store.
///
/// [`StoredForm::supersede`](crate::model::StoredForm::supersede) decides whether it replaces the stored one.
#[derive(Clone, Debug)]
pub struct RecordUpsert {
    /// The record.
    pub record: AnyRecord,
    /// Whether the record is known to be newer than the stored one, e.g. by its date of change.
    pub newer: bool,
    /// The hash of the list row by which the record was found. A shallow record needs none, because it is a row itself.
    ///
    /// A shallow record from the row for which a full record was last stored says nothing new.
    pub row: Option<ContentHash>,
    /// What follows from the record, if it has been computed already.
    pub(crate) draft: Option<RecordDraft>,
}

impl<T: Into<AnyRecord>> From<T> for RecordUpsert {
    fn from(record: T) -> Self {
        Self { record: record.into(), newer: false, row: None, draft: None }
    }
}

/// Counts of what writing one or several batches did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WrittenCounts {
    /// Records that were not stored before.
    pub created: usize,
    /// Records whose content changed.
    pub updated: usize,
    /// Records removed.
    pub deleted: usize,
    /// Records whose content did not change.
    pub unchanged: usize,
    /// Records that differ from the stored form and did not replace it.
    pub outdone: usize,
    /// The number of the newest change in the store.
    pub sequence: u64,
}
