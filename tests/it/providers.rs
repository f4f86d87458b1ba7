//! Services whose feed only names the provider, and has the provider's details in another list.

use std::path::Path;
use std::time::Duration;

use serde_json::{Value, json};

use crate::support::{FakeFeed, Gateway, Habit, Manner, Scope, data, records};

const FIND: &str = "query($filter: ServiceFilter!) {
  services(filter: $filter) {
    complete
    edges { score unknown matches { field snippet } node { upstreamId organization { name } } }
    sources { source { key } matched }
  }
}";

fn organization(name: &str) -> Value {
    json!({
        "id": "o-1", "name": name, "description": "Helps people along.",
        "organization_identifiers": [{ "id": "i-1", "identifier_scheme": "GB-CHC", "identifier": "1077" }],
        "locations": [{ "id": "l-1", "location_type": "physical", "name": "Joinword House" }],
        "attributes": [{ "id": "x-1", "link_entity": "organization", "link_id": "o-1", "taxonomy_term": records::term("lucky") }],
    })
}

/// A feed of three services, two of which only name their organisation.
async fn feed() -> FakeFeed {
    let plan = FakeFeed::called("kept")
        .with(Habit::FullLists)
        .with_list("organizations", vec![organization("Joinword Trust")]);
    let named = |name: &str| json!({ "name": name, "organization": null, "organization_id": "o-1", "attributes": [] });
    let other =
        json!({ "name": "Choir", "organization": { "id": "o-2", "name": "Others" }, "attributes": [] });
    plan.with_service(named("Lunch")).with_service(named("Advice")).with_service(other).spawn().await
}

/// A gateway with the feed twice: synchronised into a directory, and live.
async fn knowing(feed: &FakeFeed, directory: &Path) -> Gateway {
    Gateway::over_addresses(&[("kept", &feed.url), ("live", &feed.url)])
        .with_source("kept", "mode = 'catalogue'")
        .with(&format!("[catalogue]\ndirectory = '{}'\nsync_every = '200ms'", directory.display()))
        .start()
        .await
}

/// Returns the matching services of a source, with the reasons.
async fn found(gateway: &Gateway, source: &str, filter: &Value) -> Value {
    let filter = json!({ "and": [filter, { "sources": [source] }] });
    let mut answer = data(gateway.query_with(FIND, json!({ "filter": filter })).await);
    answer["services"]["edges"].take()
}

