//! Limits the pace of requests to a source: how many at once, how many a second, and none while it asks for a rest.

use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chrono::{DateTime, Utc};
use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use reqwest::header::HeaderMap;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::Instant;

use super::headers;
use crate::config::SourceLimits;
use crate::model::{InstantClock, LiveMembers};
use crate::source::error::{SourceError, SourceErrorCode};

/// Lets requests to one source through at its pace.
pub(super) struct SourceGate {
    at_once: Arc<Semaphore>,
    a_second: DefaultDirectRateLimiter,
    /// The number of gateways that send requests to the source. Each uses an equal part of its pace.
    members: LiveMembers,
    rest: Mutex<Rest>,
}

/// Until when a source gets no requests.
#[derive(Default)]
struct Rest {
    until: Option<Instant>,
    /// How many times in a row the source refused without saying how long to wait.
    refusals: u32,
}

/// Requests do not wait for a rest longer than this, but fail at once.
const LONGEST_WAIT: Duration = Duration::from_secs(10);
/// The longest rest, whether a feed asks for it or not.
const LONGEST_REST: Duration = Duration::from_secs(15 * 60);
/// The rest of a feed that refuses requests as too frequent without saying how long to wait. Doubled each time.
const FIRST_REST: Duration = Duration::from_secs(60);

impl SourceGate {
    pub(super) fn new(limits: &SourceLimits) -> Self {
        Self {
            at_once: Arc::new(Semaphore::new(limits.max_concurrency.max(1))),
            a_second: RateLimiter::direct(quota(limits.requests_per_second, limits.max_concurrency)),
            members: LiveMembers::default(),
            rest: Mutex::default(),
        }
    }

    /// Divides the pace by the number of these gateways.
    pub(super) fn sharing_pace_among(self, members: LiveMembers) -> Self {
        Self { members, ..self }
    }

    /// Waits for a turn. The request may be sent while the permit is held.
    pub(super) async fn enter(&self, clock: &InstantClock) -> Result<OwnedSemaphorePermit, SourceError> {
        self.rest(clock).await?;
        let permit = Arc::clone(&self.at_once).acquire_owned().await;
        let permit = permit.map_err(|_| rate_limited(clock, "shutting down", None))?;
        // Wait once for each gateway: the turns of the others pass unused here.
        for _ in 0..self.members.count().get() {
            self.a_second.until_ready().await;
        }
        // While this request waited, another may have been told to wait.
        self.rest(clock).await?;
        Ok(permit)
    }

    /// Pauses requests if a response's rate-limit headers say that the budget is used up.
    pub(super) fn heed_budget(&self, headers: &HeaderMap, now: DateTime<Utc>) {
        if let Some(rest) = headers::budget_used_up_for(headers, now) {
            self.rest_for(rest);
        }
    }

    /// Pauses requests as long as an error response asks, or for a growing time if it does not say. Returns the error
    /// with that time in it.
    pub(super) fn heed(&self, mut error: SourceError) -> SourceError {
        match error.retry_after {
            Some(rest) => self.rest_for(rest),
            None if error.code == SourceErrorCode::RateLimited => error.retry_after = Some(self.back_off()),
            None => {}
        }
        error
    }

    /// Notes a successful response.
    pub(super) fn answered(&self) {
        let mut rest = self.lock();
        // Requests that were sent before a refusal may still succeed after it.
        if left(&rest).is_zero() {
            rest.refusals = 0;
        }
    }

    fn back_off(&self) -> Duration {
        let mut rest = self.lock();
        // Concurrent requests are all refused at once. That counts as one refusal.
        let left = left(&rest);
        if !left.is_zero() {
            return left;
        }
        let wait = FIRST_REST.saturating_mul(1 << rest.refusals.min(8)).min(LONGEST_REST);
        rest.refusals += 1;
        rest.until = Some(Instant::now() + wait);
        wait
    }

    fn rest_for(&self, wait: Duration) {
        let until = Instant::now() + wait.min(LONGEST_REST);
        let mut rest = self.lock();
        rest.until = Some(rest.until.map_or(until, |already| already.max(until)));
    }

    async fn rest(&self, clock: &InstantClock) -> Result<(), SourceError> {
        let left = left(&self.lock());
        if left > LONGEST_WAIT {
            return Err(rate_limited(clock, "asked the gateway to wait before the next request", Some(left)));
        }
        tokio::time::sleep(left).await;
        Ok(())
    }

