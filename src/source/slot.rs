//! One cached item: fresh, stale or missing. However many callers wait, only one read is in progress at a time.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::Instant;

use super::error::SourceError;

/// Holds one item read from a source, and the state of reading it.
pub(crate) struct ReadSlot<T>(watch::Sender<SlotState<T>>);

struct SlotState<T> {
    kept: Option<CachedValue<T>>,
    flight: Option<Flight<T>>,
    failure: Option<FailedRead<T>>,
}

struct CachedValue<T> {
    value: Arc<T>,
    landed_at: Instant,
    fresh_until: Instant,
    stale_until: Instant,
}

/// A read in progress, with its result so far.
struct Flight<T> {
    so_far: Option<Arc<T>>,
}

/// The last read, if it failed.
struct FailedRead<T> {
    error: SourceError,
    partial: Option<Arc<T>>,
    retry_at: Instant,
}

/// What a caller gets from a slot.
#[derive(Debug)]
pub(crate) struct CachedRead<T> {
    /// The value. `None` if nothing could be read.
    pub value: Option<Arc<T>>,
    /// Whether the value is complete, rather than what a failed or unfinished read had so far.
    pub whole: bool,
    /// Whether the value is past its freshness target.
    pub stale: bool,
    /// How long the value stays fresh.
    pub fresh_for: Duration,
    /// Why the value is missing, partial or stale, if the reason is a failure.
    pub error: Option<SourceError>,
}

impl<T> CachedRead<T> {
    /// A complete, fresh value that needed no read.
    pub(crate) fn fresh(value: Arc<T>, fresh_for: Duration) -> Self {
        Self { value: Some(value), whole: true, stale: false, fresh_for, error: None }
    }

    /// No value, because of an error.
    pub(crate) fn nothing(error: SourceError) -> Self {
        Self { value: None, whole: false, stale: false, fresh_for: Duration::ZERO, error: Some(error) }
    }
}

/// The result of a read.
pub(crate) enum LandedRead<T> {
    /// The read succeeded.
    Whole {
        /// What was read.
        value: Arc<T>,
        /// How long the value is fresh.
        fresh_for: Duration,
        /// How long after that the value may be served while the source fails.
        stale_for: Duration,
    },
    /// The read failed, perhaps after part of the value.
    Failed {
        /// Why.
        error: SourceError,
        /// What had been read before the failure.
        partial: Option<Arc<T>>,
        /// The least time until the next read, so that many callers do not cause many tries.
        again_in: Duration,
    },
}

/// The longest time for which a failure is remembered.
const KEEP_FAILURE: Duration = Duration::from_secs(5);

/// Returns how long a failure is remembered: never longer than a response would be fresh.
pub(crate) fn keep_failure(fresh_for: Duration) -> Duration {
    KEEP_FAILURE.min(fresh_for)
}

impl<T> Default for ReadSlot<T> {
    fn default() -> Self {
        Self(watch::Sender::new(SlotState { kept: None, flight: None, failure: None }))
    }
}

