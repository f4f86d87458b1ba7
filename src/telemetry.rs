//! Metric names, the metrics recorder and the log subscriber.

mod lines;

use std::io::IsTerminal as _;

use metrics_exporter_prometheus::{
    BuildError, Matcher, PrometheusBuilder, PrometheusHandle, PrometheusRecorder,
};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::ParseError;
use tracing_subscriber::util::{SubscriberInitExt, TryInitError};

pub use lines::LogGuard;

/// Requests answered, by [`ROUTE`] and [`STATUS`].
pub const HTTP_REQUESTS: &str = "oruk_http_requests_total";
/// Seconds from request to response, by [`ROUTE`].
pub const HTTP_DURATION: &str = "oruk_http_request_duration_seconds";
/// Requests in progress.
pub const HTTP_IN_FLIGHT: &str = "oruk_http_requests_in_flight";
/// Open connections, by [`LISTENER`].
pub const HTTP_CONNECTIONS: &str = "oruk_http_connections";
/// Connections refused, by [`LISTENER`] and [`REASON`].
pub const HTTP_CONNECTIONS_REFUSED: &str = "oruk_http_connections_refused_total";
/// Connections closed because their client was too slow, by [`LISTENER`] and [`REASON`].
pub const HTTP_CONNECTIONS_TIMED_OUT: &str = "oruk_http_connections_timed_out_total";
/// Cost of the operations in progress.
pub const ADMISSION_COST: &str = "oruk_admission_cost";
/// Operations waiting for admission or for memory.
pub const ADMISSION_WAITING: &str = "oruk_admission_waiting";
/// Bytes reserved for running operations, beyond what each may hold freely.
pub const ADMISSION_MEMORY: &str = "oruk_admission_memory_bytes";
/// Whether points are counted by all gateways together (1) or in each (0).
pub const SHARED_BUDGETS: &str = "oruk_shared_budgets";
/// Operations refused because too many were waiting or their client's points were spent, by reason.
pub const ADMISSION_REFUSED: &str = "oruk_admission_refused_total";
/// Errors in GraphQL responses, by [`CODE`].
pub const GRAPHQL_ERRORS: &str = "oruk_graphql_errors_total";
/// Queries answered from a cached response.
pub const ANSWER_CACHE_HITS: &str = "oruk_answer_cache_hits_total";
/// Queries that had to be executed.
pub const ANSWER_CACHE_MISSES: &str = "oruk_answer_cache_misses_total";
/// Bytes of cached responses.
pub const ANSWER_CACHE_BYTES: &str = "oruk_answer_cache_bytes";
/// Number of cached responses.
pub const ANSWER_CACHE_ENTRIES: &str = "oruk_answer_cache_entries";
/// Requests sent to a source, by [`SOURCE`] and [`STATUS`].
pub const SOURCE_REQUESTS: &str = "oruk_source_requests_total";
/// Requests to a source that failed, by [`SOURCE`] and [`CODE`].
pub const SOURCE_FAILURES: &str = "oruk_source_failures_total";
/// Seconds a source took to respond, by [`SOURCE`].
pub const SOURCE_DURATION: &str = "oruk_source_request_duration_seconds";
/// Whether a source's circuit breaker is open (1) or closed (0), by [`SOURCE`].
pub const SOURCE_BREAKER_OPEN: &str = "oruk_source_breaker_open";
/// Age in seconds of the data served from a source, by [`SOURCE`].
pub const SOURCE_DATA_AGE: &str = "oruk_source_data_age_seconds";
/// Services served from a source, by [`SOURCE`].
pub const SOURCE_RECORDS: &str = "oruk_source_records";
/// The last step of the shared journal that this gateway's copy has applied.
pub const JOURNAL_STEP: &str = "oruk_journal_step";
/// For how many seconds this gateway's copy may have been behind the journal.
pub const JOURNAL_BEHIND: &str = "oruk_journal_behind_seconds";
/// Whether this gateway leads, and so reads the publishers for all (1), or not (0).
pub const JOURNAL_LEADER: &str = "oruk_journal_leader";
/// Synchronisation walks through a source's lists, by [`SOURCE`] and [`OUTCOME`].
pub const SYNC_WALKS: &str = "oruk_sync_walks_total";
/// Records created, updated and deleted in the catalogue by synchronisation, by [`SOURCE`] and [`CHANGE`].
pub const SYNC_CHANGES: &str = "oruk_sync_changes_total";
/// When a source's synchronisation last finished, in seconds of the Unix epoch, by [`SOURCE`].
pub const SYNC_LAST_END: &str = "oruk_sync_last_end_timestamp_seconds";
/// Upstream pages and records found in the cache, by [`SOURCE`].
pub const CACHE_HITS: &str = "oruk_cache_hits_total";
/// Upstream pages and records that had to be fetched, by [`SOURCE`].
pub const CACHE_MISSES: &str = "oruk_cache_misses_total";
/// Bytes of cached upstream pages and records.
pub const CACHE_BYTES: &str = "oruk_cache_bytes";

