//! Every address, with its parameters and responses. A new address is added here and to the routes.

use serde_json::{Value, json};

use super::super::HttpSettings;
use super::super::feed::{PREFIX, list_name, list_parameters};
use super::super::parameters::QueryParameter;
use super::schemas::{page_of, schema_of};
use crate::model::RecordKind;

/// One operation of one address.
pub(super) struct DescribedAddress {
    pub(super) path: String,
    pub(super) method: &'static str,
    /// The name of the route in logs and metrics.
    pub(super) label: &'static str,
    pub(super) operation: String,
    pub(super) tag: &'static str,
    pub(super) summary: String,
    pub(super) parameters: Vec<&'static QueryParameter>,
    /// Parameters that are not declared as a [`QueryParameter`].
    pub(super) other_parameters: Vec<Value>,
    /// The schema of a request's body.
    pub(super) body: Option<Value>,
    pub(super) answers: Vec<DescribedAnswer>,
    /// Statuses of requests that are refused.
    pub(super) refusals: Vec<u16>,
}

/// One response of an address.
pub(super) struct DescribedAnswer {
    pub(super) status: u16,
    pub(super) description: &'static str,
    pub(super) media_types: &'static [&'static str],
    pub(super) schema: Value,
}

pub(super) const JSON: &[&str] = &["application/json"];
const GRAPHQL: &[&str] = &["application/json", "application/graphql-response+json"];
const TEXT: &[&str] = &["text/plain"];
const HTML: &[&str] = &["text/html"];

/// The refusals of every address of the feed.
const OF_FEED: [u16; 6] = [304, 400, 414, 429, 503, 504];

/// Returns all addresses of a gateway with these settings.
pub(super) fn all(settings: &HttpSettings) -> Vec<DescribedAddress> {
    let mut all = vec![graphql_get(settings), graphql_post(settings)];
    all.extend(pages());
    all.extend(operations(settings));
    all.push(feed_root());
    all.extend(RecordKind::ALL.into_iter().flat_map(|kind| [feed_list(kind), feed_record(kind)]));
    all.extend(super::exports::all());
    all
}

/// Returns the names of all routes that are described.
#[cfg(test)]
pub(in crate::http) fn labels(settings: &HttpSettings) -> std::collections::BTreeSet<&'static str> {
    all(settings).into_iter().map(|address| address.label).collect()
}

pub(super) fn get(
    path: &str,
    label: &'static str,
    tag: &'static str,
    summary: &str,
    answered: DescribedAnswer,
) -> DescribedAddress {
    DescribedAddress {
        path: path.to_owned(),
        method: "get",
        label,
        operation: label.to_owned(),
        tag,
        summary: summary.to_owned(),
        parameters: Vec::new(),
        other_parameters: Vec::new(),
        body: None,
        answers: vec![answered],
        refusals: Vec::new(),
    }
}

pub(super) fn ok(
    description: &'static str,
    media_types: &'static [&'static str],
    schema: Value,
) -> DescribedAnswer {
    DescribedAnswer { status: 200, description, media_types, schema }
}

pub(super) fn text() -> Value {
    json!({ "type": "string" })
}

fn graphql_get(settings: &HttpSettings) -> DescribedAddress {
    let parameter = |name: &str, description: &str| json!({ "name": name, "in": "query", "description": description, "schema": { "type": "string" } });
    let answered =
        ok("The result, with `data`, and `errors` if there are any.", GRAPHQL, json!({ "type": "object" }));
    DescribedAddress {
        operation: "queryByGet".to_owned(),
        other_parameters: vec![
            parameter("query", "The document. Only queries are executed, never mutations."),
            parameter("operationName", "Which operation of the document is executed, if it has several."),
            parameter("variables", "The variables, as a JSON object."),
            parameter("extensions", "Extensions, as a JSON object."),
        ],
        refusals: vec![304, 400, 414, 429, 503, 504],
        ..get(&settings.path, "graphql", "graphql", "Executes a GraphQL query", answered)
    }
}

