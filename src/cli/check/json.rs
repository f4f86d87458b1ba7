//! Findings as JSON, for scripts.

use serde_json::{Map, Value, json};

use super::Findings;
use crate::cli::probed;
use crate::config::ConfigProblem;

pub(super) fn report(findings: &Findings) -> Value {
    let mut report = Map::new();
    report.insert("clean".into(), findings.are_clean().into());
    report.insert("file".into(), findings.file.as_ref().map(|file| file.display().to_string()).into());
    report.insert("problems".into(), findings.problems.iter().map(problem).collect());
    if let Some(probes) = &findings.probes {
        report.insert("sources".into(), probes.iter().map(probed::json).collect());
    }
    report.into()
}

fn problem(problem: &ConfigProblem) -> Value {
    let ConfigProblem { key, line, column, message, remedy } = problem;
    json!({ "line": line, "column": column, "key": key, "message": message, "remedy": remedy })
}
