//! What a synchroniser hands over to be written, and what became of it.

use super::draft::RecordDraft;
use crate::model::{AnyRecord, ContentHash, RecordId, SourceKey};

/// One step of a synchronisation, written whole or not at all.
#[derive(Clone, Debug)]
pub struct SyncBatch {
    /// The source it is of; records and ids of another one are left out.
    pub source: SourceKey,
    /// The number of the walk it belongs to: whatever it names counts as seen in that walk.
    pub walk: u64,
    /// Records as they were just read.
    pub upserts: Vec<RecordUpsert>,
    /// Records known to be there still and not read again.
    pub seen: Vec<RecordId>,
    /// The same, each with the row of a list that what is kept is known to be of from now on; none for one whose row
    /// says something else by now, so that its own page is still to be read.
    pub settled: Vec<(RecordId, Option<ContentHash>)>,
    /// Records that are kept, less what their feed has said is private since they were read.
    pub less_private: Vec<AnyRecord>,
    /// Records that a whole walk did not meet: each is counted against them, and none is taken away for it.
    pub missed: Vec<RecordId>,
    /// Records to take away.
    pub removals: Vec<RecordId>,
    /// Records that cannot be read any more: those of which that is so are taken away as if they had never been there.
    pub(crate) forgotten: Vec<RecordId>,
    /// The synchroniser's own state of the source, kept as it is; none leaves the one that is there.
    pub state: Option<Vec<u8>>,
    /// Further notes of the synchroniser's own, by their names; those with nothing in them are taken away.
    pub notes: Vec<(Box<str>, Option<Vec<u8>>)>,
}

impl SyncBatch {
    /// A step with nothing in it yet.
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

    /// The records it speaks of.
    pub(super) fn named(&self) -> impl Iterator<Item = &RecordId> + Clone {
        let written = self.upserts.iter().map(|upsert| upsert.record.id());
        let settled =
            self.settled.iter().map(|(id, _)| id).chain(self.less_private.iter().map(AnyRecord::id));
        let taken = self.missed.iter().chain(&self.removals).chain(&self.forgotten);
        written.chain(&self.seen).chain(settled).chain(taken)
    }

    /// How many records it speaks of.
    pub fn len(&self) -> usize {
        let known = self.upserts.len() + self.seen.len() + self.settled.len() + self.less_private.len();
        known + self.missed.len() + self.removals.len() + self.forgotten.len()
    }

    /// Whether it speaks of no record.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// A record to be kept.
///
/// A whole record replaces what is there. A shallow one replaces a shallow one, and a whole one that says no more
/// than it does. Otherwise it replaces nothing, unless it is known to be newer: then what it says holds, what it
/// leaves out stays as it was, and the record counts as shallow until its own page is read again. Of the shallow
/// forms that one record of another kind than a service has inside several others, the one with most in it stands
/// for as long as walks meet it.
#[derive(Clone, Debug)]
pub struct RecordUpsert {
    /// The record.
    pub record: AnyRecord,
    /// Whether it is known to be newer than what is kept, e.g. by its date of change.
    pub newer: bool,
    /// The fingerprint of the row of a list it was found by. For a shallow record it goes without saying.
    ///
    /// A shallow record whose row is the one that a whole record was last kept for says nothing new.
    pub row: Option<ContentHash>,
    /// What follows from it, where that has been worked out already.
    pub(crate) draft: Option<RecordDraft>,
}

impl<T: Into<AnyRecord>> From<T> for RecordUpsert {
    fn from(record: T) -> Self {
        Self { record: record.into(), newer: false, row: None, draft: None }
    }
}

/// What writing a batch, or several at once, came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WrittenCounts {
    /// Records that were not there before.
    pub created: usize,
    /// Records that say something else now.
    pub updated: usize,
    /// Records taken away.
    pub deleted: usize,
    /// Records that say what they said.
    pub unchanged: usize,
    /// Shallow records that gave way to the whole ones kept.
    pub outdone: usize,
    /// The number of the newest change there is.
    pub sequence: u64,
}
