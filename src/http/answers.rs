//! A cache of recent responses, so that equal queries that arrive together are executed once.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use bytes::Bytes;
use quick_cache::Weighter;
use quick_cache::sync::{Cache, EntryAction, EntryResult};
use tokio::time::Instant;

use super::content::ResponseContent;
use super::errors;
use super::negotiate::MediaType;
use super::request::RequestKey;
use crate::admission::AdmissionRefusal;
use crate::graphql::{ErrorCode, KeepingTime, OperationAnswer, OperationOutcome};
use crate::telemetry;

/// Longer than the gaps between requests of one crowd, shorter than anyone notices.
const KEPT_FOR: Duration = Duration::from_secs(1);

/// A guess for hash, bookkeeping and a later gzip form.
const OVERHEAD: usize = 512;

/// A response as it is sent. Its bytes are equal for both media types.
#[derive(Debug)]
pub(super) struct GivenResponse {
    pub(super) content: ResponseContent,
    pub(super) outcome: OperationOutcome,
    /// The code of each error in it.
    pub(super) codes: Vec<ErrorCode>,
    freshness: KeepingTime,
    made: Instant,
}

/// How many bytes a response is expected to have.
const EXPECTED_BYTES: u64 = 16 << 10;

/// Responses by query, for a second.
pub(super) struct AnswerCache {
    recent: Cache<RequestKey, Arc<GivenResponse>, GivenWeight>,
    began: Instant,
    /// When expired responses were last dropped, in seconds since the cache was created.
    swept: AtomicU64,
}

#[derive(Clone)]
struct GivenWeight;

impl Weighter<RequestKey, Arc<GivenResponse>> for GivenWeight {
    fn weight(&self, _: &RequestKey, given: &Arc<GivenResponse>) -> u64 {
        given.weight()
    }
}

impl GivenResponse {
    pub(super) fn new(answer: OperationAnswer) -> Self {
        let codes = answer.codes().map(errors::known).collect();
        let (outcome, freshness) = (answer.outcome(), answer.freshness);
        Self::written(answer.written(), outcome, codes, freshness)
    }

    /// Joins several responses into one array, as fresh as the least fresh of them.
    pub(super) fn batch<'a>(answers: impl Iterator<Item = &'a Self>) -> Self {
        let (mut body, mut codes, mut freshness) = (Vec::new(), Vec::new(), None);
        for answer in answers {
            body.push(if body.is_empty() { b'[' } else { b',' });
            body.extend_from_slice(answer.content.plain());
            codes.extend_from_slice(&answer.codes);
            let now = answer.freshness();
            freshness = Some(freshness.map_or(now, |least_yet| least(least_yet, now)));
        }
        body.push(b']');
        Self::written(body, OperationOutcome::Executed, codes, freshness.unwrap_or(KeepingTime::NONE))
    }

    /// Returns its present freshness.
    pub(super) fn freshness(&self) -> KeepingTime {
        let elapsed = self.elapsed();
        KeepingTime {
            remaining: self.freshness.remaining.saturating_sub(elapsed),
            age: self.freshness.age.saturating_add(elapsed),
            degraded: self.freshness.degraded,
        }
    }

    fn written(
        body: impl Into<Bytes>,
        outcome: OperationOutcome,
        codes: Vec<ErrorCode>,
        freshness: KeepingTime,
    ) -> Self {
        let content = ResponseContent::new(MediaType::Json.content_type(), body);
        Self { content, outcome, codes, freshness, made: Instant::now() }
    }

    fn elapsed(&self) -> Duration {
        self.made.elapsed()
    }

    fn cached_for(&self) -> Duration {
        if self.freshness.remaining.is_zero() { KEPT_FOR } else { KEPT_FOR.min(self.freshness.remaining) }
    }

    /// Returns whether it may still be sent to others.
    fn is_recent(&self) -> bool {
        self.elapsed() < self.cached_for()
    }

    fn weight(&self) -> u64 {
        let length = self.content.plain().len();
        u64::try_from(length.saturating_add(length / 4).saturating_add(OVERHEAD)).unwrap_or(u64::MAX)
    }
}

impl AnswerCache {
    /// Creates a cache of this size.
    pub(super) fn new(bytes: u64) -> Self {
        let expected = usize::try_from(bytes / EXPECTED_BYTES).unwrap_or(usize::MAX);
        let recent = Cache::with_weighter(expected, bytes, GivenWeight);
        Self { recent, began: Instant::now(), swept: AtomicU64::new(0) }
    }

    /// Returns the cached response to this query.
    pub(super) fn get(&self, key: &RequestKey) -> Option<Arc<GivenResponse>> {
        let given = self.recent.get(key).filter(|given| given.is_recent())?;
        metrics::counter!(telemetry::ANSWER_CACHE_HITS).increment(1);
        Some(given)
    }

