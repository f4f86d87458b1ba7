//! Leaving a source alone that keeps failing.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::model::InstantClock;
use crate::source::error::{SourceError, SourceErrorCode};
use crate::source::metrics;

/// Opens after several failures in a row. After a while requests are let through again: the next success closes it,
/// the next failure opens it for longer.
pub(super) struct CircuitBreaker {
    source: String,
    state: Mutex<BreakerState>,
}

#[derive(Debug)]
struct BreakerState {
    position: BreakerPosition,
    /// Failures since the last success.
    failures: u32,
    /// How often it has opened since it was last closed.
    openings: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum BreakerPosition {
    Closed,
    Open { until: Instant },
    Trying,
}

/// Failures in a row that open it.
const FAILURES: u32 = 5;
/// How long it stays open, at first and at most. Each time is between half of that and the whole, so that the sources
/// of one publisher are not all asked again at once.
const OPEN_FOR: (Duration, Duration) = (Duration::from_secs(10), Duration::from_secs(120));

impl CircuitBreaker {
    pub(super) fn new(source: &str) -> Self {
        metrics::breaker(source, false);
        let state = BreakerState { position: BreakerPosition::Closed, failures: 0, openings: 0 };
        Self { source: source.to_owned(), state: Mutex::new(state) }
    }

    /// Whether the source may be asked.
    pub(super) fn permit(&self, clock: &InstantClock) -> Result<(), SourceError> {
        if self.with(|state| state.is_permitted(Instant::now())) {
            return Ok(());
        }
        Err(SourceError {
            code: SourceErrorCode::CircuitOpen,
            message: "failed repeatedly; no requests are sent for a while".to_owned(),
            http_status: None,
            at: clock.now(),
            retry_after: None,
        })
    }

    pub(super) fn succeeded(&self) {
        if self.with(BreakerState::succeed) {
            metrics::breaker(&self.source, false);
        }
    }

    /// Counts what says that the source is unwell, and nothing that says we asked wrongly or too often.
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

    /// Returns whether this closed it. A success that was asked for before it opened does not.
    fn succeed(&mut self) -> bool {
        self.failures = 0;
        let closes = self.position == BreakerPosition::Trying;
        if closes {
            (self.position, self.openings) = (BreakerPosition::Closed, 0);
        }
        closes
    }

    /// Returns whether this opened it. `jitter` is from 0 to 1.
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

    /// Fails until it opens at `now`, and returns for how many seconds it then stays open.
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
