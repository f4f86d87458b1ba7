//! Keeps the catalogue in step with the feeds. Each source is synchronised by one sync run after another, at the
//! source's pace.
//!
//! A sync run reads every list of a source, then the detail pages of services whose rows say less than those, and then
//! collects records of kinds that the feed has no list of from the records that contain them. Pages are stored as they
//! arrive, together with the progress of the run, so that an interrupted run can be resumed.
//!
//! - A record has not changed if the hash of its row has not. Whole pages are skipped if the feed says that they have
//!   not changed. Only the detail pages of new and changed services are read, and those of all others once a day.
//! - Records that are missing from a list are deleted when that is certain: see `deletion_policy`.
//! - A record that has lost its content does not replace the stored one, and rows that are not records are not stored:
//!   see `regression_guard`.

mod absence;
mod deletion_policy;
mod derive;
mod duplicates;
mod list;
mod metrics;
mod progress;
mod record_details;
mod regression_guard;
mod schedule;
mod service_details;
mod sort;
mod source_sync;
mod state;
mod sync_run;
mod withhold;

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use tokio::sync::watch;

use crate::catalogue::StoredCatalogue;
use crate::model::{InstantClock, SourceKey};
use crate::source::FeedSource;

pub use deletion_policy::DeletionDoubt;
pub use progress::{SyncPhase, SyncProgress};
pub use sync_run::SyncOutcome;

use source_sync::SourceSync;

/// Keeps sources synchronised with the catalogue.
pub struct SourceSynchroniser {
    lines: Vec<Arc<SourceSync>>,
}

impl SourceSynchroniser {
    /// Prepares to synchronise these sources at the interval `every`. Sends no requests yet.
    pub fn new(
        sources: Vec<Arc<FeedSource>>,
        catalogue: &StoredCatalogue,
        every: Duration,
        clock: &InstantClock,
    ) -> Self {
        let line = |source| Arc::new(SourceSync::new(source, catalogue.clone(), every, clock.clone()));
        Self { lines: sources.into_iter().map(line).collect() }
    }

    /// Synchronises every source now and then at its interval, forever. The future may be dropped at any time.
    pub async fn keep_up(&self) {
        join_all(self.lines.iter().map(|line| line.keep_up())).await;
    }

    /// Synchronises one source once, or resumes its interrupted sync run. Returns `None` if no source has this key.
    pub async fn synchronise(&self, key: &SourceKey) -> Option<SyncOutcome> {
        Some(self.line(key)?.walk().await)
    }

    /// Stores what is known about a source, so that it is known after a restart.
    pub async fn remember(&self, key: &SourceKey) {
        if let Some(line) = self.line(key) {
            line.remember().await;
        }
    }

    /// Returns the progress of a source's synchronisation. Returns `None` if no source has this key.
    pub fn progress(&self, key: &SourceKey) -> Option<SyncProgress> {
        Some(self.line(key)?.progress.borrow().clone())
    }

    /// Returns a receiver of the progress. Returns `None` if no source has this key.
    pub fn watch(&self, key: &SourceKey) -> Option<watch::Receiver<SyncProgress>> {
        Some(self.line(key)?.progress.subscribe())
    }

    fn line(&self, key: &SourceKey) -> Option<&SourceSync> {
        self.lines.iter().find(|line| line.key() == key).map(Arc::as_ref)
    }
}
