//! What a reader holds: the store, the facts and the index as they stood at one moment.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};

use super::facts_table::FactsTable;
use super::find::ServiceHit;
use super::index::{IndexError, IndexSearcher};
use super::provided::{ReadService, provided};
use super::recent::RecentRecords;
use super::store::{StoreError, StoreSnapshot};
use crate::model::{
    AllCounts, AnyRecord, FilterNarrowing, NearSpellings, RecordId, RecordKind, Rendering, Service,
    ServiceFilter, Shape, SourceKey, TermVocabulary, TextQuery, WordCounts,
};

/// The catalogue as it stood after one write. It stays as it was while others are made.
///
/// Reading the store and asking the index may wait for the disk: from a thread that may wait.
pub struct CatalogueSnapshot {
    pub(super) store: StoreSnapshot,
    pub(super) facts: FactsTable,
    pub(super) searcher: IndexSearcher,
    /// Which of the indexes of this process that is: the first, or one that was made in its place.
    pub(super) index: u64,
    /// Since when some records of sources are forgotten, for they could not be read.
    pub(super) lacking: Arc<HashMap<SourceKey, DateTime<Utc>>>,
    pub(super) vocabulary: Arc<TermVocabulary>,
    pub(super) recent: Arc<RecentRecords>,
    /// The number of the write that it shows, of those of this process.
    pub(super) write: u64,
    /// The number of the write that last loaded everything anew.
    pub(super) loaded: u64,
    /// The numbers of the last writes that spoke of records of a kind and source.
    pub(super) last_writes: Arc<HashMap<(RecordKind, SourceKey), u64>>,
}

impl CatalogueSnapshot {
    /// The records, the history and the synchronisers' states.
    pub fn store(&self) -> &StoreSnapshot {
        &self.store
    }

    /// A record.
    ///
    /// # Errors
    /// When the store or the record cannot be read.
    pub fn record(&self, id: &RecordId) -> Result<Option<AnyRecord>, StoreError> {
        if let Some(record) = self.at_hand(id) {
            return Ok(Some(record));
        }
        let read = self.store.get(id)?;
        read.iter().for_each(|record| self.recent.hold(record, self.write));
        Ok(read)
    }

    /// A service by its number, with what its provider says, where its feed only names that one.
    ///
    /// # Errors
    /// When it cannot be read, or is not there although its facts are; it is forgotten soon.
    pub fn service(&self, ordinal: u32) -> Result<ReadService, StoreError> {
        let stored = match self.recent.service(ordinal, self.write) {
            Some(service) => service,
            None => self.read_service(ordinal)?,
        };
        let is_as_stored = stored.provider_apart().is_none();
        let service = provided(&stored, |provider| self.record(provider))?;
        Ok(ReadService { service, is_as_stored })
    }

    fn read_service(&self, ordinal: u32) -> Result<Arc<Service>, StoreError> {
        let missing = || StoreError::Record("missing".to_owned());
        let id = &self.facts.get(ordinal).ok_or_else(missing)?.id;
        let service = self.record(id)?.and_then(|record| Arc::<Service>::try_from(record).ok());
        let service = service.ok_or_else(|| {
            self.store.mending().record_failed(id);
            missing()
        })?;
        self.recent.hold_service(ordinal, &service, self.write);
        Ok(service)
    }

    /// As [`CatalogueSnapshot::service`], but what is read is not kept at hand: an export reads each service once, and would push out
    /// those that are asked for again and again.
    ///
    /// # Errors
    /// As [`CatalogueSnapshot::service`].
    pub fn passing_service(&self, ordinal: u32) -> Result<Arc<Service>, StoreError> {
        let missing = || StoreError::Record("missing".to_owned());
        let id = &self.facts.get(ordinal).ok_or_else(missing)?.id;
        let record = self.at_hand(id).map_or_else(|| self.store.get(id), |record| Ok(Some(record)))?;
        let service = record.and_then(|record| Arc::<Service>::try_from(record).ok());
        let service = service.ok_or_else(|| {
            self.store.mending().record_failed(id);
            missing()
        })?;
        // Many services have one provider.
        provided(&service, |provider| self.record(provider))
    }

