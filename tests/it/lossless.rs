//! Nothing that a feed sends is lost: every property of the standards, filled with a value of its own, occurs in a
//! typed field, in `extra` or in an issue.

mod dangling;
mod one_value;
mod selection;
mod standard;

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::support::{FakeFeed, Gateway, Habit, Setup, data};
pub(crate) use selection::Graph;
use standard::{Filled, Standard};

/// Limits that allow a query for every field at once.
const WIDE: &str = "[graphql]\nmax_depth = 64\nmax_complexity = 1000000000\nmax_tokens = 1000000\n[server]\nmax_body = '4MiB'\nmax_running_cost = 1000000000\n";

/// The lists of a 3.x feed, with the kind of record in each.
const LISTS: [(&str, &str); 4] = [
    ("organizations", "organization"),
    ("taxonomies", "taxonomy"),
    ("taxonomy_terms", "taxonomy_term"),
    ("service_at_locations", "service_at_location"),
];

/// A feed with full lists of records of every kind, each with all its properties.
async fn feed(standard: &Standard) -> (FakeFeed, BTreeMap<String, Value>) {
    let mut filled = Filled::default();
    let service = standard.fill("service", &mut filled);
    let mut plan = FakeFeed::called("one").with(Habit::Verbatim).with_service(service);
    for (list, object) in LISTS.iter().filter(|(_, object)| standard.has(object)) {
        plan = plan.with_list(list, vec![standard.fill(object, &mut filled)]);
    }
    (plan.spawn().await, filled.leaves)
}

/// Returns every field of every record that the gateway has of a source.
async fn everything(gateway: &Gateway, feed_has: &BTreeMap<String, Value>) -> Value {
    let graph = Graph::of(gateway).await;
    let mut roots: Vec<String> = [
        ("services", "Service"),
        ("organizations", "Organization"),
        ("locations", "Location"),
        ("taxonomyTerms", "TaxonomyTerm"),
    ]
    .iter()
    .map(|(list, kind)| format!("{list}(first: 100) {{ nodes {{ {} }} }}", graph.whole(kind)))
    .collect();
    roots.push(format!("taxonomies {{ {} }}", graph.whole("Taxonomy")));
    if let Some(id) = feed_has.get("service_at_location.id").and_then(Value::as_str) {
        let id = selection::id_of("ServiceAtLocation", "one", id);
        roots.push(format!("serviceAtLocation(id: \"{id}\") {{ {} }}", graph.whole("ServiceAtLocation")));
    }
    let mut answer = Vec::new();
    for root in roots {
        answer.push(data(gateway.query(&format!("{{ {root} }}")).await));
    }
    json!(answer)
}

async fn check(standard: Standard, dialect: &str, lost: &[(&str, &str)]) {
    for mode in ["live", "catalogue"] {
        let (feed, sent) = feed(&standard).await;
        let setup: Setup = Gateway::over(&[&feed])
            .with_defaults(&format!("mode = '{mode}'\ndialect = '{dialect}'"))
            .with(WIDE);
        let gateway = setup.start().await;
        gateway.is_fresh().await;
        let found = standard::Found::of(&everything(&gateway, &sent).await);
        let missing: Vec<&String> =
            sent.iter().filter(|(_, value)| !found.has(value)).map(|(path, _)| path).collect();
        let unexplained: Vec<_> =
            missing.iter().filter(|path| !lost.iter().any(|(known, _)| path.ends_with(known))).collect();
        let share = 1.0 - missing.len() as f64 / sent.len() as f64;
        assert!(
            unexplained.is_empty(),
            "{mode}, {}: {} of {}: {unexplained:#?}",
            standard.name(),
            missing.len(),
            sent.len()
        );
        assert!(share >= 0.995, "{mode}, {}: {share}", standard.name());
        gateway.stop().await;
    }
}

#[tokio::test]
async fn every_leaf_of_every_version_of_3_is_found_again() {
    for version in ["uk", "3.0", "3.1", "3.2"] {
        check(Standard::of_3(version), "hsds-3", &[]).await;
    }
}

#[tokio::test]
async fn every_leaf_of_1_is_found_again() {
    check(Standard::of_1(), "oruk-1", &[]).await;
}

#[tokio::test]
async fn texts_numbers_and_ids_are_those_that_were_sent() {
    let raw = "  <p>Caf\u{c3}\u{a9}</p>\r\n\r\n ";
    let body = json!({ "total_items": 2, "total_pages": 1, "contents": [
        { "id": "LONG0", "name": "A", "status": "active", "description": raw,
          "cost_options": [{ "id": "c", "amount": 0.25 }], "x": [1] },
        { "id": "LONG1", "name": "B", "status": "active" },
    ] });
    let body = body.to_string();
    let body = body.replace("\"LONG0\"", "98765432109876543210").replace("\"LONG1\"", "98765432109876543211");
    let body = body.replace("0.25", "2.5879000000000003").replace("[1]", "[51.454513000000002]");
    let feed = FakeFeed::called("one").behaving(crate::support::Manner::Saying(body.leak())).spawn().await;
    let gateway = Gateway::over(&[&feed]).start().await;
    let query = "{ services { nodes { upstreamId description(format: RAW) text: description costOptions { amount } extra } } }";
    let reply = gateway.ask(query, json!({})).await;
    let nodes = data(reply.json())["services"]["nodes"].take();
    assert_eq!((&nodes[0]["description"], &nodes[0]["text"]), (&json!(raw), &json!("Caf\u{e9}")));
    let ids = [&nodes[0]["upstreamId"], &nodes[1]["upstreamId"]];
    assert_eq!(ids, ["98765432109876543210", "98765432109876543211"]);
    assert!(reply.text.contains("2.5879000000000003") && reply.text.contains("51.454513"), "{}", reply.text);
    let exact = nodes[0]["extra"]["x"][0].as_f64().map(f64::to_bits);
    assert_eq!(exact, Some("51.454513000000002".parse::<f64>().unwrap().to_bits()));
    gateway.stop().await;
}
