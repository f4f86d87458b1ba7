//! Findings for people.

use std::path::Path;

use comfy_table::{Table, presets};

use super::Findings;
use crate::cli::failure::describe;
use crate::source::{PageLimit, Presence, ProbeReport};

pub(super) fn report(findings: &Findings) -> String {
    let file = findings.file.as_deref().unwrap_or(Path::new("(no configuration)"));
    let mut lines: Vec<String> = findings.problems.iter().map(|problem| describe(file, problem)).collect();
    if let Some(probes) = &findings.probes {
        lines.push(table(probes).to_string());
        lines.extend(findings.unreadable().filter_map(unreadable));
    }
    lines.push(summary(findings, file));
    lines.join("\n")
}

fn summary(findings: &Findings, file: &Path) -> String {
    let file = file.display();
    let sources = match (findings.sources, &findings.file) {
        (0, Some(_)) => "no sources, so the embedded demonstration would be served".to_owned(),
        (0, None) => "the embedded demonstration would be served".to_owned(),
        (count, _) => counted(count, "source"),
    };
    match findings.count() {
        0 => format!("{file}: no problems; {sources}"),
        count => format!("{file}: {}", counted(count, "problem")),
    }
}

fn counted(count: usize, thing: &str) -> String {
    if count == 1 { format!("1 {thing}") } else { format!("{count} {thing}s") }
}

fn unreadable(probe: &ProbeReport) -> Option<String> {
    let error = probe.error.as_ref()?;
    Some(format!("{}: cannot be read: {} ({})", probe.key, error.message, error.code.as_str()))
}

const COLUMNS: [&str; 10] = [
    "source",
    "reachable",
    "declared",
    "dialect",
    "endpoints",
    "parameters",
    "page limit",
    "records",
    "issues on page 1",
    "latency",
];

fn table(probes: &[ProbeReport]) -> Table {
    let mut table = Table::new();
    table.load_preset(presets::UTF8_FULL_CONDENSED).set_header(COLUMNS);
    table.add_rows(probes.iter().map(row));
    table
}

fn row(probe: &ProbeReport) -> [String; COLUMNS.len()] {
    let endpoints = probe.endpoints.iter().map(|endpoint| {
        let records = endpoint.records.map_or_else(String::new, |records| format!(" ({records})"));
        match endpoint.presence {
            Presence::Available => format!("{}{records}", endpoint.name),
            other => format!("{}: {}", endpoint.name, other.as_str().to_lowercase()),
        }
    });
    let parameters =
        probe.parameters.iter().map(|one| format!("{}: {}", one.name, one.honoured.as_str().to_lowercase()));
    let issues = probe.issues.iter().map(|(code, count)| format!("{code} {count}"));
    [
        probe.key.to_string(),
        if probe.is_reachable { "yes" } else { "no" }.to_owned(),
        or_unknown(probe.declared.version.clone()),
        or_unknown(probe.dialect.map(|dialect| dialect.as_str().to_owned())),
        lines(endpoints),
        lines(parameters),
        or_unknown(probe.page_limit.map(page_limit)),
        or_unknown(probe.records.map(|records| records.to_string())),
        lines(issues),
        or_unknown(probe.latency.map(|latency| format!("{:.0} ms", latency.as_secs_f64() * 1000.0))),
    ]
}

fn page_limit(limit: PageLimit) -> String {
    if limit.is_reached { limit.rows.to_string() } else { format!("{} or more", limit.rows) }
}

fn lines(items: impl Iterator<Item = String>) -> String {
    let lines: Vec<_> = items.collect();
    if lines.is_empty() { or_unknown(None) } else { lines.join("\n") }
}

fn or_unknown(text: Option<String>) -> String {
    text.unwrap_or_else(|| "–".to_owned())
}
