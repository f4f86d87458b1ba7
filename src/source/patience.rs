//! Telling a reading under way that nobody waits for it any more.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Whether a reading is to go on. Dialects have no clock: whoever waits for them has one, and looks after this flag.
#[derive(Clone, Debug, Default)]
pub(crate) struct ReadingPatience(Arc<AtomicBool>);

/// Ends the patience with a reading once it is dropped, however that comes about.
pub(crate) struct PatienceGuard(ReadingPatience);

impl ReadingPatience {
    /// Whether the reading is to be given up.
    pub(crate) fn is_over(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    /// Lasts as long as what is returned.
    pub(crate) fn while_waiting(&self) -> PatienceGuard {
        PatienceGuard(self.clone())
    }
}

impl Drop for PatienceGuard {
    fn drop(&mut self) {
        self.0.0.store(true, Ordering::Relaxed);
    }
}
