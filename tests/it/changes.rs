//! Changes since a client last looked: across walks, restarts and other catalogues.

use std::path::Path;
use std::time::Duration;

use serde_json::{Value, json};

use crate::support::{FakeFeed, Gateway, Habit, Manner, data, records};

const CHANGES: &str = "query($since: String, $first: Int, $filter: ChangeFilter) {
  changes(since: $since, first: $first, filter: $filter) {
    nodes { kind recordType recordId source { key } changedFields record { upstreamId ... on Service { name } } }
    edges { cursor } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } resyncRequired
  }
  meta { dataVersion }
}";

/// A gateway that synchronises this feed into a directory.
async fn keeping(feed: &FakeFeed, directory: &Path) -> Gateway {
    Gateway::over(&[feed])
        .with_defaults("mode = 'catalogue'")
        .with(&format!("[catalogue]\ndirectory = '{}'\nsync_every = '100ms'", directory.display()))
        .start()
        .await
}

/// A feed with full lists and no totals, so that a missing record is accepted as gone after two walks.
async fn uncounted(services: usize) -> FakeFeed {
    let plan = FakeFeed::called("one").with_services(services);
    plan.with(Habit::FullLists).with(Habit::WithoutTotals).spawn().await
}

async fn ask(gateway: &Gateway, variables: Value) -> Value {
    data(gateway.query_with(CHANGES, variables).await)
}

