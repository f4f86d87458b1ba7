//! A snapshot for readers: the store, the facts and the index as they stood at one moment.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, OnceLock};

use chrono::{DateTime, NaiveDate, Utc};

use super::facts_table::FactsTable;
use super::find::{FoundServices, ServiceHit};
use super::index::{IndexError, IndexSearcher};
use super::provided::{ReadService, provided};
use super::recent::RecentRecords;
use super::store::{StoreError, StoreSnapshot};
use crate::model::{
    AllCounts, AnyRecord, FilterNarrowing, NearSpellings, RecordId, RecordKind, Rendering, Service,
    ServiceFilter, Shape, SourceKey, TermVocabulary, TextQuery, WordCounts,
};

/// The catalogue as it stood after one write. It does not change when there are further writes.
///
/// Reading the store and searching the index may block, so they need a thread that may block.
pub struct CatalogueSnapshot {
    pub(super) store: StoreSnapshot,
    pub(super) facts: FactsTable,
    pub(super) searcher: IndexSearcher,
    /// The number of the index, counted from 1 within this process.
    pub(super) index: u64,
    /// When unreadable records of a source were last dropped, by source.
    pub(super) lacking: Arc<HashMap<SourceKey, DateTime<Utc>>>,
    pub(super) vocabulary: Arc<TermVocabulary>,
    pub(super) recent: Arc<RecentRecords>,
    /// The number of the write that this snapshot shows, counted within this process.
    pub(super) write: u64,
    /// The number of the write that last replaced the whole catalogue by a snapshot from the journal; 0 if none did.
    pub(super) loaded: u64,
    /// The number of the last write that concerned a kind and source.
    pub(super) last_writes: Arc<HashMap<(RecordKind, SourceKey), u64>>,
    /// All services, once they have been asked for.
    pub(super) all: OnceLock<FoundServices>,
}

impl CatalogueSnapshot {
    /// Returns the store: the records, the history and the states of synchronisers.
    pub fn store(&self) -> &StoreSnapshot {
        &self.store
    }

    /// Returns a record, from the cache if possible. `None` if the catalogue does not have it.
    ///
    /// # Errors
    /// If the store or the record cannot be read.
    pub fn record(&self, id: &RecordId) -> Result<Option<AnyRecord>, StoreError> {
        if let Some(record) = self.at_hand(id) {
            return Ok(Some(record));
        }
        let read = self.store.get(id)?;
        read.iter().for_each(|record| self.recent.hold(record, self.write));
        Ok(read)
    }

    /// Returns a service by its ordinal, with its provider nested if its feed only names the provider.
    ///
    /// # Errors
    /// If the service cannot be read, or is missing although it has facts. It is then queued for repair.
    pub fn service(&self, ordinal: u32) -> Result<ReadService, StoreError> {
        let stored = match self.recent.service(ordinal, self.write) {
            Some(service) => service,
            None => self.read_service(ordinal)?,
        };
        let is_as_stored = stored.provider_apart().is_none();
        // What a nested provider leaves out is read if it is asked for.
        let service = match is_as_stored {
            true => stored,
            false => provided(&stored, |provider| self.record(provider))?,
        };
        Ok(ReadService { service, is_as_stored })
    }

    /// Returns a service by its ordinal, with everything that its provider's own record says.
    ///
    /// # Errors
    /// As [`CatalogueSnapshot::service`].
    pub fn completed_service(&self, ordinal: u32) -> Result<Arc<Service>, StoreError> {
        provided(&self.service(ordinal)?.service, |provider| self.record(provider))
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

    /// Like [`CatalogueSnapshot::service`], but does not cache what is read: an export reads each service once, and
    /// would displace those that are asked for repeatedly. A nested provider has everything that its record says.
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
        // Providers are cached, because many services have the same one.
        provided(&service, |provider| self.record(provider))
    }

    /// Returns when unreadable records of a source were last dropped: walks from before that time lack them. `None` if
    /// none were dropped since the gateway started.
    pub fn lacks_since(&self, source: &SourceKey) -> Option<DateTime<Utc>> {
        self.lacking.get(source).copied()
    }

    /// Returns a record if it is cached, without reading the store.
    pub fn at_hand(&self, id: &RecordId) -> Option<AnyRecord> {
        self.recent.get(id, self.write)
    }

    /// Returns what was written of a service in this shape, if it is cached and valid for this snapshot.
    pub fn service_rendering(&self, shape: Shape, ordinal: u32, today: NaiveDate) -> Option<Rendering> {
        self.recent.service_renderings(ordinal, self.write).find(shape, today).cloned()
    }

    /// Caches what was written of a service of this snapshot.
    pub fn hold_service_rendering(&self, ordinal: u32, rendering: Rendering) {
        self.recent.hold_service_rendering(ordinal, rendering, self.write);
    }

    /// Returns what was written of a record in this shape, if it is cached and valid for this snapshot.
    pub fn rendering(&self, shape: Shape, id: &RecordId, today: NaiveDate) -> Option<Rendering> {
        self.recent.renderings(id, self.write).find(shape, today).cloned()
    }

    /// Caches what was written of a record of this snapshot.
    pub fn hold_rendering(&self, id: &RecordId, rendering: Rendering) {
        self.recent.hold_rendering(id, rendering, self.write);
    }

    /// Returns the services that a condition names. If the index fails, notes that it is to be repaired.
    pub(super) fn candidates(&self, narrowing: &FilterNarrowing<'_>) -> Result<Vec<ServiceHit>, IndexError> {
        let found = self.searcher.candidates(narrowing);
        if found.is_err() {
            self.store.mending().index_failed(self.index);
        }
        found
    }

    /// Offers each word that services contain to the searches for near spellings, until `is_asked` returns `false`.
    ///
    /// # Errors
    /// If the index cannot be read. It is then repaired.
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

    /// Returns whether any service contains the words.
    ///
    /// # Errors
    /// As [`CatalogueSnapshot::offer_words`].
    pub fn has_words(&self, text: &TextQuery) -> Result<bool, IndexError> {
        Ok(!self.candidates(&FilterNarrowing::Words(text))?.is_empty())
    }

    /// Returns a filter whose phrases are read by how rare their words are among all stored services and the given live
    /// ones.
    ///
    /// # Errors
    /// If the index cannot be read. It is then repaired.
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

    /// Returns the number of the last write that concerned a record of this kind and source, counted within this
    /// process. While the number is the same, so are the records.
    pub fn last_write(&self, kind: RecordKind, source: &SourceKey) -> u64 {
        self.last_writes.get(&(kind, source.clone())).copied().unwrap_or(0).max(self.loaded)
    }

    /// Returns the taxonomy terms of all sources.
    pub fn vocabulary(&self) -> &Arc<TermVocabulary> {
        &self.vocabulary
    }

    /// Returns the facts of all services, from memory.
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
