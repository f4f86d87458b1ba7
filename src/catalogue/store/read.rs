//! Reading the store as it stood at one moment.

mod facts;
mod listing;
mod parts;

use std::sync::Arc;

use redb::{ReadOnlyTable, ReadTransaction, ReadableDatabase as _, ReadableTable as _};

use super::tables::{
    CHANGES, COUNTS, MARKS, NAMERS, NOTES, NUMBERS, RECORDS, STATES, StoreKey, TEXTS, key, number,
};
use super::write::read_place;
use super::{HistoryChange, JournalPlace, RecordStore, StoreError, StoredMark};
use crate::catalogue::encoded;
use crate::catalogue::mending::StoreMending;
use crate::catalogue::provided::provided;
use crate::model::{
    AnyRecord, Coordinates, Location, Postcode, PostcodePlaces, RecordId, RecordKind, Service, SourceKey,
    TermVocabulary,
};

pub use listing::{ListStretch, LocationsOf, UnseenRecord};

/// The store as it stood at one moment. It stays readable and unchanged while others write.
pub struct StoreSnapshot {
    records: ReadOnlyTable<StoreKey, &'static [u8]>,
    marks: ReadOnlyTable<StoreKey, &'static [u8]>,
    reading: ReadTransaction,
    generation: Box<str>,
    sequence: u64,
    place: Option<JournalPlace>,
    mending: Arc<StoreMending>,
}

/// A note of a synchroniser: its name and its contents.
pub type SyncNote = (Box<str>, Vec<u8>);

/// Part of the history of changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryStretch {
    /// The changes with their sequence numbers, oldest first.
    pub changes: Vec<(u64, HistoryChange)>,
    /// The number before the oldest change that is still stored. A reader that asks for changes after a smaller number
    /// misses some.
    pub forgotten: u64,
    /// The number of the newest change in the store.
    pub newest: u64,
}

impl RecordStore {
    /// Returns the postcodes that locate services without coordinates.
    pub(in crate::catalogue) fn postcodes(&self) -> &PostcodePlaces {
        &self.postcodes
    }

    /// Returns what is to be repaired in the store.
    pub(in crate::catalogue) fn mending(&self) -> &Arc<StoreMending> {
        &self.mending
    }

    /// Returns a snapshot of the store as it stands now.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn read(&self) -> Result<StoreSnapshot, StoreError> {
        let reading = self.held.database()?.begin_read()?;
        let texts = reading.open_table(TEXTS)?;
        let generation = texts.get("generation")?.map(|text| text.value().into()).unwrap_or_default();
        let numbers = reading.open_table(NUMBERS)?;
        let sequence = numbers.get("sequence")?.map_or(0, |number| number.value());
        let place = read_place(&numbers, &texts)?;
        let (records, marks) = (reading.open_table(RECORDS)?, reading.open_table(MARKS)?);
        let mending = Arc::clone(&self.mending);
        Ok(StoreSnapshot { records, marks, reading, generation, sequence, place, mending })
    }
}

impl StoreSnapshot {
    /// Identifies the store. Sequence numbers of two generations cannot be compared.
    pub fn generation(&self) -> &str {
        &self.generation
    }

    /// Returns how far the store follows a journal. `None` if it follows none.
    pub(in crate::catalogue) fn journal_place(&self) -> Option<JournalPlace> {
        self.place
    }

