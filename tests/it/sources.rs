//! The sources as the graph shows them, and what stays the same after a restart.

use serde_json::{Value, json};

use crate::support::{FakeFeed, Gateway, Manner, data};

const SOURCES: &str = "{ sources {
  id key name publisher url licence { name spdxId } dialect mode status serviceCount
  lastAttemptAt lastSuccessAt ageSeconds error { code httpStatus }
} }";

async fn source_until(gateway: &Gateway, holds: impl Fn(&Value) -> bool) -> Value {
    for _ in 0..2000 {
        let source = data(gateway.query(SOURCES).await)["sources"][0].take();
        if holds(&source) {
            return source;
        }
        tokio::task::yield_now().await;
    }
    panic!("it never came about");
}

#[tokio::test]
async fn a_source_is_warming_then_fresh() {
    let feed = FakeFeed::called("one").with_services(3).behaving(Manner::Held).spawn().await;
    let about = "name = 'The One'\npublisher = 'A council'\nlicence = 'OGL-UK-3.0'";
    let gateway = Gateway::over(&[&feed]).with_source("one", about).start().await;
    feed.is_asked("/services", 1).await;
    let source = data(gateway.query(SOURCES).await)["sources"][0].take();
    assert_eq!((&source["status"], &source["serviceCount"]), (&json!("WARMING"), &Value::Null));
    assert_eq!((&source["lastSuccessAt"], &source["error"]), (&Value::Null, &Value::Null));
    assert!(source["lastAttemptAt"].is_string());
    feed.release();
    let source = source_until(&gateway, |source| source["status"] == "FRESH").await;
    assert_eq!(source["serviceCount"], 3);
    assert!(source["lastSuccessAt"].is_string());
    assert_eq!((&source["key"], &source["name"]), (&json!("one"), &json!("The One")));
    assert_eq!(
        (&source["publisher"], &source["licence"]["spdxId"]),
        (&json!("A council"), &json!("OGL-UK-3.0"))
    );
    assert_eq!((&source["dialect"], &source["mode"]), (&json!("HSDS_3"), &json!("LIVE")));
}

#[tokio::test]
async fn a_source_that_never_answered_is_unavailable_and_says_why() {
    let feed = FakeFeed::called("one").behaving(Manner::Status(503)).spawn().await;
    let gateway = Gateway::over(&[&feed]).start().await;
    let source = source_until(&gateway, |source| source["status"] == "UNAVAILABLE").await;
    assert_eq!(source["error"], json!({ "code": "HTTP_STATUS", "httpStatus": 503 }));
    assert_eq!((&source["serviceCount"], &source["lastSuccessAt"]), (&Value::Null, &Value::Null));
}

#[tokio::test]
async fn sources_come_in_the_order_they_were_written_and_can_be_picked() {
    let feeds = [FakeFeed::called("zebra").spawn().await, FakeFeed::called("ant").spawn().await];
    let gateway = Gateway::over(&[&feeds[0], &feeds[1]]).with_source("ant", "enabled = true").start().await;
    let text = "{ sources { key } ant: sources(keys: [\"ant\"]) { key } none: source(key: \"nobody\") { key } one: source(key: \"ant\") { key } }";
    let expected = json!({
        "sources": [{ "key": "zebra" }, { "key": "ant" }], "ant": [{ "key": "ant" }], "none": null, "one": { "key": "ant" },
    });
    assert_eq!(data(gateway.query(text).await), expected);
    let answer = gateway.query("{ sources(keys: [\"nobody\"]) { key } }").await;
    assert_eq!(answer["errors"][0]["extensions"]["code"], "BAD_USER_INPUT");
    let gateway = Gateway::over(&[&feeds[0], &feeds[1]]).with_source("ant", "enabled = false").start().await;
    assert_eq!(data(gateway.query("{ sources { key } }").await), json!({ "sources": [{ "key": "zebra" }] }));
}

#[tokio::test]
async fn ids_are_the_same_after_a_restart_and_differ_between_sources() {
    let feeds = [
        FakeFeed::called("one").with_services(3).spawn().await,
        FakeFeed::called("two").with_services(3).spawn().await,
    ];
    let setup = Gateway::over(&[&feeds[0], &feeds[1]]);
    let text = "{
      sources { id }
      services { nodes { id organization { id } phones { id } schedules { id } contacts { id }
        serviceAtLocations { id location { id addresses { id } } } attributes { id taxonomyTerm { id } } } }
    }";
    let gateway = setup.start().await;
    let before = data(gateway.query(text).await);
    gateway.stop().await;
    let gateway = setup.start().await;
    assert_eq!(data(gateway.query(text).await), before);
    let nodes = before["services"]["nodes"].as_array().unwrap();
    let ids: std::collections::BTreeSet<&str> =
        nodes.iter().map(|node| node["id"].as_str().unwrap()).collect();
    assert_eq!(ids.len(), 6);
}

#[tokio::test]
async fn the_published_schema_is_the_one_in_the_repository() {
    let feed = FakeFeed::called("one").spawn().await;
    let gateway = Gateway::over(&[&feed]).start().await;
    let reply = gateway.get("/schema.graphql").await;
    assert_eq!(reply.status, 200);
    assert_eq!(reply.text, include_str!("../../schema.graphql"));
}

#[tokio::test]
async fn the_front_page_says_when_publishers_last_checked_their_data() {
    let feed = async |key: &str, dates: [&str; 2]| {
        let services = dates.map(|date| json!({ "name": date, "assured_date": date }));
        let plan = services.into_iter().fold(FakeFeed::called(key), |plan, one| plan.with_service(one));
        plan.spawn().await
    };
    // A date in the future does not count.
    let live = feed("live", ["2026-10-30", "2026-12-24"]).await;
    let kept = feed("kept", ["2023-01-01", "2024-10-31"]).await;
    let silent = FakeFeed::called("silent").with_services(1).spawn().await;
    let noon = "2026-11-01T12:00:00Z".parse().unwrap();
    let setup = Gateway::over(&[&live, &kept, &silent]).with_source("kept", "mode = 'catalogue'");
    let gateway = setup.at(noon).start().await;
    gateway.is_fresh().await;
    let page = gateway.get("/").await.text;
    let cell = |key: &str| {
        let row = page.split("<tr").find(|row| row.contains(&format!("<code>{key}</code>"))).unwrap();
        row.split_once("data-label=\"Last assured\">").unwrap().1.split_once("</td>").unwrap().0
    };
    assert_eq!(cell("live"), "<time datetime=\"2026-10-30\">2 days ago</time>");
    assert_eq!(cell("kept"), "<time datetime=\"2024-10-31\">2 years ago</time>");
    assert_eq!(cell("silent"), "no date given");
}
