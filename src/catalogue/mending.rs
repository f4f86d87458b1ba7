//! Collects what readers find damaged, for the writer to repair.

use std::collections::BTreeSet;
use std::mem;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use tokio::sync::Notify;

use crate::model::RecordId;

/// The most records noted before the next repair. Further ones are noted when they are next read.
const MOST_RECORDS: usize = 10_000;

/// What is to be repaired. Shared by all readers and the writer.
#[derive(Debug, Default)]
pub(super) struct StoreMending {
    found: Notify,
    /// The number of the newest index that could not be read. Indexes are numbered from 1.
    failed_index: AtomicU64,
    unreadable: Mutex<BTreeSet<RecordId>>,
}

impl StoreMending {
    /// Notes that the index with this number cannot be read.
    pub(super) fn index_failed(&self, number: u64) {
        self.failed_index.fetch_max(number, Ordering::Relaxed);
        self.found.notify_one();
    }

    /// Notes that a record cannot be read.
    pub(super) fn record_failed(&self, id: &RecordId) {
        let mut unreadable = self.unreadable.lock().unwrap_or_else(PoisonError::into_inner);
        if unreadable.len() < MOST_RECORDS && unreadable.insert(id.clone()) {
            self.found.notify_one();
        }
    }

    /// Returns whether the index with this number, or a newer one, could not be read.
    pub(super) fn has_index_failed(&self, number: u64) -> bool {
        self.failed_index.load(Ordering::Relaxed) >= number
    }

    /// Takes the records that could not be read since the last call.
    pub(super) fn failed_records(&self) -> BTreeSet<RecordId> {
        mem::take(&mut *self.unreadable.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Waits until something is to be repaired.
    pub(super) async fn wanted(&self) {
        self.found.notified().await;
    }
}
