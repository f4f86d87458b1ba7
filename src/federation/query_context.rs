//! One client's question, across everything that is asked on its behalf.

use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, Weak};
use std::task::Poll;
use std::time::Duration;

use tokio::time::Instant;

use crate::admission::{self, OperationLoad, TooHeavy};

/// Services that are searched, counted and ordered in less than a millisecond or two.
const FEW: usize = 4000;

/// A question under way: when it began, so that every source's deadline runs from one moment, and how fresh
/// the data was that went into its answer.
#[derive(Debug)]
pub struct QueryContext {
    began: Instant,
    freshness: Mutex<AnswerFreshness>,
    /// The memory it holds. It lives as long as somebody waits for the response.
    load: Arc<OperationLoad>,
}

/// Tells work on another thread whether its question is still under way.
#[derive(Clone, Debug)]
pub(crate) struct StillAsked(Weak<OperationLoad>);

impl StillAsked {
    /// Returns whether somebody still waits for the answer. Long loops ask every [`SOME`] items.
    pub(crate) fn is_asked(&self) -> bool {
        self.0.strong_count() > 0
    }

    /// Returns whether the query may hold more memory. Returns `false` too if nobody waits for the response.
    pub(crate) fn may_hold_more(&self) -> bool {
        self.0.upgrade().is_some_and(|load| !load.is_too_heavy())
    }

    /// Adds to the bytes that the query holds.
    pub(crate) fn hold(&self, bytes: usize) {
        if let Some(load) = self.0.upgrade() {
            load.add(bytes);
        }
    }

    /// Returns `items` until nobody waits for the answer any more.
    pub(crate) fn while_asked<I: Iterator>(&self, items: I) -> impl Iterator<Item = I::Item> {
        let each = items.enumerate().take_while(|(at, _)| at % SOME != 0 || self.is_asked());
        each.map(|(_, item)| item)
    }
}

/// How many items of a long loop are handled between looks at the outside world: a millisecond's work or two.
pub(crate) const SOME: usize = 4096;

/// How fresh an answer is: the worst over all it was made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AnswerFreshness {
    /// How long it stays within every source's freshness target; none where no source went into it.
    pub remaining: Option<Duration>,
    /// Age of the oldest data in it.
    pub age: Duration,
    /// Whether a source failed, or served cached data because it fails or is late.
    pub degraded: bool,
    /// How long a degraded answer may be shared. `None` if it is not degraded.
    pub briefly: Option<Duration>,
}

/// How long an answer is handed out that is not what it should be. What is missing may be there a moment later, yet a
/// crowd of clients must not become a crowd of questions.
const BRIEFLY: Duration = Duration::from_secs(5);

impl QueryContext {
    /// A question that begins now.
    pub fn begin() -> Self {
        Self::with(OperationLoad::begin())
    }

    /// Begins a query now, with its memory counted by `load`.
    pub fn with(load: OperationLoad) -> Self {
        let fresh = AnswerFreshness { remaining: None, age: Duration::ZERO, degraded: false, briefly: None };
        Self { began: Instant::now(), freshness: Mutex::new(fresh), load: Arc::new(load) }
    }

    /// Adds to the bytes that the query holds until it ends. Waits for ever if no memory is free: the query must then be
    /// dropped and executed again ([`Self::too_heavy`]).
    pub async fn hold(&self, bytes: usize) {
        self.load.add(bytes);
        self.unless_too_heavy().await;
    }

    /// Waits until no memory is free for the query, and returns how to start again. Nothing wakes it, so poll it after the
    /// work for the query.
    pub async fn too_heavy(&self) -> TooHeavy {
        std::future::poll_fn(|_| self.load.too_heavy().map_or(Poll::Pending, Poll::Ready)).await
    }

    async fn unless_too_heavy(&self) {
        if self.load.is_too_heavy() {
            std::future::pending().await
        }
    }

    /// Until when to wait for a source that may take this long.
    pub(crate) fn until(&self, deadline: Duration) -> Instant {
        self.began + deadline
    }

    /// Returns what tells work on another thread whether this question is still under way.
    pub(crate) fn still_asked(&self) -> StillAsked {
        StillAsked(Arc::downgrade(&self.load))
    }

    /// Does work that takes longer than a thread that serves others may be held up. It is not begun once nobody waits
    /// for the answer any more, and may look whether anybody does. Returns `None` if it broke off; the log says why.
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

    /// Does work over this many services: as [`Self::off_thread`] if they are many, and on this thread if they are few, since
    /// changing threads would take longer than the work.
    pub(crate) async fn off_thread_if_many<T: Send + 'static>(
        &self,
        services: usize,
        work: impl FnOnce(&StillAsked) -> T + Send + 'static,
    ) -> Option<T> {
        if services > FEW {
            return self.off_thread(work).await;
        }
        let still_asked = self.still_asked();
        // The panic hook has told of it by then.
        let done = std::panic::catch_unwind(AssertUnwindSafe(|| work(&still_asked))).ok();
        self.unless_too_heavy().await;
        done
    }

    /// How fresh what went into the answer so far is.
    pub fn freshness(&self) -> AnswerFreshness {
        *self.lock()
    }

    /// Notes data that went into the answer.
    pub(crate) fn took(&self, remaining: Duration, age: Duration) {
        let mut noted = self.lock();
        noted.remaining = Some(noted.remaining.map_or(remaining, |least| least.min(remaining)));
        noted.age = noted.age.max(age);
    }

    /// Notes data that went into the answer although it is past its freshness target, or not all of it.
    pub(crate) fn took_aged(&self, age: Duration) {
        let mut noted = self.lock();
        noted.age = noted.age.max(age);
    }

    /// Notes that a source failed, or served cached data because it fails or is late. `target` is how long its answers are
    /// fresh when it is well: no failure is handed out for longer.
    pub(crate) fn degraded(&self, target: Duration) {
        let mut noted = self.lock();
        let brief = BRIEFLY.min(target);
        noted.degraded = true;
        noted.briefly = Some(noted.briefly.map_or(brief, |least| least.min(brief)));
    }

    /// Notes that what went into the answer was not what it should be, through no fault of a source.
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
