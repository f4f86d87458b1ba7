//! Identifies clients, limits what runs at once, and shares processor time, so that no client can take over the
//! gateway.
//!
//! A client's **points** are limited first, if that is configured: an operation costs as many as it is estimated to
//! cost ([`PointBudget`]). Then five gates share one queue rule (`fair_queue`): the client that has used least goes
//! next.
//!
//! - **Cost**: limits the total points of running operations. An operation that does not fit waits in its client's queue,
//!   and is refused if that queue is full ([`OperationAdmission::admit`]).
//! - **Large responses**: cost is an estimate. A response that turns out to be large waits for one of a few places, and
//!   holds it until it has been sent ([`hold_large`]).
//! - **Exports**: an export runs for as long as its client reads, and holds the data of one moment ([`OperationAdmission::hold_export`]).
//! - **Memory**: a running operation that holds more than a little reserves shares of a limited memory, or starts again
//!   once there is a share for it ([`OperationLoad`]).
//! - **Turns**: processor time. A request is polled, and its searches run, only while it holds a turn, of which there are
//!   as many as processors. Waiting for a feed needs no turn ([`ProcessorLane::run`], [`off_thread`]).

mod client;
mod export_place;
mod fair_queue;
mod gate;
mod load;
mod point_budget;
mod shared_budget;
mod turns;

#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::Duration;

use metrics::{Gauge, counter, gauge};

use crate::telemetry;

pub use client::ClientAddress;
pub use export_place::ExportPlace;
pub use load::{OperationLoad, TooHeavy};
pub use point_budget::PointBudget;
pub use shared_budget::{SharedBudget, SharedBudgetUrlError};
pub use turns::{LargeAnswer, ProcessorLane, WorkLost, hold_large, off_thread};

use gate::{AdmissionGate, GateLimits, GatePass};

/// The limits on running and waiting operations.
#[derive(Clone, Copy, Debug)]
pub struct AdmissionSettings {
    /// The maximum total cost of running operations. One client may hold half of it.
    pub max_running_cost: usize,
    /// The maximum number of waiting operations, over all clients.
    pub max_waiting: usize,
    /// The maximum number of one client's waiting operations.
    pub max_waiting_per_client: usize,
}

/// The maximum number of operations that one client runs at once, however low their estimated cost.
const MOST_OF_A_CLIENT: u64 = 200;
/// The maximum number of large responses being built or sent at once. Building a response takes many times the memory
/// of its bytes.
const LARGE_AT_ONCE: u64 = 8;
/// The maximum number of one client's large responses.
const LARGE_OF_A_CLIENT: u64 = 2;

/// Admits operations, fairly among clients.
pub struct OperationAdmission {
    cost: Arc<AdmissionGate>,
    turns: Arc<AdmissionGate>,
    large: Arc<AdmissionGate>,
    memory: Arc<AdmissionGate>,
    exports: Arc<AdmissionGate>,
    settings: AdmissionSettings,
    points: Option<Arc<PointBudget>>,
    running: Gauge,
    waiting: Gauge,
}

/// An admitted operation. Its cost counts as running until this is dropped.
#[derive(Debug)]
#[must_use]
pub struct AdmittedOperation {
    cost: u64,
    large: Option<Arc<LargeAnswer>>,
    running: Gauge,
    _pass: GatePass,
}

impl AdmittedOperation {
    /// Also holds a large response's place.
    pub fn keep(&mut self, large: Arc<LargeAnswer>) {
        self.large = Some(large);
    }
}

/// Why an operation was not admitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AdmissionRefusal {
    /// The client has spent its points; it has enough again after this time.
    PointsAreSpent(Duration),
    /// The client has its maximum number of waiting operations.
    ClientIsWaiting,
    /// The maximum number of operations is waiting, over all clients.
    GatewayIsFull,
}

impl AdmissionRefusal {
    /// When trying again may help, if nothing more is known.
    pub const RETRY_AFTER: Duration = Duration::from_secs(1);

    /// Returns when trying again may help, in whole seconds.
    pub fn retry_after(self) -> u64 {
        match self {
            Self::PointsAreSpent(wait) => wait.as_secs() + 1,
            Self::ClientIsWaiting | Self::GatewayIsFull => Self::RETRY_AFTER.as_secs(),
        }
    }

    fn reason(self) -> &'static str {
        match self {
            Self::PointsAreSpent(_) => "points",
            Self::ClientIsWaiting => "client",
            Self::GatewayIsFull => "gateway",
        }
    }
}

