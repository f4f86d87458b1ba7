//! `[graphql]`: where the graph is served and what one operation may ask for.

use serde_json::{Value as Json, json};
use toml::de::DeValue;

use super::kind::{self, Kind};
use super::problem::{Conflict, Refusal};
use super::reader::{Found, Report};
use super::section::settings;

settings! {
    /// Where the graph is served, and what one operation may ask for.
    #[settle(settle_pages)]
    pub struct Graphql {
        /// The path the graph is served at.
        path: String = kind::route(), "/graphql".to_owned();
        /// Whether clients may ask for the schema.
        introspection: bool = kind::flag(), true;
        /// Whether a browser gets a console to write queries in, at the same path. It works offline.
        console: bool = kind::flag(), true;
        /// How deep fields may nest.
        max_depth: usize = kind::whole(1..=1000), 16;
        /// The most an operation may cost, in points counted before it runs.
        max_complexity: usize = kind::whole(1..=1_000_000_000), 20_000;
        /// The most aliases in one operation.
        max_aliases: usize = kind::whole(0..=1_000_000), 50;
        /// The most fields at the top of one operation.
        max_root_fields: usize = kind::whole(1..=1_000_000), 20;
        /// The most tokens in one document.
        max_tokens: usize = kind::whole(1..=100_000_000), 5_000;
        /// The most directives in one operation.
        max_directives: usize = kind::whole(0..=1_000_000), 50;
        /// The most elements of lists and records read by id in one answer.
        max_nodes: usize = kind::whole(1..=1_000_000_000), 100_000;
        /// The largest answer.
        max_answer: usize = kind::size(1..=1 << 40), 10 << 20;
        /// The most searches one operation may make.
        max_searches: usize = kind::whole(1..=1_000_000), 1_000;
        /// The most records one page may ask for.
        max_page_size: usize = kind::whole(1..=10_000), 100;
        /// The records on a page that does not say. Never more than `max_page_size`.
        default_page_size: usize = kind::whole(1..=10_000), 20;
        /// Whether one request may hold several operations: false, or the most it may hold.
        batching: Batching = batching(), Batching::Off;
    }
}

/// Whether one request may hold several operations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Batching {
    /// It may not.
    Off,
    /// It may, up to this many.
    UpTo(usize),
}

/// A lowered `max_page_size` lowers a `default_page_size` nobody wrote; two that were written must agree.
fn settle_pages(graphql: &mut Graphql) -> Vec<Conflict> {
    let (default, max) = (graphql.default_page_size, graphql.max_page_size);
    if default <= max {
        return Vec::new();
    }
    graphql.default_page_size = max;
    let refusal = Refusal::new(format!("{default} is more than max_page_size, {max}"))
        .remedy("lower it, or raise max_page_size");
    vec![Conflict { keys: ["default_page_size", "max_page_size"], refusal }]
}

fn batching() -> Kind<Batching> {
    let number = kind::whole::<usize>(1..=1000);
    let schema = json!({ "anyOf": [{ "const": false }, number.schema()] });
    let read = move |report: &mut Report<'_>, found: &Found<'_>| match found.value {
        DeValue::Boolean(false) => Some(Batching::Off),
        DeValue::Boolean(true) => {
            let refusal = Refusal::new("true sets no bound").remedy("write the most operations it may hold");
            report.refuse(found, refusal);
            None
        }
        _ if report.peek(found).is_some_and(|text| text == "false") => Some(Batching::Off),
        _ => number.read(report, found).map(Batching::UpTo),
    };
    Kind::new(schema, read, |batching| match batching {
        Batching::Off => Some(Json::Bool(false)),
        Batching::UpTo(most) => Some((*most).into()),
    })
}
