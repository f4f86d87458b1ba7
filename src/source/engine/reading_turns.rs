//! Turns to read large answers, off the threads that serve.
//!
//! What is read takes many times the memory of its bytes, and more at once than there are processors is done no sooner.
//! So there is a bound for all sources together, and a smaller one for each: a feed whose answers take long to read can
//! never have every turn. Whoever waits longest is next.

use std::sync::{Arc, LazyLock};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Turns of one source.
#[derive(Clone)]
pub(super) struct ReadingTurns {
    own: Arc<Semaphore>,
    all: Arc<Semaphore>,
}

/// A turn, until it is dropped: with the reading itself, whether or not anybody still waits for it.
pub(super) struct ReadingTurn {
    _own: Option<OwnedSemaphorePermit>,
    _all: Option<OwnedSemaphorePermit>,
}

/// How many answers of one source are read at once.
const OF_ONE_SOURCE: usize = 2;
/// The turns of all sources together.
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

    /// Waits for a turn. The source's own comes first, so that nobody holds one of the others' while waiting for it.
    pub(super) async fn take(&self) -> ReadingTurn {
        // Neither is ever closed, so there is a turn for everybody.
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
