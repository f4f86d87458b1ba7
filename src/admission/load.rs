//! What operations hold in memory while they run: the records they read, and what is written of their answers.
//!
//! An operation holds a little freely. Beyond that it takes shares of a memory that is bounded, in all and for one client.
//! It never waits for a share with what it holds: there could be hundreds of such operations, each waiting for the
//! others. Where there is no share for it, it is dropped, waits with nothing, and starts over with a larger one.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::task::{Context, Poll, Waker};

use metrics::{Gauge, gauge};

use super::Waiting;
use super::gate::{Limits, Pass};
use super::turns::Lane;
use crate::telemetry;

/// The bytes that each operation holds without a share: more than most of them ever do.
const FREE: u64 = 2 << 20;
/// The bytes of a unit of the memory that is shared.
const UNIT: u64 = 1 << 20;

/// The memory that is shared, in units. Once a client has all it may, its one operation that has it holds what it needs.
pub(super) const SHARED: Limits = Limits { at_once: 192, by_client: 96, beyond: 32 };

/// What one operation holds, until this is dropped.
#[derive(Debug)]
pub struct Load {
    /// `None` outside a lane: nothing is bounded there.
    lane: Option<Lane>,
    held: AtomicU64,
    is_too_heavy: AtomicBool,
    shares: Mutex<Vec<Share>>,
}

/// An operation for which there was no share, once it has been dropped.
#[derive(Debug)]
#[must_use]
pub struct TooHeavy {
    lane: Lane,
    units: u64,
}

/// A part of the memory.
#[derive(Debug)]
struct Share {
    units: u64,
    gauge: Gauge,
    _pass: Pass,
}

impl Load {
    /// Begins with nothing, in the lane that the caller runs in.
    pub fn begin() -> Self {
        Self::with(Lane::current(), Vec::new())
    }

    fn with(lane: Option<Lane>, shares: Vec<Share>) -> Self {
        let (held, is_too_heavy) = (AtomicU64::new(0), AtomicBool::new(false));
        Self { lane, held, is_too_heavy, shares: Mutex::new(shares) }
    }

    /// Adds what the operation holds from now on. Returns `false` if there is no share for it: the operation is to be
    /// dropped then, and to start over ([`TooHeavy::wait`]).
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

    /// Whether there was no share for what it holds.
    pub fn is_too_heavy(&self) -> bool {
        self.is_too_heavy.load(Ordering::Relaxed)
    }

    /// Returns how to start over, if there was no share for what it holds.
    pub fn too_heavy(&self) -> Option<TooHeavy> {
        let lane = self.lane.clone().filter(|_| self.is_too_heavy())?;
        let held = self.held.load(Ordering::Relaxed);
        // It was broken off, so it may come to more.
        Some(TooHeavy { lane, units: units(held.saturating_add(held / 2)) })
    }

    fn has_share_for(&self, held: u64) -> bool {
        let Some(lane) = &self.lane else { return true };
        let mut shares = self.shares.lock().unwrap_or_else(PoisonError::into_inner);
        let more = units(held).saturating_sub(shares.iter().map(|share| share.units).sum());
        if more == 0 {
            return true;
        }
        // Not waited for: the place is given up at once where it has no turn.
        match lane.memory_place(more).poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(pass) => shares.push(Share::new(more, pass)),
            Poll::Pending => return false,
        }
        true
    }
}

impl TooHeavy {
    /// Waits for a share with which the operation can start over. Nothing of it may be held meanwhile.
    pub async fn wait(self) -> Load {
        let Self { lane, units } = self;
        let waiting = gauge!(telemetry::ADMISSION_WAITING);
        let _waiting = Waiting::begin(&waiting);
        let mut place = lane.memory_place(units);
        let pass = std::future::poll_fn(|context| place.poll(context)).await;
        Load::with(Some(lane), vec![Share::new(units, pass)])
    }
}

impl Share {
    fn new(units: u64, pass: Pass) -> Self {
        pass.charge(units);
        let gauge = gauge!(telemetry::ADMISSION_MEMORY);
        gauge.increment(bytes_of(units));
        Self { units, gauge, _pass: pass }
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        self.gauge.decrement(bytes_of(self.units));
    }
}

/// The units that so many bytes take, as far as one client has them.
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
    use crate::admission::{Admission, Client};

    const MIB: usize = 1 << 20;

    async fn load(admission: &Admission, client: Client) -> Load {
        admission.lane(client).run(async { Load::begin() }).await
    }

    #[tokio::test]
    async fn a_client_holds_so_much_and_what_is_too_heavy_waits_with_nothing() {
        let admission = Admission::new(SETTINGS, 2);
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
        let admission = Admission::new(SETTINGS, 2);
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
        let admission = Admission::new(SETTINGS, 2);
        let heavy = load(&admission, client(1)).await;
        assert!((0..1000).all(|_| heavy.add(MIB)));
        let outside = Load::begin();
        assert!(outside.add(1000 * MIB), "outside a lane nothing is shared");
    }
}
