//! Handles records that are missing from a list that was read: which are deleted, which are kept until another sync
//! run, and what reports say about both.

use super::deletion_policy::{DeletionDoubt, DeletionVerdict, HeldAgainstWalk, SeenByWalk, is_many};
use super::sync_run::{SyncRun, WalkHalt};
use crate::catalogue::SyncBatch;
use crate::model::{RecordId, RecordKind};
use crate::source::{CrawlOutcome, SourceError};

/// A list that was read.
pub(super) struct ReadList<'c> {
    pub crawled: &'c CrawlOutcome,
    /// The number of rows that were not records.
    pub junk: u64,
    /// The number of records stored before.
    pub held: u64,
    /// Whether reading was interrupted and resumed.
    pub is_resumed: bool,
}

impl SyncRun<'_> {
    /// Decides what happens to records that are missing from a list.
    pub(super) async fn judge(&mut self, kind: RecordKind, read: &ReadList<'_>) -> Result<(), WalkHalt> {
        let crawled = read.crawled;
        let was_listed = read.held > 0 && !self.state.is_derived(kind);
        if crawled.records == 0 && !was_listed {
            self.note_no_records(kind, crawled);
            return Ok(());
        }
        if crawled.is_offered && !crawled.to_the_end && !crawled.to_a_ceiling {
            self.lacks_of(kind, crawled.error.clone().unwrap_or_else(|| self.unsteady()));
        }
        let missing = self.unseen(kind, self.state.walk).await?.len() as u64;
        let seen = SeenByWalk {
            walk: self.state.walk,
            to_the_end: crawled.to_the_end || !crawled.is_offered,
            resumed: read.is_resumed,
            records: self.count(kind).await?.saturating_sub(missing),
            rows: crawled.rows.saturating_sub(read.junk),
            junk: read.junk,
            claimed: crawled.claimed,
        };
        let (now, poorer) = (self.line.clock.now(), self.poorer);
        let history = self.state.history(kind);
        history.note_poorer(poorer, now);
        let held = HeldAgainstWalk { before: read.held, missing };
        let (gone, doubt) = match history.judge(&seen, held, now) {
            DeletionVerdict::Inconclusive(doubt) => (Vec::new(), Some(doubt)),
            DeletionVerdict::DeletedIfUnseenSince(walk) => (self.unseen(kind, walk).await?, None),
        };
        let has_gaps = crawled.is_offered && doubt.is_some_and(DeletionDoubt::is_of_gaps);
        // What a configured limit leaves out is not wanted, so the list counts as read.
        self.state.note_listed(kind, crawled.to_a_ceiling || (crawled.to_the_end && !has_gaps));
        if kind == RecordKind::Service {
            self.state.shortfall = crawled.shortfall.as_ref().map(|error| error.message.as_str().into());
        }
        let kept = HeldAgainstWalk { missing: missing.saturating_sub(gone.len() as u64), ..held };
        // A reached limit is reported as such, not as doubt about the list.
        let doubt = doubt.filter(|_| !crawled.to_a_ceiling || kept.missing > 0);
        self.note_doubt(kind, kept, doubt);
        self.take_away(kind, gone, crawled.records == 0 && doubt.is_none()).await
    }

    /// Notes that a list which had no records before has none.
    fn note_no_records(&mut self, kind: RecordKind, crawled: &CrawlOutcome) {
        self.state.note_derived(kind, kind != RecordKind::Service);
        let is_empty = crawled.to_the_end && crawled.claimed.is_none_or(|claimed| claimed == 0);
        self.state.note_listed(kind, is_empty);
        if kind == RecordKind::Service && crawled.is_offered && !is_empty {
            self.lacks(self.nothing_read(crawled));
        }
    }

    /// Returns why no services are known although the source responded.
    fn nothing_read(&self, crawled: &CrawlOutcome) -> SourceError {
        let error = crawled.error.clone().or_else(|| crawled.ceiling.clone());
        error.unwrap_or_else(|| {
            self.invalid("lists no readable service, although it says that it has some".to_owned())
        })
    }

    /// Deletes records. If a list is accepted to be empty, it no longer counts as a list, and records of its kind are
    /// collected from services instead.
    async fn take_away(
        &mut self,
        kind: RecordKind,
        gone: Vec<RecordId>,
        is_over: bool,
    ) -> Result<(), WalkHalt> {
        if is_over && kind != RecordKind::Service {
            self.state.note_derived(kind, true);
            return Ok(());
        }
        self.state.note_derived(kind, false);
        let written = self.keep(SyncBatch { removals: gone, ..self.batch() }).await?;
        self.note_changes(&written);
        Ok(())
    }

    /// Reports why records that were not seen, or have lost content, are kept.
    fn note_doubt(&mut self, kind: RecordKind, kept: HeldAgainstWalk, doubt: Option<DeletionDoubt>) {
        let doubt = doubt.filter(|doubt| kept.missing > 0 || doubt.is_of_gaps());
        if kind == RecordKind::Service {
            self.line.show(|progress| progress.doubt = doubt);
        }
        let (name, HeldAgainstWalk { missing, before }) = (kind.type_name(), kept);
        if let Some(doubt) = doubt.filter(|doubt| *doubt != DeletionDoubt::OnlyOne) {
            self.doubts(match missing {
                0 => format!("its list of {name} records may be incomplete: {doubt}"),
                _ => format!("{missing} {name} records are missing from its list; they are retained until the list can be trusted: {doubt}"),
            });
        } else if is_many(missing, before) {
            self.doubts(format!(
                "{missing} {name} records are missing from its list; they are retained until a second walk also misses them"
            ));
        }
        if self.poorer > 0 {
            let poorer = self.poorer;
            self.doubts(format!(
                "{poorer} {name} records have less content than before but no later modification date; their earlier \
                 content is retained"
            ));
        }
    }
}