async fn until(gateway: &Gateway, filter: &Value, count: usize) -> Value {
    let asking = async {
        loop {
            let edges = found(gateway, "kept", filter).await;
            if edges.as_array().unwrap().len() == count {
                return edges;
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(60), asking)
        .await
        .unwrap_or_else(|_| panic!("{filter} does not find {count}"))
}

#[tokio::test]
async fn they_are_found_by_what_it_says_synchronised_as_well_as_live() {
    let feed = feed().await;
    let directory = tempfile::tempdir().unwrap();
    let gateway = knowing(&feed, directory.path()).await;
    let by_word = json!({ "text": "joinword" });
    let filters = [
        by_word.clone(),
        json!({ "text": "joinword lunch" }),
        json!({ "organizationIdentifier": { "scheme": "GB-CHC", "value": "1077" } }),
        json!({ "taxonomyTerms": { "anyOf": [{ "name": "A lucky thing" }] } }),
        json!({ "not": { "text": "joinword" } }),
    ];
    for (filter, count) in filters.iter().zip([2, 1, 2, 2, 1]) {
        let kept = until(&gateway, filter, count).await;
        assert_eq!(found(&gateway, "live", filter).await, kept, "{filter}");
    }
    let why = until(&gateway, &by_word, 2).await;
    assert_eq!(why[0]["matches"][0]["snippet"], "Joinword Trust");
    assert_eq!(
        (&why[0]["score"], &why[0]["node"]["organization"]["name"]),
        (&json!(3.0), &json!("Joinword Trust"))
    );

    let renamed =
        json!({ "total_items": 1, "total_pages": 1, "contents": [organization("Elsewise")] }).to_string();
    feed.behave_at(Scope::At("/organizations".to_owned()), Manner::Saying(renamed.leak()));
    until(&gateway, &json!({ "text": "elsewise" }), 2).await;
    assert_eq!(found(&gateway, "kept", &by_word).await, json!([]), "its former name finds nothing");
    gateway.stop().await;

    feed.behave(Manner::Status(500));
    let again = knowing(&feed, directory.path()).await;
    assert_eq!(found(&again, "kept", &json!({ "text": "elsewise" })).await.as_array().unwrap().len(), 2);
    assert_eq!(found(&again, "kept", &filters[2]).await.as_array().unwrap().len(), 2);
    again.stop().await;
}

/// The usual form of HSDS 3: the service nests a few fields of its organisation, and the list has the rest.
#[tokio::test]
async fn a_provider_that_is_nested_in_part_has_its_whole_record_for_filters_and_exports() {
    let nested = json!({ "id": "o-1", "name": "Joinword Trust" });
    let feed = FakeFeed::called("kept")
        .with(Habit::FullLists)
        .with_list("organizations", vec![organization("Joinword Trust")])
        .with_service(json!({ "name": "Lunch", "organization": nested, "attributes": [] }))
        .with_service(
            json!({ "name": "Choir", "organization": { "id": "o-2", "name": "Others" }, "attributes": [] }),
        )
        .spawn()
        .await;
    let directory = tempfile::tempdir().unwrap();
    let gateway = knowing(&feed, directory.path()).await;
    let by_number = json!({ "organizationIdentifier": { "scheme": "GB-CHC", "value": "1077" } });
    let kept = until(&gateway, &by_number, 1).await;
    assert_eq!(kept[0]["node"]["organization"]["name"], "Joinword Trust");
    assert_eq!(found(&gateway, "live", &by_number).await, kept);
    until(&gateway, &json!({ "taxonomyTerms": { "anyOf": [{ "name": "A lucky thing" }] } }), 1).await;
    let csv = gateway.get("/export/services.csv?source=kept&fields=name,organization_identifiers").await.text;
    assert!(csv.contains("Lunch,GB-CHC"), "{csv}");
    let listed: Value = gateway.get("/oruk/v3/services?search=lunch").await.json();
    let number = &listed["contents"][0]["organization"]["organization_identifiers"][0]["identifier"];
    assert_eq!(number, "1077", "{listed}");

    let mut renumbered = organization("Joinword Trust");
    renumbered["organization_identifiers"][0]["identifier"] = json!("2088");
    let list = json!({ "total_items": 1, "total_pages": 1, "contents": [renumbered] }).to_string();
    feed.behave_at(Scope::At("/organizations".to_owned()), Manner::Saying(list.leak()));
    until(&gateway, &by_number, 0).await;
    gateway.stop().await;
}

#[tokio::test]
async fn what_only_a_listed_organisation_carries_is_among_places_and_terms() {
    let feed = FakeFeed::called("kept")
        .with(Habit::FullLists)
        .with_list("organizations", vec![organization("Joinword Trust")])
        .with_service(json!({ "name": "Choir", "attributes": [] }))
        .spawn()
        .await;
    let directory = tempfile::tempdir().unwrap();
    let gateway = knowing(&feed, directory.path()).await;
    until(&gateway, &json!({ "text": "choir" }), 1).await;
    let query = "{ locations(filter: { sources: [\"kept\"], text: \"joinword\" }) { nodes { name } }
      taxonomyTerms(filter: { sources: [\"kept\"], text: \"lucky\" }) { nodes { name } } }";
    let expected = json!({
        "locations": { "nodes": [{ "name": "Joinword House" }] },
        "taxonomyTerms": { "nodes": [{ "name": "A lucky thing" }] },
    });
    let asking = async { while data(gateway.query(query).await) != expected {} };
    let found = tokio::time::timeout(Duration::from_secs(60), asking).await;
    assert!(found.is_ok(), "{}", gateway.query(query).await);
    gateway.stop().await;
}