impl OperationAdmission {
    /// Creates the admission for a process with this many processors.
    pub fn new(settings: AdmissionSettings, processors: usize) -> Self {
        let running = settings.max_running_cost.max(2) as u64;
        let cost = GateLimits { at_once: running, by_client: running / 2, beyond: 0 };
        let processors = processors.max(1) as u64;
        // A client without a turn gets an extra one: the operating system shares the processors, and no client waits
        // behind another's long turns.
        let turns = GateLimits { at_once: processors, by_client: processors, beyond: processors };
        let large = GateLimits { at_once: LARGE_AT_ONCE, by_client: LARGE_OF_A_CLIENT, beyond: 0 };
        let gate = |limits| Arc::new(AdmissionGate::new(limits));
        let (running, waiting) = (gauge!(telemetry::ADMISSION_COST), gauge!(telemetry::ADMISSION_WAITING));
        let (cost, turns, large, memory) = (gate(cost), gate(turns), gate(large), gate(load::SHARED));
        let exports = gate(export_place::AT_ONCE);
        Self { cost, turns, large, memory, exports, settings, points: None, running, waiting }
    }

    /// Also limits the points that each client may spend in a minute.
    #[must_use]
    pub fn with_points(self, points: Option<Arc<PointBudget>>) -> Self {
        Self { points, ..self }
    }

    /// Returns the lane for a client's work.
    pub fn lane(&self, client: ClientAddress) -> ProcessorLane {
        let [turns, large, memory] = [&self.turns, &self.large, &self.memory].map(Arc::clone);
        ProcessorLane::new(turns, large, memory, client)
    }

    /// Waits until an operation of this cost may run. Dropping the future gives up the place in the queue.
    ///
    /// # Errors
    /// If the client has spent its points, or too many are waiting already.
    pub async fn admit(
        &self,
        client: ClientAddress,
        cost: usize,
    ) -> Result<AdmittedOperation, AdmissionRefusal> {
        self.spend_points(client, cost).await.inspect_err(count_refusal)?;
        let most = self.cost.limits().by_client;
        let cost = (cost as u64).max(most / MOST_OF_A_CLIENT).clamp(1, most);
        let waits = !self.cost.is_open_to(client, cost);
        if waits {
            self.check_room(client).inspect_err(count_refusal)?;
        }
        let waiting = waits.then(|| WaitingOperation::begin(&self.waiting));
        let mut place = self.cost.place(client, cost);
        let pass = std::future::poll_fn(|context| place.poll(context)).await;
        drop(waiting);
        pass.charge(cost);
        self.running.increment(to_float(cost));
        Ok(AdmittedOperation { cost, large: None, running: self.running.clone(), _pass: pass })
    }

    /// Waits for an export's place. A client may have two, and those that have none are let in beyond the limit.
    pub async fn hold_export(&self, client: ClientAddress) -> ExportPlace {
        ExportPlace::wait(&self.exports, client).await
    }

    async fn spend_points(&self, client: ClientAddress, cost: usize) -> Result<(), AdmissionRefusal> {
        let Some(points) = &self.points else { return Ok(()) };
        points.spend(client, cost as u64).await.map_err(AdmissionRefusal::PointsAreSpent)
    }

    fn check_room(&self, client: ClientAddress) -> Result<(), AdmissionRefusal> {
        let (own, all) = self.cost.waiting(client);
        if own >= self.settings.max_waiting_per_client {
            return Err(AdmissionRefusal::ClientIsWaiting);
        }
        if all >= self.settings.max_waiting {
            return Err(AdmissionRefusal::GatewayIsFull);
        }
        Ok(())
    }
}

impl Drop for AdmittedOperation {
    fn drop(&mut self) {
        self.running.decrement(to_float(self.cost));
    }
}

/// Counts an operation as waiting until it is dropped.
struct WaitingOperation<'a>(&'a Gauge);

impl<'a> WaitingOperation<'a> {
    fn begin(waiting: &'a Gauge) -> Self {
        waiting.increment(1.0);
        Self(waiting)
    }
}

impl Drop for WaitingOperation<'_> {
    fn drop(&mut self) {
        self.0.decrement(1.0);
    }
}

fn count_refusal(refusal: &AdmissionRefusal) {
    counter!(telemetry::ADMISSION_REFUSED, telemetry::REASON => refusal.reason()).increment(1);
}

#[expect(clippy::cast_precision_loss, reason = "gauges are floats, and points are far below 2^52")]
fn to_float(points: u64) -> f64 {
    points as f64
}
