//! Writes in two phases: a prepared write is an open transaction that no reader sees, until it is committed or dropped.
//! In between, the journal can decide whether it is committed.

use chrono::{DateTime, Utc};
use redb::{TableDefinition, WriteTransaction};
use uuid::Uuid;

use super::captured::CapturedEffects;
use super::{BatchTransaction, TouchedService, WriteOutcome};
use crate::catalogue::batch::SyncBatch;
use crate::catalogue::journal::{StepChain, StepEffects, StepNumber};
use crate::catalogue::part_draft::DraftedPart;
use crate::catalogue::store::tables::{
    CHANGES, COUNTS, FACTS, MARKS, NAMERS, NOTES, NOTICED, NUMBERS, RECORDS, STATES, TEXTS,
};
use crate::catalogue::store::{RecordStore, StoreError};
use crate::model::PostcodePlaces;

/// The keys of the number and the text that say how far the store follows a journal.
const APPLIED: &str = "applied";
const CHAIN: &str = "chain";

/// How far the store follows a journal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::catalogue) struct JournalPlace {
    /// The last step that the store has applied.
    pub(in crate::catalogue) step: StepNumber,
    /// The chain up to and including that step.
    pub(in crate::catalogue) chain: StepChain,
}

/// A write that has not been committed yet.
pub(in crate::catalogue) struct PreparedWrite {
    writing: WriteTransaction,
    outcome: WriteOutcome,
}

/// A store that is being loaded from a snapshot. Readers see the previous contents until it is committed.
pub(in crate::catalogue) struct LoadingStore {
    writing: WriteTransaction,
    postcodes: PostcodePlaces,
}

impl RecordStore {
    /// Writes batches in one transaction. When this returns, all of them are on disk.
    ///
    /// # Errors
    /// If the disk fails or is full. Then nothing is written.
    pub(in crate::catalogue) fn write(
        &self,
        batches: &[SyncBatch],
        at: DateTime<Utc>,
    ) -> Result<WriteOutcome, StoreError> {
        let (writing, mut outcome) = (self.begin()?, WriteOutcome::default());
        let mut writer = self.written(&writing, batches, at, &mut outcome)?;
        writer.forget()?;
        writer.finish(&writing, &mut outcome)?;
        PreparedWrite { writing, outcome }.commit(None)
    }

    /// Prepares a write of batches. Also returns its effects, which give other gateways the same result.
    ///
    /// # Errors
    /// As [`RecordStore::write`].
    pub(in crate::catalogue) fn prepare(
        &self,
        batches: &[SyncBatch],
        at: DateTime<Utc>,
    ) -> Result<(PreparedWrite, StepEffects), StoreError> {
        let (writing, mut outcome) = (self.begin()?, WriteOutcome::default());
        let mut writer = BatchTransaction::new(&writing, &self.postcodes, at)?;
        writer.captured = Some(CapturedEffects::after(writer.sequence));
        batches.iter().try_for_each(|batch| writer.write(batch, &mut outcome))?;
        writer.forget()?;
        let effects = writer.effects()?.unwrap_or_default();
        writer.finish(&writing, &mut outcome)?;
        Ok((PreparedWrite { writing, outcome }, effects))
    }

    /// Applies steps in one transaction.
    ///
    /// # Errors
    /// As [`RecordStore::write`].
    pub(in crate::catalogue) fn apply(
        &self,
        steps: &[DraftedPart],
        place: JournalPlace,
    ) -> Result<WriteOutcome, StoreError> {
        let (writing, mut outcome) = (self.begin()?, WriteOutcome::default());
        let mut writer = BatchTransaction::new(&writing, &self.postcodes, DateTime::UNIX_EPOCH)?;
        steps.iter().try_for_each(|step| writer.apply(step))?;
        writer.finish(&writing, &mut outcome)?;
        PreparedWrite { writing, outcome }.commit(Some(place))
    }

    /// Begins to replace the store's contents by a snapshot.
    ///
    /// # Errors
    /// As [`RecordStore::write`].
    pub(in crate::catalogue) fn load(&self) -> Result<LoadingStore, StoreError> {
        let writing = self.begin()?;
        empty(&writing)?;
        Ok(LoadingStore { writing, postcodes: self.postcodes.clone() })
    }

    /// Makes the store follow a journal of this generation from a place on. Without a place, makes it follow none.
    ///
    /// # Errors
    /// As [`RecordStore::write`].
    pub(in crate::catalogue) fn join(
        &self,
        generation: Uuid,
        place: Option<JournalPlace>,
    ) -> Result<(), StoreError> {
        let writing = self.begin()?;
        note_generation(&writing, generation)?;
        match place {
            Some(place) => note_place(&writing, place)?,
            None => leave_journal(&writing)?,
        }
        Ok(writing.commit()?)
    }

    /// Removes unreadable records that the batches name, in this copy only. The store then lacks records that other
    /// gateways have. It therefore stops following the journal until it is loaded again.
    ///
    /// # Errors
    /// As [`RecordStore::write`].
    pub(in crate::catalogue) fn forget_here(
        &self,
        batches: &[SyncBatch],
        at: DateTime<Utc>,
    ) -> Result<WriteOutcome, StoreError> {
        let (writing, mut outcome) = (self.begin()?, WriteOutcome::default());
        self.written(&writing, batches, at, &mut outcome)?.finish(&writing, &mut outcome)?;
        leave_journal(&writing)?;
        PreparedWrite { writing, outcome }.commit(None)
    }

