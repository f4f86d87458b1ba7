//! Applies what other gateways have decided: steps of the journal, and whole snapshots.

use tokio::sync::{mpsc, oneshot};
use uuid::Uuid;

use super::CatalogueWriter;
use crate::catalogue::batch::SyncBatch;
use crate::catalogue::journal::DecidedStep;
use crate::catalogue::part_draft::{DraftedPart, PartDrafter};
use crate::catalogue::store::{JournalPlace, WriteOutcome};
use crate::catalogue::{CatalogueError, StoreError};
use crate::model::RecordId;

/// Work that follows from the journal, with the channel for its result.
pub(in crate::catalogue) struct FollowRequest {
    pub(in crate::catalogue) work: FollowWork,
    pub(in crate::catalogue) reply: oneshot::Sender<Result<(), CatalogueError>>,
}

/// What the journal asks of this copy.
pub(in crate::catalogue) enum FollowWork {
    /// Apply steps, in order. The first is the next one after the copy's place.
    Steps(Vec<DecidedStep>),
    /// Follow a journal of this generation from this place, and keep what is stored.
    Join(Uuid, JournalPlace),
    /// Replace what is stored by a snapshot. The channel yields its parts and then `None`. If it closes before `None`,
    /// what is stored stays.
    Load(Uuid, JournalPlace, mpsc::Receiver<Option<Vec<u8>>>),
}

impl CatalogueWriter {
    /// Does the work that a request asks for. Returns `None` once the runtime stops.
    pub(super) async fn follow(self, request: FollowRequest) -> Option<Self> {
        let FollowRequest { work, reply } = request;
        let (writer, done) = match work {
            FollowWork::Steps(steps) => self.unbroken(move |writer| writer.take_steps(&steps)).await?,
            FollowWork::Join(generation, place) => {
                self.unbroken(move |writer| writer.join(generation, place)).await?
            }
            FollowWork::Load(generation, place, parts) => self.load(generation, place, parts).await?,
        };
        // A caller that no longer waits needs no answer.
        drop(reply.send(done));
        Some(writer)
    }

    fn take_steps(&mut self, steps: &[DecidedStep]) -> Result<(), CatalogueError> {
        let Some(at) = self.current.load().store().journal_place() else { return Ok(()) };
        let new = || steps.iter().filter(|step| step.number > at.step);
        if new().next().is_some_and(|first| first.number != at.step + 1) {
            return Ok(());
        }
        let Some(last) = new().next_back() else { return Ok(()) };
        let place = JournalPlace { step: last.number, chain: last.chain };
        let parts: Vec<&[u8]> = new().map(|step| &*step.bytes).collect();
        self.room.for_bytes(parts.iter().map(|part| part.len()).sum())?;
        let drafted = PartDrafter::draft_all(&parts, &|| self.part_drafter())?;
        let outcome = self.store.apply(&drafted, place)?;
        self.took(&outcome, &drafted)?;
        if let Some(shared) = &self.shared {
            shared.note_applied(place);
        }
        Ok(())
    }

    /// Makes everything follow the store, to which steps were applied.
    fn took(&mut self, outcome: &WriteOutcome, steps: &[DraftedPart]) -> Result<(), StoreError> {
        self.writes += 1;
        let named: Vec<RecordId> = steps.iter().flat_map(|step| step.effects.named()).collect();
        let services: Vec<u32> = outcome.reread().collect();
        self.recent.forget(named.iter(), services.iter(), self.writes);
        self.note_writes(named.iter());
        let store = self.store.read()?;
        self.follow_store(&outcome.touched, &store);
        for step in steps {
            step.effects.gone.iter().for_each(|id| self.unlearn_term(id));
            step.drafts.iter().for_each(|draft| self.learn_term(&draft.record));
        }
        self.show(store);
        Ok(())
    }

    /// Returns what reads steps and parts of snapshots.
    pub(super) fn part_drafter(&self) -> PartDrafter {
        PartDrafter::new(self.store.postcodes().clone(), self.index.documents())
    }

    fn join(&mut self, generation: Uuid, place: JournalPlace) -> Result<(), CatalogueError> {
        self.store.join(generation, Some(place))?;
        self.show(self.store.read()?);
        if let Some(shared) = &self.shared {
            shared.note_applied(place);
        }
        Ok(())
    }

    /// Drops unreadable records from this copy, which is then loaded again from the journal.
    pub(super) fn forget_here(&mut self, batches: &[SyncBatch]) -> Result<(), StoreError> {
        let outcome = self.store.forget_here(batches, self.clock.now())?;
        self.wrote(outcome, batches)?;
        if let Some(shared) = &self.shared {
            shared.fall_behind();
        }
        Ok(())
    }
}
