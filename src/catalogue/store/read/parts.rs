//! Reads the whole store in parts that have the form of steps, for a snapshot.

use redb::ReadableTable as _;

use super::StoreSnapshot;
use crate::catalogue::encoded;
use crate::catalogue::journal::{PutRecord, StepEffects};
use crate::catalogue::store::StoreError;
use crate::catalogue::store::tables::{CHANGES, NOTES, NOTICED, NUMBERS, STATES, number};
use crate::model::{RecordId, RecordKind, SourceKey};

/// Providers come first, so that the facts of services are derived only once.
const KINDS: [RecordKind; 6] = [
    RecordKind::Organization,
    RecordKind::Location,
    RecordKind::Taxonomy,
    RecordKind::TaxonomyTerm,
    RecordKind::Service,
    RecordKind::ServiceAtLocation,
];

/// Gathers parts, and hands over each once it is large enough.
struct PartsCutter<H> {
    part: StepEffects,
    bytes: usize,
    most: usize,
    hand_over: H,
    is_wanted: bool,
}

impl StoreSnapshot {
    /// Returns whether nothing has ever been stored.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub(in crate::catalogue) fn is_blank(&self) -> Result<bool, StoreError> {
        let states = self.reading.open_table(STATES)?.first()?.is_none();
        let notes = self.reading.open_table(NOTES)?.first()?.is_none();
        Ok(self.sequence == 0 && states && notes)
    }

    /// Hands over the whole store in parts of about `most` bytes, until `hand_over` returns `false`. Records without a
    /// readable mark are left out, and queued for repair.
    ///
    /// # Errors
    /// If the file cannot be read, or `hand_over` fails.
    pub(in crate::catalogue) fn parts(
        &self,
        most: usize,
        hand_over: impl FnMut(StepEffects) -> Result<bool, StoreError>,
    ) -> Result<(), StoreError> {
        let mut cutter = PartsCutter { part: self.blank_part()?, bytes: 0, most, hand_over, is_wanted: true };
        self.cut_records(&mut cutter)?;
        self.cut_beside(&mut cutter)?;
        cutter.cut()
    }

    /// Creates a part that contains only the numbers of the store.
    fn blank_part(&self) -> Result<StepEffects, StoreError> {
        let numbers = self.reading.open_table(NUMBERS)?;
        let ordinal = numbers.get("ordinal")?.map_or(0, |ordinal| ordinal.value());
        let next_ordinal = u32::try_from(ordinal).map_err(|_| StoreError::Exhausted)?;
        Ok(StepEffects { sequence: self.sequence, next_ordinal, ..StepEffects::default() })
    }

    fn cut_records<H>(&self, cutter: &mut PartsCutter<H>) -> Result<(), StoreError>
    where
        H: FnMut(StepEffects) -> Result<bool, StoreError>,
    {
        let noticed = self.reading.open_table(NOTICED)?;
        for kind in KINDS {
            let first = number(kind);
            for entry in self.records.range((first, "", "")..(first + 1, "", ""))? {
                let (key, record) = entry?;
                let (_, source, upstream) = key.value();
                let Ok(source) = SourceKey::parse(source) else { continue };
                let id = RecordId::new(kind, &source, upstream);
                // One unreadable record would keep every newcomer from loading the snapshot.
                let is_readable = encoded::decode(kind, record.value()).is_ok();
                let Some(mark) = self.mark(&id).ok().flatten().filter(|_| is_readable) else {
                    self.mending.record_failed(&id);
                    continue;
                };
                let noticed = mark.ordinal.map(|ordinal| noticed.get(ordinal)).transpose()?.flatten();
                let noticed = noticed.map(|at| at.value());
                let record = record.value().to_vec();
                let bytes = record.len();
                cutter.part.put.push(PutRecord { id, mark, record, noticed });
                if !cutter.took(bytes)? {
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    fn cut_beside<H>(&self, cutter: &mut PartsCutter<H>) -> Result<(), StoreError>
    where
        H: FnMut(StepEffects) -> Result<bool, StoreError>,
    {
        for entry in self.reading.open_table(STATES)?.iter()? {
            let (source, state) = entry?;
            let Ok(source) = SourceKey::parse(source.value()) else { continue };
            cutter.part.states.push((source, state.value().to_vec()));
            if !cutter.took(state.value().len())? {
                return Ok(());
            }
        }
        for entry in self.reading.open_table(NOTES)?.iter()? {
            let (name, note) = entry?;
            let (source, name) = name.value();
            let Ok(source) = SourceKey::parse(source) else { continue };
            cutter.part.notes.push((source, name.into(), Some(note.value().to_vec())));
            if !cutter.took(note.value().len())? {
                return Ok(());
            }
        }
        for entry in self.reading.open_table(CHANGES)?.iter()? {
            let (number, change) = entry?;
            cutter.part.changes.push((number.value(), postcard::from_bytes(change.value())?));
            if !cutter.took(change.value().len())? {
                break;
            }
        }
        Ok(())
    }
}

impl<H: FnMut(StepEffects) -> Result<bool, StoreError>> PartsCutter<H> {
    /// Counts what was added to the part, and hands the part over if it is large enough. Returns whether more is
    /// wanted.
    fn took(&mut self, bytes: usize) -> Result<bool, StoreError> {
        self.bytes += bytes;
        if self.bytes >= self.most {
            self.cut()?;
        }
        Ok(self.is_wanted)
    }

    /// Hands the part over, and begins another.
    fn cut(&mut self) -> Result<(), StoreError> {
        self.bytes = 0;
        let (sequence, next_ordinal) = (self.part.sequence, self.part.next_ordinal);
        let next = StepEffects { sequence, next_ordinal, ..StepEffects::default() };
        let part = std::mem::replace(&mut self.part, next);
        if self.is_wanted {
            self.is_wanted = (self.hand_over)(part)?;
        }
        Ok(())
    }
}
