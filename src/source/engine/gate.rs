//! The pace a source is asked at: so many requests at once, so many a second, and none while it asks for rest.

use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, Utc};
use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use reqwest::header::HeaderMap;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::Instant;

use super::headers;
use crate::config::Limits;
use crate::model::Clock;
use crate::source::error::{SourceError, SourceErrorCode};

/// Lets requests to one source through at its pace.
pub(super) struct Gate {
    at_once: Arc<Semaphore>,
    a_second: DefaultDirectRateLimiter,
    resting_until: Mutex<Option<Instant>>,
}

/// A rest longer than this is not waited for: the question fails at once instead.
const LONGEST_WAIT: Duration = Duration::from_secs(10);
/// The longest rest a feed can ask for.
const LONGEST_REST: Duration = Duration::from_secs(15 * 60);

impl Gate {
    pub(super) fn new(limits: &Limits) -> Self {
        Self {
            at_once: Arc::new(Semaphore::new(limits.max_concurrency.max(1))),
            a_second: RateLimiter::direct(quota(limits.requests_per_second)),
            resting_until: Mutex::new(None),
        }
    }

    /// Waits for its turn. The request may be sent while the permit is held.
    pub(super) async fn enter(&self, clock: &Clock) -> Result<OwnedSemaphorePermit, SourceError> {
        self.rest(clock).await?;
        let permit = Arc::clone(&self.at_once).acquire_owned().await;
        let permit = permit.map_err(|_| rate_limited(clock, "shutting down", None))?;
        self.a_second.until_ready().await;
        // While this request waited for its turn, another may have been told to rest.
        self.rest(clock).await?;
        Ok(permit)
    }

    /// Rests as an answer's rate-limit headers ask.
    pub(super) fn heed_budget(&self, headers: &HeaderMap, now: DateTime<Utc>) {
        if let Some(rest) = headers::budget_used_up_for(headers, now) {
            self.rest_for(rest);
        }
    }

    /// Rests as a refusal asks.
    pub(super) fn heed(&self, error: &SourceError) {
        if let Some(rest) = error.retry_after {
            self.rest_for(rest);
        }
    }

    fn rest_for(&self, rest: Duration) {
        let until = Instant::now() + rest.min(LONGEST_REST);
        let mut resting = self.resting_until.lock().unwrap_or_else(PoisonError::into_inner);
        *resting = Some(resting.map_or(until, |already| already.max(until)));
    }

    async fn rest(&self, clock: &Clock) -> Result<(), SourceError> {
        let until = *self.resting_until.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(until) = until else { return Ok(()) };
        let left = until.saturating_duration_since(Instant::now());
        if left > LONGEST_WAIT {
            return Err(rate_limited(clock, "asked to be left alone for a while", Some(left)));
        }
        tokio::time::sleep(left).await;
        Ok(())
    }
}

fn rate_limited(clock: &Clock, message: &str, retry_after: Option<Duration>) -> SourceError {
    let code = SourceErrorCode::RateLimited;
    SourceError { code, message: message.to_owned(), http_status: None, at: clock.now(), retry_after }
}

// A second's worth may go at once; after that, evenly spaced.
fn quota(per_second: f64) -> Quota {
    let period = Duration::try_from_secs_f64(1.0 / per_second).unwrap_or(Duration::from_secs(1));
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "clamped to what fits before"
    )]
    let burst = NonZeroU32::new(per_second.ceil().clamp(1.0, 1e6) as u32).unwrap_or(NonZeroU32::MIN);
    Quota::with_period(period).unwrap_or(Quota::per_second(burst)).allow_burst(burst)
}
