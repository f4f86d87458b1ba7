//! Taking out of the catalogue what a feed says is private only after it was kept: a place may be shown on one page and
//! hidden on the next.

use std::sync::{Arc, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::sync_run::{SyncRun, WalkHalt};
use crate::catalogue::{ListStretch, SyncBatch};
use crate::model::RecordKind;

/// What may hold something private.
const KINDS: [RecordKind; 4] =
    [RecordKind::Service, RecordKind::Organization, RecordKind::Location, RecordKind::ServiceAtLocation];
/// How many records are looked through at once.
const AT_ONCE: usize = 250;
/// Of the time of a walk, looking through all that is kept again and again takes no more than this part.
const RARELY: u32 = 5;

/// How much is withheld from all that is kept.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct WithheldSoFar {
    /// As much as the source had said is private by then; see `FeedSource::private_generation`.
    generation: u64,
    /// When all was last looked through, and how long that took.
    last: Option<(Instant, Duration)>,
}

impl SyncRun<'_> {
    /// Takes out of what is kept whatever the feed has said is private since, unless that was done just now: it is done
    /// again soon, and before the walk's next step.
    pub(super) async fn withhold_soon(&mut self) -> Result<(), WalkHalt> {
        let last = self.withheld().last;
        match last.is_some_and(|(at, took)| at.elapsed() < took * RARELY) {
            true => Ok(()),
            false => self.withhold().await,
        }
    }

    /// Takes out of what is kept whatever the feed has said is private since.
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

    /// Looks through some records, and returns the id of the last, or `None` at the end.
    async fn withhold_stretch(
        &mut self,
        kind: RecordKind,
        after: Option<Box<str>>,
    ) -> Result<Option<Box<str>>, WalkHalt> {
        let (source, key) = (Arc::clone(&self.line.source), self.line.key().clone());
        let looked = self.line.with_store(move |store| {
            let ListStretch { records, last } = store.records(kind, &key, after.as_deref(), AT_ONCE)?;
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
