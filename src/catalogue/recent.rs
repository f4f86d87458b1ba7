//! Caches recently read records, and what was written of them, for repeated queries.

use std::fmt;
use std::sync::Arc;

use super::recent_values::{RecentValues, Weighed};
use crate::config::memory;
use crate::model::{AnyRecord, Record as _, RecordId, Rendering, Renderings, Service};

/// The most bytes of records cached by id, and again of services cached by ordinal. Many are in both.
const RECORD_BYTES: u64 = memory::RECENT_RECORDS;

/// The most bytes of renderings cached by record id, and again of those cached by the ordinals of services.
const RENDERING_BYTES: u64 = memory::RENDERINGS;

/// The most renderings cached for one record.
const MOST_SHAPES: usize = 4;

/// Cached records, and what was written of them. Writes are numbered: a reader gets only what is part of its snapshot,
/// and nothing that a later write has changed.
// A page looks up each of its records. In most caches that takes longer than rendering a record.
pub(super) struct RecentRecords {
    records: RecentValues<RecordId, AnyRecord>,
    /// Keyed by ordinals: pages look up services by the hundred.
    services: RecentValues<u32, Arc<Service>>,
    renderings: RecentValues<RecordId, Renderings>,
    service_renderings: RecentValues<u32, Renderings>,
}

impl Weighed for AnyRecord {
    fn weight(&self) -> usize {
        Self::weight(self)
    }
}

impl Weighed for Arc<Service> {
    fn weight(&self) -> usize {
        self.as_ref().weight()
    }
}

impl Weighed for Renderings {
    fn weight(&self) -> usize {
        Self::weight(self)
    }
}

impl Default for RecentRecords {
    fn default() -> Self {
        Self {
            records: RecentValues::with_room(RECORD_BYTES),
            services: RecentValues::with_room(RECORD_BYTES),
            renderings: RecentValues::with_room(RENDERING_BYTES),
            service_renderings: RecentValues::with_room(RENDERING_BYTES),
        }
    }
}

impl RecentRecords {
    /// Returns a record for a reader of the snapshot after `write`. `None` if it is not cached.
    pub(super) fn get(&self, id: &RecordId, write: u64) -> Option<AnyRecord> {
        self.records.get(id, write)
    }

    /// Caches a record that was read after `write`, unless there has been another write since.
    pub(super) fn hold(&self, record: &AnyRecord, write: u64) {
        self.records.hold(record.id().clone(), record.clone(), write);
    }

    /// Returns a service for a reader of the snapshot after `write`. `None` if it is not cached.
    pub(super) fn service(&self, ordinal: u32, write: u64) -> Option<Arc<Service>> {
        self.services.get(&ordinal, write)
    }

    /// Caches a service that was read after `write`, unless there has been another write since.
    pub(super) fn hold_service(&self, ordinal: u32, service: &Arc<Service>, write: u64) {
        self.services.hold(ordinal, Arc::clone(service), write);
    }

    /// Returns what was written of a record, for a reader of the snapshot after `write`.
    pub(super) fn renderings(&self, id: &RecordId, write: u64) -> Renderings {
        self.renderings.get(id, write).unwrap_or_default()
    }

    /// Caches what was written of a record that was read after `write`, unless there has been another write since.
    pub(super) fn hold_rendering(&self, id: &RecordId, rendering: Rendering, write: u64) {
        add(&self.renderings, id.clone(), rendering, write);
    }

    /// Returns what was written of a service, for a reader of the snapshot after `write`.
    pub(super) fn service_renderings(&self, ordinal: u32, write: u64) -> Renderings {
        self.service_renderings.get(&ordinal, write).unwrap_or_default()
    }

    /// Caches what was written of a service that was read after `write`, unless there has been another write since.
    pub(super) fn hold_service_rendering(&self, ordinal: u32, rendering: Rendering, write: u64) {
        add(&self.service_renderings, ordinal, rendering, write);
    }

    /// Drops what a write has changed. Must be called before readers see the write.
    pub(super) fn forget<'a>(
        &self,
        touched: impl Iterator<Item = &'a RecordId> + Clone,
        services: impl Iterator<Item = &'a u32> + Clone,
        write: u64,
    ) {
        self.renderings.forget(touched.clone(), write);
        self.records.forget(touched, write);
        self.service_renderings.forget(services.clone(), write);
        self.services.forget(services, write);
    }
}

/// Adds a rendering of a record. Drops the oldest if there are more than [`MOST_SHAPES`].
fn add<K: std::hash::Hash + Eq>(to: &RecentValues<K, Renderings>, key: K, new: Rendering, write: u64) {
    let held = to.get(&key, write).unwrap_or_default().with(new, MOST_SHAPES);
    to.hold(key, held, write);
}

impl fmt::Debug for RecentRecords {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RecentRecords").finish_non_exhaustive()
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
        recent.forget([].into_iter(), [].iter(), 1);
        assert_eq!(shown(1), is(&old), "the first write did not touch it");
        recent.forget([&id].into_iter(), [].iter(), 2);
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
        recent.forget([].into_iter(), [8].iter(), 1);
        assert_eq!(shown(1).as_deref(), Some("Old"), "the first write did not touch it");
        recent.forget([].into_iter(), [7].iter(), 2);
        recent.hold_service(7, &old, 1);
        assert_eq!(shown(2), None, "who reads late holds nothing");
        recent.hold_service(7, &new, 2);
        assert_eq!((shown(1), shown(2).as_deref()), (None, Some("New")));
    }
}
