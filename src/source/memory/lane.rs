//! A part of the memory, handed out in shares in the order of waiting.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// A part of the memory.
#[derive(Clone, Debug)]
pub(super) struct MemoryLane {
    free: Arc<Semaphore>,
    size: u32,
}

/// Memory that is reserved until it is dropped. A share can shrink but never grow.
#[derive(Debug)]
pub(crate) struct MemoryShare(Vec<OwnedSemaphorePermit>);

/// The unit of reservation, in bytes.
const PIECE: usize = 1 << 10;

impl MemoryLane {
    pub(super) fn of(bytes: usize) -> Self {
        // A semaphore cannot count further. No machine has that much memory.
        let size = pieces(bytes).clamp(1, u32::MAX >> 3);
        Self { free: Arc::new(Semaphore::new(size as usize)), size }
    }

    pub(super) fn size(&self) -> usize {
        self.size as usize * PIECE
    }

    /// Waits for a share. Returns the whole lane if more is asked for.
    pub(super) async fn take(&self, bytes: usize) -> MemoryShare {
        let free = Arc::clone(&self.free);
        // The semaphore is never closed, so this succeeds.
        MemoryShare(free.acquire_many_owned(pieces(bytes).min(self.size)).await.into_iter().collect())
    }

    /// Takes a share if it is available at once and nobody is waiting.
    pub(super) fn try_take(&self, bytes: usize) -> Option<MemoryShare> {
        let free = Arc::clone(&self.free);
        Some(MemoryShare(vec![free.try_acquire_many_owned(pieces(bytes)).ok()?]))
    }
}

impl MemoryShare {
    /// Combines two shares, so that they are released together.
    pub(super) fn with(mut self, other: Self) -> Self {
        self.0.extend(other.0);
        self
    }

    /// Releases what exceeds `bytes`.
    pub(in crate::source) fn shrink_to(&mut self, bytes: usize) {
        let keep = pieces(bytes) as usize;
        for permit in &mut self.0 {
            let more = permit.num_permits().saturating_sub(keep);
            drop(permit.split(more));
        }
    }

    /// Returns the size of the share, in bytes.
    pub(crate) fn bytes(&self) -> usize {
        self.0.first().map_or(0, |permit| permit.num_permits() * PIECE)
    }
}

fn pieces(bytes: usize) -> u32 {
    u32::try_from(bytes.div_ceil(PIECE)).unwrap_or(u32::MAX)
}
