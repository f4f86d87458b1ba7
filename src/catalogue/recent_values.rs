//! A bounded cache of values, each valid from the write after which it was read.

use std::borrow::Borrow;
use std::hash::Hash;
use std::sync::{PoisonError, RwLock};

use quick_cache::Weighter;
use quick_cache::sync::Cache;

/// How many values are expected; the cache may hold more.
const EXPECTED: usize = 16 << 10;

/// A value that knows its size.
pub(super) trait Weighed {
    /// Returns the approximate size in bytes.
    fn weight(&self) -> usize;
}

/// Cached values. Writes are numbered: a reader gets only what is part of its snapshot, and nothing that a later write
/// has changed.
pub(super) struct RecentValues<K, V> {
    cache: Cache<K, Held<V>, HeldWeight>,
    /// The number of the newest write.
    newest: RwLock<u64>,
}

#[derive(Clone)]
struct Held<V> {
    value: V,
    /// The number of the write after which the value was read.
    write: u64,
}

#[derive(Clone)]
struct HeldWeight;

impl<K, V: Weighed> Weighter<K, Held<V>> for HeldWeight {
    fn weight(&self, _: &K, held: &Held<V>) -> u64 {
        u64::try_from(held.value.weight()).unwrap_or(u64::MAX)
    }
}

impl<K: Hash + Eq, V: Weighed + Clone> RecentValues<K, V> {
    /// Creates an empty cache for values of at most `bytes` bytes together.
    pub(super) fn with_room(bytes: u64) -> Self {
        Self { cache: Cache::with_weighter(EXPECTED, bytes, HeldWeight), newest: RwLock::default() }
    }

    /// Returns a value for a reader of the snapshot after `write`. `None` if it is not cached.
    pub(super) fn get(&self, key: &K, write: u64) -> Option<V> {
        self.cache.get(key).filter(|held| held.write <= write).map(|held| held.value)
    }

    /// Caches a value that was read after `write`, unless there has been another write since.
    pub(super) fn hold(&self, key: K, value: V, write: u64) {
        // The lock is held until the value is inserted, so that a write that begins now finds and drops it.
        let newest = self.newest.read().unwrap_or_else(PoisonError::into_inner);
        if *newest == write {
            self.cache.insert(key, Held { value, write });
        }
    }

    /// Drops what a write has changed. Must be called before readers see the write.
    pub(super) fn forget<Q: Borrow<K>>(&self, touched: impl Iterator<Item = Q>, write: u64) {
        *self.newest.write().unwrap_or_else(PoisonError::into_inner) = write;
        touched.for_each(|key| drop(self.cache.remove(key.borrow())));
    }
}