impl<T: Send + Sync + 'static> ReadSlot<T> {
    /// Claims the next read for the caller, if one is due and none is in progress. Waiting callers get the error
    /// `abandoned` if the claim is dropped without a result.
    pub(crate) fn claim(self: &Arc<Self>, abandoned: SourceError) -> Option<ReadClaim<T>> {
        let now = Instant::now();
        let claimed = self.0.send_if_modified(|state| {
            let fresh = state.kept.as_ref().is_some_and(|kept| now < kept.fresh_until);
            let too_soon = state.failure.as_ref().is_some_and(|failure| now < failure.retry_at);
            let due = !fresh && !too_soon && state.flight.is_none();
            if due {
                state.flight = Some(Flight { so_far: None });
            }
            due
        });
        claimed.then(|| ReadClaim { slot: Arc::clone(self), abandoned: Some(abandoned) })
    }

    fn land(&self, landed: LandedRead<T>) {
        let now = Instant::now();
        self.0.send_modify(|state| {
            state.flight = None;
            match landed {
                LandedRead::Whole { value, fresh_for, stale_for } => {
                    let fresh_until = now + fresh_for;
                    let stale_until = fresh_until + stale_for;
                    state.kept = Some(CachedValue { value, landed_at: now, fresh_until, stale_until });
                    state.failure = None;
                }
                LandedRead::Failed { error, partial, again_in } => {
                    let wait = error.retry_after.map_or(again_in, |asked| asked.max(again_in));
                    state.failure = Some(FailedRead { error, partial, retry_at: now + wait });
                }
            }
        });
    }

    /// Returns a complete value at once, fresh or stale. Otherwise waits for the read in progress. If that is not
    /// finished by `until`, returns what it has so far with the error from `late`. A value read after `began` counts as
    /// fresh for the caller, however short its lifetime.
    pub(crate) async fn look(
        &self,
        began: Instant,
        until: Instant,
        late: impl FnOnce() -> SourceError,
    ) -> CachedRead<T> {
        let mut watching = self.0.subscribe();
        let ready = |state: &SlotState<T>| state.usable(began).is_some() || state.flight.is_none();
        let waited = tokio::time::timeout_at(until, watching.wait_for(ready)).await;
        let timed_out = waited.is_err();
        drop(waited);
        let state = watching.borrow();
        if timed_out { state.unfinished(late()) } else { state.seen(began, late) }
    }

    /// Replaces `before` with `value` wherever the slot still holds it.
    pub(crate) fn amend(&self, before: &Arc<T>, value: &Arc<T>) {
        self.0.send_modify(|state| {
            let flight = state.flight.as_mut().and_then(|flight| flight.so_far.as_mut());
            let failure = state.failure.as_mut().and_then(|failure| failure.partial.as_mut());
            let kept = state.kept.as_mut().map(|kept| &mut kept.value);
            for shown in [flight, failure, kept].into_iter().flatten() {
                if Arc::ptr_eq(shown, before) {
                    *shown = Arc::clone(value);
                }
            }
        });
    }

    /// Returns the cached value, without waiting and without starting a read.
    pub(crate) fn kept(&self) -> Option<Arc<T>> {
        let state = self.0.borrow();
        state
            .kept
            .as_ref()
            .filter(|kept| Instant::now() < kept.stale_until)
            .map(|kept| Arc::clone(&kept.value))
    }
}

/// The right and the duty to finish the read in progress.
pub(crate) struct ReadClaim<T: Send + Sync + 'static> {
    slot: Arc<ReadSlot<T>>,
    abandoned: Option<SourceError>,
}

impl<T: Send + Sync + 'static> ReadClaim<T> {
    /// Publishes what the read has so far.
    pub(crate) fn progress(&self, so_far: Arc<T>) {
        self.slot.0.send_modify(|state| {
            if let Some(flight) = &mut state.flight {
                flight.so_far = Some(so_far);
            }
        });
    }

    /// Returns the cached value from before, if it may still be served.
    pub(crate) fn kept(&self) -> Option<Arc<T>> {
        self.slot.kept()
    }

    /// Finishes the read. A failure never replaces a complete value.
    pub(crate) fn land(mut self, landed: LandedRead<T>) {
        self.abandoned = None;
        self.slot.land(landed);
    }
}

// A read that was cut off must not leave callers waiting.
impl<T: Send + Sync + 'static> Drop for ReadClaim<T> {
    fn drop(&mut self) {
        if let Some(error) = self.abandoned.take() {
            self.slot.land(LandedRead::Failed { error, partial: None, again_in: KEEP_FAILURE });
        }
    }
}

impl<T> SlotState<T> {
    /// Returns the cached value if it may be served to a caller that began at `began`.
    fn usable(&self, began: Instant) -> Option<&CachedValue<T>> {
        self.kept.as_ref().filter(|kept| kept.landed_at >= began || Instant::now() < kept.stale_until)
    }

    fn seen(&self, began: Instant, late: impl FnOnce() -> SourceError) -> CachedRead<T> {
        if let Some(kept) = self.usable(began) {
            let now = Instant::now();
            return CachedRead {
                value: Some(Arc::clone(&kept.value)),
                whole: true,
                stale: kept.landed_at < began && now >= kept.fresh_until,
                fresh_for: kept.fresh_until.saturating_duration_since(now),
                error: self.failure.as_ref().map(|failure| failure.error.clone()),
            };
        }
        match &self.failure {
            Some(failure) => partial(failure.partial.clone(), failure.error.clone()),
            // Happens only if the cached value has expired at this very moment.
            None => partial(None, late()),
        }
    }

