//! Suggestions while a user types, over a synchronised source and a live one.

use serde_json::{Value, json};

use crate::support::{FakeFeed, Gateway, Habit, data, records};

const SUGGEST: &str = "query($prefix: String!, $first: Int, $kinds: [SuggestionKind!]) {
    suggest(prefix: $prefix, first: $first, kinds: $kinds) { text kind services ids ask } }";

async fn feed(key: &str, services: &[&str]) -> FakeFeed {
    let term = |code: &str| json!({ "id": format!("x-{code}"), "taxonomy_term": records::term(code) });
    let mut plan = FakeFeed::called(key).with(Habit::FullLists);
    for name in services {
        plan = plan.with_service(json!({
            "name": name, "organization": { "id": "o-guild", "name": "Éclair Guild" }, "attributes": [term("lucky")],
        }));
    }
    plan.spawn().await
}

async fn suggested(gateway: &Gateway, variables: Value) -> Vec<String> {
    let found = data(gateway.query_with(SUGGEST, variables).await)["suggest"].take();
    let shown = |one: &Value| {
        let count = one["services"].as_u64().map_or("-".to_owned(), |count| count.to_string());
        assert_eq!(one["ask"], Value::Null);
        assert!(!one["ids"].as_array().unwrap().is_empty());
        format!("{} {} {count}", one["kind"].as_str().unwrap(), one["text"].as_str().unwrap())
    };
    found.as_array().unwrap().iter().map(shown).collect()
}

#[tokio::test]
async fn names_that_begin_so_are_suggested_over_kept_and_live_sources_alike() {
    let kept = feed("kept", &["Food bank", "Lunch club", "Lucky dip"]).await;
    let live = feed("live", &["FOOD BANK", "Club for lunch", "Café Lune"]).await;
    let gateway = Gateway::over(&[&kept, &live]).with_source("kept", "mode = 'catalogue'").start().await;
    let kinds = json!(["SERVICE", "ORGANIZATION", "TERM"]);
    let typed = async |prefix: &str| suggested(&gateway, json!({ "prefix": prefix, "kinds": kinds })).await;
    assert_eq!(typed("food").await, ["SERVICE Food bank 2"]);
    assert_eq!(
        typed("lun").await,
        ["SERVICE Lunch club 1", "SERVICE Café Lune 1", "SERVICE Club for lunch 1"]
    );
    assert_eq!(typed("CAFE L").await, ["SERVICE Café Lune 1"]);
    assert_eq!(typed("ecl").await, ["ORGANIZATION Éclair Guild 6"]);
    assert_eq!(typed("lucky").await, ["SERVICE Lucky dip 1", "TERM A lucky thing 6"]);
    assert_eq!(typed("unch").await, [""; 0]);
    assert_eq!(typed(" \u{2019} ").await, [""; 0]);
    let only = suggested(&gateway, json!({ "prefix": "l", "kinds": ["TERM"], "first": 1 })).await;
    assert_eq!(only, ["TERM A lucky thing 6"]);
    assert_eq!(suggested(&gateway, json!({ "prefix": "l", "first": 0, "kinds": kinds })).await, [""; 0]);
    let refused = gateway.query_with(SUGGEST, json!({ "prefix": "l", "first": 51 })).await;
    assert_eq!(refused["errors"][0]["extensions"]["code"], "BAD_USER_INPUT");
    gateway.stop().await;
}

#[tokio::test]
async fn what_a_suggestion_names_can_be_filtered_by() {
    let feed = feed("one", &["Tea", "Talk"]).await;
    let gateway = Gateway::over(&[&feed]).start().await;
    let first = async |kind: &str| {
        let asked = json!({ "prefix": if kind == "TERM" { "lucky" } else { "guild" }, "kinds": [kind] });
        data(gateway.query_with(SUGGEST, asked).await)["suggest"][0]["ids"][0].take()
    };
    let by_term = json!({ "taxonomyTerms": { "anyOf": [{ "id": first("TERM").await }] } });
    for filter in [by_term, json!({ "organization": first("ORGANIZATION").await })] {
        let query = "query($filter: ServiceFilter) { services(filter: $filter) { totalCount } }";
        let found = data(gateway.query_with(query, json!({ "filter": filter })).await);
        assert_eq!(found["services"]["totalCount"], 2, "{filter}");
    }
}

#[tokio::test]
async fn a_source_that_cannot_answer_leaves_suggestions_incomplete() {
    let (well, ill) = (feed("well", &["Tea"]).await, feed("ill", &["Tea"]).await);
    ill.behave(crate::support::Manner::Status(500));
    let gateway = Gateway::over(&[&well, &ill]).start().await;
    let answer = gateway.query_with(SUGGEST, json!({ "prefix": "te", "kinds": ["SERVICE"] })).await;
    assert_eq!(answer["data"]["suggest"][0]["services"], 1);
    assert_eq!(answer["extensions"]["incomplete"][0]["sources"][0]["key"], "ill");
}

#[tokio::test]
async fn needs_and_places_are_suggested_whatever_the_sources_have_and_can_be_asked_for() {
    let feed = feed("one", &["Befriending", "Tea"]).await;
    let gateway = Gateway::over(&[&feed]).start().await;
    let first = async |prefix: &str, kind: &str| {
        let asked = json!({ "prefix": prefix, "kinds": [kind] });
        data(gateway.query_with(SUGGEST, asked).await)["suggest"][0].take()
    };
    let (need, place) = (first("lonel", "NEED").await, first("totn", "PLACE").await);
    assert_eq!((&need["text"], &place["text"]), (&json!("Feeling lonely"), &json!("Totnes, Devon")));
    let asked = json!({ "ask": need["ask"] });
    let query = "query($filter: ServiceFilter) { services(filter: $filter) { nodes { name } } }";
    let found = data(gateway.query_with(query, json!({ "filter": asked })).await);
    assert_eq!(found["services"]["nodes"], json!([{ "name": "Befriending" }]));
    let near = json!({ "near": { "place": { "name": place["ask"] } } });
    assert_eq!(
        data(gateway.query_with(query, json!({ "filter": near })).await)["services"]["nodes"],
        json!([])
    );
    gateway.stop().await;
}
