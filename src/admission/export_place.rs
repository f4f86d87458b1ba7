//! The places of exports: each holds a snapshot of the data for as long as its client reads.

use std::sync::Arc;

use super::Client;
use super::gate::{Gate, Limits, Pass};

/// The number of exports that may run at once.
pub(super) const AT_ONCE: Limits = Limits { at_once: 6, by_client: 2, beyond: 2 };

/// Holds an export's place until dropped.
#[derive(Debug)]
#[must_use]
pub struct ExportPlace {
    _pass: Pass,
}

impl ExportPlace {
    /// Waits for a place. Dropping the future gives up the place in the queue.
    pub(super) async fn wait(gate: &Arc<Gate>, client: Client) -> Self {
        let mut place = gate.place(client, 1);
        let pass = std::future::poll_fn(|context| place.poll(context)).await;
        pass.charge(1);
        Self { _pass: pass }
    }
}
