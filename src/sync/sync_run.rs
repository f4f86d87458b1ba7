//! One sync run: the lists of a source, detail pages, and records that are collected from services.
//!
//! Every step is stored with what it brought, so that a run can be resumed after an interruption, whether by a feed
//! that asks to be left alone, by a stop or by a crash.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::metrics;
use super::progress::SyncPhase;
use super::sort::RecheckTurn;
use super::source_sync::SourceSync;
use super::state::{BrokenList, SyncState, SyncStep, kind_at};
use crate::catalogue::{StoreError, SyncBatch, WrittenCounts};
use crate::model::{
    AnyRecord, Location, Organization, RecordId, RecordIssue, RecordKind, Service, ServiceAtLocation,
    Taxonomy, TaxonomyTerm,
};
use crate::source::{SourceError, SourceErrorCode};

/// The result of a sync run.
#[derive(Clone, Debug, PartialEq)]
pub enum SyncOutcome {
    /// Everything was read.
    Whole,
    /// The run ended, but something is missing.
    Partial(SourceError),
    /// The run was interrupted, and will be resumed.
    BrokenOff(SourceError),
    /// What was read could not be stored.
    NotKept(String),
}

/// Why a run stops before its end.
pub(super) enum WalkHalt {
    /// The feed does not respond.
    Feed(SourceError),
    /// The catalogue cannot be read or written.
    Store(Arc<StoreError>),
}

impl From<Arc<StoreError>> for WalkHalt {
    fn from(error: Arc<StoreError>) -> Self {
        Self::Store(error)
    }
}

/// A sync run in progress.
pub(super) struct SyncRun<'a> {
    pub line: &'a SourceSync,
    pub state: SyncState,
    pub error: Option<SourceError>,
    /// How many records of the current list had lost content, and are kept as they were because there are very many of
    /// them.
    pub poorer: u64,
    pub sum: RunSum,
    /// Records whose ids are listed more than once, with the issues that say so.
    pub duplicates: BTreeMap<RecordId, Vec<RecordIssue>>,
    /// Changed rows of the current list, of records whose detail pages are stored.
    pub changed_rows: Vec<AnyRecord>,
    /// The kinds whose lists were read completely.
    pub read_in_full: Vec<RecordKind>,
}

/// The changes that a run made to the catalogue.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct RunSum {
    pub created: usize,
    pub updated: usize,
    pub deleted: usize,
    pub refused: u64,
}

/// Each detail page is read again within this time although its row has not changed.
const READ_AGAIN_WITHIN: std::time::Duration = std::time::Duration::from_secs(24 * 3600);

impl SourceSync {
    /// Runs a synchronisation once, or resumes an interrupted one.
    pub(super) async fn walk(&self) -> SyncOutcome {
        let _one_at_a_time = self.walking.lock().await;
        match SyncRun::begin(self).await {
            Ok(mut round) => {
                let walked = round.run().await;
                self.show_age(&round.state).await;
                round.end(walked)
            }
            Err(error) => not_stored(self, &error),
        }
    }
}

impl<'a> SyncRun<'a> {
    async fn begin(line: &'a SourceSync) -> Result<Self, Arc<StoreError>> {
        let mut state = line.state().await?;
        let now = line.clock.now();
        let is_resumed = state.begin(now);
        tracing::info!(source = %line.key(), walk = state.walk, is_resumed, "synchronisation begins");
        line.source.note_began();
        line.show(|progress| {
            progress.phase = SyncPhase::Listing;
            progress.started_at = Some(state.under_way.as_ref().map_or(now, |walk| walk.began_at));
            progress.next_at = None;
            if state.listed.is_none() {
                progress.oldest_at.get_or_insert(now);
            }
            if !is_resumed {
                (progress.walked, progress.expected) = (0, None);
            }
            (progress.hydrated, progress.to_hydrate) = (0, 0);
        });
        Ok(Self {
            line,
            state,
            error: None,
            poorer: 0,
            sum: RunSum::default(),
            duplicates: BTreeMap::new(),
            changed_rows: Vec::new(),
            read_in_full: Vec::new(),
        })
    }

