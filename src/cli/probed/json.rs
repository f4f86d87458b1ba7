//! Probes as JSON, for scripts.

use serde_json::{Map, Value};

use crate::source::{
    ConformanceSummary, FeedIssue, ProbeReport, SourceError, ValidatorReason, ValidatorVerdict,
};

/// The number of example records for each departure.
const EXAMPLES: usize = 5;

/// Returns the report on one source.
pub(in crate::cli) fn json(probe: &ProbeReport) -> Value {
    let endpoints = probe.endpoints.iter().map(|endpoint| {
        serde_json::json!({ "name": endpoint.name, "path": endpoint.path, "http_status": endpoint.http_status, "presence": endpoint.presence.as_str(), "records": endpoint.records, "failure": endpoint.failure })
    });
    let parameters = probe.parameters.iter();
    let parameters: Map<_, _> =
        parameters.map(|one| (one.name.to_owned(), one.honoured.as_str().into())).collect();
    serde_json::json!({
        "key": probe.key,
        "reachable": probe.is_reachable,
        "version": probe.declared.version,
        "profile": probe.declared.profile,
        "dialect": probe.dialect,
        "endpoints": endpoints.collect::<Vec<_>>(),
        "parameters": parameters,
        "page_limit": probe.page_limit.map(|limit| serde_json::json!({ "rows": limit.rows, "reached": limit.is_reached })),
        "records": probe.records,
        "conformance": probe.is_reachable.then(|| conformance(&probe.conformance)),
        "validator": probe.validator.as_ref().map(validator),
        "latency_ms": probe.latency.map(|latency| latency.as_secs_f64() * 1000.0),
        "error": probe.error.as_ref().map(error),
    })
}

fn conformance(found: &ConformanceSummary) -> Value {
    let issue = |issue: &FeedIssue| {
        serde_json::json!({
            "code": issue.code.as_str(),
            "severity": issue.severity.as_str(),
            "path": issue.path,
            "message": issue.message,
            "count": issue.count,
            "example_upstream_ids": issue.example_upstream_ids.iter().take(EXAMPLES).collect::<Vec<_>>(),
        })
    };
    serde_json::json!({
        "records_checked": found.records_checked,
        "records_with_issues": found.records_with_issues,
        "issues": found.issues.iter().map(issue).collect::<Vec<_>>(),
    })
}

fn validator(verdict: &ValidatorVerdict) -> Value {
    let reason = |reason: &ValidatorReason| {
        serde_json::json!({
            "endpoint": reason.endpoint,
            "code": reason.code.as_str(),
            "fails": reason.fails,
            "path": reason.path,
            "message": reason.message,
            "count": reason.count,
        })
    };
    serde_json::json!({
        "passes": verdict.passes(),
        "summary": verdict.summary(),
        "profile": verdict.profile,
        "reasons": verdict.reasons.iter().map(reason).collect::<Vec<_>>(),
    })
}

fn error(error: &SourceError) -> Value {
    serde_json::json!({ "code": error.code.as_str(), "message": error.message, "http_status": error.http_status })
}
