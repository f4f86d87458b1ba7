//! Leaving a source alone that keeps failing.

use std::time::Duration;

use failsafe::backoff::EqualJittered;
use failsafe::failure_policy::ConsecutiveFailures;
use failsafe::{Config, Instrument, StateMachine, backoff, failure_policy};

use crate::model::Clock;
use crate::source::error::{SourceError, SourceErrorCode};
use crate::source::metrics;

/// Opens after so many failures in a row, and lets one try through after a while.
pub(super) struct Breaker {
    machine: StateMachine<ConsecutiveFailures<EqualJittered>, Gauge>,
}

/// Failures in a row that open it.
const FAILURES: u32 = 5;
/// How long it stays open, at first and at most.
const OPEN_FOR: (Duration, Duration) = (Duration::from_secs(10), Duration::from_secs(120));

impl Breaker {
    pub(super) fn new(source: &str) -> Self {
        let policy =
            failure_policy::consecutive_failures(FAILURES, backoff::equal_jittered(OPEN_FOR.0, OPEN_FOR.1));
        let machine = Config::new().failure_policy(policy).instrument(Gauge(source.to_owned())).build();
        Self { machine }
    }

    /// Whether the source may be asked.
    pub(super) fn permit(&self, clock: &Clock) -> Result<(), SourceError> {
        if self.machine.is_call_permitted() {
            return Ok(());
        }
        Err(SourceError {
            code: SourceErrorCode::CircuitOpen,
            message: "failed too often just now; not asked for a while".to_owned(),
            http_status: None,
            at: clock.now(),
            retry_after: None,
        })
    }

    pub(super) fn succeeded(&self) {
        self.machine.on_success();
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
        if unwell {
            self.machine.on_error();
        }
    }
}

/// Shows the breaker's state as a metric.
#[derive(Debug)]
struct Gauge(String);

impl Instrument for Gauge {
    fn on_call_rejected(&self) {}

    fn on_open(&self) {
        tracing::warn!(source = %self.0, "source fails repeatedly; leaving it alone for a while");
        metrics::breaker(&self.0, true);
    }

    fn on_half_open(&self) {}

    fn on_closed(&self) {
        metrics::breaker(&self.0, false);
    }
}
