//! Counts of services in groups, and the quality of a source's data, over synchronised and live sources.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use crate::support::{FakeFeed, Gateway, Habit, Manner, data};

fn noon() -> DateTime<Utc> {
    "2026-11-01T12:00:00Z".parse().unwrap()
}

/// A feed of two services: one of a guild, recently checked, and one that states little.
async fn feed(key: &str) -> FakeFeed {
    FakeFeed::called(key)
        .with(Habit::FullLists)
        .with_service(json!({
            "name": "A", "status": "active", "last_modified": "2026-05-01T09:00:00Z", "assured_date": "2026-10-22",
            "organization": { "id": "o-guild", "name": "The Guild" }, "languages": [{ "id": "l1", "code": "cy" }],
            "fees": "free",
        }))
        .with_service(json!({
            "name": "B", "status": "inactive", "last_modified": null, "organization": null, "attributes": [],
            "description": null,
        }))
        .spawn()
        .await
}

const COUNT: &str = "query($filter: ServiceFilter, $by: [ServiceDimension!]!, $first: Int) {
    serviceStatistics(filter: $filter, groupBy: $by, first: $first) {
        totalCount truncated complete sources { source { key } status matched }
        rows { keys { dimension value label } services organizations locations medianAssuredAgeDays } } }";

async fn counted(gateway: &Gateway, variables: Value) -> Value {
    data(gateway.query_with(COUNT, variables).await)["serviceStatistics"].take()
}

/// Returns rows as `value (label)/…: services organizations`.
fn rows(statistics: &Value) -> Vec<String> {
    let rows = statistics["rows"].as_array().unwrap().iter();
    let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    rows.map(|row| {
        let keys = row["keys"].as_array().unwrap().iter();
        let keys: Vec<_> =
            keys.map(|key| format!("{} ({})", text(&key["value"]), text(&key["label"]))).collect();
        format!("{}: {} {}", keys.join("/"), row["services"], row["organizations"])
    })
    .collect()
}

/// Waits until the synchronised sources have been read, which the gateway does by itself.
async fn until_warm(gateway: &Gateway) {
    for _ in 0..500 {
        let answer = data(gateway.query("{ services { complete } }").await);
        if answer["services"]["complete"] == true {
            return;
        }
        tokio::task::yield_now().await;
    }
    panic!("the first synchronisation does not end");
}

#[tokio::test]
async fn kept_and_live_sources_are_counted_together() {
    let (kept, live) = (feed("kept").await, feed("live").await);
    let gateway =
        Gateway::over(&[&kept, &live]).with_source("kept", "mode = 'catalogue'").at(noon()).start().await;
    until_warm(&gateway).await;

    let by_source = counted(&gateway, json!({ "by": ["SOURCE", "STATUS"] })).await;
    assert_eq!(
        (&by_source["totalCount"], &by_source["complete"], &by_source["truncated"]),
        (&json!(4), &json!(true), &json!(false))
    );
    let keys: Vec<&Value> =
        by_source["sources"].as_array().unwrap().iter().map(|one| &one["source"]["key"]).collect();
    assert_eq!(keys, ["kept", "live"]);
    let rows_by_source = rows(&by_source);
    assert_eq!(rows_by_source.len(), 4);
    assert!(
        rows_by_source[0].starts_with("kept (") && rows_by_source[0].contains("/ACTIVE (-): 1 1"),
        "{rows_by_source:?}"
    );

    let by_organization = counted(&gateway, json!({ "by": ["ORGANIZATION"] })).await;
    let labels: Vec<&Value> =
        by_organization["rows"].as_array().unwrap().iter().map(|row| &row["keys"][0]["label"]).collect();
    assert_eq!(
        labels,
        [&Value::Null, &json!("The Guild"), &json!("The Guild")],
        "one of each source, none of two"
    );
    let id = by_organization["rows"][1]["keys"][0]["value"].as_str().unwrap();
    let named =
        gateway.query_with("query($id: ID!) { organization(id: $id) { name } }", json!({ "id": id })).await;
    assert_eq!(data(named)["organization"]["name"], "The Guild", "the value is the id here");

    let by_term = rows(
        &counted(&gateway, json!({ "by": ["TAXONOMY_TERM"], "filter": { "status": ["ACTIVE"] } })).await,
    );
    assert!(by_term.iter().all(|row| !row.contains("(-)")), "terms have names: {by_term:?}");

    let cases = [
        ("LANGUAGE", vec!["cym (Welsh): 2 2", "- (-): 2 0"]),
        ("COST", vec!["FREE (-): 2 2", "UNKNOWN (-): 2 0"]),
        ("FRESHNESS", vec!["0-30 (up to 30 days): 2 2", "- (-): 2 0"]),
        ("MODIFIED_MONTH", vec!["2026-05 (-): 2 2", "- (-): 2 0"]),
        ("STATUS", vec!["ACTIVE (-): 2 2", "INACTIVE (-): 2 0"]),
    ];
    for (dimension, expected) in cases {
        let statistics = counted(&gateway, json!({ "by": [dimension] })).await;
        assert_eq!(rows(&statistics), expected, "{dimension}");
        let median = &statistics["rows"][0]["medianAssuredAgeDays"];
        assert_eq!(median, &json!(10.0), "{dimension}");
    }
    let cut = counted(&gateway, json!({ "by": ["STATUS"], "first": 1 })).await;
    assert_eq!((cut["rows"].as_array().unwrap().len(), &cut["truncated"]), (1, &json!(true)));
    gateway.stop().await;
}

