//! Writes to a catalogue that several gateways share. A write is prepared, appended to the journal, and committed once
//! the journal has it. Readers see nothing before that.

use std::time::Duration;

use uuid::Uuid;

use super::{CatalogueWriter, WriterAnd};
use crate::catalogue::StoreError;
use crate::catalogue::batch::{SyncBatch, WrittenCounts};
use crate::catalogue::journal::{AppendOutcome, HeldLease, JournalError, NewStep};
use crate::catalogue::replica::SharedJournal;
use crate::catalogue::store::{JournalPlace, PreparedWrite};

/// How long appending a step may take.
const APPENDED_WITHIN: Duration = Duration::from_secs(30);
/// How long looking for a step in the journal may take, after the answer was lost.
const ASKED_WITHIN: Duration = Duration::from_secs(5);

/// A prepared write that the journal has not decided yet.
struct ProposedStep {
    prepared: PreparedWrite,
    step: NewStep,
    batches: Vec<SyncBatch>,
}

impl CatalogueWriter {
    pub(super) async fn decide(
        self,
        shared: SharedJournal,
        batches: Vec<SyncBatch>,
    ) -> WriterAnd<Result<Vec<WrittenCounts>, StoreError>> {
        let Some(lease) = shared.lease_to_write() else { return Some((self, Err(StoreError::NotLeading))) };
        let (writer, proposed) = self.unbroken(move |writer| writer.propose(batches, lease)).await?;
        let proposal = match proposed {
            Ok(proposal) => proposal,
            Err(error) => return Some((writer, Err(error))),
        };
        if let Err(error) = append(&shared, &proposal.step).await {
            // Dropping the proposal aborts its transaction, which may block.
            return writer
                .away(move |_| {
                    drop(proposal);
                    Err(error)
                })
                .await;
        }
        writer.unbroken(move |writer| writer.settle(proposal, &shared)).await
    }

    fn propose(&mut self, batches: Vec<SyncBatch>, lease: HeldLease) -> Result<ProposedStep, StoreError> {
        self.room.for_batches(&batches)?;
        let place = self.current.load().store().journal_place().ok_or(StoreError::NotLeading)?;
        let (prepared, effects) = self.store.prepare(&batches, self.clock.now())?;
        let (number, id, bytes) = (place.step + 1, Uuid::new_v4(), effects.to_bytes()?);
        let chain = place.chain.with(number, id, &bytes);
        let step = NewStep { number, lease, id, before: place.chain, chain, bytes };
        Ok(ProposedStep { prepared, step, batches })
    }

    /// Commits a write that the journal has decided.
    fn settle(
        &mut self,
        proposal: ProposedStep,
        shared: &SharedJournal,
    ) -> Result<Vec<WrittenCounts>, StoreError> {
        let ProposedStep { prepared, step, batches } = proposal;
        let place = JournalPlace { step: step.number, chain: step.chain };
        let outcome = prepared.commit(Some(place))?;
        let written = self.wrote(outcome, &batches)?;
        shared.note_applied(place);
        Ok(written)
    }
}

/// Appends a step. If the answer is lost, looks for the step in the journal.
async fn append(shared: &SharedJournal, step: &NewStep) -> Result<(), StoreError> {
    let appended = tokio::time::timeout(APPENDED_WITHIN, shared.journal().append(step)).await;
    match appended.unwrap_or_else(|_| Err(silent(shared))) {
        Ok(AppendOutcome::Decided) => Ok(()),
        Ok(AppendOutcome::Fenced) => {
            tracing::warn!(step = step.number, "another gateway leads by now; following it");
            shared.lose_lease();
            Err(StoreError::NotLeading)
        }
        Ok(AppendOutcome::Behind) => {
            tracing::warn!(step = step.number, "the journal has gone on without this gateway; catching up");
            shared.fall_behind();
            Err(StoreError::NotLeading)
        }
        Err(error) if was_decided(shared, step).await => {
            tracing::info!(step = step.number, %error, "the journal's answer was lost, but the step was decided");
            Ok(())
        }
        Err(error) => {
            shared.fall_behind();
            Err(error.into())
        }
    }
}

async fn was_decided(shared: &SharedJournal, step: &NewStep) -> bool {
    let asked = shared.journal().after(step.number - 1, 1);
    let stretch = tokio::time::timeout(ASKED_WITHIN, asked).await;
    stretch.is_ok_and(|stretch| {
        stretch.is_ok_and(|stretch| stretch.steps.first().is_some_and(|decided| decided.id == step.id))
    })
}

fn silent(shared: &SharedJournal) -> JournalError {
    JournalError::Unreachable {
        place: shared.journal().place(),
        reason: format!("no answer within {} seconds", APPENDED_WITHIN.as_secs()),
    }
}