    fn lock(&self) -> MutexGuard<'_, Rest> {
        self.rest.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn left(rest: &Rest) -> Duration {
    rest.until.map_or(Duration::ZERO, |until| until.saturating_duration_since(Instant::now()))
}

fn rate_limited(clock: &InstantClock, message: &str, retry_after: Option<Duration>) -> SourceError {
    let code = SourceErrorCode::RateLimited;
    SourceError { code, message: message.to_owned(), http_status: None, at: clock.now(), retry_after }
}

/// Allows a burst after a pause, of at most `at_once` requests and at most those of one second. After the burst,
/// requests are evenly spaced.
fn quota(per_second: f64, at_once: usize) -> Quota {
    let period = Duration::try_from_secs_f64(1.0 / per_second).unwrap_or(Duration::from_secs(1));
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "clamped to what fits before"
    )]
    let a_second = per_second.clamp(1.0, 1e6) as u32;
    let burst = u32::try_from(at_once).unwrap_or(u32::MAX).min(a_second);
    let burst = NonZeroU32::new(burst).unwrap_or(NonZeroU32::MIN);
    Quota::with_period(period).unwrap_or(Quota::per_second(burst)).allow_burst(burst)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(retry_after: Option<Duration>) -> SourceError {
        rate_limited(&clock(), "returned HTTP 429", retry_after)
    }

    fn clock() -> InstantClock {
        InstantClock::fixed(DateTime::from_timestamp(1_800_000_000, 0).unwrap())
    }

    fn gate() -> SourceGate {
        let document = "[[sources]]\nkey = \"a\"\nurl = \"https://feed.example\"";
        SourceGate::new(&crate::config::GatewayConfig::parse(document, &|_| None).unwrap().sources[0].limits)
    }

    async fn left_alone_for(gate: &SourceGate) -> Option<u64> {
        let error = gate.enter(&clock()).await.err()?;
        assert_eq!(error.code, SourceErrorCode::RateLimited);
        error.retry_after.map(|left| left.as_secs())
    }

    #[test]
    fn no_more_go_at_once_than_may_be_under_way_or_belong_into_a_second() {
        for (per_second, at_once, burst) in
            [(20.0, 4, 4), (2.5, 4, 2), (2.0, 8, 2), (0.5, 4, 1), (10.0, 0, 1)]
        {
            let quota = quota(per_second, at_once);
            assert_eq!(quota.burst_size().get(), burst, "{per_second} a second, {at_once} at once");
            let spaced = quota.replenish_interval().as_secs_f64();
            assert!((spaced - 1.0 / per_second).abs() < 1e-6, "{spaced}");
            let limiter = RateLimiter::direct(quota);
            let passed = (0..100).take_while(|_| limiter.check().is_ok()).count();
            assert_eq!(passed, usize::try_from(burst).unwrap(), "{per_second} a second, {at_once} at once");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn gateways_that_ask_the_same_source_pass_its_pace_on_to_each_other() {
        let (gate, members) = (gate(), LiveMembers::default());
        let gate = gate.sharing_pace_among(members.clone());
        let goes_at_once = async || {
            let clock = clock();
            let entered = gate.enter(&clock);
            tokio::select! { biased; permit = entered => permit.is_ok(), () = std::future::ready(()) => false }
        };
        members.set(2);
        assert_eq!([goes_at_once().await, goes_at_once().await, goes_at_once().await], [true, true, false]);
    }

    #[tokio::test(start_paused = true)]
    async fn quirk_24_a_refusal_without_headers_is_rested_for_longer_each_time() {
        let gate = gate();
        for seconds in [60, 120, 240, 480, 900, 900] {
            let heeded = gate.heed(refused(None));
            assert_eq!(heeded.retry_after, Some(Duration::from_secs(seconds)));
            assert_eq!(left_alone_for(&gate).await, Some(seconds));
            tokio::time::advance(Duration::from_secs(seconds)).await;
            assert_eq!(left_alone_for(&gate).await, None, "it is asked again then");
        }
        gate.answered();
        assert_eq!(gate.heed(refused(None)).retry_after, Some(FIRST_REST), "an answer makes up for it");
    }

    #[tokio::test(start_paused = true)]
    async fn refusals_of_requests_sent_together_are_one() {
        let gate = gate();
        gate.heed(refused(None));
        tokio::time::advance(Duration::from_secs(1)).await;
        gate.answered();
        assert_eq!(gate.heed(refused(None)).retry_after, Some(Duration::from_secs(59)));
        assert_eq!(left_alone_for(&gate).await, Some(59));
        tokio::time::advance(Duration::from_secs(59)).await;
        assert_eq!(gate.heed(refused(None)).retry_after, Some(Duration::from_secs(120)));
    }

    #[tokio::test(start_paused = true)]
    async fn what_a_feed_asks_for_goes_before() {
        let gate = gate();
        let asked = Some(Duration::from_secs(18));
        assert_eq!(gate.heed(refused(asked)).retry_after, asked);
        assert_eq!(left_alone_for(&gate).await, Some(18));
        let unwell = SourceError { code: SourceErrorCode::HttpStatus, ..refused(None) };
        assert_eq!(gate.heed(unwell).retry_after, None);
    }
}
