//! Stops requests to a source that keeps failing.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::model::InstantClock;
use crate::source::error::{SourceError, SourceErrorCode};
use crate::source::metrics;

/// A circuit breaker. It opens after several failures in a row. After a while it lets requests through again: a success
/// then closes it, and a failure opens it for longer.
pub(super) struct CircuitBreaker {
    source: String,
    state: Mutex<BreakerState>,
}

#[derive(Debug)]
struct BreakerState {
    position: BreakerPosition,
    /// The number of failures since the last success.
    failures: u32,
    /// How often the breaker has opened since it was last closed.
    openings: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum BreakerPosition {
    Closed,
    Open { until: Instant },
    Trying,
}

/// How many failures in a row open the breaker.
const FAILURES: u32 = 5;
/// How long the breaker stays open: the first time, and at most. The actual time is random, between half of that and
/// all of it, so that the sources of one publisher are not all retried at once.
const OPEN_FOR: (Duration, Duration) = (Duration::from_secs(10), Duration::from_secs(120));

impl CircuitBreaker {
    pub(super) fn new(source: &str) -> Self {
        metrics::breaker(source, false);
        let state = BreakerState { position: BreakerPosition::Closed, failures: 0, openings: 0 };
        Self { source: source.to_owned(), state: Mutex::new(state) }
    }

    /// Returns an error while no requests may be sent.
    pub(super) fn permit(&self, clock: &InstantClock) -> Result<(), SourceError> {
        if self.with(|state| state.is_permitted(Instant::now())) {
            return Ok(());
        }
        Err(SourceError::new(
            SourceErrorCode::CircuitOpen,
            "failed repeatedly; no requests are sent for a while",
            clock.now(),
        ))
    }

    pub(super) fn succeeded(&self) {
        if self.with(BreakerState::succeed) {
            metrics::breaker(&self.source, false);
        }
    }

    /// Counts failures that mean the source is unwell, not those that mean our request was wrong or too soon.
    pub(super) fn failed(&self, error: &SourceError) {
        let unwell = match error.code {
            SourceErrorCode::Timeout
            | SourceErrorCode::Connection
            | SourceErrorCode::Tls
            | SourceErrorCode::InvalidResponse
            | SourceErrorCode::TooLarge => true,
            SourceErrorCode::HttpStatus => error.http_status.is_some_and(|status| status >= 500),
            SourceErrorCode::RateLimited | SourceErrorCode::CircuitOpen | SourceErrorCode::Misconfigured => {
                false
            }
        };
        if unwell && self.with(|state| state.fail(Instant::now(), rand::random())) {
            tracing::warn!(source = %self.source, "source fails repeatedly; sending no requests for a while");
            metrics::breaker(&self.source, true);
        }
    }

    fn with<T>(&self, work: impl FnOnce(&mut BreakerState) -> T) -> T {
        work(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl BreakerState {
    fn is_permitted(&mut self, now: Instant) -> bool {
        match self.position {
            BreakerPosition::Open { until } if now <= until => return false,
            BreakerPosition::Open { .. } => self.position = BreakerPosition::Trying,
            BreakerPosition::Closed | BreakerPosition::Trying => {}
        }
        true
    }

    /// Returns whether this success closed the breaker. Responses to requests sent before it opened do not close it.
    fn succeed(&mut self) -> bool {
        self.failures = 0;
        let closes = self.position == BreakerPosition::Trying;
        if closes {
            (self.position, self.openings) = (BreakerPosition::Closed, 0);
        }
        closes
    }

    /// Returns whether this failure opened the breaker. `jitter` is from 0 to 1.
    fn fail(&mut self, now: Instant, jitter: f64) -> bool {
        self.failures = self.failures.saturating_add(1);
        let opens = match self.position {
            BreakerPosition::Closed => self.failures >= FAILURES,
            BreakerPosition::Trying => true,
            BreakerPosition::Open { .. } => false,
        };
        if opens {
            let longest = OPEN_FOR.0.saturating_mul(1 << self.openings.min(16)).min(OPEN_FOR.1);
            self.position = BreakerPosition::Open { until: now + longest.mul_f64(0.5 + jitter / 2.0) };
            self.openings += 1;
        }
        opens
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Fails until the breaker opens at `now`, and returns for how many seconds it stays open.
    fn open_for(state: &mut BreakerState, now: Instant, jitter: f64) -> u64 {
        while !state.fail(now, jitter) {}
        let seconds =
            (0..1000).find(|second| state.is_permitted(now + Duration::from_millis(second * 1000 + 1)));
        seconds.unwrap()
    }

    #[test]
    fn it_opens_for_longer_each_time_until_something_succeeds() {
        let (now, new) =
            (Instant::now(), || BreakerState { position: BreakerPosition::Closed, failures: 0, openings: 0 });
        let mut state = new();
        assert_eq!([0; 6].map(|_| open_for(&mut state, now, 1.0)), [10, 20, 40, 80, 120, 120]);
        assert!(state.succeed() && !state.succeed(), "closed once");
        assert_eq!(open_for(&mut state, now, 0.0), 5, "from the beginning, and never for less than half");
        assert_eq!(state.position, BreakerPosition::Trying);
        assert!(state.fail(now, 0.0), "one failure is enough when it is tried again");
    }

    #[test]
    fn only_failures_in_a_row_open_it() {
        let now = Instant::now();
        let mut state = BreakerState { position: BreakerPosition::Closed, failures: 0, openings: 0 };
        for _ in 0..10 {
            assert!((1..FAILURES).all(|_| !state.fail(now, 1.0)));
            assert!(!state.succeed() && state.is_permitted(now));
        }
        assert!((1..FAILURES).all(|_| !state.fail(now, 1.0)) && state.fail(now, 1.0));
        assert!(!state.is_permitted(now) && !state.succeed(), "a late answer does not close it");
        assert!(!state.is_permitted(now) && !state.fail(now, 1.0), "nor does a late failure count");
    }
}
