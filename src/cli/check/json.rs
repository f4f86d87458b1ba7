//! Findings for scripts.

use serde_json::{Map, Value, json};

use super::Findings;
use crate::config::Problem;
use crate::source::{ProbeReport, SourceError};

pub(super) fn report(findings: &Findings) -> Value {
    let mut report = Map::new();
    report.insert("clean".into(), findings.are_clean().into());
    report.insert("file".into(), findings.file.as_ref().map(|file| file.display().to_string()).into());
    report.insert("problems".into(), findings.problems.iter().map(problem).collect());
    if let Some(probes) = &findings.probes {
        report.insert("sources".into(), probes.iter().map(probe).collect());
    }
    report.into()
}

fn problem(problem: &Problem) -> Value {
    let Problem { key, line, column, message, remedy } = problem;
    json!({ "line": line, "column": column, "key": key, "message": message, "remedy": remedy })
}

fn probe(probe: &ProbeReport) -> Value {
    let endpoints = probe.endpoints.iter().map(|endpoint| {
        json!({ "name": endpoint.name, "presence": endpoint.presence.as_str(), "records": endpoint.records })
    });
    let parameters = probe.parameters.iter();
    let parameters: Map<_, _> =
        parameters.map(|one| (one.name.to_owned(), one.honoured.as_str().into())).collect();
    json!({
        "key": probe.key,
        "reachable": probe.is_reachable,
        "version": probe.declared.version,
        "profile": probe.declared.profile,
        "dialect": probe.dialect,
        "endpoints": endpoints.collect::<Vec<_>>(),
        "parameters": parameters,
        "page_limit": probe.page_limit.map(|limit| json!({ "rows": limit.rows, "reached": limit.is_reached })),
        "records": probe.records,
        "issues": probe.issues,
        "latency_ms": probe.latency.map(|latency| latency.as_secs_f64() * 1000.0),
        "error": probe.error.as_ref().map(error),
    })
}

fn error(error: &SourceError) -> Value {
    json!({ "code": error.code.as_str(), "message": error.message, "http_status": error.http_status })
}
