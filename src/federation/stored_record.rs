//! One record of a synchronised source as it is stored, and what was written of it before.

use std::sync::Arc;

use chrono::NaiveDate;

use super::RecordGetter;
use super::holding::read_stored;
use crate::catalogue::CatalogueSnapshot;
use crate::model::{AnyRecord, RecordId, Rendering, Shape};

/// Where a record of a synchronised source would be stored.
#[derive(Clone)]
pub struct StoredRecord {
    snapshot: Arc<CatalogueSnapshot>,
    id: RecordId,
    today: NaiveDate,
}

impl RecordGetter {
    /// Returns where a record is stored if there is one. `None` if its source is live, or not configured.
    pub fn stored(&self, id: &RecordId) -> Option<StoredRecord> {
        self.holdings.get(id.source())?.stored()?;
        let today = self.holdings.today();
        Some(StoredRecord { snapshot: self.holdings.snapshot()?, id: id.clone(), today })
    }
}

impl StoredRecord {
    /// Returns the record. `None` if there is none, or if it cannot be read; the log says why.
    pub fn read<T>(&self) -> Option<Arc<T>>
    where
        Arc<T>: TryFrom<AnyRecord>,
    {
        Arc::try_from(read_stored(&self.snapshot, &self.id)?).ok()
    }

    /// Returns what was written of it before in this shape.
    pub fn rendering(&self, shape: Shape) -> Option<Rendering> {
        self.snapshot.rendering(shape, &self.id, self.today)
    }

    /// Holds what was written of it and of nothing else.
    pub fn hold_rendering(&self, rendering: Rendering) {
        self.snapshot.hold_rendering(&self.id, rendering);
    }
}
