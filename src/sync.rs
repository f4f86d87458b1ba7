//! Keeping the catalogue in step with the feeds: one walk after the other through each source, politely.
//!
//! A walk reads every list of a source, then the own pages of services whose rows say less than those, then takes
//! what the feed has no list of from what carries it. What arrives is kept at once, page by page, together with how
//! far the walk has come: one that is broken off, by whatever, is gone on with.
//!
//! - What has not changed since the last walk is told by the fingerprint of its row, and whole pages by what their
//!   feed marked them with; only new and changed services' own pages are read, and all others' once a day.
//! - What is missing from a list is deleted when that is certain: `plan` has the rule.
//! - What is worse than what is kept does not replace it, and rows that are no record are not kept: `worth`.

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
    /// Of these sources, each every so often. Nothing is asked of them yet.
    pub fn new(
        sources: Vec<Arc<FeedSource>>,
        catalogue: &StoredCatalogue,
        every: Duration,
        clock: &InstantClock,
    ) -> Self {
        let line = |source| Arc::new(SourceSync::new(source, catalogue.clone(), every, clock.clone()));
        Self { lines: sources.into_iter().map(line).collect() }
    }

    /// Synchronises every source now and then every so often, for ever; can be dropped at any time.
    pub async fn keep_up(&self) {
        join_all(self.lines.iter().map(|line| line.keep_up())).await;
    }

    /// Synchronises one source once; goes on with a walk that was broken off. None where no source has that key.
    pub async fn synchronise(&self, key: &SourceKey) -> Option<SyncOutcome> {
        Some(self.line(key)?.walk().await)
    }

    /// Remembers from this start to the next what is known of a source by now.
    pub async fn remember(&self, key: &SourceKey) {
        if let Some(line) = self.line(key) {
            line.remember().await;
        }
    }

    /// How far a source's synchronisation has come; none where no source has that key.
    pub fn progress(&self, key: &SourceKey) -> Option<SyncProgress> {
        Some(self.line(key)?.progress.borrow().clone())
    }

    /// The same, for whoever waits for it to change.
    pub fn watch(&self, key: &SourceKey) -> Option<watch::Receiver<SyncProgress>> {
        Some(self.line(key)?.progress.subscribe())
    }

    fn line(&self, key: &SourceKey) -> Option<&SourceSync> {
        self.lines.iter().find(|line| line.key() == key).map(Arc::as_ref)
    }
}
