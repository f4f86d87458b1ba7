//! Checks cached values again, once for each time that their feed says that something else is private.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::KeptBack;
use crate::source::collection::FromRow;
use crate::source::declared::FeedDeclaration;
use crate::source::detail::SingleRecord;
use crate::source::set::RecordSet;

/// The generation of private statements that has been applied to a value.
#[derive(Debug, Default)]
pub(crate) struct WithheldGeneration(AtomicU64);

impl WithheldGeneration {
    fn note(&self, generation: u64) {
        self.0.fetch_max(generation, Ordering::AcqRel);
    }
}

impl Clone for WithheldGeneration {
    fn clone(&self) -> Self {
        Self(AtomicU64::new(self.0.load(Ordering::Acquire)))
    }
}

/// A cached value that may contain something private.
pub(crate) trait PrivacyGuarded: Sized {
    /// Returns whether the value is known to contain nothing private.
    fn is_guarded(&self, known: &KeptBack) -> bool;

    /// Removes what is known to be private. Returns `None` if nothing had to be removed.
    fn without(&self, known: &KeptBack) -> Option<Self>;
}

impl<T: FromRow> PrivacyGuarded for RecordSet<T> {
    fn is_guarded(&self, known: &KeptBack) -> bool {
        self.withheld.0.load(Ordering::Acquire) == known.generation()
    }

    fn without(&self, known: &KeptBack) -> Option<Self> {
        let generation = known.generation();
        let mut is_changed = false;
        let records = self.records().iter().map(|record| match T::less_private(record, known) {
            Some(less) => {
                is_changed = true;
                less
            }
            None => Arc::clone(record),
        });
        let records: Vec<_> = records.collect();
        if !is_changed {
            self.withheld.note(generation);
            return None;
        }
        let left = self.of_others(records);
        left.withheld.note(generation);
        Some(left)
    }
}

impl<T: FromRow> PrivacyGuarded for SingleRecord<T> {
    fn is_guarded(&self, _: &KeptBack) -> bool {
        self.0.is_none()
    }

    fn without(&self, known: &KeptBack) -> Option<Self> {
        T::less_private(self.0.as_ref()?, known).map(|record| Self(Some(record)))
    }
}

impl PrivacyGuarded for FeedDeclaration {
    fn is_guarded(&self, _: &KeptBack) -> bool {
        true
    }

    fn without(&self, _: &KeptBack) -> Option<Self> {
        None
    }
}
