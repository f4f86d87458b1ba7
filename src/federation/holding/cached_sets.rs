//! Recently read lists of stored records, so that paging through a list does not read all of it for every page.

use std::any::Any;
use std::sync::Arc;

use moka::sync::Cache;

use crate::model::{Record, RecordKind, SourceKey};
use crate::source::RecordSet;

const MOST_BYTES: u64 = crate::config::memory::STORED_LISTS;

/// Lists by source and kind, each valid until the next write to that source and kind.
pub(super) struct CachedSets(Cache<(SourceKey, RecordKind), CachedSet>);

#[derive(Clone)]
struct CachedSet {
    write: u64,
    weight: u32,
    set: Arc<dyn Any + Send + Sync>,
}

impl Default for CachedSets {
    fn default() -> Self {
        let weight = |_: &(SourceKey, RecordKind), held: &CachedSet| held.weight;
        Self(Cache::builder().max_capacity(MOST_BYTES).weigher(weight).build())
    }
}

impl CachedSets {
    pub(super) fn get<T>(&self, source: &SourceKey, kind: RecordKind, write: u64) -> Option<Arc<RecordSet<T>>>
    where
        T: Send + Sync + 'static,
    {
        let held = self.0.get(&(source.clone(), kind)).filter(|held| held.write == write)?;
        held.set.downcast().ok()
    }

    pub(super) fn hold<T>(&self, source: &SourceKey, kind: RecordKind, write: u64, set: &Arc<RecordSet<T>>)
    where
        T: Record + Send + Sync + 'static,
    {
        let weight = u32::try_from(set.weight()).unwrap_or(u32::MAX);
        let held = CachedSet { write, weight, set: Arc::clone(set) as Arc<dyn Any + Send + Sync> };
        self.0.insert((source.clone(), kind), held);
    }
}
