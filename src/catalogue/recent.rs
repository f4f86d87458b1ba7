//! Records that were read lately: those that are asked for again and again are not made out of bytes each time.

use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};

use quick_cache::Weighter;
use quick_cache::sync::Cache;

use crate::model::{AnyRecord, Record as _, RecordId, Service};

/// What the records held under their ids may weigh together, in bytes, and as much again the services held under their
/// numbers; many are the same.
const MOST_BYTES: u64 = crate::config::memory::RECENT_RECORDS;

/// How many records are expected among these; more may be held.
const EXPECTED_RECORDS: usize = 16 << 10;

/// Records as they stood after some write. Writes are numbered; a reader is shown no record from after its own, and
/// none that has been written since.
// A page looks up each of its records, which takes most caches longer than writing one down.
pub(super) struct RecentRecords {
    records: Cache<RecordId, RecentEntry<AnyRecord>, HeldWeight>,
    /// By their numbers in the table of facts: pages look them up by the hundred.
    services: Cache<u32, RecentEntry<Arc<Service>>, HeldWeight>,
    /// The number of the newest write.
    newest: RwLock<u64>,
}

#[derive(Clone)]
struct RecentEntry<T> {
    record: T,
    /// The number of the write that it was read after.
    write: u64,
}

#[derive(Clone)]
struct HeldWeight;

impl Weighter<RecordId, RecentEntry<AnyRecord>> for HeldWeight {
    fn weight(&self, _: &RecordId, held: &RecentEntry<AnyRecord>) -> u64 {
        u64::try_from(held.record.weight()).unwrap_or(u64::MAX)
    }
}

impl Weighter<u32, RecentEntry<Arc<Service>>> for HeldWeight {
    fn weight(&self, _: &u32, held: &RecentEntry<Arc<Service>>) -> u64 {
        u64::try_from(held.record.weight()).unwrap_or(u64::MAX)
    }
}

impl Default for RecentRecords {
    fn default() -> Self {
        let records = Cache::with_weighter(EXPECTED_RECORDS, MOST_BYTES, HeldWeight);
        let services = Cache::with_weighter(EXPECTED_RECORDS, MOST_BYTES, HeldWeight);
        Self { records, services, newest: RwLock::default() }
    }
}

impl RecentRecords {
    /// A record for who reads what stood after a write.
    pub(super) fn get(&self, id: &RecordId, write: u64) -> Option<AnyRecord> {
        self.records.get(id).filter(|held| held.write <= write).map(|held| held.record)
    }

    /// Holds a record that was read after a write, unless there has been another since.
    pub(super) fn hold(&self, record: &AnyRecord, write: u64) {
        // Held until it is in: a write that begins now finds it, and makes it forgotten.
        let newest = self.newest.read().unwrap_or_else(PoisonError::into_inner);
        if *newest == write {
            self.records.insert(record.id().clone(), RecentEntry { record: record.clone(), write });
        }
    }

    /// A service by its number, for who reads what stood after a write.
    pub(super) fn service(&self, ordinal: u32, write: u64) -> Option<Arc<Service>> {
        self.services.get(&ordinal).filter(|held| held.write <= write).map(|held| held.record)
    }

    /// Holds a service under its number, likewise.
    pub(super) fn hold_service(&self, ordinal: u32, service: &Arc<Service>, write: u64) {
        let newest = self.newest.read().unwrap_or_else(PoisonError::into_inner);
        if *newest == write {
            self.services.insert(ordinal, RecentEntry { record: Arc::clone(service), write });
        }
    }

    /// Forgets what a write has touched, before anybody is shown it.
    pub(super) fn forget<'a>(
        &self,
        touched: impl Iterator<Item = &'a RecordId>,
        services: impl Iterator<Item = u32>,
        write: u64,
    ) {
        *self.newest.write().unwrap_or_else(PoisonError::into_inner) = write;
        touched.for_each(|id| drop(self.records.remove(id)));
        services.for_each(|ordinal| drop(self.services.remove(&ordinal)));
    }
}

impl fmt::Debug for RecentRecords {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RecentRecords").field("records", &self.records.len()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::catalogue::tests::{at, organization, service};

    #[test]
    fn a_reader_is_shown_nothing_from_after_its_own_write_and_nothing_written_since() {
        let recent = RecentRecords::default();
        let record = |name| AnyRecord::from(organization("guild", name, at(0)));
        let (old, new) = (record("Old"), record("New"));
        let id = old.id().clone();
        let is = |record: &AnyRecord| Some(record.order_key().clone());
        let shown = |write| recent.get(&id, write).and_then(|record| is(&record));
        recent.hold(&old, 0);
        assert_eq!(shown(0), is(&old));
        recent.forget([].into_iter(), [].into_iter(), 1);
        assert_eq!(shown(1), is(&old), "the first write did not touch it");
        recent.forget([&id].into_iter(), [].into_iter(), 2);
        recent.hold(&old, 1);
        assert_eq!((shown(1), shown(2)), (None, None), "who reads late holds nothing");
        recent.hold(&new, 2);
        assert_eq!((shown(1), shown(2)), (None, is(&new)));
    }

    #[test]
    fn services_held_under_their_numbers_are_forgotten_likewise() {
        let recent = RecentRecords::default();
        let [old, new] = ["Old", "New"].map(|name| Arc::new(service("1", name, at(0), json!({}))));
        let shown = |write| recent.service(7, write).map(|service| service.name.clone());
        recent.hold_service(7, &old, 0);
        recent.forget([].into_iter(), [8].into_iter(), 1);
        assert_eq!(shown(1).as_deref(), Some("Old"), "the first write did not touch it");
        recent.forget([].into_iter(), [7].into_iter(), 2);
        recent.hold_service(7, &old, 1);
        assert_eq!(shown(2), None, "who reads late holds nothing");
        recent.hold_service(7, &new, 2);
        assert_eq!((shown(1), shown(2).as_deref()), (None, Some("New")));
    }
}
