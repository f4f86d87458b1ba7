//! Drops records that cannot be read, so that the next walk reads them as if for the first time.

use std::collections::{BTreeSet, HashMap};

use redb::ReadableTable as _;

use super::BatchTransaction;
use super::providers::ProviderChange;
use crate::catalogue::encoded;
use crate::catalogue::store::tables::{key, number};
use crate::catalogue::store::{StoreError, StoredMark, TouchedService};
use crate::model::{RecordId, RecordKind, ServiceFacts, SourceKey};

impl BatchTransaction<'_> {
    /// Removes the unreadable records among `ids`. The history gets no entry, because the feed still has these records.
    pub(super) fn forget_unreadable(&mut self, ids: &BTreeSet<&RecordId>) -> Result<(), StoreError> {
        if ids.is_empty() {
            return Ok(());
        }
        let ordinals = self.ordinals_of(ids)?;
        for id in ids {
            let own = ordinals.get(id).map_or(&[][..], Vec::as_slice);
            if !self.is_sound(id, own)? {
                tracing::warn!(source = %id.source(), record = id.upstream(), kind = id.kind().type_name(), "dropping an unreadable record until the next walk");
                self.take_out(id, own)?;
            }
        }
        Ok(())
    }

    /// Drops one record whose mark cannot be read.
    pub(super) fn forget_one(&mut self, id: &RecordId) -> Result<(), StoreError> {
        let ordinals = self.ordinals_of(&BTreeSet::from([id]))?;
        self.take_out(id, ordinals.get(id).map_or(&[], Vec::as_slice))
    }

    /// Returns whether the record and its mark can be read, and the mark agrees with the ordinals that have its facts.
    fn is_sound(&self, id: &RecordId, ordinals: &[u32]) -> Result<bool, StoreError> {
        let mark = self.marks.get(key(id))?;
        let mark = mark.and_then(|bytes| postcard::from_bytes::<StoredMark>(bytes.value()).ok());
        let Some(mark) = mark else { return Ok(false) };
        let record = self.records.get(key(id))?;
        let is_read = record.is_some_and(|bytes| encoded::decode(id.kind(), bytes.value()).is_ok());
        Ok(is_read && ordinals.iter().copied().eq(mark.ordinal))
    }

    /// Removes a record, and the facts under these ordinals, without a change in the history.
    pub(super) fn take_out(&mut self, id: &RecordId, ordinals: &[u32]) -> Result<(), StoreError> {
        self.capture(|captured| captured.record(id));
        self.records.remove(key(id))?;
        self.marks.remove(key(id))?;
        self.note_provider(id, ProviderChange::Changed);
        for ordinal in ordinals.iter().copied() {
            self.facts.remove(ordinal)?;
            self.noticed.remove(ordinal)?;
            self.touched.push(TouchedService::Gone { ordinal });
        }
        // What is left does not tell whether the record was counted.
        self.recounted.insert((id.kind(), id.source().clone()));
        Ok(())
    }

    /// Counts the records of a kind and source.
    pub(super) fn recount(&self, kind: RecordKind, source: &SourceKey) -> Result<u64, StoreError> {
        let (kind, source) = (number(kind), source.as_str());
        let mut count = 0;
        for entry in self.marks.range((kind, source, "")..)? {
            let (key, _) = entry?;
            let (of_kind, of_source, _) = key.value();
            if (of_kind, of_source) != (kind, source) {
                break;
            }
            count += 1;
        }
        Ok(count)
    }

    /// Returns the ordinals whose facts belong to these records. Searches the facts, because the marks cannot be relied
    /// on here.
    fn ordinals_of(&self, ids: &BTreeSet<&RecordId>) -> Result<HashMap<RecordId, Vec<u32>>, StoreError> {
        let mut ordinals: HashMap<RecordId, Vec<u32>> = HashMap::new();
        if !ids.iter().any(|id| id.kind() == RecordKind::Service) {
            return Ok(ordinals);
        }
        for entry in self.facts.iter()? {
            let (ordinal, facts) = entry?;
            let Ok(facts) = postcard::from_bytes::<ServiceFacts>(facts.value()) else { continue };
            if ids.contains(&facts.id) {
                ordinals.entry(facts.id).or_default().push(ordinal.value());
            }
        }
        Ok(ordinals)
    }
}
