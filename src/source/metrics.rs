//! Metrics of sources. Every series is labelled with the source's key, and with nothing that a client can choose.

use std::time::Duration;

use super::error::SourceErrorCode;
use crate::telemetry::{
    CACHE_BYTES, CACHE_HITS, CACHE_MISSES, CODE, SOURCE, SOURCE_BREAKER_OPEN, SOURCE_DATA_AGE,
    SOURCE_DURATION, SOURCE_FAILURES, SOURCE_RECORDS, SOURCE_REQUESTS, STATUS,
};

/// Counts a request, its duration and, if it failed, the kind of failure.
pub(super) fn requested(source: &str, took: Duration, failure: Option<SourceErrorCode>) {
    let status = if failure.is_some() { "failed" } else { "ok" };
    metrics::counter!(SOURCE_REQUESTS, SOURCE => source.to_owned(), STATUS => status).increment(1);
    metrics::histogram!(SOURCE_DURATION, SOURCE => source.to_owned()).record(took.as_secs_f64());
    if let Some(code) = failure {
        metrics::counter!(SOURCE_FAILURES, SOURCE => source.to_owned(), CODE => code.as_str()).increment(1);
    }
}

/// Counts a look into the cache.
pub(super) fn looked(source: &str, found: bool) {
    let name = if found { CACHE_HITS } else { CACHE_MISSES };
    metrics::counter!(name, SOURCE => source.to_owned()).increment(1);
}

/// Shows whether the circuit breaker of a source is open.
pub(super) fn breaker(source: &str, is_open: bool) {
    metrics::gauge!(SOURCE_BREAKER_OPEN, SOURCE => source.to_owned()).set(if is_open { 1.0 } else { 0.0 });
}

#[expect(clippy::cast_precision_loss, reason = "a count, for a chart")]
pub(super) fn records(source: &str, count: usize) {
    metrics::gauge!(SOURCE_RECORDS, SOURCE => source.to_owned()).set(count as f64);
}

/// Shows the age of the data served from a source.
pub(super) fn data_age(source: &str, age: Duration) {
    metrics::gauge!(SOURCE_DATA_AGE, SOURCE => source.to_owned()).set(age.as_secs_f64());
}

/// Shows the size of the cache, in bytes.
#[expect(clippy::cast_precision_loss, reason = "a size in bytes, for a chart")]
pub(super) fn cached(bytes: u64) {
    metrics::gauge!(CACHE_BYTES).set(bytes as f64);
}
