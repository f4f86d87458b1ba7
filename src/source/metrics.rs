//! What is measured of a source. Every series is labelled with the source's key and nothing a client can choose.

use std::time::Duration;

use super::error::SourceErrorCode;
use crate::telemetry::{
    CACHE_BYTES, CACHE_HITS, CACHE_MISSES, CODE, SOURCE, SOURCE_BREAKER_OPEN, SOURCE_DATA_AGE,
    SOURCE_DURATION, SOURCE_FAILURES, SOURCE_RECORDS, SOURCE_REQUESTS, STATUS,
};

/// Counts a request that took so long and ended in `failure` or well.
pub(super) fn requested(source: &str, took: Duration, failure: Option<SourceErrorCode>) {
    let status = if failure.is_some() { "failed" } else { "ok" };
    metrics::counter!(SOURCE_REQUESTS, SOURCE => source.to_owned(), STATUS => status).increment(1);
    metrics::histogram!(SOURCE_DURATION, SOURCE => source.to_owned()).record(took.as_secs_f64());
    if let Some(code) = failure {
        metrics::counter!(SOURCE_FAILURES, SOURCE => source.to_owned(), CODE => code.as_str()).increment(1);
    }
}

/// Counts a look at what is kept.
pub(super) fn looked(source: &str, found: bool) {
    let name = if found { CACHE_HITS } else { CACHE_MISSES };
    metrics::counter!(name, SOURCE => source.to_owned()).increment(1);
}

/// Shows whether the breaker before a source is open.
pub(super) fn breaker(source: &str, is_open: bool) {
    metrics::gauge!(SOURCE_BREAKER_OPEN, SOURCE => source.to_owned()).set(if is_open { 1.0 } else { 0.0 });
}

/// Shows how many services a source has.
#[expect(clippy::cast_precision_loss, reason = "a count, for a chart")]
pub(super) fn records(source: &str, count: usize) {
    metrics::gauge!(SOURCE_RECORDS, SOURCE => source.to_owned()).set(count as f64);
}

/// Shows how old what is served of a source is.
pub(super) fn data_age(source: &str, age: Duration) {
    metrics::gauge!(SOURCE_DATA_AGE, SOURCE => source.to_owned()).set(age.as_secs_f64());
}

/// Shows how much is kept in all.
#[expect(clippy::cast_precision_loss, reason = "a size in bytes, for a chart")]
pub(super) fn cached(bytes: u64) {
    metrics::gauge!(CACHE_BYTES).set(bytes as f64);
}
