//! Sorting a page of a list: what is new, what has changed, what is as it was, and what is rubbish. Reads the store,
//! and so may wait for the disk.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::Arc;

use super::worth::Worth;
use crate::catalogue::{Batch, StoreError, StoreSnapshot, Upsert};
use crate::model::{RecordId, SourceKey};
use crate::source::CrawledPage;

/// What pages are sorted by.
#[derive(Clone)]
pub(super) struct Sorter {
    pub source: SourceKey,
    /// The number of the walk.
    pub walk: u64,
    /// Which records' own pages are read again though their rows are as they were.
    pub turn: Turn,
}

/// Every so many rounds, each record in its turn.
#[derive(Clone, Copy, Debug)]
pub(super) struct Turn {
    pub round: u64,
    pub rounds: u64,
}

/// A page, sorted.
pub(super) struct Sorted<T> {
    /// What to keep.
    pub batch: Batch,
    /// Rows that are something, but no record.
    pub junk: u64,
    /// Records that were better before.
    pub refused: u64,
    /// Records whose own pages are to be read, as their rows are now: their kept form stands until then.
    pub changed: Vec<Arc<T>>,
    /// Records whose turn it is to be looked at again.
    pub due: Vec<Arc<T>>,
}

impl Turn {
    fn is_of(self, id: &RecordId) -> bool {
        let mut hasher = DefaultHasher::new();
        id.upstream().hash(&mut hasher);
        self.rounds > 0 && hasher.finish() % self.rounds == self.round % self.rounds
    }
}

impl Sorter {
    /// Sorts a page.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub(super) fn sort<T: Worth>(
        &self,
        page: CrawledPage<T>,
        kept: &StoreSnapshot,
    ) -> Result<Sorted<T>, StoreError> {
        let mut sorted = Sorted {
            batch: Batch::new(self.source.clone(), self.walk),
            junk: page.unread as u64,
            refused: 0,
            changed: Vec::new(),
            due: Vec::new(),
        };
        let unchanged = page.unchanged.iter().map(|id| RecordId::new(T::KIND, &self.source, id));
        sorted.batch.seen.extend(unchanged);
        for record in page.records {
            self.sort_one(record, page.in_full, kept, &mut sorted)?;
        }
        Ok(sorted)
    }

    fn sort_one<T: Worth>(
        &self,
        record: T,
        in_full: bool,
        kept: &StoreSnapshot,
        sorted: &mut Sorted<T>,
    ) -> Result<(), StoreError> {
        if record.is_junk() {
            sorted.junk += 1;
            return Ok(());
        }
        let id = record.id().clone();
        let Some(mark) = kept.mark(&id)? else {
            sorted.batch.upserts.push(upsert(record, in_full));
            return Ok(());
        };
        if mark.row.as_ref() == Some(&record.provenance().content_hash) {
            if mark.whole && !in_full && self.turn.is_of(&id) {
                sorted.due.push(Arc::new(record));
            }
            sorted.batch.seen.push(id);
            return Ok(());
        }
        let before = kept.get(&id)?.and_then(T::of);
        if before.is_some_and(|before| record.is_worse_than(&before)) {
            sorted.refused += 1;
            sorted.batch.seen.push(id);
        } else if mark.whole && !in_full {
            sorted.changed.push(Arc::new(record));
            sorted.batch.seen.push(id);
        } else {
            sorted.batch.upserts.push(upsert(record, in_full));
        }
        Ok(())
    }
}

fn upsert<T: Worth>(mut record: T, in_full: bool) -> Upsert {
    let row = record.provenance().content_hash;
    if in_full {
        record.make_whole();
    }
    // Whether it is fit to replace what is kept has been looked at.
    Upsert { row: Some(row), newer: true, ..Upsert::from(T::any(Arc::new(record))) }
}