/// Label: the route, from a closed list.
pub const ROUTE: &str = "route";
/// Label: class of status, `2xx` to `5xx`.
pub const STATUS: &str = "status";
/// Label: `main` or `admin`.
pub const LISTENER: &str = "listener";
/// Label: why a connection was refused or closed, from a closed list.
pub const REASON: &str = "reason";
/// Label: an error code, from a closed list.
pub const CODE: &str = "code";
/// Label: the outcome of a walk: `whole`, `partial`, `broken_off` or `not_kept`.
pub const OUTCOME: &str = "outcome";
/// Label: `created`, `updated` or `deleted`.
pub const CHANGE: &str = "change";
/// Label: the key of a configured source.
pub const SOURCE: &str = "source";

/// The bucket boundaries of every `…_seconds` histogram, from a cached response to the longest timeout allowed.
const SECONDS: [f64; 12] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0, 15.0];

/// The format of log lines.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// One JSON object per line, for machines.
    Json,
}

/// Why logging could not be set up.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// The level is neither a level nor a list of `target=level`.
    #[error("is not a log level; use error, warn, info, debug or trace, or a list of target=level")]
    Level(#[from] ParseError),
    /// Another logger is already set up in this process.
    #[error("logging is already set up")]
    Taken(#[from] TryInitError),
    /// The thread that writes the log cannot be started.
    #[error("cannot start the thread that writes the log")]
    Thread(#[from] std::io::Error),
}

/// What libraries do not log, whatever the level.
const NOT_LOGGED: [&str; 5] = [
    // The texts they parse, which may contain anything.
    "html5ever=off",
    "markup5ever=off",
    "html2text=off",
    // A given-up merge of index segments, because some are gone by then. Nothing is lost; the rest are merged later.
    "tantivy::indexer::segment_manager=error",
    // An untrusted certificate. Whoever connects reports it, and not on every retry.
    "rustls_platform_verifier=off",
];

/// Sets up logging to standard error for the process, at `info` by default.
///
/// A separate thread writes the lines, so that a reader that stops reading cannot block the gateway.
///
/// # Errors
/// If `level` cannot be parsed, logging is already set up, or the thread that writes the log cannot be started.
pub fn init(level: Option<&str>, format: LogFormat) -> Result<LogGuard, LogError> {
    let mut filter = EnvFilter::try_new(level.unwrap_or("info"))?;
    for directive in NOT_LOGGED {
        filter = filter.add_directive(directive.parse()?);
    }
    let colours = std::io::stderr().is_terminal();
    let (writer, guard) = lines::to(std::io::stderr())?;
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(writer).with_ansi(colours);
    match format {
        LogFormat::Text => lines.finish().try_init()?,
        LogFormat::Json => lines.json().flatten_event(true).with_span_list(false).finish().try_init()?,
    }
    Ok(guard)
}

/// Creates a metrics recorder with the duration buckets.
///
/// # Errors
/// Never in practice: the buckets are constants.
pub fn recorder() -> Result<PrometheusRecorder, BuildError> {
    Ok(builder()?.build_recorder())
}

/// Installs the recorder for the process. The holder of the handle must call its `run_upkeep` every few seconds.
///
/// # Errors
/// If the process has a recorder already.
pub fn install_metrics() -> Result<PrometheusHandle, BuildError> {
    let handle = builder()?.install_recorder()?;
    describe();
    Ok(handle)
}

fn builder() -> Result<PrometheusBuilder, BuildError> {
    PrometheusBuilder::new().set_buckets_for_metric(Matcher::Suffix("_duration_seconds".to_owned()), &SECONDS)
}

fn describe() {
    use metrics::{describe_counter, describe_gauge, describe_histogram};
    describe_counter!(HTTP_REQUESTS, "Requests answered");
    describe_histogram!(HTTP_DURATION, "Seconds from request to response");
    describe_gauge!(HTTP_IN_FLIGHT, "Requests in progress");
    describe_gauge!(HTTP_CONNECTIONS, "Open connections");
    describe_counter!(HTTP_CONNECTIONS_REFUSED, "Connections refused because there were too many");
    describe_counter!(HTTP_CONNECTIONS_TIMED_OUT, "Connections closed because their client was too slow");
    describe_gauge!(ADMISSION_COST, "Cost of the operations in progress");
    describe_gauge!(ADMISSION_WAITING, "Operations waiting for admission or for memory");
    describe_gauge!(ADMISSION_MEMORY, "Bytes reserved for running operations that hold more than 2 MiB");
    describe_counter!(
        ADMISSION_REFUSED,
        "Operations refused because too many were waiting or their client's points were spent"
    );
    describe_counter!(GRAPHQL_ERRORS, "Errors in GraphQL responses");
    describe_counter!(ANSWER_CACHE_HITS, "Queries answered from a cached response");
    describe_counter!(ANSWER_CACHE_MISSES, "Queries that had to be executed");
    describe_gauge!(ANSWER_CACHE_BYTES, "Bytes of cached responses");
    describe_gauge!(ANSWER_CACHE_ENTRIES, "Number of cached responses");
    describe_counter!(SOURCE_REQUESTS, "Requests sent to a source");
    describe_counter!(SOURCE_FAILURES, "Requests to a source that failed");
    describe_histogram!(SOURCE_DURATION, "Seconds a source took to respond");
    describe_gauge!(SOURCE_BREAKER_OPEN, "Whether a source's circuit breaker is open");
    describe_gauge!(SOURCE_DATA_AGE, "Age in seconds of the data served from a source");
    describe_gauge!(SOURCE_RECORDS, "Services served from a source");
    describe_gauge!(JOURNAL_STEP, "The last step of the shared journal that this gateway's copy has taken");
    describe_gauge!(
        JOURNAL_BEHIND,
        "Seconds since this gateway's copy was level with the shared journal, 0 while it is"
    );
    describe_gauge!(
        JOURNAL_LEADER,
        "Whether this gateway reads the publishers for all that share the journal"
    );
    describe_counter!(SYNC_WALKS, "Synchronisation walks through a source's lists");
    describe_counter!(SYNC_CHANGES, "Records changed in the catalogue by synchronisation");
    describe_gauge!(SYNC_LAST_END, "When a synchronisation last finished");
    describe_counter!(CACHE_HITS, "Upstream pages and records found in the cache");
    describe_counter!(CACHE_MISSES, "Upstream pages and records that had to be fetched");
    describe_gauge!(CACHE_BYTES, "Bytes of cached upstream pages and records");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_level_that_cannot_be_read_is_refused_before_anything_is_set_up() {
        assert!(matches!(init(Some("oruk=very-loud"), LogFormat::Text), Err(LogError::Level(_))));
    }

    #[test]
    fn durations_are_kept_in_buckets() {
        let recorder = recorder().unwrap();
        let handle = recorder.handle();
        metrics::with_local_recorder(&recorder, || {
            metrics::histogram!(HTTP_DURATION, ROUTE => "graphql").record(0.004);
        });
        assert!(
            handle
                .render()
                .contains("oruk_http_request_duration_seconds_bucket{route=\"graphql\",le=\"0.005\"} 1")
        );
    }
}