    async fn run(&mut self) -> Result<(), WalkHalt> {
        while let Some(step) = self.state.under_way.as_ref().map(|walk| walk.step.clone()) {
            match step {
                SyncStep::List(place, broken) => {
                    self.line.show_phase(SyncPhase::Listing);
                    if let Some(kind) = kind_at(place) {
                        self.read_list(kind, broken).await?;
                    }
                    let next = place.saturating_add(1);
                    let next =
                        if kind_at(next).is_some() { SyncStep::List(next, None) } else { SyncStep::Details };
                    self.step_on(next).await?;
                }
                SyncStep::Details => {
                    self.line.show_phase(SyncPhase::Hydrating);
                    self.read_details().await?;
                    self.step_on(SyncStep::Derive).await?;
                }
                SyncStep::Derive => {
                    self.line.show_phase(SyncPhase::Deriving);
                    self.derive().await?;
                    self.mark_duplicates().await?;
                    self.own_up();
                    self.state.finish(self.line.source.info().url.as_str(), self.line.clock.now());
                    self.keep(SyncBatch { notes: self.line.notes(), ..self.batch() }).await?;
                }
            }
        }
        Ok(())
    }

    async fn read_list(&mut self, kind: RecordKind, broken: Option<Box<BrokenList>>) -> Result<(), WalkHalt> {
        match kind {
            RecordKind::Service => self.list::<Service>(broken).await,
            RecordKind::Organization => {
                self.list::<Organization>(broken).await?;
                self.read_own_pages::<Organization>().await
            }
            RecordKind::Location => self.list::<Location>(broken).await,
            RecordKind::ServiceAtLocation => self.list::<ServiceAtLocation>(broken).await,
            RecordKind::Taxonomy => {
                self.list::<Taxonomy>(broken).await?;
                self.read_own_pages::<Taxonomy>().await
            }
            RecordKind::TaxonomyTerm => {
                self.list::<TaxonomyTerm>(broken).await?;
                self.read_own_pages::<TaxonomyTerm>().await
            }
        }
    }

    fn end(self, walked: Result<(), WalkHalt>) -> SyncOutcome {
        let line = self.line;
        match walked {
            Err(WalkHalt::Store(error)) => not_stored(line, &error),
            Err(WalkHalt::Feed(error)) => {
                let (code, reason) = (error.code.as_str(), &error.message);
                tracing::warn!(source = %line.key(), code, reason, "synchronisation interrupted; it resumes later");
                fail(line, error.clone());
                metrics::walked(line.key().as_str(), "broken_off");
                SyncOutcome::BrokenOff(error)
            }
            Ok(()) => self.finish(),
        }
    }

    fn finish(self) -> SyncOutcome {
        let (line, now) = (self.line, self.line.clock.now());
        let began_at = line.progress.borrow().started_at.unwrap_or(now);
        line.show(|progress| {
            progress.finished_at = Some(now);
            progress.is_warm = self.state.listed.is_some();
            progress.has_arrived = true;
        });
        self.note(began_at, now);
        let (ceiling, flaw) = (self.state.ceiling(now), self.state.flaw(now));
        line.show(|progress| self.state.show_gaps(progress, now));
        match (self.error.clone(), ceiling, flaw) {
            (Some(error), ..) => {
                fail(line, error.clone());
                metrics::walked(line.key().as_str(), "partial");
                SyncOutcome::Partial(error)
            }
            (None, Some(ceiling), _) => {
                let reason = &ceiling.message;
                tracing::warn!(source = %line.key(), reason, "a list reached a configured limit");
                metrics::walked(line.key().as_str(), "partial");
                line.note_flaw(Some(ceiling.clone()));
                SyncOutcome::Partial(ceiling)
            }
            (None, None, flaw) => {
                metrics::walked(line.key().as_str(), if flaw.is_some() { "doubtful" } else { "whole" });
                line.note_flaw(flaw);
                SyncOutcome::Whole
            }
        }
    }

    /// Logs the result of the run, and notes it for the source's status.
    fn note(&self, began_at: DateTime<Utc>, now: DateTime<Utc>) {
        let (line, sum) = (self.line, self.sum);
        let count = line.catalogue.snapshot().store().count(RecordKind::Service, line.key()).unwrap_or(0);
        let took = humantime::format_duration(std::time::Duration::from_secs(
            u64::try_from((now - began_at).num_seconds()).unwrap_or(0),
        ));
        tracing::info!(
            source = %line.key(), services = count, created = sum.created, updated = sum.updated,
            deleted = sum.deleted, refused = sum.refused, is_whole = self.error.is_none(), %took,
            "synchronisation ended"
        );
        line.note_listed(self.state.listed, count);
        metrics::synchronised(line.key().as_str(), now);
    }

