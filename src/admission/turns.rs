//! Turns on the processors: a client's work runs in its lane, and lanes take turns.

use std::sync::Arc;
use std::task::ready;
use std::time::Instant;

use tokio::runtime::Handle;
use tokio::sync::oneshot;

use super::ClientAddress;
use super::gate::{AdmissionGate, GatePass, GatePlace};

tokio::task_local! {
    // A task-local, because only searches deep below a request need it and nothing in between does.
    static LANE: ProcessorLane;
}

/// The lane of one client's work.
#[derive(Clone, Debug)]
pub struct ProcessorLane {
    turns: Arc<AdmissionGate>,
    large: Arc<AdmissionGate>,
    memory: Arc<AdmissionGate>,
    client: ClientAddress,
}

/// Holds the place of a large response until dropped.
#[derive(Debug)]
pub struct LargeAnswer {
    _pass: GatePass,
}

/// Waits for a large response's place in the caller's lane. Returns `None` outside a lane.
pub async fn hold_large() -> Option<LargeAnswer> {
    let lane = ProcessorLane::current()?;
    let mut place = lane.large.place(lane.client, 1);
    let pass = std::future::poll_fn(|context| place.poll(context)).await;
    pass.charge(1);
    Some(LargeAnswer { _pass: pass })
}

/// Work on another thread ended without a result: it panicked, or the process is stopping.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the work was interrupted")]
pub struct WorkLost;

/// Runs `work` on a blocking thread, in a turn of the caller's lane. Does not start work that no one waits for when its
/// turn comes.
///
/// # Errors
/// If it panicked, or the process is stopping.
pub async fn off_thread<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, WorkLost> {
    match ProcessorLane::current() {
        Some(lane) => lane.off_thread(work).await,
        None => tokio::task::spawn_blocking(work).await.map_err(|_| WorkLost),
    }
}

impl ProcessorLane {
    pub(super) fn new(
        turns: Arc<AdmissionGate>,
        large: Arc<AdmissionGate>,
        memory: Arc<AdmissionGate>,
        client: ClientAddress,
    ) -> Self {
        Self { turns, large, memory, client }
    }

    /// Returns the lane that the caller runs in. `None` if it runs in none.
    pub(super) fn current() -> Option<Self> {
        LANE.try_with(Clone::clone).ok()
    }

    /// Returns a place at the gate of the memory that operations share.
    pub(super) fn memory_place(&self, units: u64) -> GatePlace {
        self.memory.place(self.client, units)
    }

    /// Runs a future in this lane. Each poll first waits for a turn; while the future waits for anything else, it holds
    /// none. Once begun, it goes before whatever its client begins later, so its memory is released sooner.
    pub async fn run<F: Future>(self, future: F) -> F::Output {
        let mut place = self.turns.place(self.client, 1);
        let mut future = Box::pin(LANE.scope(self, future));
        std::future::poll_fn(|context| {
            let turn = ProcessorTurn::begin(ready!(place.poll(context)));
            place.begin();
            let polled = future.as_mut().poll(context);
            drop(turn);
            polled
        })
        .await
    }

    async fn off_thread<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, WorkLost> {
        let (sender, result) = oneshot::channel();
        let threads = Handle::current();
        self.turns.hand(self.client, 1, move |pass| {
            if sender.is_closed() {
                return;
            }
            threads.spawn_blocking(move || {
                let turn = ProcessorTurn::begin(pass);
                if sender.is_closed() {
                    return;
                }
                let result = work();
                drop(turn);
                // Fails if the caller was dropped, for example because its client disconnected.
                let _ = sender.send(result);
            });
        });
        result.await.map_err(|_| WorkLost)
    }
}

/// A turn in use, whose time is charged to its client.
struct ProcessorTurn {
    pass: GatePass,
    began: Instant,
}

impl ProcessorTurn {
    fn begin(pass: GatePass) -> Self {
        Self { pass, began: Instant::now() }
    }
}

impl Drop for ProcessorTurn {
    fn drop(&mut self) {
        let used = u64::try_from(self.began.elapsed().as_nanos()).unwrap_or(u64::MAX);
        self.pass.charge_on_return(used);
    }
}
