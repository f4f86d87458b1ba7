//! How many gateways share a limit that applies to all of them together.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

/// The number of gateways that keep the catalogue together and are alive. One by default. Clones share the number.
#[derive(Clone, Debug)]
pub struct LiveMembers(Arc<AtomicU32>);

impl LiveMembers {
    /// Sets the number of gateways. Zero counts as one.
    pub fn set(&self, members: usize) {
        self.0.store(u32::try_from(members).unwrap_or(u32::MAX).max(1), Ordering::Relaxed);
    }

    /// Returns the number of gateways, at least one.
    pub fn count(&self) -> NonZeroU32 {
        NonZeroU32::new(self.0.load(Ordering::Relaxed)).unwrap_or(NonZeroU32::MIN)
    }
}

impl Default for LiveMembers {
    fn default() -> Self {
        Self(Arc::new(AtomicU32::new(1)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_always_one() {
        let members = LiveMembers::default();
        let counted = [
            members.count(),
            {
                members.clone().set(3);
                members.count()
            },
            {
                members.set(0);
                members.count()
            },
        ];
        assert_eq!(counted.map(NonZeroU32::get), [1, 3, 1]);
    }
}
