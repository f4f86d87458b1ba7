//! What is reported of a synchronised source before it has been read completely, and after the gateway restarts.

use std::path::Path;
use std::time::Duration;

use serde_json::{Value, json};

use crate::support::{FakeFeed, Gateway, Habit, Manner, data};

const ASK: &str = "{
  services(first: 1) { totalCount complete sources { status matched } }
  sources {
    status serviceCount lastSuccessAt nextSyncAt error { code }
    conformance { recordsChecked recordsWithIssues issues { code severity path message count exampleUpstreamIds } }
    quality { score }
  }
}";

/// A gateway that synchronises this feed into a directory, every hour.
async fn keeping(feed: &FakeFeed, directory: &Path) -> Gateway {
    Gateway::over(&[feed])
        .with_defaults("mode = 'catalogue'")
        .with(&format!("[catalogue]\ndirectory = '{}'\nsync_every = '1h'", directory.display()))
        .start()
        .await
}

/// Queries until no walk is in progress and the next one is planned.
async fn at_rest(gateway: &Gateway) -> Value {
    let asking = async {
        loop {
            let answer = data(gateway.query(ASK).await);
            if !answer["sources"][0]["nextSyncAt"].is_null() {
                return answer;
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(60), asking).await.expect("the walk does not end")
}

#[tokio::test]
async fn a_first_walk_that_came_to_its_end_without_all_there_is_leaves_the_source_warming() {
    let feed = FakeFeed::called("one").with_services(45).with(Habit::FullLists);
    let feed = feed.with(Habit::TotalsOffBy(16)).spawn().await;
    let directory = tempfile::tempdir().unwrap();
    let gateway = keeping(&feed, directory.path()).await;
    let answer = at_rest(&gateway).await;
    let services = &answer["services"];
    assert_eq!(
        (&services["complete"], &services["sources"][0]["status"]),
        (&json!(false), &json!("PARTIAL"))
    );
    let source = &answer["sources"][0];
    assert_eq!((&source["status"], &source["serviceCount"]), (&json!("WARMING"), &json!(45)));
    assert_eq!(source["error"], json!({ "code": "INVALID_RESPONSE" }));
    gateway.stop().await;
}

#[tokio::test]
async fn what_was_read_lately_is_not_read_again_because_the_gateway_is_started_again() {
    let feed = FakeFeed::called("one").with_services(45).spawn().await;
    let directory = tempfile::tempdir().unwrap();
    let gateway = keeping(&feed, directory.path()).await;
    let before = at_rest(&gateway).await;
    assert_eq!(before["services"]["sources"], json!([{ "status": "COMPLETE", "matched": 45 }]));
    gateway.stop().await;
    let hits = feed.all_hits();

    let again = keeping(&feed, directory.path()).await;
    let after = at_rest(&again).await;
    assert_eq!(feed.all_hits(), hits);
    assert_eq!(after["services"], before["services"]);
    let told = |answer: &Value| {
        ["status", "serviceCount", "lastSuccessAt", "conformance", "quality"]
            .map(|member| answer["sources"][0][member].clone())
    };
    assert_eq!(told(&after), told(&before));
    assert_eq!(before["sources"][0]["conformance"]["recordsChecked"], 45);
    again.stop().await;
}

const LEARNT: &str = "{ sources {
  dialect declaredVersion declaredProfile
  capabilities { probedAt listDepth pageSizeLimit endpoints { path available httpStatus } parameters { name support } }
} }";

/// A gateway that detects and probes this feed, and synchronises it into a directory.
async fn learning(feed: &FakeFeed, directory: &Path, every: &str) -> Gateway {
    Gateway::over(&[feed])
        .with_defaults("mode = 'catalogue'\ndialect = 'auto'\nprobe_every = '1h'")
        .with(&format!("[catalogue]\ndirectory = '{}'\nsync_every = '{every}'", directory.display()))
        .start()
        .await
}

#[tokio::test]
async fn what_was_learnt_of_a_feed_is_known_after_a_start_and_not_tried_out_again() {
    let feed = FakeFeed::called("one").with_services(45).spawn().await;
    feed.now_declares(json!({ "version": "HSDS-UK-3.0", "profile": "https://profile.example/uk" }));
    let directory = tempfile::tempdir().unwrap();
    let gateway = learning(&feed, directory.path(), "100ms").await;
    let last_success = async || data(gateway.query(ASK).await)["sources"][0]["lastSuccessAt"].clone();
    let learning_all = async {
        loop {
            let learnt = data(gateway.query(LEARNT).await)["sources"][0].clone();
            let known = &learnt["capabilities"];
            if !known["probedAt"].is_null() && known["listDepth"] != "UNKNOWN" {
                return learnt;
            }
        }
    };
    let before =
        tokio::time::timeout(Duration::from_secs(60), learning_all).await.expect("nothing is learnt");
    assert_eq!(before["declaredVersion"], "HSDS-UK-3.0");
    assert!(!before["dialect"].is_null(), "{before}");
    // Two more walks have ended. One of them began when all this was known, and has stored it.
    for _ in 0..2 {
        let seen = last_success().await;
        let walking = async { while last_success().await == seen {} };
        tokio::time::timeout(Duration::from_secs(60), walking).await.expect("no walk ends");
    }
    gateway.stop().await;

    feed.behave(Manner::Resetting);
    let gateway = learning(&feed, directory.path(), "1h").await;
    assert_eq!(data(gateway.query(LEARNT).await)["sources"][0], before, "with the feed down");
    gateway.stop().await;
}
