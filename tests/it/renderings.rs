//! A cached rendering is sent only while it equals what would be written now.

use std::path::Path;
use std::time::Duration;

use serde_json::{Value, json};

use crate::support::{FakeFeed, Gateway, data, records};

/// Selections of services whose fields depend on the record alone, on the date, on variables and on other records.
const SELECTIONS: [&str; 6] = [
    "id name status organization { id name } phones { number }",
    "name isFree description(format: HTML) source { key name } contacts { name }",
    "name description(format: $format) taxonomyTerms(taxonomy: $taxonomy) { name }",
    "upstreamId source { key serviceCount } provenance { contentHash }",
    "... on Service { a: name b: alternateName } locations { name addresses { city } } __typename",
    "name nextOpening { start } organization { services(first: 2) { nodes { name } } }",
];

const OF_PAGES: [&str; 3] = [
    "nodes { SELECTION } pageInfo { endCursor hasNextPage }",
    "edges { cursor score node { SELECTION } }",
    "edges { unknown node { SELECTION } } nodes { name }",
];

async fn synchronised(feed: &FakeFeed, directory: &Path) -> Gateway {
    let keeping = format!("[catalogue]\ndirectory = '{}'\nsync_every = '200ms'", directory.display());
    Gateway::over_addresses(&[("kept", &feed.url)])
        .with_source("kept", "mode = 'catalogue'")
        .with(&keeping)
        .start()
        .await
}

/// Queries pages of every kind. Another page size keeps earlier responses from being used.
async fn pages(gateway: &Gateway, first: usize) -> Vec<Value> {
    let mut answers = Vec::new();
    for selection in SELECTIONS {
        for page in OF_PAGES.map(|page| page.replace("SELECTION", selection)) {
            let given = ["format", "taxonomy"].map(|name| selection.contains(&format!("${name}")));
            let declared = if given[0] { ", $format: TextFormat, $taxonomy: String" } else { "" };
            let query = format!("query($first: Int{declared}) {{ services(first: $first) {{ {page} }} }}");
            let variables = json!({ "first": first, "format": "RAW", "taxonomy": null });
            answers.push(data(gateway.query_with(&query, variables).await));
        }
    }
    answers
}

/// Queries the same records one by one. `nth` makes texts that have not been sent before.
async fn singles(gateway: &Gateway, ids: &[Value], nth: usize) -> Vec<Value> {
    let mut answers = Vec::new();
    for selection in SELECTIONS.iter().filter(|selection| !selection.contains('$')) {
        for id in ids {
            let query = format!("query($id: ID!) {{ n{nth}: service(id: $id) {{ {selection} }} }}");
            let mut answer = data(gateway.query_with(&query, json!({ "id": id })).await);
            answers.push(answer[format!("n{nth}")].take());
        }
    }
    answers
}

async fn ids(gateway: &Gateway) -> Vec<Value> {
    let answer = data(gateway.query("{ services(first: 50) { nodes { id } } }").await);
    answer["services"]["nodes"].as_array().unwrap().iter().map(|node| node["id"].clone()).collect()
}

async fn until_named(gateway: &Gateway, name: &str) {
    let filter = json!({ "text": name });
    let query = "query($filter: ServiceFilter) { services(filter: $filter) { nodes { name } } }";
    let asking = async {
        let is_there = |answer: Value| answer["services"]["nodes"][0]["name"] == name;
        while !is_there(data(gateway.query_with(query, json!({ "filter": filter })).await)) {}
    };
    tokio::time::timeout(Duration::from_secs(60), asking).await.expect("it is never named like this");
}

#[tokio::test]
async fn what_is_sent_again_is_what_a_gateway_that_has_written_nothing_sends() {
    let services: Vec<Value> = (0..24).map(records::service).collect();
    let plan = FakeFeed::called("kept").with(crate::support::Habit::FullLists);
    let feed = plan.with_service(services[0].clone()).spawn().await;
    feed.now_has(services.clone());
    let directory = tempfile::tempdir().unwrap();
    let gateway = synchronised(&feed, directory.path()).await;
    until_named(&gateway, services[23]["name"].as_str().unwrap()).await;
    let all = ids(&gateway).await;
    for first in [20, 21] {
        pages(&gateway, first).await;
        singles(&gateway, &all, first).await;
    }

    let mut now = services.clone();
    let renamed = json!({ "name": "Zinnia", "organization": { "id": "o-0", "name": "Anew" } });
    now[7] = records::with(now[7].clone(), renamed);
    feed.now_has(now);
    until_named(&gateway, "Zinnia").await;
    let (sent_pages, sent_singles) = (pages(&gateway, 22).await, singles(&gateway, &all, 22).await);
    gateway.stop().await;

    let again = synchronised(&feed, directory.path()).await;
    until_named(&again, "Zinnia").await;
    for (sent, expected) in sent_pages.iter().zip(pages(&again, 22).await) {
        assert_eq!(*sent, expected);
    }
    for (sent, expected) in sent_singles.iter().zip(singles(&again, &all, 22).await) {
        assert_eq!(*sent, expected);
    }
    again.stop().await;
}
