//! Limits how many large responses are read at once, off the threads that serve queries.
//!
//! Reading takes many times the memory of the bytes, and with more readers than processors nothing is finished sooner.
//! So there is a limit for all sources together, and a smaller one for each: a feed whose responses take long to read
//! can never have every turn. Waiting is first come, first served.

use std::sync::{Arc, LazyLock};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// The turns of one source.
#[derive(Clone)]
pub(super) struct ReadingTurns {
    own: Arc<Semaphore>,
    all: Arc<Semaphore>,
}

/// A turn. The reader itself holds it, whether or not anybody still waits for the result.
pub(super) struct ReadingTurn {
    _own: Option<OwnedSemaphorePermit>,
    _all: Option<OwnedSemaphorePermit>,
}

/// How many responses of one source are read at once.
const OF_ONE_SOURCE: usize = 2;
/// The turns of all sources together: one for each processor.
static ALL: LazyLock<Arc<Semaphore>> = LazyLock::new(|| {
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    Arc::new(Semaphore::new(processors.max(OF_ONE_SOURCE + 1)))
});

impl Default for ReadingTurns {
    fn default() -> Self {
        Self::among(&ALL)
    }
}

impl ReadingTurns {
    fn among(all: &Arc<Semaphore>) -> Self {
        Self { own: Arc::new(Semaphore::new(OF_ONE_SOURCE)), all: Arc::clone(all) }
    }

    /// Waits for a turn, first within the source. So nobody occupies a shared turn while waiting for another request of
    /// the same source.
    pub(super) async fn take(&self) -> ReadingTurn {
        // The semaphores are never closed, so both calls succeed.
        let own = Arc::clone(&self.own).acquire_owned().await.ok();
        ReadingTurn { _own: own, _all: Arc::clone(&self.all).acquire_owned().await.ok() }
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;

    use super::*;

    #[test]
    fn a_source_that_reads_for_ever_leaves_turns_to_others() {
        let all = Arc::new(Semaphore::new(3));
        let (greedy, other) = (ReadingTurns::among(&all), ReadingTurns::among(&all));
        let held: Vec<ReadingTurn> = (0..2).filter_map(|_| greedy.take().now_or_never()).collect();
        assert_eq!(held.len(), 2);
        let mut waiting = Box::pin(greedy.take());
        assert!(waiting.as_mut().now_or_never().is_none());
        assert!(other.take().now_or_never().is_some(), "another source is not behind it");
        drop(held);
        assert!(waiting.now_or_never().is_some());
    }
}
