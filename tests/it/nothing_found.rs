//! What the answer says if a filter finds nothing: what each condition excludes, and words with similar spellings.

use serde_json::{Value, json};

use crate::support::{FakeFeed, Gateway, Habit, Manner, data};

const FIND: &str = "query($filter: ServiceFilter) { services(filter: $filter) {
    totalCount nothingFound { tried { condition services } near { word spellings } } } }";

#[tokio::test]
async fn what_was_tried_and_what_is_near_are_the_same_kept_and_live() {
    let service =
        |name: &str, text: &str, status: &str| json!({ "name": name, "description": text, "status": status });
    for mode in ["live", "catalogue"] {
        let feed = FakeFeed::called("one")
            .with(Habit::FullLists)
            .with_service(service("Grieving together", "For the bereaved", "active"))
            .with_service(service("Walking group", "Gentle walks", "inactive"))
            .spawn()
            .await;
        let gateway = Gateway::over(&[&feed]).with_source("one", &format!("mode = '{mode}'")).start().await;
        let ask = async |filter: Value| {
            data(gateway.query_with(FIND, json!({ "filter": filter })).await)["services"].take()
        };
        let misspelt = ask(json!({ "text": "greiving togehter", "status": ["ACTIVE"] })).await;
        let tried = json!([{ "condition": "text", "services": 1 }, { "condition": "status", "services": 0 }]);
        let near = json!([{ "word": "greiving", "spellings": ["grieving"] }, { "word": "togehter", "spellings": ["together"] }]);
        assert_eq!(misspelt["nothingFound"], json!({ "tried": tried, "near": near }), "{mode}");
        // Every word occurs, but not together.
        let apart = ask(
            json!({ "text": "walks", "and": [{ "text": "griev" }, { "not": { "status": ["ACTIVE"] } }] }),
        )
        .await;
        let tried = json!([
            { "condition": "and[0].text", "services": 1 }, { "condition": "text", "services": 0 },
            { "condition": "and[1].not", "services": 0 },
        ]);
        assert_eq!(apart["nothingFound"], json!({ "tried": tried, "near": [] }), "{mode}");
        for found in [json!({ "text": "walks" }), json!({})] {
            assert_eq!(ask(found).await["nothingFound"], Value::Null);
        }
        gateway.stop().await;
    }
}

#[tokio::test]
async fn nothing_is_said_while_a_source_may_have_it() {
    let feed = FakeFeed::called("one").with_service(json!({ "name": "Tea" })).spawn().await;
    feed.behave(Manner::Status(500));
    let gateway = Gateway::over(&[&feed]).start().await;
    let answer = data(gateway.query_with(FIND, json!({ "filter": { "text": "talk" } })).await);
    assert_eq!(answer["services"], json!({ "totalCount": 0, "nothingFound": null }));
}

#[tokio::test]
async fn what_a_field_demands_is_never_left_out() {
    let service =
        |name: &str, guild: &str| json!({ "name": name, "organization": { "id": guild, "name": guild } });
    let feed = FakeFeed::called("one")
        .with(Habit::FullLists)
        .with_service(service("Tea", "o-1"))
        .with_service(service("Talk", "o-2"))
        .spawn()
        .await;
    let gateway = Gateway::over(&[&feed]).start().await;
    let query = "{ organizations { nodes { services(filter: { text: \"nobody\" }) {
        nothingFound { tried { condition services } } } } } }";
    let found = data(gateway.query(query).await)["organizations"]["nodes"].take();
    for one in found.as_array().unwrap() {
        assert_eq!(one["services"]["nothingFound"]["tried"], json!([{ "condition": "text", "services": 1 }]));
    }
}
