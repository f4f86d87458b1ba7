//! Work that may wait for the disk, on threads that may wait.

use tokio::sync::mpsc;
use tokio::task::JoinError;

/// Does work on a thread that may wait for the disk. A simulation does it at once, so that nothing depends on threads.
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

/// Hands over what such work produces, to a receiver that does not block.
pub(super) struct HandingOver<T>(mpsc::Sender<T>);

/// Returns both ends of a channel that holds at most `waiting` items.
pub(super) fn handing_over<T>(waiting: usize) -> (HandingOver<T>, mpsc::Receiver<T>) {
    #[cfg(test)]
    let waiting = if simulated::is_on() { simulated::MOST_WAITING } else { waiting };
    let (sender, receiver) = mpsc::channel(waiting);
    (HandingOver(sender), receiver)
}

impl<T> HandingOver<T> {
    /// Hands an item over, and waits if the channel is full. Returns `false` if nobody receives any more.
    pub(super) fn hand_over(&self, item: T) -> bool {
        #[cfg(test)]
        if simulated::is_on() {
            return self.0.try_send(item).is_ok();
        }
        self.0.blocking_send(item).is_ok()
    }
}

/// Whether the gateways of this thread are simulated: then blocking work is done at once, and nothing is left to chance.
#[cfg(test)]
pub(crate) mod simulated {
    use std::cell::Cell;

    /// More than any simulated work hands over.
    pub(super) const MOST_WAITING: usize = 4096;

    thread_local! {
        static IS_ON: Cell<bool> = const { Cell::new(false) };
    }

    /// Simulates all gateways that run on this thread.
    pub(crate) fn begin() {
        IS_ON.set(true);
    }

    /// Whether the gateways of this thread are simulated.
    pub(crate) fn is_on() -> bool {
        IS_ON.get()
    }
}
