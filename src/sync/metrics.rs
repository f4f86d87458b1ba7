//! Metrics of sync runs. Every series is labelled with the source's key, and with nothing that a client can choose.

use chrono::{DateTime, Utc};

use crate::catalogue::WrittenCounts;
use crate::telemetry::{CHANGE, OUTCOME, SOURCE, SYNC_CHANGES, SYNC_LAST_END, SYNC_WALKS};

/// Counts a sync run with its outcome.
pub(super) fn walked(source: &str, outcome: &'static str) {
    metrics::counter!(SYNC_WALKS, SOURCE => source.to_owned(), OUTCOME => outcome).increment(1);
}

/// Counts the changes that a batch made.
pub(super) fn written(source: &str, written: &WrittenCounts) {
    let changes = [("created", written.created), ("updated", written.updated), ("deleted", written.deleted)];
    for (change, count) in changes.into_iter().filter(|(_, count)| *count > 0) {
        metrics::counter!(SYNC_CHANGES, SOURCE => source.to_owned(), CHANGE => change)
            .increment(count as u64);
    }
}

/// Shows when a sync run last ended.
#[expect(clippy::cast_precision_loss, reason = "seconds, for a chart")]
pub(super) fn synchronised(source: &str, at: DateTime<Utc>) {
    metrics::gauge!(SYNC_LAST_END, SOURCE => source.to_owned()).set(at.timestamp() as f64);
}