#[tokio::test]
async fn a_source_that_fails_is_said_to_and_the_rest_counted() {
    let (well, ill) = (feed("well").await, feed("ill").await);
    ill.behave(Manner::Status(500));
    let gateway = Gateway::over(&[&well, &ill]).at(noon()).start().await;
    let statistics = counted(&gateway, json!({ "by": ["SOURCE"] })).await;
    assert_eq!((&statistics["totalCount"], &statistics["complete"]), (&json!(2), &json!(false)));
    assert_eq!(statistics["sources"][1]["status"], "FAILED");
    assert_eq!(rows(&statistics).len(), 1);
    gateway.stop().await;
}

#[tokio::test]
async fn groupings_that_make_no_sense_are_refused() {
    let feed = feed("one").await;
    let gateway = Gateway::over(&[&feed]).start().await;
    let cases = [
        json!({ "by": [] }),
        json!({ "by": ["DAY", "DAY"] }),
        json!({ "by": ["DAY", "COST", "SOURCE", "STATUS"] }),
        json!({ "by": ["DAY"], "first": 0 }),
        json!({ "by": ["DAY"], "first": 1001 }),
        json!({ "by": ["DAY"], "filter": { "age": -1 } }),
    ];
    for variables in cases {
        let answer = gateway.query_with(COUNT, variables.clone()).await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], "BAD_USER_INPUT", "{variables}");
    }
    gateway.stop().await;
}

#[tokio::test]
async fn the_quality_of_a_source_is_that_of_its_services_however_it_is_read() {
    let (kept, live) = (feed("kept").await, feed("live").await);
    let gateway =
        Gateway::over(&[&kept, &live]).with_source("kept", "mode = 'catalogue'").at(noon()).start().await;
    until_warm(&gateway).await;
    let asked = live.asked().len();
    let text = "{ sources { key quality { services score
        completeness { field filled total ratio } freshness { label fromDays toDays count } } } }";
    let sources = data(gateway.query(text).await)["sources"].take();
    for source in sources.as_array().unwrap() {
        let quality = &source["quality"];
        let field = |name: &str| {
            let all = quality["completeness"].as_array().unwrap().iter();
            all.clone().find(|one| one["field"] == name).unwrap().clone()
        };
        assert_eq!(quality["services"], 2, "{source}");
        assert_eq!(field("status"), json!({ "field": "status", "filled": 2, "total": 2, "ratio": 1.0 }));
        for name in ["organization", "assuredDate", "lastModified", "languages", "costs", "description"] {
            assert_eq!(
                (&field(name)["filled"], &field(name)["ratio"]),
                (&json!(1), &json!(0.5)),
                "{name}: {source}"
            );
        }
        let counts: Vec<u64> = quality["freshness"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["count"].as_u64().unwrap())
            .collect();
        assert_eq!(counts, [1, 0, 0, 0, 0, 1]);
        let score = quality["score"].as_f64().unwrap();
        assert!((20.0..80.0).contains(&score), "{score}");
    }
    assert_eq!(live.asked().len(), asked, "no own page is read for it");
    gateway.stop().await;
}