fn graphql_post(settings: &HttpSettings) -> DescribedAddress {
    DescribedAddress {
        method: "post",
        operation: "queryByPost".to_owned(),
        body: Some(json!({ "$ref": "#/components/schemas/GraphQlRequest" })),
        refusals: vec![400, 429, 503, 504],
        other_parameters: Vec::new(),
        ..graphql_get(settings)
    }
}

fn pages() -> [DescribedAddress; 4] {
    let any_object = json!({ "type": "object" });
    [
        get(
            "/",
            "front",
            "operations",
            "Shows the sources and example queries",
            ok("A web page.", HTML, text()),
        ),
        get("/schema.graphql", "schema", "graphql", "Returns the graph's schema", ok("SDL.", TEXT, text())),
        get(
            "/openapi.json",
            "openapi",
            "operations",
            "Returns this description",
            ok("OpenAPI 3.1.", JSON, any_object),
        ),
        DescribedAddress {
            refusals: vec![404],
            ..get(
                "/assets/{name}",
                "asset",
                "operations",
                "Returns a file of the web pages",
                ok("A file.", &[], json!({})),
            )
        },
    ]
}

fn operations(settings: &HttpSettings) -> Vec<DescribedAddress> {
    let state = || json!({ "type": "object", "properties": { "status": { "type": "string" } } });
    let not_ready = DescribedAnswer {
        status: 503,
        description: "Not ready; says why.",
        media_types: JSON,
        schema: state(),
    };
    let live = ok("The process runs.", JSON, state());
    let mut ready = get(
        "/health/ready",
        "ready",
        "operations",
        "Says whether queries can be answered",
        ok("Queries can be answered.", JSON, state()),
    );
    ready.answers.push(not_ready);
    let metrics = get(
        "/metrics",
        "metrics",
        "operations",
        "Returns metrics in Prometheus' text format",
        ok("Metrics.", TEXT, text()),
    );
    let live = get("/health/live", "live", "operations", "Says that the process runs", live);
    [live, ready].into_iter().chain((!settings.metrics_apart).then_some(metrics)).collect()
}

fn feed_root() -> DescribedAddress {
    let answered = ok("The feed's version, its sources, and those left out.", JSON, schema_of("Root"));
    DescribedAddress {
        operation: "feed".to_owned(),
        refusals: OF_FEED.to_vec(),
        ..get(
            &format!("{PREFIX}/"),
            "oruk",
            "feed",
            "Says what the feed is, whose records are in it, and whose are not",
            answered,
        )
    }
}

fn feed_list(kind: RecordKind) -> DescribedAddress {
    let name = list_name(kind);
    let answered = ok("A page of the list.", JSON, page_of(kind.type_name()));
    DescribedAddress {
        operation: format!("list{}", camel(name)),
        parameters: list_parameters(kind),
        refusals: OF_FEED.iter().copied().chain([410]).collect(),
        ..get(&format!("{PREFIX}/{name}"), "oruk", "feed", &format!("Lists {}", words(name)), answered)
    }
}

fn feed_record(kind: RecordKind) -> DescribedAddress {
    let answered = ok("The record, with all that is nested in it.", JSON, schema_of(kind.type_name()));
    DescribedAddress {
        operation: format!("get{}", kind.type_name()),
        refusals: OF_FEED.iter().copied().chain([404]).collect(),
        ..get(
            &format!("{PREFIX}/{}/{{id}}", list_name(kind)),
            "oruk",
            "feed",
            &format!("Returns one of the {}", words(list_name(kind))),
            answered,
        )
    }
}

fn words(name: &str) -> String {
    name.replace('_', " ").replace("organizations", "organisations")
}

pub(super) fn camel(name: &str) -> String {
    let capital = |word: &str| {
        let mut letters = word.chars();
        letters
            .next()
            .map(|first| first.to_ascii_uppercase().to_string() + letters.as_str())
            .unwrap_or_default()
    };
    name.split('_').map(capital).collect()
}