/// Queries until the answer is as it should be.
async fn until(gateway: &Gateway, variables: Value, is_there: impl Fn(&Value) -> bool) -> Value {
    let asking = async {
        loop {
            let answer = ask(gateway, variables.clone()).await;
            if is_there(&answer["changes"]) {
                return answer;
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(60), asking).await.expect("the changes do not come")
}

fn has(number: usize) -> impl Fn(&Value) -> bool {
    move |changes| changes["nodes"].as_array().unwrap().len() == number
}

/// Returns the kind and the upstream id of each change.
fn told(answer: &Value) -> Vec<(String, String)> {
    let nodes = answer["changes"]["nodes"].as_array().unwrap();
    let told = nodes.iter().map(|node| {
        let id = node["recordId"].as_str().unwrap();
        let is_of = |number: &usize| id == service(*number);
        let number = (0..10).find(is_of).expect("an id of a service");
        (node["kind"].as_str().unwrap().to_owned(), records::service_id(number))
    });
    told.collect()
}

fn service(number: usize) -> String {
    use oruk_gateway::model::{RecordId, RecordKind, SourceKey};
    let source = SourceKey::parse("one").unwrap();
    RecordId::new(RecordKind::Service, &source, &records::service_id(number)).as_str().to_owned()
}

fn services() -> Value {
    json!({ "types": ["SERVICE"] })
}

#[tokio::test]
async fn what_is_created_updated_and_deleted_is_told_in_order_and_again_after_a_restart() {
    let feed = uncounted(5).await;
    let directory = tempfile::tempdir().unwrap();
    let gateway = keeping(&feed, directory.path()).await;
    let first = until(&gateway, json!({ "filter": services() }), has(5)).await;
    assert!(told(&first).iter().all(|(kind, _)| kind == "CREATED"));
    assert_eq!(first["changes"]["pageInfo"]["hasNextPage"], false);
    let everything =
        until(&gateway, json!({}), |changes| changes["nodes"].as_array().unwrap().len() > 5).await;
    let types: Vec<&str> = everything["changes"]["nodes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|node| node["recordType"].as_str().unwrap())
        .collect();
    assert!(types.contains(&"LOCATION") && types.contains(&"TAXONOMY_TERM"), "{types:?}");

    let seen = first["changes"]["pageInfo"]["endCursor"].clone();
    let mut now: Vec<Value> = (0..6).map(records::service).collect();
    now[1] =
        records::with(now[1].clone(), json!({ "name": "Renamed", "last_modified": "2026-06-01T09:00:00Z" }));
    now.remove(2);
    feed.now_has(now);
    let later = until(&gateway, json!({ "since": seen, "filter": services() }), has(3)).await;
    let (kinds, changes) = (told(&later), &later["changes"]);
    let position = |kind: &str, number| {
        kinds.iter().position(|told| *told == (kind.to_owned(), records::service_id(number)))
    };
    let (updated, created, deleted) =
        (position("UPDATED", 1), position("CREATED", 5), position("DELETED", 2));
    assert_eq!(deleted, Some(2), "only after a second walk: {kinds:?}");
    let updated = &changes["nodes"][updated.expect("an update")];
    let mut fields: Vec<_> =
        updated["changedFields"].as_array().unwrap().iter().map(Value::to_string).collect();
    fields.sort();
    assert_eq!(fields, ["\"lastModified\"", "\"name\""]);
    assert_eq!(updated["record"], json!({ "upstreamId": "s-00001", "name": "Renamed" }));
    assert_eq!(changes["nodes"][created.expect("a creation")]["record"]["upstreamId"], "s-00005");
    assert_eq!(changes["nodes"][2]["record"], Value::Null);
    assert_eq!(changes["nodes"][2]["source"]["key"], "one");
    assert_ne!(first["meta"]["dataVersion"], later["meta"]["dataVersion"]);
    gateway.stop().await;

    feed.behave(Manner::Status(500));
    let gateway = keeping(&feed, directory.path()).await;
    let again = ask(&gateway, json!({ "since": seen, "filter": services() })).await;
    assert_eq!(again["changes"]["nodes"], changes["nodes"]);
    page_by_page(&gateway, &seen, changes).await;
    gateway.stop().await;
}

/// Pages of one change equal a page of all changes, and the cursor after the last one can be used to ask again.
async fn page_by_page(gateway: &Gateway, seen: &Value, whole: &Value) {
    let mut since = seen.clone();
    for number in 0..3 {
        let page = ask(gateway, json!({ "since": since, "first": 1, "filter": services() })).await;
        let page = &page["changes"];
        assert_eq!(page["nodes"][0], whole["nodes"][number]);
        assert_eq!(page["edges"][0]["cursor"], whole["edges"][number]["cursor"]);
        assert_eq!(page["pageInfo"]["hasNextPage"], number < 2);
        assert_eq!(page["pageInfo"]["hasPreviousPage"], true);
        since = page["pageInfo"]["endCursor"].clone();
    }
    let none = ask(gateway, json!({ "since": since })).await;
    let expected = json!({
        "nodes": [], "edges": [], "resyncRequired": false,
        "pageInfo": { "hasNextPage": false, "hasPreviousPage": true, "startCursor": null, "endCursor": since },
    });
    assert_eq!(none["changes"], expected);
    let deleted = json!({ "types": ["SERVICE"], "kinds": ["DELETED"], "sources": ["one"] });
    let deleted = ask(gateway, json!({ "since": seen, "filter": deleted })).await;
    assert_eq!(told(&deleted), [("DELETED".to_owned(), records::service_id(2))]);
}

#[tokio::test]
async fn a_cursor_of_another_catalogue_says_to_begin_again_and_from_where() {
    let feed = uncounted(3).await;
    let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let gateway = keeping(&feed, one.path()).await;
    let seen = until(&gateway, json!({ "filter": services() }), has(3)).await;
    let seen = seen["changes"]["pageInfo"]["endCursor"].as_str().unwrap().to_owned();
    gateway.stop().await;

    let gateway = keeping(&feed, other.path()).await;
    until(&gateway, json!({ "filter": services() }), has(3)).await;
    let lost = ask(&gateway, json!({ "since": seen })).await["changes"].take();
    assert_eq!((&lost["resyncRequired"], &lost["nodes"]), (&json!(true), &json!([])));
    let on = ask(&gateway, json!({ "since": lost["pageInfo"]["endCursor"], "filter": services() })).await;
    assert_eq!((&on["changes"]["resyncRequired"], &on["changes"]["nodes"]), (&json!(false), &json!([])));

    let changed = |(at, letter): (usize, char)| match (at, letter) {
        (12, 'A') => 'B',
        (12, _) => 'A',
        _ => letter,
    };
    let damaged: String = seen.chars().enumerate().map(changed).collect();
    let damaged = gateway.query_with(CHANGES, json!({ "since": damaged })).await;
    assert_eq!(damaged["errors"][0]["extensions"]["code"], "CURSOR_INVALID");
    let of_a_list = gateway.query("{ services(first: 1) { pageInfo { endCursor } } }").await;
    let of_a_list = &of_a_list["data"]["services"]["pageInfo"]["endCursor"];
    let other = gateway.query_with(CHANGES, json!({ "since": of_a_list })).await;
    assert_eq!(other["errors"][0]["extensions"]["code"], "CURSOR_INVALID");
    let nowhere = gateway.query_with(CHANGES, json!({ "filter": { "sources": ["two"] } })).await;
    assert_eq!(nowhere["errors"][0]["extensions"]["code"], "BAD_USER_INPUT");
    gateway.stop().await;
}

#[tokio::test]
async fn live_sources_have_no_history_and_the_cursor_is_good_all_the_same() {
    let feed = uncounted(3).await;
    let gateway = Gateway::over(&[&feed]).start().await;
    let mut since = Value::Null;
    for _ in 0..2 {
        let changes = ask(&gateway, json!({ "since": since })).await["changes"].take();
        assert_eq!((&changes["resyncRequired"], &changes["nodes"]), (&json!(false), &json!([])));
        since = changes["pageInfo"]["endCursor"].clone();
        assert!(since.is_string());
    }
    gateway.stop().await;
}

#[tokio::test]
async fn a_change_in_what_is_nested_counts_as_one_whatever_the_record_says_of_its_last_change() {
    const CHANGED: &str = "query($since: DateTime!) {
      services(filter: { modifiedSince: $since, includeUnknown: false }) { nodes { upstreamId lastModified } }
    }";
    let feed = uncounted(3).await;
    let directory = tempfile::tempdir().unwrap();
    let gateway = keeping(&feed, directory.path()).await;
    let first = until(&gateway, json!({ "filter": services() }), has(3)).await;
    let said = records::service(1)["last_modified"].clone();
    let all = data(gateway.query_with(CHANGED, json!({ "since": said })).await);
    assert_eq!(all["services"]["nodes"].as_array().unwrap().len(), 3, "on or after what they say");
    let later = json!({ "since": "2026-05-02T00:00:00Z" });
    let none = data(gateway.query_with(CHANGED, later.clone()).await);
    assert_eq!(none["services"]["nodes"], json!([]), "what is met for the first time has not changed");

    let mut now: Vec<Value> = (0..3).map(records::service).collect();
    now[1] = records::with(now[1].clone(), json!({ "phones": [{ "id": "p", "number": "01632 960999" }] }));
    feed.now_has(now);
    let seen = first["changes"]["pageInfo"]["endCursor"].clone();
    until(&gateway, json!({ "since": seen, "filter": services() }), has(1)).await;
    let one = data(gateway.query_with(CHANGED, later.clone()).await);
    assert_eq!(one["services"]["nodes"], json!([{ "upstreamId": "s-00001", "lastModified": said }]));
    gateway.stop().await;

    feed.behave(Manner::Status(500));
    let again = keeping(&feed, directory.path()).await;
    assert_eq!(data(again.query_with(CHANGED, later).await), one, "after a restart, too");
    again.stop().await;
}
