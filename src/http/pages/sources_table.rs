//! The front page's table of sources: the health of each, the age of the gateway's copy, and when the publisher last
//! checked its data.
//!
//! On a narrow screen the stylesheet turns each row into a list of labelled values. Browsers then forget that it is a
//! table, so the roles are spelled out.

use std::collections::HashMap;
use std::time::Duration;

use maud::{Markup, html};

use crate::federation::{FeedStatus, NewestAssurance, SourceState};
use crate::model::SourceKey;

const COLUMNS: [&str; 7] = ["Source", "Status", "Services", "Copied", "Last assured", "Dialect", "Licence"];

/// Renders the table, with what its columns mean.
pub(super) fn sources_table(
    sources: &[SourceState],
    assured: &HashMap<SourceKey, NewestAssurance>,
) -> Markup {
    html! {
        section aria-labelledby="sources" {
            h2 #sources { "Sources" }
            p.note {
                b { "Copied" } ": when the gateway last read the source. " b { "Last assured" }
                ": the newest date on which the publisher says that it checked one of its services."
            }
            div.scroll role="region" aria-label="Table of sources" tabindex="0" {
                table role="table" aria-labelledby="sources" {
                    thead role="rowgroup" {
                        tr role="row" {
                            @for column in COLUMNS { th role="columnheader" scope="col" { (column) } }
                        }
                    }
                    tbody role="rowgroup" {
                        @for state in sources { (row(state, assured.get(&state.info.key))) }
                    }
                }
            }
        }
    }
}

fn row(state: &SourceState, assured: Option<&NewestAssurance>) -> Markup {
    let [_, columns @ ..] = COLUMNS;
    let cells = [
        status(state),
        html! { @if let Some(count) = state.service_count { (thousands(count)) } @else { "unknown" } },
        html! { @if let Some(age) = state.age { (ago(age)) } @else { "not yet" } },
        last_assured(assured),
        dialect(state),
        licence(state),
    ];
    html! {
        tr role="row" {
            th role="rowheader" scope="row" { (name(state)) }
            @for (column, cell) in columns.iter().zip(cells) {
                td role="cell" data-label=(column) { (cell) }
            }
        }
    }
}

fn name(state: &SourceState) -> Markup {
    let info = &state.info;
    html! {
        @match &info.homepage { Some(page) => a href=(page) { (info.name) }, None => (info.name) }
        " " code { (info.key) }
    }
}

/// Renders the status and, if there is an error, its reason.
fn status(state: &SourceState) -> Markup {
    let (class, label) = match state.status {
        FeedStatus::Fresh => ("fresh", "Fresh"),
        FeedStatus::Stale => ("stale", "Stale"),
        FeedStatus::Warming => ("warming", "Warming"),
        FeedStatus::Unavailable => ("unavailable", "Unavailable"),
        FeedStatus::Quarantined => ("quarantined", "Quarantined"),
    };
    html! {
        span class={ "status " (class) } { (label) }
        @if let Some(error) = &state.error { " " span.error { (error.message) } }
    }
}

fn last_assured(assured: Option<&NewestAssurance>) -> Markup {
    html! {
        @match assured {
            Some(assured) => time datetime=(assured.date) { (days_ago(assured.days_ago)) },
            None => "no date given",
        }
    }
}

/// Renders the dialect that the source is read as, in the configuration's spelling.
fn dialect(state: &SourceState) -> Markup {
    match state.dialect.or(state.info.dialect) {
        Some(dialect) => html! { code { (dialect.as_str()) } },
        None => html! { "not known yet" },
    }
}

fn licence(state: &SourceState) -> Markup {
    match &state.info.licence {
        None => html! { "not stated" },
        Some(licence) => match &licence.url {
            Some(url) => html! { a href=(url) { (licence.name) } },
            None => html! { (licence.name) },
        },
    }
}

/// Writes a duration in its largest unit, rounded down.
fn ago(age: Duration) -> String {
    let seconds = age.as_secs();
    match seconds {
        0..60 => counted(seconds, "second"),
        60..3_600 => counted(seconds / 60, "minute"),
        3_600..86_400 => counted(seconds / 3_600, "hour"),
        _ => counted(seconds / 86_400, "day"),
    }
}

/// Writes a number of days in a unit that suits it, rounded down.
fn days_ago(days: u64) -> String {
    match days {
        0 => "today".to_owned(),
        1 => "yesterday".to_owned(),
        2..60 => counted(days, "day"),
        // A month counts as a twelfth of 365 days.
        60..730 => counted((days * 12 / 365).max(2), "month"),
        _ => counted(days / 365, "year"),
    }
}

fn counted(count: u64, unit: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {unit}{plural} ago")
}

/// Writes a number with commas.
pub(super) fn thousands(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_ages_and_counts_as_people_do() {
        for (seconds, expected) in [
            (0, "0 seconds ago"),
            (1, "1 second ago"),
            (119, "1 minute ago"),
            (7_300, "2 hours ago"),
            (200_000, "2 days ago"),
        ] {
            assert_eq!(ago(Duration::from_secs(seconds)), expected);
        }
        for (days, expected) in [
            (0, "today"),
            (1, "yesterday"),
            (59, "59 days ago"),
            (60, "2 months ago"),
            (729, "23 months ago"),
            (730, "2 years ago"),
        ] {
            assert_eq!(days_ago(days), expected);
        }
        for (number, expected) in [(0, "0"), (999, "999"), (1_716, "1,716"), (1_234_567, "1,234,567")] {
            assert_eq!(thousands(number), expected);
        }
    }
}