#[tokio::test]
async fn a_source_of_which_nothing_is_known_has_no_score() {
    let feed = feed("one").await;
    feed.behave(Manner::Status(500));
    let gateway = Gateway::over(&[&feed]).start().await;
    let text = "{ source(key: \"one\") { quality { services score } } }";
    let quality = data(gateway.query(text).await)["source"]["quality"].take();
    assert_eq!(quality, json!({ "services": 0, "score": null }));
    gateway.stop().await;
}

#[tokio::test]
async fn counts_come_with_the_ids_of_some_of_the_records_that_they_are_of() {
    for mode in ["live", "catalogue"] {
        let feed = FakeFeed::called("one")
            .with(Habit::FullLists)
            .with_service(
                json!({ "id": "s-a", "name": "A", "url": "https://a.example/", "assured_date": "soon" }),
            )
            .with_service(json!({ "id": "s-b", "name": "B", "status": "inactive" }))
            .with_service(json!({ "id": "s-c", "name": "C", "status": "inactive" }))
            .spawn()
            .await;
        let gateway = Gateway::over(&[&feed]).with_source("one", &format!("mode = '{mode}'")).start().await;
        until_warm(&gateway).await;
        let query = "query($first: Int) {
            source(key: \"one\") {
                quality { completeness { field exampleUpstreamIds(first: $first) } freshness { count exampleUpstreamIds } }
                conformance { issues(first: 100) { path exampleUpstreamIds(first: $first) } }
            }
            serviceStatistics(groupBy: [STATUS]) { rows { services exampleUpstreamIds(first: $first) } } }";
        let told = data(gateway.query_with(query, json!({ "first": 50 })).await);
        let of = |list: &Value, key: &str, value: &str| {
            let one = list.as_array().unwrap().iter().find(|one| one[key] == value);
            let mut ids: Vec<String> =
                serde_json::from_value(one.unwrap()["exampleUpstreamIds"].clone()).unwrap();
            ids.sort();
            ids
        };
        let completeness = &told["source"]["quality"]["completeness"];
        assert_eq!(of(completeness, "field", "url"), ["s-b", "s-c"], "{mode}");
        assert_eq!(of(completeness, "field", "description"), [""; 0], "{mode}");
        assert_eq!(of(&told["source"]["conformance"]["issues"], "path", "assured_date"), ["s-a"], "{mode}");
        for bucket in told["source"]["quality"]["freshness"].as_array().unwrap() {
            assert_eq!(
                bucket["exampleUpstreamIds"].as_array().unwrap().len() as u64,
                bucket["count"].as_u64().unwrap()
            );
        }
        let rows = &told["serviceStatistics"]["rows"];
        let of_row = |at: usize| {
            let mut ids: Vec<String> =
                serde_json::from_value(rows[at]["exampleUpstreamIds"].clone()).unwrap();
            ids.sort();
            ids
        };
        assert_eq!(
            (of_row(0), of_row(1)),
            (vec!["s-b".to_owned(), "s-c".to_owned()], vec!["s-a".to_owned()]),
            "{mode}"
        );
        let one = data(gateway.query_with(query, json!({ "first": 1 })).await);
        assert_eq!(one["serviceStatistics"]["rows"][0]["exampleUpstreamIds"].as_array().unwrap().len(), 1);
        let refused = gateway.query_with(query, json!({ "first": 51 })).await;
        assert_eq!(refused["errors"][0]["extensions"]["code"], "BAD_USER_INPUT");
        gateway.stop().await;
    }
}
