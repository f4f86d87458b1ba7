//! Probes as text, for people: what is known of each source, and all of them at a glance.

use crate::cli::layout::wrapping_table;
use crate::model::IssueSeverity;
use crate::source::{ConformanceSummary, EndpointPresence, PageLimit, ProbeReport};

/// The width from which on the overview has all of its columns.
const ROOM_FOR_ALL: u16 = 64;

/// Returns what is known of a source: a line for each property, wrapped to this width.
pub(in crate::cli) fn described(probe: &ProbeReport, columns: u16) -> String {
    let mut table = wrapping_table(columns);
    table.add_rows(properties(probe));
    if let Some(labels) = table.column_mut(0) {
        labels.set_padding((2, 1));
    }
    format!("{}\n{}", probe.key, table.trim_fmt())
}

/// Returns a table of several sources, a row for each.
pub(in crate::cli) fn overview(probes: &[ProbeReport], columns: u16) -> String {
    let mut table = wrapping_table(columns);
    let shown = if columns < ROOM_FOR_ALL { 4 } else { 6 };
    let header = ["source", "reachable", "dialect", "records", "latency", "validator"];
    table.set_header(header.into_iter().take(shown));
    table.add_rows(probes.iter().map(|probe| {
        let verdict = probe.validator.as_ref().map(|verdict| match verdict.passes() {
            true => "would pass".to_owned(),
            false => "would fail".to_owned(),
        });
        [
            probe.key.to_string(),
            if probe.is_reachable { "yes" } else { "no" }.to_owned(),
            dialect(probe),
            records(probe),
            or_unknown(latency(probe)),
            or_unknown(verdict),
        ]
        .into_iter()
        .take(shown)
    }));
    table.trim_fmt()
}

/// Returns a count with its noun, in the plural if needed.
pub(in crate::cli) fn counted(count: usize, thing: &str) -> String {
    if count == 1 { format!("1 {thing}") } else { format!("{count} {thing}s") }
}

fn properties(probe: &ProbeReport) -> Vec<[String; 2]> {
    let error = probe.error.as_ref();
    let error = error.map(|error| format!("cannot be read: {} ({})", error.message, error.code.as_str()));
    let known = match probe.is_reachable {
        false => Vec::new(),
        true => vec![
            ("reachable", latency(probe).map_or_else(|| "yes".to_owned(), |took| format!("yes, in {took}"))),
            ("declared", or_unknown(probe.declared.version.clone())),
            ("dialect", dialect(probe)),
            ("records", records(probe)),
            ("page limit", or_unknown(probe.page_limit.map(page_limit))),
            ("endpoints", endpoints(probe)),
            ("parameters", parameters(probe)),
            ("departures", departures(&probe.conformance)),
        ],
    };
    let verdict = probe.validator.as_ref().map(|verdict| ("validator", verdict.summary()));
    let error = error.map(|error| ("error", error));
    known.into_iter().chain(verdict).chain(error).map(|(label, text)| [label.to_owned(), text]).collect()
}

fn dialect(probe: &ProbeReport) -> String {
    or_unknown(probe.dialect.map(|dialect| dialect.as_str().to_owned()))
}

fn records(probe: &ProbeReport) -> String {
    or_unknown(probe.records.map(|records| records.to_string()))
}

fn latency(probe: &ProbeReport) -> Option<String> {
    probe.latency.map(|latency| format!("{:.0} ms", latency.as_secs_f64() * 1000.0))
}

fn endpoints(probe: &ProbeReport) -> String {
    let endpoints = probe.endpoints.iter().map(|endpoint| {
        let records = endpoint.records.map_or_else(String::new, |records| format!(" ({records})"));
        match endpoint.presence {
            EndpointPresence::Available => format!("{}{records}", endpoint.name),
            other => {
                let why = endpoint.failure.as_ref().map_or_else(String::new, |why| format!(" ({why})"));
                format!("{}: {}{why}", endpoint.name, other.as_str().to_lowercase())
            }
        }
    });
    lines(endpoints)
}

fn parameters(probe: &ProbeReport) -> String {
    let parameters = probe.parameters.iter();
    lines(parameters.map(|one| format!("{}: {}", one.name, one.honoured.as_str().to_lowercase())))
}

/// The number of departures shown for each source; scripts get all.
const DEPARTURES_SHOWN: usize = 8;

fn departures(found: &ConformanceSummary) -> String {
    let checked = counted(found.records_checked, "record");
    let mut shown = vec![format!("{} of {checked} on the first pages", found.records_with_issues)];
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
