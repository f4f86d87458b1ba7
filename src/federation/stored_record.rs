//! One record of a synchronised source as it is stored, and its renderings.

use std::sync::Arc;

use chrono::NaiveDate;

use super::RecordGetter;
use super::holding::read_stored;
use crate::catalogue::CatalogueSnapshot;
use crate::model::{AnyRecord, RecordId, Rendering, Shape};

/// The place in the catalogue where a record of a synchronised source would be stored.
#[derive(Clone)]
pub struct StoredRecord {
    snapshot: Arc<CatalogueSnapshot>,
    id: RecordId,
    today: NaiveDate,
}

impl RecordGetter {
    /// Returns the place of a record, whether or not it is stored. `None` if its source is live or not configured.
    pub fn stored(&self, id: &RecordId) -> Option<StoredRecord> {
        self.holdings.get(id.source())?.stored()?;
        let today = self.holdings.today();
        Some(StoredRecord { snapshot: self.holdings.snapshot()?, id: id.clone(), today })
    }
}

impl StoredRecord {
    /// Reads the record. Returns `None` if it is not stored, or cannot be read; the log says why.
    pub fn read<T>(&self) -> Option<Arc<T>>
    where
        Arc<T>: TryFrom<AnyRecord>,
    {
        Arc::try_from(read_stored(&self.snapshot, &self.id)?).ok()
    }

    /// Returns the record's rendering in this shape, if it is cached.
    pub fn rendering(&self, shape: Shape) -> Option<Rendering> {
        self.snapshot.rendering(shape, &self.id, self.today)
    }

    /// Caches a rendering of the record. It must depend on nothing but the record.
    pub fn hold_rendering(&self, rendering: Rendering) {
        self.snapshot.hold_rendering(&self.id, rendering);
    }
}
