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
mod derive;
mod details;
mod duplicates;
mod line;
mod list;
mod metrics;
mod own_pages;
mod plan;
mod progress;
mod round;
mod schedule;
mod sort;
mod state;
mod withhold;
mod worth;

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use tokio::sync::watch;

use crate::catalogue::Catalogue;
use crate::model::{Clock, SourceKey};
use crate::source::Source;

pub use plan::Doubt;
pub use progress::{Phase, Progress};
pub use round::Outcome;

use line::Line;

/// Keeps sources synchronised with the catalogue.
pub struct Synchroniser {
    lines: Vec<Arc<Line>>,
}

impl Synchroniser {
    /// Of these sources, each every so often. Nothing is asked of them yet.
    pub fn new(sources: Vec<Arc<Source>>, catalogue: &Catalogue, every: Duration, clock: &Clock) -> Self {
        let line = |source| Arc::new(Line::new(source, catalogue.clone(), every, clock.clone()));
        Self { lines: sources.into_iter().map(line).collect() }
    }

    /// Synchronises every source now and then every so often, for ever; can be dropped at any time.
    pub async fn keep_up(&self) {
        join_all(self.lines.iter().map(|line| line.keep_up())).await;
    }

    /// Synchronises one source once; goes on with a walk that was broken off. None where no source has that key.
    pub async fn synchronise(&self, key: &SourceKey) -> Option<Outcome> {
        Some(self.line(key)?.walk().await)
    }

    /// Remembers from this start to the next what is known of a source by now.
    pub async fn remember(&self, key: &SourceKey) {
        if let Some(line) = self.line(key) {
            line.remember().await;
        }
    }

    /// How far a source's synchronisation has come; none where no source has that key.
    pub fn progress(&self, key: &SourceKey) -> Option<Progress> {
        Some(self.line(key)?.progress.borrow().clone())
    }

    /// The same, for whoever waits for it to change.
    pub fn watch(&self, key: &SourceKey) -> Option<watch::Receiver<Progress>> {
        Some(self.line(key)?.progress.subscribe())
    }

    fn line(&self, key: &SourceKey) -> Option<&Line> {
        self.lines.iter().find(|line| line.key() == key).map(Arc::as_ref)
    }
}
