//! Reading: the store as it stood at one moment.

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

/// The store as it stood at one moment. It stays readable, and as it was, while others write.
pub struct StoreSnapshot {
    records: ReadOnlyTable<StoreKey, &'static [u8]>,
    marks: ReadOnlyTable<StoreKey, &'static [u8]>,
    reading: ReadTransaction,
    generation: Box<str>,
    sequence: u64,
    place: Option<JournalPlace>,
    mending: Arc<StoreMending>,
}

/// A note of a synchroniser's own: its name, and what it says.
pub type SyncNote = (Box<str>, Vec<u8>);

/// A stretch of the history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryStretch {
    /// Changes with their sequence numbers, oldest first.
    pub changes: Vec<(u64, HistoryChange)>,
    /// The number before the oldest change that is remembered: asking from before it leaves changes out.
    pub forgotten: u64,
    /// The number of the newest change there is.
    pub newest: u64,
}

impl RecordStore {
    /// What tells where services without coordinates are.
    pub(in crate::catalogue) fn postcodes(&self) -> &PostcodePlaces {
        &self.postcodes
    }

    /// What is to be mended in it.
    pub(in crate::catalogue) fn mending(&self) -> &Arc<StoreMending> {
        &self.mending
    }

    /// The store as it stands now.
    ///
    /// # Errors
    /// When the file cannot be read.
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
    /// Names this store among all there ever were: sequence numbers of two are not to be compared.
    pub fn generation(&self) -> &str {
        &self.generation
    }

    /// Up to where it follows a journal; none if it follows none.
    pub(in crate::catalogue) fn journal_place(&self) -> Option<JournalPlace> {
        self.place
    }

    /// Says how facts were derived: those under another name may say otherwise of the same record.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub(in crate::catalogue) fn derivation(&self) -> Result<String, StoreError> {
        let texts = self.reading.open_table(TEXTS)?;
        Ok(texts.get("facts")?.map(|text| text.value().to_owned()).unwrap_or_default())
    }

    /// The number of the newest change.
    pub fn sequence(&self) -> u64 {
        self.sequence
    }

    /// A record.
    ///
    /// # Errors
    /// When the file or the record cannot be read; such a record is forgotten soon.
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

    /// What is known of a record beside what it says.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn mark(&self, id: &RecordId) -> Result<Option<StoredMark>, StoreError> {
        let found = self.marks.get(key(id))?;
        Ok(found.map(|bytes| postcard::from_bytes(bytes.value())).transpose()?)
    }

    /// The taxonomy terms of every source, and what their vocabularies are called. What cannot be read is left out.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub(in crate::catalogue) fn vocabulary(&self) -> Result<TermVocabulary, StoreError> {
        let mut vocabulary = TermVocabulary::default();
        // The names first: terms that come to one are not grouped twice then.
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

    /// Where published addresses are: the postcodes of every location of which the point is published too.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn addresses(&self) -> Result<Vec<(Postcode, Coordinates)>, StoreError> {
        let mut addresses = Vec::new();
        self.each_location(|location| {
            let postcodes = location.addresses.iter().filter_map(|address| address.postcode.clone());
            addresses
                .extend(location.coordinates.into_iter().flat_map(|point| postcodes.clone().zip([point])));
        })?;
        Ok(addresses)
    }

    /// Hands over every location that can be read.
    ///
    /// # Errors
    /// When the file cannot be read.
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

    /// How many records of a kind there are of a source.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn count(&self, kind: RecordKind, source: &SourceKey) -> Result<u64, StoreError> {
        let counts = self.reading.open_table(COUNTS)?;
        Ok(counts.get((number(kind), source.as_str()))?.map_or(0, |count| count.value()))
    }

    /// The state that a source's synchroniser left.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn state(&self, source: &SourceKey) -> Result<Option<Vec<u8>>, StoreError> {
        let states = self.reading.open_table(STATES)?;
        Ok(states.get(source.as_str())?.map(|state| state.value().to_vec()))
    }

    /// A note that a source's synchroniser left.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn note(&self, source: &SourceKey, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let notes = self.reading.open_table(NOTES)?;
        Ok(notes.get((source.as_str(), name))?.map(|note| note.value().to_vec()))
    }

    /// The notes that a source's synchroniser left under names that begin so.
    ///
    /// # Errors
    /// When the file cannot be read.
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

    /// The changes after the one numbered `after`, oldest first, at most `limit`.
    ///
    /// # Errors
    /// When the file cannot be read.
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

    /// A service with what its provider says, where its feed only names that one.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub(in crate::catalogue) fn provided(&self, service: &Arc<Service>) -> Result<Arc<Service>, StoreError> {
        provided(service, |id| self.get(id))
    }

    /// The numbers of the services that may only name an organisation as their provider.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub(in crate::catalogue) fn namers(&self, provider: &RecordId) -> Result<Vec<u32>, StoreError> {
        let (source, upstream) = (provider.source().as_str(), provider.upstream());
        let namers = self.reading.open_table(NAMERS)?;
        let rows = namers.range((source, upstream, 0)..=(source, upstream, u32::MAX))?;
        rows.map(|row| Ok(row?.0.value().2)).collect()
    }
}

/// What was seen again since it was read is as fresh as that.
fn see_again(record: &mut AnyRecord, mark: &StoredMark) {
    if mark.seen_at > record.provenance().fetched_at {
        record.see_again(mark.seen_at, mark.fresh_until());
    }
}