    /// Identifies how the facts were derived. Facts derived in another way may differ for the same record.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub(in crate::catalogue) fn derivation(&self) -> Result<String, StoreError> {
        let texts = self.reading.open_table(TEXTS)?;
        Ok(texts.get("facts")?.map(|text| text.value().to_owned()).unwrap_or_default())
    }

    /// Returns the number of the newest change.
    pub fn sequence(&self) -> u64 {
        self.sequence
    }

    /// Returns a record. `None` if the store does not have it.
    ///
    /// # Errors
    /// If the file or the record cannot be read. An unreadable record is queued for repair.
    pub fn get(&self, id: &RecordId) -> Result<Option<AnyRecord>, StoreError> {
        let read = self.mark(id).and_then(|mark| mark.map_or(Ok(None), |mark| self.record(id, &mark)));
        if let Err(StoreError::Record(_)) = &read {
            self.mending.record_failed(id);
        }
        read
    }

    fn record(&self, id: &RecordId, mark: &StoredMark) -> Result<Option<AnyRecord>, StoreError> {
        let Some(bytes) = self.records.get(key(id))? else { return Ok(None) };
        let mut record = encoded::decode(id.kind(), bytes.value())?;
        see_again(&mut record, mark);
        Ok(Some(record))
    }

    /// Returns the mark of a record. `None` if the store does not have the record.
    ///
    /// # Errors
    /// If the file or the mark cannot be read.
    pub fn mark(&self, id: &RecordId) -> Result<Option<StoredMark>, StoreError> {
        let found = self.marks.get(key(id))?;
        Ok(found.map(|bytes| postcard::from_bytes(bytes.value())).transpose()?)
    }

    /// Returns the taxonomy terms of all sources, with the names of their vocabularies. Unreadable records are left
    /// out, and queued for repair.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub(in crate::catalogue) fn vocabulary(&self) -> Result<TermVocabulary, StoreError> {
        let mut vocabulary = TermVocabulary::default();
        // Vocabularies first: their terms are grouped only once that way.
        for kind in [RecordKind::Taxonomy, RecordKind::TaxonomyTerm] {
            let first = number(kind);
            for entry in self.records.range((first, "", "")..(first + 1, "", ""))? {
                let (key, bytes) = entry?;
                match self.decoded_or_noted(kind, key.value(), bytes.value()) {
                    Some(AnyRecord::TaxonomyTerm(term)) => vocabulary.add(&term),
                    Some(AnyRecord::Taxonomy(taxonomy)) => vocabulary.add_taxonomy(&taxonomy),
                    _ => {}
                }
            }
        }
        Ok(vocabulary)
    }

    /// Returns the postcode and the coordinates of every address in a location that has coordinates.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn addresses(&self) -> Result<Vec<(Postcode, Coordinates)>, StoreError> {
        let mut addresses = Vec::new();
        self.each_location(|location| {
            let postcodes = location.addresses.iter().filter_map(|address| address.postcode.clone());
            addresses
                .extend(location.coordinates.into_iter().flat_map(|point| postcodes.clone().zip([point])));
        })?;
        Ok(addresses)
    }

    /// Passes every readable location to `take`.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn each_location(&self, mut take: impl FnMut(&Location)) -> Result<(), StoreError> {
        let kind = number(RecordKind::Location);
        for entry in self.records.range((kind, "", "")..(kind + 1, "", ""))? {
            let (key, bytes) = entry?;
            let Some(AnyRecord::Location(location)) =
                self.decoded_or_noted(RecordKind::Location, key.value(), bytes.value())
            else {
                continue;
            };
            take(&location);
        }
        Ok(())
    }

    /// Returns how many records of a kind a source has.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn count(&self, kind: RecordKind, source: &SourceKey) -> Result<u64, StoreError> {
        let counts = self.reading.open_table(COUNTS)?;
        Ok(counts.get((number(kind), source.as_str()))?.map_or(0, |count| count.value()))
    }

    /// Returns the state that a source's synchroniser saved. `None` if there is none.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn state(&self, source: &SourceKey) -> Result<Option<Vec<u8>>, StoreError> {
        let states = self.reading.open_table(STATES)?;
        Ok(states.get(source.as_str())?.map(|state| state.value().to_vec()))
    }

    /// Returns a note that a source's synchroniser saved under a name. `None` if there is none.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn note(&self, source: &SourceKey, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let notes = self.reading.open_table(NOTES)?;
        Ok(notes.get((source.as_str(), name))?.map(|note| note.value().to_vec()))
    }

    /// Returns the notes of a source's synchroniser whose names begin with `beginning`.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn notes(&self, source: &SourceKey, beginning: &str) -> Result<Vec<SyncNote>, StoreError> {
        let notes = self.reading.open_table(NOTES)?;
        let mut found = Vec::new();
        for entry in notes.range((source.as_str(), beginning)..)? {
            let (name, note) = entry?;
            let (of_source, name) = name.value();
            if of_source != source.as_str() || !name.starts_with(beginning) {
                break;
            }
            found.push((name.into(), note.value().to_vec()));
        }
        Ok(found)
    }

    /// Returns at most `limit` changes after the one numbered `after`, oldest first.
    ///
    /// # Errors
    /// If the file or a change cannot be read.
    pub fn history(&self, after: u64, limit: usize) -> Result<HistoryStretch, StoreError> {
        let table = self.reading.open_table(CHANGES)?;
        let oldest = table.first()?.map_or(self.sequence.saturating_add(1), |(sequence, _)| sequence.value());
        let stretch = table.range(after.saturating_add(1)..)?.take(limit);
        let changes = stretch.map(|entry| {
            let (sequence, change) = entry?;
            Ok::<_, StoreError>((sequence.value(), postcard::from_bytes(change.value())?))
        });
        let changes = changes.collect::<Result<_, _>>()?;
        Ok(HistoryStretch { changes, forgotten: oldest.saturating_sub(1), newest: self.sequence })
    }

    /// Returns a service with what its provider's own record says, if the store has that record.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub(in crate::catalogue) fn provided(&self, service: &Arc<Service>) -> Result<Arc<Service>, StoreError> {
        provided(service, |id| self.get(id))
    }

    /// Returns the ordinals of the services that may have this organisation as their provider.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub(in crate::catalogue) fn namers(&self, provider: &RecordId) -> Result<Vec<u32>, StoreError> {
        let (source, upstream) = (provider.source().as_str(), provider.upstream());
        let namers = self.reading.open_table(NAMERS)?;
        let rows = namers.range((source, upstream, 0)..=(source, upstream, u32::MAX))?;
        rows.map(|row| Ok(row?.0.value().2)).collect()
    }
}

/// Updates the read times of a record that was seen again, unchanged, after it was read.
fn see_again(record: &mut AnyRecord, mark: &StoredMark) {
    if mark.seen_at > record.provenance().fetched_at {
        record.see_again(mark.seen_at, mark.fresh_until());
    }
}
