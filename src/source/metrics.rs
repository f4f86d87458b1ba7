//! The names of what is measured of sources. Every series is labelled with the source's key and nothing a
//! client can choose.

/// Requests sent to a source, by `outcome`: `ok`, `not_found` or the error code.
pub(crate) const REQUESTS: &str = "oruk_source_requests_total";
/// Seconds from sending a request to having read its answer.
pub(crate) const REQUEST_SECONDS: &str = "oruk_source_request_duration_seconds";
/// State of a source's circuit breaker: 0 closed, 1 half open, 2 open.
pub(crate) const BREAKER_STATE: &str = "oruk_source_breaker_state";
/// Reads served from what is kept, by `freshness`: `fresh`, `stale` or `missed`.
pub(crate) const CACHE_READS: &str = "oruk_source_cache_reads_total";
/// Weight of everything kept, in bytes.
pub(crate) const CACHE_BYTES: &str = "oruk_cache_size_bytes";
/// Services now served from a source.
pub(crate) const SERVICES: &str = "oruk_source_services";
/// Age in seconds of the services now served from a source.
pub(crate) const DATA_AGE_SECONDS: &str = "oruk_source_data_age_seconds";

/// The label that names the source.
pub(crate) const SOURCE: &str = "source";

/// Counts one occurrence.
pub(crate) fn counter(name: &'static str, source: &str, label: &'static str, value: &'static str) {
    ::metrics::counter!(name, SOURCE => source.to_owned(), label => value).increment(1);
}

/// Records a duration in seconds.
pub(crate) fn histogram(name: &'static str, source: &str, took: std::time::Duration) {
    ::metrics::histogram!(name, SOURCE => source.to_owned()).record(took.as_secs_f64());
}

/// Sets a level.
pub(crate) fn gauge(name: &'static str, source: &str, level: f64) {
    ::metrics::gauge!(name, SOURCE => source.to_owned()).set(level);
}
