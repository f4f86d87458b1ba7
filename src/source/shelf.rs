//! The cache of all sources: one moka cache, bounded by weight.

use std::any::Any;
use std::sync::Arc;

use moka::future::Cache;

use super::metrics;
use super::slot::ReadSlot;
use crate::model::{RecordKind, SourceKey};

/// Identifies a cached item, and with it the type of its value.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct ShelfKey {
    /// The source it was read from.
    pub source: SourceKey,
    /// What was read.
    pub what: CacheItem,
}

/// What is read from a source.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum CacheItem {
    /// All records of a kind. With a second value, only those modified after that time.
    Set(RecordKind, Option<Box<str>>),
    /// A detail page.
    Record(RecordKind, Box<str>),
    /// The root document.
    Root,
}

/// The cache.
#[derive(Clone)]
pub(crate) struct CacheShelf(Cache<ShelfKey, ShelfEntry>);

/// A slot whose type follows from its key, with its weight when it was last inserted.
#[derive(Clone)]
struct ShelfEntry {
    slot: Arc<dyn Any + Send + Sync>,
    weight: u32,
}

/// The weight of an empty slot, in bytes.
const EMPTY_WEIGHT: u32 = 512;

impl CacheShelf {
    /// Holds up to `max_bytes`. Beyond that, moka evicts what is used least.
    pub(crate) fn new(max_bytes: u64) -> Self {
        let cache =
            Cache::builder().max_capacity(max_bytes).weigher(|_, entry: &ShelfEntry| entry.weight).build();
        Self(cache)
    }

    /// Returns the slot of a key, the same one for all concurrent callers. Returns `None` if the key was used for
    /// another type.
    pub(crate) async fn slot<T: Send + Sync + 'static>(&self, key: ShelfKey) -> Option<Arc<ReadSlot<T>>> {
        let made = async { ShelfEntry { slot: Arc::new(ReadSlot::<T>::default()), weight: EMPTY_WEIGHT } };
        let entry = self.0.get_with(key, made).await;
        Arc::downcast(entry.slot).ok()
    }

    /// Returns the slot of a key if it exists.
    pub(crate) async fn peek<T: Send + Sync + 'static>(&self, key: &ShelfKey) -> Option<Arc<ReadSlot<T>>> {
        Arc::downcast(self.0.get(key).await?.slot).ok()
    }

    /// Inserts a slot again after its content has changed, so that the cache weighs it anew.
    pub(crate) async fn reweigh<T: Send + Sync + 'static>(
        &self,
        key: ShelfKey,
        slot: Arc<ReadSlot<T>>,
        bytes: usize,
    ) {
        let weight = u32::try_from(bytes).unwrap_or(u32::MAX).max(EMPTY_WEIGHT);
        self.0.insert(key, ShelfEntry { slot, weight }).await;
        metrics::cached(self.0.weighted_size());
    }
}
