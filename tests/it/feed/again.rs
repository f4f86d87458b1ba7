//! A second gateway that reads the first one's feed gets the same graph, including the original publishers.

use std::collections::BTreeMap;
use std::time::Duration;

use oruk_gateway::demo::{FeedVariety, InventedFeed};
use oruk_gateway::model::NodeId;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use super::walk;
use crate::lossless::Graph;
use crate::support::{Gateway, data};

const WIDE: &str = "[graphql]\nmax_depth = 64\nmax_complexity = 1000000000\nmax_tokens = 1000000\n[server]\nmax_body = '4MiB'\nmax_running_cost = 1000000000\n";

/// A gateway over an invented feed of each variety.
async fn first() -> Gateway {
    let mut feeds = Vec::new();
    for variety in FeedVariety::all() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let feed = InventedFeed::new(*variety).services(5).seed(9).budget(1_000_000);
        tokio::spawn(feed.serve(listener, std::future::pending()));
        feeds.push((variety.name().replace('.', "-"), url, variety.dialect().as_str()));
    }
    let addresses: Vec<(&str, &str)> =
        feeds.iter().map(|(key, url, _)| (key.as_str(), url.as_str())).collect();
    let mut setup = Gateway::over_addresses(&addresses).with_defaults("mode = 'catalogue'").with(WIDE);
    for (key, _, dialect) in &feeds {
        let lines = format!(
            "dialect = '{dialect}'\nname = 'Feed {key}'\npublisher = 'Council {key}'\nlicence = 'OGL-UK-3.0'"
        );
        setup = setup.with_source(key, &lines);
    }
    let gateway = setup.start().await;
    // Some feeds never become fresh, but by then all of them have been read.
    let _ = tokio::time::timeout(Duration::from_secs(20), gateway.is_fresh()).await;
    gateway
}

#[tokio::test]
async fn a_second_gateway_comes_to_the_same_graph() {
    let first = first().await;
    let url = format!("http://{}/oruk/v3", first.address());
    let second = Gateway::over_addresses(&[("merged", &url)])
        .with_defaults("mode = 'catalogue'\ndialect = 'auto'")
        .with(WIDE)
        .start()
        .await;
    second.is_fresh().await;
    let dialect = data(second.query("{ sources { dialect status validator { passes } } }").await);
    assert_eq!(dialect["sources"][0]["dialect"], "ORUK_3", "{dialect}");
    let graph = Graph::of(&first).await;
    for (list, kind) in
        [("services", "Service"), ("organizations", "Organization"), ("taxonomyTerms", "TaxonomyTerm")]
    {
        let (one, other) =
            (everything(&first, &graph, list, kind).await, everything(&second, &graph, list, kind).await);
        let published: BTreeMap<String, &Value> =
            one.iter().map(|record| (published_id(record["id"].as_str().unwrap()), record)).collect();
        let again: BTreeMap<String, &Value> =
            other.iter().map(|record| (record["upstreamId"].as_str().unwrap().to_owned(), record)).collect();
        assert!(published.len() > 20, "{list}: {}", published.len());
        assert_eq!(published.keys().collect::<Vec<_>>(), again.keys().collect::<Vec<_>>(), "{list}");
        let mut differences = Vec::new();
        for (id, record) in &published {
            differ(list, &gist(record), &gist(again[id]), &mut differences);
            let (was, origin) = (&record["provenance"], &again[id]["provenance"]["origin"]);
            assert_eq!(origin["upstreamId"], record["upstreamId"], "{list}");
            assert_eq!(origin["upstreamUrl"], was["upstreamUrl"], "{list}");
            assert!(origin["name"].as_str().unwrap().starts_with("Feed "), "{origin}");
            assert_eq!(origin["licence"]["spdxId"], "OGL-UK-3.0");
        }
        assert!(differences.is_empty(), "{differences:#?}");
    }
    // What the second gateway publishes still names the original publishers.
    for service in walk(&second, "/oruk/v3/services", true).await {
        let source = service["gateway"]["source"].clone();
        assert!(source["name"].as_str().unwrap().starts_with("Feed "), "{source}");
        assert!(source["publisher"].as_str().unwrap().starts_with("Council "), "{source}");
    }
    first.stop().await;
    second.stop().await;
}

async fn everything(gateway: &Gateway, graph: &Graph, list: &str, kind: &str) -> Vec<Value> {
    let whole = graph.whole(kind);
    let mut all = Vec::new();
    let mut after = json!(null);
    loop {
        let query = format!(
            "query($after: String) {{ {list}(first: 50, after: $after) {{ nodes {{ {whole} }} pageInfo {{ endCursor hasNextPage }} }} }}"
        );
        let mut page = data(gateway.query_with(&query, json!({ "after": after })).await)[list].take();
        all.append(page["nodes"].as_array_mut().unwrap());
        if page["pageInfo"]["hasNextPage"] != true {
            return all;
        }
        after = page["pageInfo"]["endCursor"].take();
    }
}

fn published_id(id: &str) -> String {
    match NodeId::parse(id).unwrap() {
        NodeId::Record(id) => id.published().to_string(),
        NodeId::Source(_) => panic!("a source"),
    }
}

/// Returns what both gateways should say of a record: everything but ids and what depends on one read.
fn gist(value: &Value) -> Value {
    // A term's group depends on all sources together.
    const ASIDE: [&str; 5] = ["id", "upstreamId", "provenance", "extra", "group"];
    match value {
        Value::Object(members) => members
            .iter()
            .filter(|(name, _)| !ASIDE.contains(&name.as_str()))
            .map(|(name, value)| (name.clone(), gist(value)))
            .collect(),
        Value::Array(items) => items.iter().map(gist).collect(),
        other => other.clone(),
    }
}

fn differ(path: &str, one: &Value, other: &Value, differences: &mut Vec<String>) {
    match (one, other) {
        (Value::Object(before), Value::Object(after)) => {
            for (name, value) in before {
                differ(&format!("{path}.{name}"), value, &after[name], differences);
            }
        }
        (Value::Array(before), Value::Array(after)) if before.len() == after.len() => {
            let pairs = before.iter().zip(after).enumerate();
            pairs.for_each(|(at, (one, other))| differ(&format!("{path}[{at}]"), one, other, differences));
        }
        _ if one == other => {}
        _ => differences.push(format!("{path}: {one} became {other}")),
    }
}
