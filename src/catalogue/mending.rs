//! What is found damaged while it is read, for the writer to mend.

use std::collections::BTreeSet;
use std::mem;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use tokio::sync::Notify;

use crate::model::RecordId;

/// How many records are noted until the next time the writer mends; the others are met again.
const MOST_RECORDS: usize = 10_000;

/// What is to be mended. Shared by all who read and the one who writes.
#[derive(Debug, Default)]
pub(super) struct StoreMending {
    found: Notify,
    /// The number of the newest index that failed to be read; they are numbered from 1 on.
    failed_index: AtomicU64,
    /// The records that could not be read.
    unreadable: Mutex<BTreeSet<RecordId>>,
}

impl StoreMending {
    /// Notes that the index of this number cannot be read.
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

    /// Whether the index of this number failed to be read.
    pub(super) fn has_index_failed(&self, number: u64) -> bool {
        self.failed_index.load(Ordering::Relaxed) >= number
    }

    /// The records that could not be read since this was last asked.
    pub(super) fn failed_records(&self) -> BTreeSet<RecordId> {
        mem::take(&mut *self.unreadable.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Waits until something is to be mended.
    pub(super) async fn wanted(&self) {
        self.found.notified().await;
    }
}