    /// Writes batches in a transaction that stays open.
    fn written<'t>(
        &'t self,
        writing: &'t WriteTransaction,
        batches: &[SyncBatch],
        at: DateTime<Utc>,
        outcome: &mut WriteOutcome,
    ) -> Result<BatchTransaction<'t>, StoreError> {
        let mut writer = BatchTransaction::new(writing, &self.postcodes, at)?;
        batches.iter().try_for_each(|batch| writer.write(batch, outcome))?;
        Ok(writer)
    }

    fn begin(&self) -> Result<WriteTransaction, StoreError> {
        let mut writing = self.held.database()?.begin_write()?;
        // Without this, a gateway that was killed could take minutes to start.
        writing.set_quick_repair(true);
        Ok(writing)
    }
}

impl PreparedWrite {
    /// Commits the write. `place` is how far the store follows a journal with it, if it follows one.
    ///
    /// # Errors
    /// If the disk fails or is full. Then nothing is written.
    pub(in crate::catalogue) fn commit(
        self,
        place: Option<JournalPlace>,
    ) -> Result<WriteOutcome, StoreError> {
        if let Some(place) = place {
            note_place(&self.writing, place)?;
        }
        self.writing.commit()?;
        Ok(self.outcome)
    }
}

impl LoadingStore {
    /// Stores a part of a snapshot. Returns the services in it.
    ///
    /// # Errors
    /// As [`RecordStore::apply`].
    pub(in crate::catalogue) fn take(&self, part: &DraftedPart) -> Result<Vec<TouchedService>, StoreError> {
        let mut writer = BatchTransaction::new(&self.writing, &self.postcodes, DateTime::UNIX_EPOCH)?;
        writer.apply(part)?;
        let mut outcome = WriteOutcome::default();
        writer.finish(&self.writing, &mut outcome)?;
        Ok(outcome.touched)
    }

    /// Commits the loaded store, so that new readers see it.
    ///
    /// # Errors
    /// As [`RecordStore::write`]. Then the previous contents stay.
    pub(in crate::catalogue) fn commit(
        self,
        generation: Uuid,
        place: JournalPlace,
    ) -> Result<(), StoreError> {
        note_generation(&self.writing, generation)?;
        note_place(&self.writing, place)?;
        Ok(self.writing.commit()?)
    }
}

impl BatchTransaction<'_> {
    fn write(&mut self, batch: &SyncBatch, outcome: &mut WriteOutcome) -> Result<(), StoreError> {
        outcome.written.push(self.batch(batch)?);
        Ok(())
    }
}

fn note_place(writing: &WriteTransaction, place: JournalPlace) -> Result<(), StoreError> {
    writing.open_table(NUMBERS)?.insert(APPLIED, place.step)?;
    writing.open_table(TEXTS)?.insert(CHAIN, place.chain.to_string().as_str())?;
    Ok(())
}

fn note_generation(writing: &WriteTransaction, generation: Uuid) -> Result<(), StoreError> {
    writing.open_table(TEXTS)?.insert("generation", generation.to_string().as_str())?;
    Ok(())
}

/// Makes the store follow no journal. If the gateway shares a catalogue, the store is then loaded again.
pub(super) fn leave_journal(writing: &WriteTransaction) -> Result<(), StoreError> {
    writing.open_table(NUMBERS)?.remove(APPLIED)?;
    writing.open_table(TEXTS)?.remove(CHAIN)?;
    Ok(())
}

/// Returns how far a store follows a journal. `None` if it follows none.
pub(in crate::catalogue::store) fn read_place(
    numbers: &impl redb::ReadableTable<&'static str, u64>,
    texts: &impl redb::ReadableTable<&'static str, &'static str>,
) -> Result<Option<JournalPlace>, StoreError> {
    let step = numbers.get(APPLIED)?.map(|step| step.value());
    let chain = texts.get(CHAIN)?.and_then(|chain| StepChain::parse(chain.value()));
    Ok(step.zip(chain).map(|(step, chain)| JournalPlace { step, chain }))
}

/// Empties every table except those about the store itself.
fn empty(writing: &WriteTransaction) -> Result<(), StoreError> {
    fn one<K: redb::Key + 'static, V: redb::Value + 'static>(
        writing: &WriteTransaction,
        table: TableDefinition<K, V>,
    ) -> Result<(), StoreError> {
        writing.delete_table(table)?;
        writing.open_table(table)?;
        Ok(())
    }
    one(writing, RECORDS)?;
    one(writing, MARKS)?;
    one(writing, FACTS)?;
    one(writing, NOTICED)?;
    one(writing, NAMERS)?;
    one(writing, COUNTS)?;
    one(writing, CHANGES)?;
    one(writing, STATES)?;
    one(writing, NOTES)?;
    let mut numbers = writing.open_table(NUMBERS)?;
    numbers.remove("sequence")?;
    numbers.remove("ordinal")?;
    Ok(())
}
