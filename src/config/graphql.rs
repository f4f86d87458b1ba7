//! `[graphql]`: where the graph is served, and the limits on one operation.

use serde_json::{Value as Json, json};
use toml::de::DeValue;

use super::kind::{self, ValueKind};
use super::problem::{KeyConflict, ValueRefusal};
use super::reader::{FoundValue, ProblemReport};
use super::section::settings;

settings! {
    /// Where the graph is served, and the limits on one operation.
    #[settle(settle_pages)]
    pub struct GraphqlSettings {
        /// The path at which the graph is served.
        path: String = kind::route(), "/graphql".to_owned();
        /// Whether clients may use introspection.
        introspection: bool = kind::flag(), true;
        /// Whether browsers get the GraphiQL console at the same path. It works offline.
        console: bool = kind::flag(), true;
        /// Whether the graph is also a subgraph for Apollo Federation 2: `_service` and `_entities` for routers.
        federation: bool = kind::flag(), false;
        /// The maximum nesting depth of fields.
        max_depth: usize = kind::whole(1..=1000), 16;
        /// The maximum cost of an operation, in points counted before it runs.
        max_complexity: usize = kind::whole(1..=1_000_000_000), 20_000;
        /// The maximum number of aliases in one operation.
        max_aliases: usize = kind::whole(0..=1_000_000), 50;
        /// The maximum number of fields at the top of one operation.
        max_root_fields: usize = kind::whole(1..=1_000_000), 20;
        /// The maximum number of tokens in one document.
        max_tokens: usize = kind::whole(1..=100_000_000), 5_000;
        /// The maximum number of directives in one operation.
        max_directives: usize = kind::whole(0..=1_000_000), 50;
        /// The maximum number of list elements and records read by id in one response.
        max_nodes: usize = kind::whole(1..=1_000_000_000), 100_000;
        /// The maximum size of a response.
        max_answer: usize = kind::size(1..=1 << 40), 10 << 20;
        /// The maximum number of searches in one operation.
        max_searches: usize = kind::whole(1..=1_000_000), 1_000;
        /// The maximum number of records on one page.
        max_page_size: usize = kind::whole(1..=10_000), 100;
        /// The number of records on a page when the query does not say. Never more than `max_page_size`.
        default_page_size: usize = kind::whole(1..=10_000), 20;
        /// Whether one request may contain several operations: `false`, or the maximum number.
        batching: OperationBatching = batching(), OperationBatching::Off;
    }
}

/// Whether one request may contain several operations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OperationBatching {
    /// No.
    Off,
    /// Yes, up to this many.
    UpTo(usize),
}

/// A lower `max_page_size` also lowers a `default_page_size` that is not written; if both are written, they must agree.
fn settle_pages(graphql: &mut GraphqlSettings) -> Vec<KeyConflict> {
    let (default, max) = (graphql.default_page_size, graphql.max_page_size);
    if default <= max {
        return Vec::new();
    }
    graphql.default_page_size = max;
    let refusal = ValueRefusal::new(format!("{default} is greater than `max_page_size`, {max}"))
        .remedy("lower it, or raise `max_page_size`");
    vec![KeyConflict { keys: ["default_page_size", "max_page_size"], refusal }]
}

fn batching() -> ValueKind<OperationBatching> {
    let number = kind::whole::<usize>(1..=1000);
    let schema = json!({ "anyOf": [{ "const": false }, number.schema()] });
    let read = move |report: &mut ProblemReport<'_>, found: &FoundValue<'_>| match found.value {
        DeValue::Boolean(false) => Some(OperationBatching::Off),
        DeValue::Boolean(true) => {
            let refusal =
                ValueRefusal::new("`true` sets no limit").remedy("give the maximum number of operations");
            report.refuse(found, refusal);
            None
        }
        _ if report.peek(found).is_some_and(|text| text == "false") => Some(OperationBatching::Off),
        _ => number.read(report, found).map(OperationBatching::UpTo),
    };
    ValueKind::new(schema, read, |batching| match batching {
        OperationBatching::Off => Some(Json::Bool(false)),
        OperationBatching::UpTo(most) => Some((*most).into()),
    })
}
