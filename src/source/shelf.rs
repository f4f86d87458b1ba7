//! What is kept of all sources: one moka cache, bounded by weight.

use std::any::Any;
use std::sync::Arc;

use moka::future::Cache;

use super::metrics;
use super::slot::ReadSlot;
use crate::model::{RecordKind, SourceKey};

/// What a kept thing is, and so its type.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct ShelfKey {
    /// The source it was read from.
    pub source: SourceKey,
    /// What was read.
    pub what: CacheItem,
}

/// The things that are read of a source.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum CacheItem {
    /// All records of a kind, less what the feed was asked to leave out.
    Set(RecordKind, Option<Box<str>>),
    /// One record's own answer.
    Record(RecordKind, Box<str>),
    /// The root document.
    Root,
}

/// The shelf.
#[derive(Clone)]
pub(crate) struct CacheShelf(Cache<ShelfKey, ShelfEntry>);

/// A slot of whatever type its key says, with the weight it had when it was last put here.
#[derive(Clone)]
struct ShelfEntry {
    slot: Arc<dyn Any + Send + Sync>,
    weight: u32,
}

/// What an empty slot weighs.
const EMPTY_WEIGHT: u32 = 512;

impl CacheShelf {
    /// Holds up to `max_bytes`; past that, what was used least goes.
    pub(crate) fn new(max_bytes: u64) -> Self {
        let cache =
            Cache::builder().max_capacity(max_bytes).weigher(|_, entry: &ShelfEntry| entry.weight).build();
        Self(cache)
    }

    /// The slot of a key, the same for everybody who asks at once. None if the key was used for another type.
    pub(crate) async fn slot<T: Send + Sync + 'static>(&self, key: ShelfKey) -> Option<Arc<ReadSlot<T>>> {
        let made = async { ShelfEntry { slot: Arc::new(ReadSlot::<T>::default()), weight: EMPTY_WEIGHT } };
        let entry = self.0.get_with(key, made).await;
        Arc::downcast(entry.slot).ok()
    }

    /// The slot of a key, if there is one.
    pub(crate) async fn peek<T: Send + Sync + 'static>(&self, key: &ShelfKey) -> Option<Arc<ReadSlot<T>>> {
        Arc::downcast(self.0.get(key).await?.slot).ok()
    }

    /// Puts a slot back whose content has changed, so that it is weighed anew.
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