    /// Since when some records of a source are forgotten, for they could not be read: what was walked before lacks
    /// them. None where nothing has been forgotten since the gateway was started.
    pub fn lacks_since(&self, source: &SourceKey) -> Option<DateTime<Utc>> {
        self.lacking.get(source).copied()
    }

    /// A record where it was read lately, so that nobody has to wait for it.
    pub fn at_hand(&self, id: &RecordId) -> Option<AnyRecord> {
        self.recent.get(id, self.write)
    }

    /// Returns what was written of a service in this shape, as it stands here.
    pub fn service_rendering(&self, shape: Shape, ordinal: u32, today: NaiveDate) -> Option<Rendering> {
        self.recent.service_renderings(ordinal, self.write).find(shape, today).cloned()
    }

    /// Holds what was written of a service as it stands here.
    pub fn hold_service_rendering(&self, ordinal: u32, rendering: Rendering) {
        self.recent.hold_service_rendering(ordinal, rendering, self.write);
    }

    /// Returns what was written of a record in this shape, as it stands here.
    pub fn rendering(&self, shape: Shape, id: &RecordId, today: NaiveDate) -> Option<Rendering> {
        self.recent.renderings(id, self.write).find(shape, today).cloned()
    }

    /// Holds what was written of a record as it stands here.
    pub fn hold_rendering(&self, id: &RecordId, rendering: Rendering) {
        self.recent.hold_rendering(id, rendering, self.write);
    }

    /// The services that a condition names; an index that fails is to be made again.
    pub(super) fn candidates(&self, narrowing: &FilterNarrowing<'_>) -> Result<Vec<ServiceHit>, IndexError> {
        let found = self.searcher.candidates(narrowing);
        if found.is_err() {
            self.store.mending().index_failed(self.index);
        }
        found
    }

    /// Offers each word that services hold to those who look for near ones, until `is_asked` says no.
    ///
    /// # Errors
    /// When the index cannot be read. It is rebuilt then.
    pub fn offer_words(
        &self,
        wanted: &mut [NearSpellings],
        is_asked: &dyn Fn() -> bool,
    ) -> Result<(), IndexError> {
        let offered = self.searcher.offer_words(wanted, is_asked);
        if offered.is_err() {
            self.store.mending().index_failed(self.index);
        }
        offered
    }

    /// Whether the words of any service match.
    ///
    /// # Errors
    /// As [`CatalogueSnapshot::offer_words`].
    pub fn has_words(&self, text: &TextQuery) -> Result<bool, IndexError> {
        Ok(!self.candidates(&FilterNarrowing::Words(text))?.is_empty())
    }

    /// A filter with its phrases read by the words of all kept services, and of live ones.
    ///
    /// # Errors
    /// When the index cannot be read. It is rebuilt then.
    pub fn counted(
        &self,
        filter: &ServiceFilter,
        live: &[Arc<WordCounts>],
    ) -> Result<ServiceFilter, IndexError> {
        let counted = self.searcher.counts().and_then(|kept| {
            let counted = filter.counted(&AllCounts::of(live).and(&kept));
            kept.failure().map_or(Ok(counted), Err)
        });
        if counted.is_err() {
            self.store.mending().index_failed(self.index);
        }
        counted
    }

    /// The number of the last write that spoke of any record of this kind and source, of those of this process: while
    /// it is the same, so are they.
    pub fn last_write(&self, kind: RecordKind, source: &SourceKey) -> u64 {
        self.last_writes.get(&(kind, source.clone())).copied().unwrap_or(0).max(self.loaded)
    }

    /// The taxonomy terms of every source.
    pub fn vocabulary(&self) -> &Arc<TermVocabulary> {
        &self.vocabulary
    }

    /// The facts of every service, in memory.
    pub fn facts(&self) -> &FactsTable {
        &self.facts
    }
}

impl fmt::Debug for CatalogueSnapshot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CatalogueSnapshot")
            .field("sequence", &self.store.sequence())
            .field("services", &self.facts.len())
            .finish_non_exhaustive()
    }
}