    /// Notes that something is missing from the run.
    pub(super) fn lacks(&mut self, error: SourceError) {
        if let Some(walk) = &mut self.state.under_way {
            walk.is_whole = false;
        }
        self.error.get_or_insert(error);
    }

    /// Notes that a list was not read to its end.
    pub(super) fn lacks_of(&mut self, kind: RecordKind, error: SourceError) {
        self.state.note_unread(kind, &error.message);
        self.lacks(error);
    }

    /// Reports what was missing before the interruption, because it still is.
    fn own_up(&mut self) {
        if self.error.is_none() && self.state.under_way.as_ref().is_some_and(|walk| !walk.is_whole) {
            self.error = Some(
                self.invalid("parts of it could not be read before the walk was interrupted".to_owned()),
            );
        }
    }

    /// Returns the error for data that cannot be accepted although the feed responded.
    pub(super) fn invalid(&self, message: String) -> SourceError {
        SourceError::new(SourceErrorCode::InvalidResponse, message, self.line.clock.now())
    }

    /// Notes that what the feed shows is not accepted. The stored records stand.
    pub(super) fn doubts(&mut self, reason: String) {
        tracing::warn!(source = %self.line.key(), reason, "the feed's list is not trusted for now");
        if let Some(walk) = &mut self.state.under_way {
            walk.flaws.doubt.get_or_insert_with(|| reason.into());
        }
    }

    /// Returns an empty batch of this run with the current state.
    pub(super) fn batch(&self) -> SyncBatch {
        SyncBatch {
            state: Some(self.state.write()),
            ..SyncBatch::new(self.line.key().clone(), self.state.walk)
        }
    }

    /// Writes a batch, and adds up its changes.
    pub(super) async fn keep(&mut self, batch: SyncBatch) -> Result<WrittenCounts, WalkHalt> {
        let written = self.line.submit(batch).await?;
        self.sum.created += written.created;
        self.sum.updated += written.updated;
        self.sum.deleted += written.deleted;
        metrics::written(self.line.key().as_str(), &written);
        Ok(written)
    }

    /// Notes that records have changed, if any have.
    pub(super) fn note_changes(&mut self, written: &WrittenCounts) {
        if written.created + written.updated + written.deleted > 0 {
            self.state.note_changed();
        }
    }

    /// Returns which records are due to have their detail pages read again.
    pub(super) fn turn(&self) -> RecheckTurn {
        let rounds = READ_AGAIN_WITHIN.as_secs() / self.line.every.as_secs().max(1);
        RecheckTurn { round: self.state.rounds, rounds: rounds.max(1) }
    }

    async fn step_on(&mut self, step: SyncStep) -> Result<(), WalkHalt> {
        self.withhold().await?;
        if let Some(walk) = &mut self.state.under_way {
            walk.step = step;
        }
        self.keep(self.batch()).await.map(drop)
    }
}

fn fail(line: &SourceSync, error: SourceError) {
    line.source.note_failed(error.clone());
    line.show(|progress| {
        progress.phase = SyncPhase::Waiting;
        progress.error = Some(error);
    });
}

/// Ends a run whose results could not be stored. This is not a fault of the feed, and the operator has to fix it.
fn not_stored(line: &SourceSync, error: &StoreError) -> SyncOutcome {
    if matches!(error, StoreError::NotLeading) {
        tracing::info!(source = %line.key(), "the walk goes on where another gateway leads");
        line.show_phase(SyncPhase::Waiting);
        return SyncOutcome::NotKept(error.to_string());
    }
    tracing::error!(source = %line.key(), %error, "cannot store the synchronised data");
    let message = match error {
        StoreError::Journal(_) => {
            "its data cannot be stored for now: the journal that the gateways share does not answer"
        }
        StoreError::NoRoom { .. } => "its data cannot be stored: the catalogue's disk is full",
        _ => "its data cannot be stored: the catalogue cannot be read or written",
    };
    fail(line, SourceError::new(SourceErrorCode::Misconfigured, message, line.clock.now()));
    metrics::walked(line.key().as_str(), "not_kept");
    SyncOutcome::NotKept(error.to_string())
}
