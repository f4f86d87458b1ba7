//! The front page: an introduction, the state of the sources, and example queries. Works without scripts.

use std::collections::HashMap;

use maud::{DOCTYPE, Markup, html};
use url::Url;

use super::examples::{self, ExampleQuery};
use super::sources_table::{sources_table, thousands};
use super::{HtmlPage, prefix};
use crate::federation::{FeedStatus, NewestAssurance, ReplicaRole, ReplicaStanding, SourceState};
use crate::http::{HttpSettings, assets};
use crate::model::SourceKey;

const POLICY: &str = "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; \
    form-action 'none'; frame-ancestors 'none'";

/// The settings that the page shows.
pub(in crate::http) struct FrontPage {
    prefix: String,
    path: String,
    /// The full endpoint address, if it is known.
    address: Option<String>,
    console: bool,
    introspection: bool,
}

impl FrontPage {
    pub(in crate::http) fn new(settings: &HttpSettings) -> Self {
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

    /// Renders the page with the present state of the sources, and when their publishers last checked a service.
    pub(in crate::http) fn page(
        &self,
        sources: &[SourceState],
        assured: &HashMap<SourceKey, NewestAssurance>,
        standing: Option<&ReplicaStanding>,
    ) -> HtmlPage {
        let markup = html! {
            (DOCTYPE)
            html lang="en-GB" {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="color-scheme" content="light dark";
                    title { "oruk-gateway: sources and example queries" }
                    link rel="icon" href="data:,";
                    link rel="stylesheet" href=(self.link(&assets::address("page.css")));
                }
                body {
                    a.skip href="#main" { "Skip to the sources" }
                    (self.header(sources, standing))
                    main #main { (sources_table(sources, assured)) (self.examples()) (self.links()) }
                    (self.footer())
                }
            }
        };
        HtmlPage::new(markup.into_string(), POLICY)
    }

    fn header(&self, sources: &[SourceState], standing: Option<&ReplicaStanding>) -> Markup {
        let count =
            |is_meant: fn(FeedStatus) -> bool| sources.iter().filter(|state| is_meant(state.status)).count();
        let answering = count(|status| matches!(status, FeedStatus::Fresh | FeedStatus::Stale));
        let warming = count(|status| status == FeedStatus::Warming);
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
                    "; " (thousands(services)) " services served. Send queries to "
                    // Without the console, the address has nothing to show in a browser.
                    @if self.console { a href=(endpoint) { code { (endpoint) } } } @else { code { (endpoint) } }
                    "."
                }
                @if let Some(standing) = standing { p { (replica_line(standing)) } }
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

    fn example(&self, example: &ExampleQuery) -> Markup {
        html! {
            article {
                h4 { (example.title) }
                // The query may scroll, so it must be reachable by keyboard.
                pre tabindex="0" role="group" aria-label={ "Query: " (example.title) } {
                    code { (example.query) }
                }
                @if self.console {
                    p {
                        a href={ (self.link(&self.path)) "#example=" (example.stem) } {
                            "Open in the console" span.unseen { ": " (example.title) }
                        }
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
                    (self.item("/oruk/v3/", "Open Referral UK feed", "all sources as one feed of version 3.0"))
                    (self.item("/export", "Exports", "whole lists as CSV, GeoJSON and calendars, described as JSON"))
                    (self.item("/openapi.json", "OpenAPI", "every address, for generators of clients"))
                    (self.item("/health/ready", "Readiness", "whether queries can be answered"))
                    (self.item("/health/live", "Liveness", "whether the gateway runs"))
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

/// Describes this gateway's role among those that share the catalogue.
fn replica_line(standing: &ReplicaStanding) -> String {
    let role = match standing.role() {
        ReplicaRole::Leader => "reads the publishers for all",
        ReplicaRole::Follower => "takes what the leader reads",
        ReplicaRole::Joining => "is loading the catalogue",
    };
    let others = match standing.members {
        1 => "No other gateway shares its catalogue at present".to_owned(),
        members => format!("It is one of {members} gateways that share a catalogue"),
    };
    let behind = match standing.behind().as_secs() {
        0 => "is level with the others".to_owned(),
        seconds => format!("has not been level with the others for {seconds} seconds"),
    };
    format!(
        "This gateway, {}, {role}. {others}; it is at step {} and {behind}.",
        standing.name, standing.applied
    )
}
