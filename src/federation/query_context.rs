//! One client's query, shared by everything that is done for it.

use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, Weak};
use std::task::Poll;
use std::time::Duration;

use tokio::time::Instant;

use crate::admission::{self, OperationLoad, TooHeavy};

/// Up to this many services are searched, counted and sorted in a millisecond or two.
const FEW: usize = 4000;

/// A query in progress. Every source's deadline is counted from the moment it began. It collects how fresh the data in
/// its answer is.
#[derive(Debug)]
pub struct QueryContext {
    began: Instant,
    freshness: Mutex<AnswerFreshness>,
    /// The memory that the query holds. It lives as long as someone waits for the response.
    load: Arc<OperationLoad>,
}

/// Tells work on another thread whether its query is still in progress.
#[derive(Clone, Debug)]
pub(crate) struct StillAsked(Weak<OperationLoad>);

impl StillAsked {
    /// Returns whether someone still waits for the answer. Long loops ask every [`SOME`] items.
    pub(crate) fn is_asked(&self) -> bool {
        self.0.strong_count() > 0
    }

    /// Returns whether the query may hold more memory. `false` also if no one waits for the response.
    pub(crate) fn may_hold_more(&self) -> bool {
        self.0.upgrade().is_some_and(|load| !load.is_too_heavy())
    }

    /// Adds to the bytes that the query holds.
    pub(crate) fn hold(&self, bytes: usize) {
        if let Some(load) = self.0.upgrade() {
            load.add(bytes);
        }
    }

    /// Returns `items` until no one waits for the answer any more.
    pub(crate) fn while_asked<I: Iterator>(&self, items: I) -> impl Iterator<Item = I::Item> {
        let each = items.enumerate().take_while(|(at, _)| at % SOME != 0 || self.is_asked());
        each.map(|(_, item)| item)
    }
}

/// The number of items that a long loop handles between such checks, about a millisecond or two of work.
pub(crate) const SOME: usize = 4096;

/// How fresh an answer is: the worst of everything that went into it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AnswerFreshness {
    /// How long the answer stays within every source's freshness target. `None` if no source went into it.
    pub remaining: Option<Duration>,
    /// The age of the oldest data in it.
    pub age: Duration,
    /// Whether a source failed, or served cached data because it fails or is late.
    pub degraded: bool,
    /// How long a degraded answer may be shared. `None` if the answer is not degraded.
    pub briefly: Option<Duration>,
}

/// The longest time for which a degraded answer is shared. What is missing may be there a moment later, but a crowd of
/// clients must not become a crowd of queries.
const BRIEFLY: Duration = Duration::from_secs(5);

impl QueryContext {
    /// Begins a query now.
    pub fn begin() -> Self {
        Self::with(OperationLoad::begin())
    }

    /// Begins a query now, with its memory counted by `load`.
    pub fn with(load: OperationLoad) -> Self {
        let fresh = AnswerFreshness { remaining: None, age: Duration::ZERO, degraded: false, briefly: None };
        Self { began: Instant::now(), freshness: Mutex::new(fresh), load: Arc::new(load) }
    }

    /// Adds to the bytes that the query holds until it ends. Never returns if no memory is free: the query must then be
    /// dropped and executed again ([`Self::too_heavy`]).
    pub async fn hold(&self, bytes: usize) {
        self.load.add(bytes);
        self.unless_too_heavy().await;
    }

    /// Waits until no memory is free for the query, and returns how to start again. Nothing wakes this future, so poll
    /// it after the query's own work.
    pub async fn too_heavy(&self) -> TooHeavy {
        std::future::poll_fn(|_| self.load.too_heavy().map_or(Poll::Pending, Poll::Ready)).await
    }

    async fn unless_too_heavy(&self) {
        if self.load.is_too_heavy() {
            std::future::pending().await
        }
    }

    /// Returns until when to wait for a source with this deadline.
    pub(crate) fn until(&self, deadline: Duration) -> Instant {
        self.began + deadline
    }

