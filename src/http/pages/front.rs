//! The front page: an introduction, the state of the sources, and example queries. Works without scripts.

use std::time::Duration;

use maud::{DOCTYPE, Markup, html};
use url::Url;

use super::examples::{self, Example};
use super::{Page, prefix};
use crate::federation::{SourceState, SourceStatus};
use crate::http::{Settings, assets};

const POLICY: &str = "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; \
    form-action 'none'; frame-ancestors 'none'";

/// The settings that the page shows.
pub(in crate::http) struct Front {
    prefix: String,
    path: String,
    /// The full endpoint address, if it is known.
    address: Option<String>,
    console: bool,
    introspection: bool,
}

impl Front {
    pub(in crate::http) fn new(settings: &Settings) -> Self {
        let public = settings.public_url.as_ref();
        let whole = |url: &Url| format!("{}{}", url.as_str().trim_end_matches('/'), settings.path);
        Self {
            prefix: prefix(public).to_owned(),
            path: settings.path.clone(),
            address: public.map(whole),
            console: settings.console,
            introspection: settings.introspection,
        }
    }

    /// Renders the page with the present state of the sources.
    pub(in crate::http) fn page(&self, sources: &[SourceState]) -> Page {
        let markup = html! {
            (DOCTYPE)
            html lang="en-GB" {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="color-scheme" content="light dark";
                    title { "oruk-gateway" }
                    link rel="icon" href="data:,";
                    link rel="stylesheet" href=(self.link(&assets::address("page.css")));
                }
                body {
                    a.skip href="#main" { "Skip to the sources" }
                    (self.header(sources))
                    main #main { (table(sources)) (self.examples()) (self.links()) }
                    (self.footer())
                }
            }
        };
        Page::new(markup.into_string(), POLICY)
    }

    fn header(&self, sources: &[SourceState]) -> Markup {
        let count = |is_meant: fn(SourceStatus) -> bool| {
            sources.iter().filter(|state| is_meant(state.status)).count()
        };
        let answering = count(|status| matches!(status, SourceStatus::Fresh | SourceStatus::Stale));
        let warming = count(|status| status == SourceStatus::Warming);
        let services: usize = sources.iter().filter_map(|state| state.service_count).sum();
        let endpoint = self.address.clone().unwrap_or_else(|| self.link(&self.path));
        html! {
            header {
                h1 { "oruk-gateway" }
                p {
                    "One GraphQL graph over many Open Referral UK feeds: find community services from every "
                    "publisher with one query."
                }
                p.summary {
                    (answering) " of " (sources.len()) " sources are ready"
                    @if warming > 0 { ", " (warming) " being read for the first time" }
                    "; " (thousands(services)) " services served. Send queries to " a href=(endpoint) { code { (endpoint) } } "."
                }
            }
        }
    }

    fn examples(&self) -> Markup {
        html! {
            section aria-labelledby="queries" {
                h2 #queries { "Example queries" }
                @for (audience, examples) in examples::by_audience() {
                    h3 { (audience) }
                    div.examples { @for example in examples { (self.example(&example)) } }
                }
            }
        }
    }

    fn example(&self, example: &Example) -> Markup {
        html! {
            article {
                h4 { (example.title) }
                pre tabindex="0" { code { (example.query) } }
                @if self.console {
                    p {
                        a href={ (self.link(&self.path)) "#example=" (example.stem) } { "Open in the console" }
                    }
                }
            }
        }
    }

    fn links(&self) -> Markup {
        let schema = if self.introspection {
            "every type and field, with descriptions; also by introspection"
        } else {
            "every type and field, with descriptions"
        };
        html! {
            section aria-labelledby="more" {
                h2 #more { "Links" }
                ul.links {
                    @if self.console { (self.item(&self.path, "Console", "write and run queries in the browser")) }
                    (self.item("/schema.graphql", "Schema", schema))
                    (self.item("/health/ready", "Readiness", "whether queries can be answered"))
                    (self.item("/health/live", "Liveness", "whether the gateway runs"))
                    (self.item("/metrics", "Metrics", "in Prometheus text format"))
                }
            }
        }
    }

    fn item(&self, path: &str, name: &str, what: &str) -> Markup {
        html! { li { a href=(self.link(path)) { (name) } span { (what) } } }
    }

    fn footer(&self) -> Markup {
        html! {
            footer {
                p {
                    "oruk-gateway " (env!("CARGO_PKG_VERSION")) " · "
                    a href=(self.link("/assets/THIRD-PARTY.txt")) { "licences of the console's components" }
                }
                p { "The data belongs to its publishers; each source names its licence." }
            }
        }
    }

    fn link(&self, path: &str) -> String {
        format!("{}{path}", self.prefix)
    }
}

fn table(sources: &[SourceState]) -> Markup {
    const COLUMNS: [&str; 4] = ["Name", "Key", "Dialect", "Status"];
    html! {
        section aria-labelledby="sources" {
            h2 #sources { "Sources" }
            div.scroll role="region" aria-labelledby="sources" tabindex="0" {
                table {
                    thead {
                        tr {
                            @for column in COLUMNS { th scope="col" { (column) } }
                            th.number scope="col" { "Records" }
                            @for column in ["Data age", "Licence", "Error"] { th scope="col" { (column) } }
                        }
                    }
                    tbody { @for state in sources { (row(state)) } }
                }
            }
        }
    }
}

fn row(state: &SourceState) -> Markup {
    let (class, label) = status(state.status);
    let info = &state.info;
    html! {
        tr {
            th scope="row" {
                @match &info.homepage { Some(page) => a href=(page) { (info.name) }, None => (info.name) }
            }
            td { code { (info.key) } }
            td { code { (dialect(state)) } }
            td { span class={ "status " (class) } { (label) } }
            td.number { @if let Some(count) = state.service_count { (thousands(count)) } }
            td.age { @if let Some(age) = state.age { (in_words(age)) } }
            td { (licence(state)) }
            td.error { @if let Some(error) = &state.error { (error.message) } }
        }
    }
}

fn status(status: SourceStatus) -> (&'static str, &'static str) {
    match status {
        SourceStatus::Fresh => ("fresh", "Fresh"),
        SourceStatus::Stale => ("stale", "Stale"),
        SourceStatus::Warming => ("warming", "Warming"),
        SourceStatus::Unavailable => ("unavailable", "Unavailable"),
        SourceStatus::Quarantined => ("quarantined", "Quarantined"),
    }
}

/// Returns the dialect's name as in the configuration.
fn dialect(state: &SourceState) -> String {
    let spelt = state.info.dialect.and_then(|dialect| serde_json::to_value(dialect).ok());
    spelt.and_then(|name| name.as_str().map(str::to_owned)).unwrap_or_else(|| "auto".to_owned())
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
fn in_words(age: Duration) -> String {
    let seconds = age.as_secs();
    let (count, unit) = match seconds {
        0..60 => (seconds, "second"),
        60..3_600 => (seconds / 60, "minute"),
        3_600..86_400 => (seconds / 3_600, "hour"),
        _ => (seconds / 86_400, "day"),
    };
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {unit}{plural}")
}

fn thousands(number: usize) -> String {
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
        for (seconds, expected) in
            [(0, "0 seconds"), (1, "1 second"), (119, "1 minute"), (7_300, "2 hours"), (200_000, "2 days")]
        {
            assert_eq!(in_words(Duration::from_secs(seconds)), expected);
        }
        for (number, expected) in [(0, "0"), (999, "999"), (1_716, "1,716"), (1_234_567, "1,234,567")] {
            assert_eq!(thousands(number), expected);
        }
    }
}