    /// Returns the result of `execute`, or of an equal query in progress. A refusal is not shared: each client that
    /// waits executes the query itself.
    ///
    /// # Errors
    /// If the client is not admitted.
    pub(super) async fn get_or_execute(
        &self,
        key: RequestKey,
        execute: impl Future<Output = Result<GivenResponse, AdmissionRefusal>>,
    ) -> Result<Arc<GivenResponse>, AdmissionRefusal> {
        let if_recent = |_: &RequestKey, given: &mut Arc<GivenResponse>| match given.is_recent() {
            true => EntryAction::Retain(Arc::clone(given)),
            false => EntryAction::ReplaceWithGuard,
        };
        let place = match Box::pin(self.recent.entry_async(&key, if_recent)).await {
            EntryResult::Retained(given) => {
                metrics::counter!(telemetry::ANSWER_CACHE_HITS).increment(1);
                return Ok(given);
            }
            EntryResult::Vacant(place) | EntryResult::Replaced(place, _) => Some(place),
            // Cannot happen: `if_recent` removes nothing, and there is no time limit.
            EntryResult::Removed(..) | EntryResult::Timeout => None,
        };
        let given = Arc::new(execute.await?);
        metrics::counter!(telemetry::ANSWER_CACHE_MISSES).increment(1);
        if given.outcome == OperationOutcome::Executed {
            // Fails only if the place was removed meanwhile. Then the response is not shared.
            let _ = place.map(|place| place.insert(Arc::clone(&given)));
            self.sweep_each_second();
        }
        Ok(given)
    }

    /// Returns the number and the bytes of cached responses.
    pub(super) fn size(&self) -> (usize, u64) {
        self.recent.retain(|_, given| given.is_recent());
        (self.recent.len(), self.recent.weight())
    }

    /// Drops expired responses, so that they take no memory until others need the space.
    fn sweep_each_second(&self) {
        let now = self.began.elapsed().as_secs();
        if self.swept.fetch_max(now, Ordering::Relaxed) < now {
            self.recent.retain(|_, given| given.is_recent());
        }
    }
}

fn least(a: KeepingTime, b: KeepingTime) -> KeepingTime {
    KeepingTime {
        remaining: a.remaining.min(b.remaining),
        age: a.age.max(b.age),
        degraded: a.degraded || b.degraded,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graphql::{AnswerExtensions, WrittenData};

    fn answer(data: &str, freshness: KeepingTime) -> OperationAnswer {
        let data = Some(WrittenData::of_json(format!("\"{data}\"").as_bytes()));
        OperationAnswer {
            data,
            errors: Vec::new(),
            extensions: AnswerExtensions::new(),
            freshness,
            large: None,
        }
    }

    fn given(remaining: Duration) -> GivenResponse {
        GivenResponse::new(answer(
            "x",
            KeepingTime { remaining, age: Duration::from_secs(9), degraded: false },
        ))
    }

    #[test]
    fn an_answer_is_kept_for_a_second_at_most_and_no_longer_than_it_is_fresh() {
        for (remaining, expected) in [(0, 1000), (200, 200), (5000, 1000)] {
            let given = given(Duration::from_millis(remaining));
            assert_eq!(given.cached_for(), Duration::from_millis(expected), "{remaining}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn freshness_moves_with_the_seconds() {
        let given = given(Duration::from_secs(60));
        tokio::time::advance(Duration::from_secs(2)).await;
        assert_eq!(given.freshness().remaining, Duration::from_secs(58));
        assert_eq!(given.freshness().age, Duration::from_secs(11));
        let batch = GivenResponse::batch([&given].into_iter());
        assert_eq!(batch.freshness().remaining, Duration::from_secs(58));
    }

    #[tokio::test]
    async fn what_does_not_fit_is_given_but_not_kept() {
        let answers = AnswerCache::new(600);
        let large = answer(&"x".repeat(1000), KeepingTime::NONE);
        let given = answers.get_or_execute([0; 32], async { Ok(GivenResponse::new(large)) }).await.unwrap();
        assert!(given.content.plain().len() > 1000);
        assert_eq!(answers.size(), (0, 0));
        assert!(answers.get(&[0; 32]).is_none());
        answers.get_or_execute([1; 32], async { Ok(self::given(KEPT_FOR)) }).await.unwrap();
        assert!(answers.get(&[1; 32]).is_some());
        assert_eq!(answers.size().0, 1);
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_too_old_is_executed_again_and_dropped() {
        let answers = AnswerCache::new(1 << 20);
        let execute = |key: u8| answers.get_or_execute([key; 32], async { Ok(given(KEPT_FOR)) });
        let first = execute(0).await.unwrap();
        assert!(Arc::ptr_eq(&first, &execute(0).await.unwrap()));
        tokio::time::advance(KEPT_FOR).await;
        assert!(answers.get(&[0; 32]).is_none());
        let second = execute(0).await.unwrap();
        assert!(!Arc::ptr_eq(&first, &second) && Arc::ptr_eq(&second, &execute(0).await.unwrap()));
        tokio::time::advance(KEPT_FOR * 2).await;
        execute(1).await.unwrap();
        assert_eq!(answers.recent.len(), 1, "what is too old takes no memory");
    }

    #[tokio::test]
    async fn whoever_waits_for_a_client_that_is_not_admitted_is_asked_itself() {
        let answers = AnswerCache::new(1 << 20);
        let refused = async {
            tokio::task::yield_now().await;
            Err(AdmissionRefusal::GatewayIsFull)
        };
        let (first, second) = tokio::join!(
            answers.get_or_execute([0; 32], refused),
            answers.get_or_execute([0; 32], async { Ok(given(KEPT_FOR)) }),
        );
        assert!(first.is_err() && second.is_ok());
    }
}
