//! What is said of a synchronised source before it has been read whole, and after the gateway is started again.

use std::path::Path;
use std::time::Duration;

use serde_json::{Value, json};

use crate::support::{FakeFeed, Gateway, Habit, data};

const ASK: &str = "{
  services(first: 1) { totalCount complete sources { status matched } }
  sources {
    status serviceCount lastSuccessAt nextSyncAt error { code }
    conformance { recordsChecked recordsWithIssues issues { code severity path message count exampleUpstreamIds } }
    quality { score }
  }
}";

/// A gateway that keeps what this feed has in a directory, and reads it every hour.
async fn keeping(feed: &FakeFeed, directory: &Path) -> Gateway {
    Gateway::over(&[feed])
        .with_defaults("mode = 'catalogue'")
        .with(&format!("[catalogue]\ndirectory = '{}'\nsync_every = '1h'", directory.display()))
        .start()
        .await
}

/// Asks until no walk is under way and the next one is planned.
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