    /// Returns a handle that tells work on another thread whether this query is still in progress.
    pub(crate) fn still_asked(&self) -> StillAsked {
        StillAsked(Arc::downgrade(&self.load))
    }

    /// Runs work that would hold up a thread that serves other requests. The work is not started if no one waits for
    /// the answer any more, and can check that while it runs. Returns `None` if it was not started, or panicked; the
    /// log tells of a panic.
    pub(crate) async fn off_thread<T: Send + 'static>(
        &self,
        work: impl FnOnce(&StillAsked) -> T + Send + 'static,
    ) -> Option<T> {
        let still_asked = self.still_asked();
        let working = admission::off_thread(move || still_asked.is_asked().then(|| work(&still_asked)));
        let done = working.await;
        self.unless_too_heavy().await;
        done.inspect_err(|error| tracing::error!(%error, "work for a query was interrupted")).ok()?
    }

    /// Runs work over this many services: on another thread if they are many, and on this thread if they are few,
    /// because changing threads would take longer than the work.
    pub(crate) async fn off_thread_if_many<T: Send + 'static>(
        &self,
        services: usize,
        work: impl FnOnce(&StillAsked) -> T + Send + 'static,
    ) -> Option<T> {
        if services > FEW {
            return self.off_thread(work).await;
        }
        let still_asked = self.still_asked();
        // By now the panic hook has logged it.
        let done = std::panic::catch_unwind(AssertUnwindSafe(|| work(&still_asked))).ok();
        self.unless_too_heavy().await;
        done
    }

    /// Returns how fresh the answer is so far.
    pub fn freshness(&self) -> AnswerFreshness {
        *self.lock()
    }

    /// Notes fresh data that went into the answer.
    pub(crate) fn took(&self, remaining: Duration, age: Duration) {
        let mut noted = self.lock();
        noted.remaining = Some(noted.remaining.map_or(remaining, |least| least.min(remaining)));
        noted.age = noted.age.max(age);
    }

    /// Notes data that went into the answer although it is stale or incomplete.
    pub(crate) fn took_aged(&self, age: Duration) {
        let mut noted = self.lock();
        noted.age = noted.age.max(age);
    }

    /// Notes that a source failed, or served cached data because it fails or is late. `target` is the source's
    /// freshness target: a degraded answer is not shared for longer than that.
    pub(crate) fn degraded(&self, target: Duration) {
        let mut noted = self.lock();
        let brief = BRIEFLY.min(target);
        noted.degraded = true;
        noted.briefly = Some(noted.briefly.map_or(brief, |least| least.min(brief)));
    }

    /// Notes that the answer is degraded through no fault of a source.
    pub(crate) fn failed(&self) {
        self.degraded(BRIEFLY);
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, AnswerFreshness> {
        self.freshness.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn work_stops_once_nobody_waits_for_the_answer() {
        let asking = QueryContext::begin();
        let still_asked = asking.still_asked();
        let mut waiting = Some(asking);
        let looked_at = still_asked.while_asked(0..100 * SOME).inspect(|at| {
            if *at == SOME + 1 {
                waiting = None;
            }
        });
        assert_eq!(looked_at.count(), 2 * SOME);
    }

    #[tokio::test]
    async fn work_is_done_while_somebody_waits_and_a_panic_in_it_is_survived() {
        let asking = QueryContext::begin();
        assert_eq!(asking.off_thread(|asked| asked.is_asked()).await, Some(true));
        assert_eq!(asking.off_thread(|_| -> u8 { panic!("as a test wants it") }).await, None);
        for services in [FEW, FEW + 1] {
            assert_eq!(asking.off_thread_if_many(services, |asked| asked.is_asked()).await, Some(true));
            let panicked = asking.off_thread_if_many(services, |_| -> u8 { panic!("as a test wants it") });
            assert_eq!(panicked.await, None);
        }
    }
}
