//! Runs blocking work on threads that may block.

use tokio::sync::mpsc;
use tokio::task::JoinError;

/// Runs work on a thread that may block. In a simulation, runs it at once, so that nothing depends on threads.
///
/// # Errors
/// If the work panicked, or the runtime stopped before it began.
pub(crate) async fn off_runtime<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, JoinError> {
    #[cfg(test)]
    if simulated::is_on() {
        return Ok(work());
    }
    tokio::task::spawn_blocking(work).await
}

/// The sending end of a channel from blocking work to async code.
pub(super) struct HandingOver<T>(mpsc::Sender<T>);

/// Returns both ends of a channel that holds at most `waiting` items.
pub(super) fn handing_over<T>(waiting: usize) -> (HandingOver<T>, mpsc::Receiver<T>) {
    #[cfg(test)]
    let waiting = if simulated::is_on() { simulated::MOST_WAITING } else { waiting };
    let (sender, receiver) = mpsc::channel(waiting);
    (HandingOver(sender), receiver)
}

impl<T> HandingOver<T> {
    /// Sends an item, and blocks while the channel is full. Returns `false` if the receiver is gone.
    pub(super) fn hand_over(&self, item: T) -> bool {
        #[cfg(test)]
        if simulated::is_on() {
            return self.0.try_send(item).is_ok();
        }
        self.0.blocking_send(item).is_ok()
    }
}

/// Simulates the gateways of a thread: blocking work is done at once, so that a run can be repeated exactly.
#[cfg(test)]
pub(crate) mod simulated {
    use std::cell::Cell;

    /// More items than any simulated work sends.
    pub(super) const MOST_WAITING: usize = 4096;

    thread_local! {
        static IS_ON: Cell<bool> = const { Cell::new(false) };
    }

    pub(crate) fn begin() {
        IS_ON.set(true);
    }

    /// Returns whether the gateways of this thread are simulated.
    pub(crate) fn is_on() -> bool {
        IS_ON.get()
    }
}
