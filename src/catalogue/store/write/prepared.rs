//! Writes in two parts: what is prepared stands in an open transaction that nobody else sees, until it is committed or
//! dropped. In between, others may be asked whether it is to be.

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

/// The names of the number and the text that say how far the store follows a journal.
const APPLIED: &str = "applied";
const CHAIN: &str = "chain";

/// Up to where the store follows a journal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::catalogue) struct JournalPlace {
    /// The last step that it has taken.
    pub(in crate::catalogue) step: StepNumber,
    /// What the journal came to with that step.
    pub(in crate::catalogue) chain: StepChain,
}

/// What is written and not committed yet.
pub(in crate::catalogue) struct PreparedWrite {
    writing: WriteTransaction,
    outcome: WriteOutcome,
}

/// A store that is loaded anew: what was there before is seen by everybody else until that is done.
pub(in crate::catalogue) struct LoadingStore {
    writing: WriteTransaction,
    postcodes: PostcodePlaces,
}

impl RecordStore {
    /// Writes batches in one transaction: when this returns they are on the disk, all of them.
    ///
    /// # Errors
    /// When the disk fails or is full; then nothing is written.
    pub(in crate::catalogue) fn write(
        &self,
        batches: &[SyncBatch],
        at: DateTime<Utc>,
    ) -> Result<WriteOutcome, StoreError> {
        let (writing, mut outcome) = (self.begin()?, WriteOutcome::default());
        let mut writer = self.written(&writing, batches, at, &mut outcome)?;
        writer.forget()?;
        outcome.touched = writer.finish(&writing)?;
        PreparedWrite { writing, outcome }.commit(None)
    }

    /// Prepares to write batches, and tells what others are to do to come to the same.
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
        outcome.touched = writer.finish(&writing)?;
        Ok((PreparedWrite { writing, outcome }, effects))
    }

    /// Does what steps say, in one transaction.
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
        outcome.touched = writer.finish(&writing)?;
        PreparedWrite { writing, outcome }.commit(Some(place))
    }

    /// Begins to load the store anew.
    ///
    /// # Errors
    /// As [`RecordStore::write`].
    pub(in crate::catalogue) fn load(&self) -> Result<LoadingStore, StoreError> {
        let writing = self.begin()?;
        empty(&writing)?;
        Ok(LoadingStore { writing, postcodes: self.postcodes.clone() })
    }

    /// Makes the store one that follows a journal from a place on, under the name of the journal's catalogue; or, without
    /// a place, one that follows none.
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

    /// Forgets records of these batches that cannot be read, here and nowhere else: what others have is missing then, so
    /// the store follows no journal any more, and is loaded anew.
    ///
    /// # Errors
    /// As [`RecordStore::write`].
    pub(in crate::catalogue) fn forget_here(
        &self,
        batches: &[SyncBatch],
        at: DateTime<Utc>,
    ) -> Result<WriteOutcome, StoreError> {
        let (writing, mut outcome) = (self.begin()?, WriteOutcome::default());
        outcome.touched = self.written(&writing, batches, at, &mut outcome)?.finish(&writing)?;
        leave_journal(&writing)?;
        PreparedWrite { writing, outcome }.commit(None)
    }

    /// Writes batches in a transaction that is still open.
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
        // A gateway that was killed must not take minutes to come back.
        writing.set_quick_repair(true);
        Ok(writing)
    }
}

impl PreparedWrite {
    /// Makes it so for everybody. `place`: how far the store follows a journal with it.
    ///
    /// # Errors
    /// When the disk fails or is full; then nothing is written.
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
    /// Takes a part of a snapshot in. Returns the services in it.
    ///
    /// # Errors
    /// As [`RecordStore::apply`].
    pub(in crate::catalogue) fn take(&self, part: &DraftedPart) -> Result<Vec<TouchedService>, StoreError> {
        let mut writer = BatchTransaction::new(&self.writing, &self.postcodes, DateTime::UNIX_EPOCH)?;
        writer.apply(part)?;
        writer.finish(&self.writing)
    }

    /// Shows it to everybody.
    ///
    /// # Errors
    /// As [`RecordStore::write`]; then what was there before stands.
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

/// Makes a store follow no journal: it is loaded anew where there is one.
pub(super) fn leave_journal(writing: &WriteTransaction) -> Result<(), StoreError> {
    writing.open_table(NUMBERS)?.remove(APPLIED)?;
    writing.open_table(TEXTS)?.remove(CHAIN)?;
    Ok(())
}

/// Up to where a store follows a journal, by the two entries that say so; none if it follows none.
pub(in crate::catalogue::store) fn read_place(
    numbers: &impl redb::ReadableTable<&'static str, u64>,
    texts: &impl redb::ReadableTable<&'static str, &'static str>,
) -> Result<Option<JournalPlace>, StoreError> {
    let step = numbers.get(APPLIED)?.map(|step| step.value());
    let chain = texts.get(CHAIN)?.and_then(|chain| StepChain::parse(chain.value()));
    Ok(step.zip(chain).map(|(step, chain)| JournalPlace { step, chain }))
}

/// Empties every table but those of the store itself.
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
