//! The places of exports: each holds a snapshot of the data for as long as its client reads.

use std::sync::Arc;

use super::ClientAddress;
use super::gate::{AdmissionGate, GateLimits, GatePass};

/// The number of exports that may run at once.
pub(super) const AT_ONCE: GateLimits = GateLimits { at_once: 6, by_client: 2, beyond: 2 };

/// Holds an export's place until dropped.
#[derive(Debug)]
#[must_use]
pub struct ExportPlace {
    _pass: GatePass,
}

impl ExportPlace {
    /// Waits for a place. Dropping the future gives up the place in the queue.
    pub(super) async fn wait(gate: &Arc<AdmissionGate>, client: ClientAddress) -> Self {
        let mut place = gate.place(client, 1);
        let pass = std::future::poll_fn(|context| place.poll(context)).await;
        pass.charge(1);
        Self { _pass: pass }
    }
}
