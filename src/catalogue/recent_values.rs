//! A bounded cache of what was read after one write or another.

use std::borrow::Borrow;
use std::hash::Hash;
use std::sync::{PoisonError, RwLock};

use quick_cache::Weighter;
use quick_cache::sync::Cache;

/// How many values are expected; more may be held.
const EXPECTED: usize = 16 << 10;

/// What takes memory.
pub(super) trait Weighed {
    /// Returns how many bytes, as far as that can be told.
    fn weight(&self) -> usize;
}

/// Values as they stood after some write. Writes are numbered; a reader is shown none from after its own, and none that
/// has been written since.
pub(super) struct RecentValues<K, V> {
    cache: Cache<K, Held<V>, HeldWeight>,
    /// The number of the newest write.
    newest: RwLock<u64>,
}

#[derive(Clone)]
struct Held<V> {
    value: V,
    /// The number of the write that it was read after.
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
    /// An empty cache of values that may weigh so many bytes together.
    pub(super) fn with_room(bytes: u64) -> Self {
        Self { cache: Cache::with_weighter(EXPECTED, bytes, HeldWeight), newest: RwLock::default() }
    }

    /// A value for who reads what stood after a write.
    pub(super) fn get(&self, key: &K, write: u64) -> Option<V> {
        self.cache.get(key).filter(|held| held.write <= write).map(|held| held.value)
    }

    /// Holds a value that was read after a write, unless there has been another since.
    pub(super) fn hold(&self, key: K, value: V, write: u64) {
        // Held until it is in: a write that begins now finds it, and makes it forgotten.
        let newest = self.newest.read().unwrap_or_else(PoisonError::into_inner);
        if *newest == write {
            self.cache.insert(key, Held { value, write });
        }
    }

    /// Forgets what a write has touched, before anybody is shown it.
    pub(super) fn forget<Q: Borrow<K>>(&self, touched: impl Iterator<Item = Q>, write: u64) {
        *self.newest.write().unwrap_or_else(PoisonError::into_inner) = write;
        touched.for_each(|key| drop(self.cache.remove(key.borrow())));
    }
}
