//! Removes from the catalogue what a feed says is private after it was stored: one page may show a place that the next
//! one hides.

use std::sync::{Arc, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::sync_run::{SyncRun, WalkHalt};
use crate::catalogue::{ListStretch, SyncBatch};
use crate::model::RecordKind;

/// The kinds of record that may contain something private.
const KINDS: [RecordKind; 4] =
    [RecordKind::Service, RecordKind::Organization, RecordKind::Location, RecordKind::ServiceAtLocation];
/// How many records are checked at once.
const AT_ONCE: usize = 250;
/// A check of all stored records is followed by at least this many times its duration without one.
const RARELY: u32 = 5;

/// How far private data has been removed from the stored records.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct WithheldSoFar {
    /// The generation of private statements that has been applied; see `FeedSource::private_generation`.
    generation: u64,
    /// When all records were last checked, and how long that took.
    last: Option<(Instant, Duration)>,
}

impl SyncRun<'_> {
    /// Removes what the feed has since said is private, unless that was done a short time ago. In that case it is done
    /// later, at the latest before the run's next step.
    pub(super) async fn withhold_soon(&mut self) -> Result<(), WalkHalt> {
        let last = self.withheld().last;
        match last.is_some_and(|(at, took)| at.elapsed() < took * RARELY) {
            true => Ok(()),
            false => self.withhold().await,
        }
    }

    /// Removes what the feed has since said is private from all stored records.
    pub(super) async fn withhold(&mut self) -> Result<(), WalkHalt> {
        let generation = self.line.source.private_generation();
        if self.withheld().generation == generation {
            return Ok(());
        }
        let began = Instant::now();
        for kind in KINDS {
            let mut after: Option<Box<str>> = None;
            while let Some(last) = self.withhold_stretch(kind, after.take()).await? {
                after = Some(last);
            }
        }
        let last = Some((Instant::now(), began.elapsed()));
        *self.line.withheld.lock().unwrap_or_else(PoisonError::into_inner) =
            WithheldSoFar { generation, last };
        Ok(())
    }

    fn withheld(&self) -> WithheldSoFar {
        *self.line.withheld.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Checks some records. Returns the id of the last one, or `None` at the end.
    async fn withhold_stretch(
        &mut self,
        kind: RecordKind,
        after: Option<Box<str>>,
    ) -> Result<Option<Box<str>>, WalkHalt> {
        let (source, key) = (Arc::clone(&self.line.source), self.line.key().clone());
        let looked = self.line.with_store(move |store| {
            let ListStretch { records, last, .. } = store.records(kind, &key, after.as_deref(), AT_ONCE)?;
            let less: Vec<_> = records.iter().filter_map(|record| source.less_private(record)).collect();
            Ok((last, less))
        });
        let (last, less_private) = looked.await?;
        if !less_private.is_empty() {
            let written = self.keep(SyncBatch { less_private, ..self.batch() }).await?;
            self.note_changes(&written);
        }
        Ok(last)
    }
}
