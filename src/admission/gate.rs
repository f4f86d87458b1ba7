//! A gate that passes a limited number of units at once, in the order of a [`FairQueue`].

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

use futures_util::task::AtomicWaker;

use super::ClientAddress;
use super::fair_queue::{FairQueue, HeldUnits, QueueFit};

/// The maximum number of units that pass at once.
#[derive(Clone, Copy, Debug)]
pub(super) struct GateLimits {
    /// In all.
    pub(super) at_once: u64,
    /// Of one client.
    pub(super) by_client: u64,
    /// Extra units, for clients that hold none.
    pub(super) beyond: u64,
}

/// The gate.
#[derive(Debug)]
pub(super) struct AdmissionGate {
    limits: GateLimits,
    queue: Mutex<FairQueue<Waiter>>,
}

/// A waiter at a gate.
enum Waiter {
    /// A future, to be woken.
    Future(Arc<Signal>),
    /// Work that receives the pass.
    Work(Box<dyn FnOnce(GatePass) + Send>),
}

#[derive(Debug, Default)]
struct Signal {
    is_let_in: AtomicBool,
    waker: AtomicWaker,
}

/// Units that are held until this is dropped.
#[derive(Debug)]
#[must_use]
pub(super) struct GatePass {
    gate: Arc<AdmissionGate>,
    client: ClientAddress,
    units: u64,
    /// The amount added to the client's use when the pass is returned.
    used: u64,
}

/// A place at a gate, taken when first polled. Dropping it gives it up.
pub(super) struct GatePlace {
    gate: Arc<AdmissionGate>,
    client: ClientAddress,
    units: u64,
    is_begun: bool,
    waiting: Option<(u64, Arc<Signal>)>,
}

impl GateLimits {
    fn fit(&self, held: HeldUnits, units: u64) -> QueueFit {
        let beyond = if held.by_client == 0 { self.beyond } else { 0 };
        if held.by_client + units > self.by_client {
            QueueFit::WaitsForItsClient
        } else if held.in_all + units <= self.at_once + beyond {
            QueueFit::Fits
        } else if held.by_client == 0 || self.beyond == 0 {
            QueueFit::WaitsForAll
        } else {
            // A client that holds nothing may still pass.
            QueueFit::WaitsForItsClient
        }
    }
}

impl AdmissionGate {
    pub(super) fn new(limits: GateLimits) -> Self {
        Self { limits, queue: Mutex::new(FairQueue::new()) }
    }

    pub(super) fn limits(&self) -> GateLimits {
        self.limits
    }

    /// Returns whether a client's units would pass without waiting.
    pub(super) fn is_open_to(&self, client: ClientAddress, units: u64) -> bool {
        let queue = self.lock();
        queue.waiting(client).1 == 0 && self.limits.fit(queue.held(client), units) == QueueFit::Fits
    }

    /// Returns the number of waiters, of this client and in total.
    pub(super) fn waiting(&self, client: ClientAddress) -> (usize, usize) {
        self.lock().waiting(client)
    }

    /// Creates a place for a client's units.
    pub(super) fn place(self: &Arc<Self>, client: ClientAddress, units: u64) -> GatePlace {
        GatePlace { gate: Arc::clone(self), client, units, is_begun: false, waiting: None }
    }

    /// Gives a pass to `work` when it is its turn.
    pub(super) fn hand(
        self: &Arc<Self>,
        client: ClientAddress,
        units: u64,
        work: impl FnOnce(GatePass) + Send + 'static,
    ) {
        self.lock().push(client, units, false, Waiter::Work(Box::new(work)));
        self.let_in();
    }

    fn pass(self: &Arc<Self>, client: ClientAddress, units: u64) -> GatePass {
        GatePass { gate: Arc::clone(self), client, units, used: 0 }
    }

    // Wakes waiters and starts work outside the lock, because either may call the gate again.
    fn let_in(self: &Arc<Self>) {
        loop {
            let next = self.lock().pop(|held, units| self.limits.fit(held, units));
            match next {
                None => return,
                Some((.., Waiter::Future(signal))) => {
                    signal.is_let_in.store(true, Ordering::Release);
                    signal.waker.wake();
                }
                Some((client, units, Waiter::Work(work))) => work(self.pass(client, units)),
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, FairQueue<Waiter>> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl GatePass {
    /// Adds to the client's use, which decides who is served next.
    pub(super) fn charge(&self, used: u64) {
        self.gate.lock().charge(self.client, used);
    }

    /// Adds to the client's use when the pass is returned.
    pub(super) fn charge_on_return(&mut self, used: u64) {
        self.used = self.used.saturating_add(used);
    }
}

impl Drop for GatePass {
    fn drop(&mut self) {
        let mut queue = self.gate.lock();
        if self.used > 0 {
            queue.charge(self.client, self.used);
        }
        queue.release(self.client, self.units);
        let somebody_waits = queue.waiting(self.client).1 > 0;
        drop(queue);
        if somebody_waits {
            self.gate.let_in();
        }
    }
}

impl GatePlace {
    /// Puts it before the places of its client that have not begun.
    pub(super) fn begin(&mut self) {
        self.is_begun = true;
    }

    /// Waits for a pass. Can then be polled for another one.
    pub(super) fn poll(&mut self, context: &mut Context<'_>) -> Poll<GatePass> {
        if self.waiting.is_none() {
            let mut queue = self.gate.lock();
            if queue.waiting(self.client).1 == 0
                && self.gate.limits.fit(queue.held(self.client), self.units) == QueueFit::Fits
            {
                queue.hold(self.client, self.units);
                drop(queue);
                return Poll::Ready(self.gate.pass(self.client, self.units));
            }
            let signal = Arc::new(Signal::default());
            let waiter = Waiter::Future(Arc::clone(&signal));
            let ticket = queue.push(self.client, self.units, self.is_begun, waiter);
            self.waiting = Some((ticket, signal));
            drop(queue);
            self.gate.let_in();
        }
        let Some((_, signal)) = &self.waiting else { return Poll::Pending };
        signal.waker.register(context.waker());
        if !signal.is_let_in.load(Ordering::Acquire) {
            return Poll::Pending;
        }
        self.waiting = None;
        Poll::Ready(self.gate.pass(self.client, self.units))
    }
}

impl Drop for GatePlace {
    fn drop(&mut self) {
        let Some((ticket, _)) = self.waiting.take() else { return };
        let still_waited = self.gate.lock().remove(self.client, ticket);
        if still_waited {
            // It may have blocked others behind it.
            self.gate.let_in();
        } else {
            // It was admitted but never polled again, so its pass is returned.
            drop(self.gate.pass(self.client, self.units));
        }
    }
}

impl std::fmt::Debug for Waiter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Future(_) => "Future",
            Self::Work(_) => "Work",
        })
    }
}
