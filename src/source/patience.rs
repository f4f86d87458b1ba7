//! Tells a reader that nobody waits for its result any more.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// A flag that tells a reader to give up. Dialects have no clock, so the caller that waits for them sets it.
#[derive(Clone, Debug, Default)]
pub(crate) struct ReadingPatience(Arc<AtomicBool>);

/// Tells the reader to give up when it is dropped, for whatever reason.
pub(crate) struct PatienceGuard(ReadingPatience);

impl ReadingPatience {
    /// Returns whether to give up reading.
    pub(crate) fn is_over(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    /// Returns a guard that ends the patience when it is dropped.
    pub(crate) fn while_waiting(&self) -> PatienceGuard {
        PatienceGuard(self.clone())
    }
}

impl Drop for PatienceGuard {
    fn drop(&mut self) {
        self.0.0.store(true, Ordering::Relaxed);
    }
}