    fn unfinished(&self, late: SourceError) -> CachedRead<T> {
        partial(self.flight.as_ref().and_then(|flight| flight.so_far.clone()), late)
    }
}

fn partial<T>(value: Option<Arc<T>>, error: SourceError) -> CachedRead<T> {
    CachedRead { value, whole: false, stale: false, fresh_for: Duration::ZERO, error: Some(error) }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;
    use crate::source::error::SourceErrorCode;

    fn error(message: &str) -> SourceError {
        SourceError::new(SourceErrorCode::Timeout, message, DateTime::UNIX_EPOCH)
    }

    fn whole(value: i32) -> LandedRead<i32> {
        let (fresh_for, stale_for) = (Duration::from_secs(60), Duration::from_secs(600));
        LandedRead::Whole { value: Arc::new(value), fresh_for, stale_for }
    }

    fn claim(slot: &Arc<ReadSlot<i32>>) -> Option<ReadClaim<i32>> {
        slot.claim(error("abandoned"))
    }

    async fn look(slot: &ReadSlot<i32>) -> (Option<i32>, bool, Option<String>) {
        look_since(slot, Instant::now() + Duration::from_nanos(1)).await
    }

    async fn look_since(slot: &ReadSlot<i32>, began: Instant) -> (Option<i32>, bool, Option<String>) {
        let seen = slot.look(began, Instant::now() + Duration::from_secs(1), || error("late")).await;
        (seen.value.map(|value| *value), seen.stale, seen.error.map(|error| error.message))
    }

    #[tokio::test(start_paused = true)]
    async fn one_flight_for_all_who_ask() {
        let slot = Arc::new(ReadSlot::<i32>::default());
        let flight = claim(&slot).unwrap();
        assert!(claim(&slot).is_none());
        flight.land(whole(1));
        assert!(claim(&slot).is_none(), "fresh: nothing is due");
        assert_eq!(look(&slot).await, (Some(1), false, None));
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_stale_is_served_while_one_flight_refreshes_it_and_while_the_source_fails() {
        let slot = Arc::new(ReadSlot::<i32>::default());
        claim(&slot).unwrap().land(whole(1));
        tokio::time::advance(Duration::from_secs(61)).await;
        let flight = claim(&slot).unwrap();
        assert_eq!(look(&slot).await, (Some(1), true, None));
        flight.land(LandedRead::Failed { error: error("down"), partial: None, again_in: KEEP_FAILURE });
        assert_eq!(look(&slot).await, (Some(1), true, Some("down".to_owned())));
        assert!(claim(&slot).is_none(), "a failure is remembered for a while");
        tokio::time::advance(Duration::from_secs(600)).await;
        assert_eq!(look(&slot).await, (None, false, Some("down".to_owned())), "too old to serve");
    }

    #[tokio::test(start_paused = true)]
    async fn who_waited_for_a_read_gets_it_though_nothing_may_be_kept() {
        let slot = Arc::new(ReadSlot::<i32>::default());
        let began = Instant::now();
        let flight = claim(&slot).unwrap();
        let landed =
            LandedRead::Whole { value: Arc::new(1), fresh_for: Duration::ZERO, stale_for: Duration::ZERO };
        flight.land(landed);
        assert_eq!(look_since(&slot, began).await, (Some(1), false, None));
        assert_eq!(look(&slot).await, (None, false, Some("late".to_owned())));
        assert!(claim(&slot).is_some(), "the next question reads again");
    }

    #[tokio::test(start_paused = true)]
    async fn at_the_deadline_there_is_what_has_arrived() {
        let slot = Arc::new(ReadSlot::<i32>::default());
        let flight = claim(&slot).unwrap();
        assert_eq!(look(&slot).await, (None, false, Some("late".to_owned())));
        flight.progress(Arc::new(7));
        assert_eq!(look(&slot).await, (Some(7), false, Some("late".to_owned())));
    }

    #[tokio::test(start_paused = true)]
    async fn nobody_waits_for_a_read_that_was_cut_off() {
        let slot = Arc::new(ReadSlot::<i32>::default());
        drop(claim(&slot));
        assert_eq!(look(&slot).await, (None, false, Some("abandoned".to_owned())));
    }
}
