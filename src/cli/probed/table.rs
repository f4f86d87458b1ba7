//! Probes as a table, for people.

use comfy_table::{Table, presets};

use crate::model::IssueSeverity;
use crate::source::{Conformance, PageLimit, Presence, ProbeReport};

const COLUMNS: [&str; 10] = [
    "source",
    "reachable",
    "declared",
    "dialect",
    "endpoints",
    "parameters",
    "page limit",
    "records",
    "departures from the standard (first pages)",
    "latency",
];

/// Returns a table with a row for each source.
pub(in crate::cli) fn table(probes: &[ProbeReport]) -> String {
    let mut table = Table::new();
    table.load_preset(presets::UTF8_FULL_CONDENSED).set_header(COLUMNS);
    table.add_rows(probes.iter().map(row));
    table.to_string()
}

/// Returns why a source cannot be read. `None` if it can.
pub(in crate::cli) fn unreadable(probe: &ProbeReport) -> Option<String> {
    let error = probe.error.as_ref()?;
    Some(format!("{}: cannot be read: {} ({})", probe.key, error.message, error.code.as_str()))
}

/// Returns the Open Referral UK validator's expected verdict, on one line.
pub(in crate::cli) fn validator(probe: &ProbeReport) -> Option<String> {
    Some(format!("{}: {}", probe.key, probe.validator.as_ref()?.summary()))
}

/// Returns a count with its noun, in the plural if needed.
pub(in crate::cli) fn counted(count: usize, thing: &str) -> String {
    if count == 1 { format!("1 {thing}") } else { format!("{count} {thing}s") }
}

fn row(probe: &ProbeReport) -> [String; COLUMNS.len()] {
    let endpoints = probe.endpoints.iter().map(|endpoint| {
        let records = endpoint.records.map_or_else(String::new, |records| format!(" ({records})"));
        match endpoint.presence {
            Presence::Available => format!("{}{records}", endpoint.name),
            other => {
                let why = endpoint.failure.as_ref().map_or_else(String::new, |why| format!(" ({why})"));
                format!("{}: {}{why}", endpoint.name, other.as_str().to_lowercase())
            }
        }
    });
    let parameters =
        probe.parameters.iter().map(|one| format!("{}: {}", one.name, one.honoured.as_str().to_lowercase()));
    [
        probe.key.to_string(),
        if probe.is_reachable { "yes" } else { "no" }.to_owned(),
        or_unknown(probe.declared.version.clone()),
        or_unknown(probe.dialect.map(|dialect| dialect.as_str().to_owned())),
        lines(endpoints),
        lines(parameters),
        or_unknown(probe.page_limit.map(page_limit)),
        or_unknown(probe.records.map(|records| records.to_string())),
        if probe.is_reachable { departures(&probe.conformance) } else { or_unknown(None) },
        or_unknown(probe.latency.map(|latency| format!("{:.0} ms", latency.as_secs_f64() * 1000.0))),
    ]
}

/// The number of departures shown for each source; scripts get all.
const DEPARTURES_SHOWN: usize = 8;

fn departures(found: &Conformance) -> String {
    let checked = counted(found.records_checked, "record");
    let mut shown = vec![format!("{} of {checked}", found.records_with_issues)];
    for (severity, word) in
        [(IssueSeverity::Error, "error"), (IssueSeverity::Warning, "warning"), (IssueSeverity::Info, "note")]
    {
        let count = found.count(severity);
        shown.extend((count > 0).then(|| counted(count, word)));
    }
    let first = found.issues.iter().take(DEPARTURES_SHOWN);
    shown.extend(first.map(|issue| {
        // An issue of a page as a whole has no path, so its message says what it is.
        let place = if issue.path.is_empty() { &*issue.message } else { &issue.path };
        format!("{place} {}: {}", issue.code.as_str(), issue.count)
    }));
    let more = found.issues.len().saturating_sub(DEPARTURES_SHOWN);
    shown.extend((more > 0).then(|| format!("and {more} more")));
    lines(shown.into_iter())
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
