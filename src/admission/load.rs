//! The memory of running operations: the records they have read, and the responses they are writing.
//!
//! An operation may hold a little freely. Beyond that it reserves shares of a limited memory; there is a limit in total
//! and one for each client. It never waits for a share while it holds others, because hundreds of operations could then
//! wait for each other. If no share is free, the operation is dropped, waits with nothing, and starts again with a
//! larger share.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::task::{Context, Poll, Waker};

use metrics::{Gauge, gauge};

use super::WaitingOperation;
use super::gate::{GateLimits, GatePass};
use super::turns::ProcessorLane;
use crate::telemetry;

/// The bytes that an operation may hold without a share. Most never hold more.
const FREE: u64 = 2 << 20;
/// The bytes of one unit of shared memory.
const UNIT: u64 = 1 << 20;

/// The shared memory, in units. An operation that has all its client may have is never stopped.
pub(super) const SHARED: GateLimits = GateLimits { at_once: 192, by_client: 96, beyond: 32 };

/// The memory that one operation holds, until this is dropped.
#[derive(Debug)]
pub struct OperationLoad {
    /// `None` outside a lane, where memory is not limited.
    lane: Option<ProcessorLane>,
    held: AtomicU64,
    is_too_heavy: AtomicBool,
    shares: Mutex<Vec<LoadShare>>,
}

/// An operation that got no share and has been dropped.
#[derive(Debug)]
#[must_use]
pub struct TooHeavy {
    lane: ProcessorLane,
    units: u64,
}

/// A reserved part of the shared memory.
#[derive(Debug)]
struct LoadShare {
    units: u64,
    gauge: Gauge,
    _pass: GatePass,
}

impl OperationLoad {
    /// Begins with nothing, in the caller's lane.
    pub fn begin() -> Self {
        Self::with(ProcessorLane::current(), Vec::new())
    }

    fn with(lane: Option<ProcessorLane>, shares: Vec<LoadShare>) -> Self {
        let (held, is_too_heavy) = (AtomicU64::new(0), AtomicBool::new(false));
        Self { lane, held, is_too_heavy, shares: Mutex::new(shares) }
    }

    /// Adds to the bytes that the operation holds. Returns `false` if no share is free: the operation must then be
    /// dropped, and start again ([`TooHeavy::wait`]).
    pub fn add(&self, bytes: usize) -> bool {
        let bytes = bytes as u64;
        let held = self.held.fetch_add(bytes, Ordering::Relaxed).saturating_add(bytes);
        if self.is_too_heavy() {
            return false;
        }
        let has_room = held <= FREE || self.has_share_for(held);
        self.is_too_heavy.fetch_or(!has_room, Ordering::Relaxed);
        has_room
    }

    /// Returns whether the operation got no share.
    pub fn is_too_heavy(&self) -> bool {
        self.is_too_heavy.load(Ordering::Relaxed)
    }

    /// Returns how to start again. `None` if the operation has its share.
    pub fn too_heavy(&self) -> Option<TooHeavy> {
        let lane = self.lane.clone().filter(|_| self.is_too_heavy())?;
        let held = self.held.load(Ordering::Relaxed);
        // It was interrupted, so it may need more.
        Some(TooHeavy { lane, units: units(held.saturating_add(held / 2)) })
    }

    fn has_share_for(&self, held: u64) -> bool {
        let Some(lane) = &self.lane else { return true };
        let mut shares = self.shares.lock().unwrap_or_else(PoisonError::into_inner);
        let more = units(held).saturating_sub(shares.iter().map(|share| share.units).sum());
        if more == 0 {
            return true;
        }
        // Polled once: the place is given up if no share is free.
        match lane.memory_place(more).poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(pass) => shares.push(LoadShare::new(more, pass)),
            Poll::Pending => return false,
        }
        true
    }
}

impl TooHeavy {
    /// Waits for a larger share. The operation must hold nothing meanwhile.
    pub async fn wait(self) -> OperationLoad {
        let Self { lane, units } = self;
        let waiting = gauge!(telemetry::ADMISSION_WAITING);
        let _waiting = WaitingOperation::begin(&waiting);
        let mut place = lane.memory_place(units);
        let pass = std::future::poll_fn(|context| place.poll(context)).await;
        OperationLoad::with(Some(lane), vec![LoadShare::new(units, pass)])
    }
}

impl LoadShare {
    fn new(units: u64, pass: GatePass) -> Self {
        pass.charge(units);
        let gauge = gauge!(telemetry::ADMISSION_MEMORY);
        gauge.increment(bytes_of(units));
        Self { units, gauge, _pass: pass }
    }
}

impl Drop for LoadShare {
    fn drop(&mut self) {
        self.gauge.decrement(bytes_of(self.units));
    }
}

/// Returns the units for a number of bytes, at most a client's maximum.
fn units(bytes: u64) -> u64 {
    bytes.div_ceil(UNIT).min(SHARED.by_client)
}

#[expect(clippy::cast_precision_loss, reason = "gauges are floats, and bytes in memory are far below 2^52")]
fn bytes_of(units: u64) -> f64 {
    (units * UNIT) as f64
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;

    use super::*;
    use crate::admission::tests::{SETTINGS, client};
    use crate::admission::{ClientAddress, OperationAdmission};

    const MIB: usize = 1 << 20;

    async fn load(admission: &OperationAdmission, client: ClientAddress) -> OperationLoad {
        admission.lane(client).run(async { OperationLoad::begin() }).await
    }

    #[tokio::test]
    async fn a_client_holds_so_much_and_what_is_too_heavy_waits_with_nothing() {
        let admission = OperationAdmission::new(SETTINGS, 2);
        let (one, other) = (load(&admission, client(1)).await, load(&admission, client(1)).await);
        let stranger = load(&admission, client(2)).await;
        assert!(other.add(2 * MIB) && other.too_heavy().is_none(), "a little is free");
        assert!((0..92).all(|_| one.add(MIB)));
        assert!(other.add(2 * MIB), "there are 4 left of 96");
        assert!(!other.add(MIB) && !other.add(0), "it stays too heavy until it starts over");
        assert!((0..92).all(|_| stranger.add(MIB)), "another client has its own");

        let too_heavy = other.too_heavy().unwrap();
        drop(other);
        let mut again = Box::pin(too_heavy.wait());
        assert!(again.as_mut().now_or_never().is_none(), "4 are left, and it asks for 8");
        drop(one);
        let again = again.now_or_never().expect("there is room now");
        assert!(again.add(8 * MIB), "it has been given more than it held");
    }

    #[tokio::test]
    async fn all_clients_together_hold_so_much_and_somebody_new_a_little_more() {
        let admission = OperationAdmission::new(SETTINGS, 2);
        let (mut loads, mut held) = (Vec::new(), Vec::new());
        for number in 1..=4 {
            let load = load(&admission, client(number)).await;
            held.push((0..100).take_while(|_| load.add(MIB)).count());
            loads.push(load);
        }
        assert_eq!(held, [100, 100, 3, 3], "those without any share have their first one beyond the 192");
    }

    #[tokio::test]
    async fn one_that_has_all_its_client_may_have_is_not_stopped() {
        let admission = OperationAdmission::new(SETTINGS, 2);
        let heavy = load(&admission, client(1)).await;
        assert!((0..1000).all(|_| heavy.add(MIB)));
        let outside = OperationLoad::begin();
        assert!(outside.add(1000 * MIB), "outside a lane nothing is shared");
    }
}
