//! A part of the memory, handed out in shares to whoever has waited longest.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// A part of the memory.
#[derive(Clone, Debug)]
pub(super) struct MemoryLane {
    free: Arc<Semaphore>,
    size: u32,
}

/// A share of the memory, until it is dropped. It can shrink and never grows.
#[derive(Debug)]
pub(crate) struct MemoryShare(Vec<OwnedSemaphorePermit>);

/// Memory is counted in pieces of so many bytes.
const PIECE: usize = 1 << 10;

impl MemoryLane {
    pub(super) fn of(bytes: usize) -> Self {
        // A semaphore counts no further than this, and no machine has as much.
        let size = pieces(bytes).clamp(1, u32::MAX >> 3);
        Self { free: Arc::new(Semaphore::new(size as usize)), size }
    }

    pub(super) fn size(&self) -> usize {
        self.size as usize * PIECE
    }

    /// Waits for a share. One that is larger than the lane is all of it.
    pub(super) async fn take(&self, bytes: usize) -> MemoryShare {
        let free = Arc::clone(&self.free);
        // It is never closed, so there is a share for everybody.
        MemoryShare(free.acquire_many_owned(pieces(bytes).min(self.size)).await.into_iter().collect())
    }

    /// Takes a share, if there is one at once and nobody waits for it.
    pub(super) fn try_take(&self, bytes: usize) -> Option<MemoryShare> {
        let free = Arc::clone(&self.free);
        Some(MemoryShare(vec![free.try_acquire_many_owned(pieces(bytes)).ok()?]))
    }
}

impl MemoryShare {
    /// The same with another, in one.
    pub(super) fn with(mut self, other: Self) -> Self {
        self.0.extend(other.0);
        self
    }

    /// Gives back what is more than `bytes`.
    pub(in crate::source) fn shrink_to(&mut self, bytes: usize) {
        let keep = pieces(bytes) as usize;
        for permit in &mut self.0 {
            let more = permit.num_permits().saturating_sub(keep);
            drop(permit.split(more));
        }
    }

    /// How large it is.
    pub(crate) fn bytes(&self) -> usize {
        self.0.first().map_or(0, |permit| permit.num_permits() * PIECE)
    }
}

fn pieces(bytes: usize) -> u32 {
    u32::try_from(bytes.div_ceil(PIECE)).unwrap_or(u32::MAX)
}
