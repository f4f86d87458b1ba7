//! A cache of recent responses, so that equal queries that arrive together are executed once.

use std::sync::Arc;
use std::time::{Duration, Instant as MokaInstant};

use bytes::Bytes;
use moka::Expiry;
use moka::future::Cache;
use moka::policy::EvictionPolicy;
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

/// Responses by query, for a second.
pub(super) struct AnswerCache {
    kept: Cache<RequestKey, Arc<GivenResponse>>,
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

    fn weight(&self) -> u32 {
        let length = self.content.plain().len();
        u32::try_from(length.saturating_add(length / 4).saturating_add(OVERHEAD)).unwrap_or(u32::MAX)
    }
}

impl AnswerCache {
    /// Creates a cache of this size.
    pub(super) fn new(bytes: u64) -> Self {
        let kept = Cache::builder()
            .max_capacity(bytes)
            .weigher(|_: &RequestKey, given: &Arc<GivenResponse>| given.weight())
            // New entries are the ones that will be asked for again; the default policy would reject them when the
            // cache is full.
            .eviction_policy(EvictionPolicy::lru())
            .expire_after(AsGiven)
            .build();
        Self { kept }
    }

    /// Returns the cached response to this query.
    pub(super) async fn get(&self, key: &RequestKey) -> Option<Arc<GivenResponse>> {
        let given = self.kept.get(key).await?;
        metrics::counter!(telemetry::ANSWER_CACHE_HITS).increment(1);
        Some(given)
    }

    /// Returns the result of `execute`, or of an equal query in progress.
    ///
    /// # Errors
    /// If the client that executed it was not admitted.
    pub(super) async fn get_or_execute(
        &self,
        key: RequestKey,
        execute: impl Future<Output = Result<GivenResponse, AdmissionRefusal>>,
    ) -> Result<Arc<GivenResponse>, NotGiven> {
        let mut executed = false;
        // The cache's own future is large, and would enlarge every future around it.
        let given = Box::pin(self.kept.try_get_with(key, async {
            executed = true;
            match execute.await {
                Ok(given) if given.outcome == OperationOutcome::Executed => Ok(Arc::new(given)),
                Ok(given) => Err(NotKept::Given(Arc::new(given))),
                Err(refusal) => Err(NotKept::Refused(refusal)),
            }
        }));
        let given = match given.await {
            Ok(given) => given,
            Err(not_kept) => match &*not_kept {
                NotKept::Given(given) => Arc::clone(given),
                NotKept::Refused(refusal) if executed => return Err(NotGiven::Refused(*refusal)),
                NotKept::Refused(_) => return Err(NotGiven::RefusedToAnother),
            },
        };
        let name = if executed { telemetry::ANSWER_CACHE_MISSES } else { telemetry::ANSWER_CACHE_HITS };
        metrics::counter!(name).increment(1);
        Ok(given)
    }

    /// Returns the number and the bytes of cached responses.
    pub(super) async fn size(&self) -> (u64, u64) {
        self.kept.run_pending_tasks().await;
        (self.kept.entry_count(), self.kept.weighted_size())
    }
}

/// Why there is no response.
#[derive(Debug)]
pub(super) enum NotGiven {
    /// The client was not admitted.
    Refused(AdmissionRefusal),
    /// Another client with an equal query was not admitted. This one may still try.
    RefusedToAnother,
}

/// Passed to clients with equal queries, but not cached: later ones execute the query again.
enum NotKept {
    /// A query that was refused.
    Given(Arc<GivenResponse>),
    /// The client that was to execute it was not admitted.
    Refused(AdmissionRefusal),
}

struct AsGiven;

impl Expiry<RequestKey, Arc<GivenResponse>> for AsGiven {
    fn expire_after_create(
        &self,
        _: &RequestKey,
        given: &Arc<GivenResponse>,
        _: MokaInstant,
    ) -> Option<Duration> {
        Some(given.cached_for())
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
        assert_eq!(answers.size().await, (0, 0));
        assert!(answers.get(&[0; 32]).await.is_none());
        answers.get_or_execute([1; 32], async { Ok(self::given(KEPT_FOR)) }).await.unwrap();
        assert!(answers.get(&[1; 32]).await.is_some());
        assert_eq!(answers.size().await.0, 1);
    }
}
