//! A feed that fails after it has been read: cached data is served, and the report says what it is.

use std::sync::atomic::Ordering;
use std::time::Duration;

use chrono::TimeDelta;
use oruk_gateway::model::{AnyRecord, RecordKind};
use oruk_gateway::sync::SyncOutcome;
use serde_json::{Value, json};

use crate::support::{FakeFeed, Gateway, Kept, Manner, Reply, Scope, data, opened, records, start};

const SERVICES: &str = "{ services(first: 50) {
  totalCount complete nodes { upstreamId provenance { stale } }
  sources { source { key status serviceCount ageSeconds error { code } } status matched ageSeconds error { code httpStatus } }
} }";

/// Queries until the report of the only source meets a condition. Reads in the background end after the answer that
/// starts them.
async fn ask_until(gateway: &Gateway, holds: impl Fn(&Value) -> bool) -> (Reply, Value) {
    for _ in 0..2000 {
        let reply = gateway.ask(SERVICES, json!({})).await;
        let services = data(reply.json())["services"].take();
        if holds(&services["sources"][0]) {
            return (reply, services);
        }
        tokio::task::yield_now().await;
    }
    panic!("it never came about");
}

#[tokio::test]
async fn what_was_read_is_served_stale_while_the_feed_fails_and_fresh_again_after() {
    let feed = FakeFeed::called("one").with_services(41).spawn().await;
    let gateway = Gateway::over(&[&feed]).with_defaults("fresh_for = '20ms'").start().await;
    let (_, services) = ask_until(&gateway, |report| report["status"] == "COMPLETE").await;
    assert_eq!((&services["totalCount"], &services["sources"][0]["error"]), (&json!(41), &Value::Null));

    feed.behave(Manner::Status(500));
    let (reply, services) = ask_until(&gateway, |report| report["error"]["code"] == "HTTP_STATUS").await;
    let report = &services["sources"][0];
    assert_eq!((&report["status"], &report["matched"]), (&json!("STALE"), &json!(41)));
    assert_eq!(report["error"]["httpStatus"], 500);
    assert_eq!(report["source"]["status"], "STALE");
    assert_eq!(report["source"]["serviceCount"], 41);
    assert_eq!(
        (&services["totalCount"], &services["complete"]),
        (&json!(41), &json!(true)),
        "all was considered"
    );
    assert_eq!(services["nodes"][0]["provenance"]["stale"], true);
    assert_eq!(reply.header("cache-control"), "private, no-cache");

    feed.behave(Manner::Healthy);
    let is_fresh = |report: &Value| report["status"] == "COMPLETE" && report["error"].is_null();
    let (_, services) = ask_until(&gateway, is_fresh).await;
    assert_eq!(services["totalCount"], 41);
}

#[tokio::test]
async fn a_fresh_answer_says_how_long_it_holds() {
    let feed = FakeFeed::called("one").with_services(3).spawn().await;
    let gateway = Gateway::over(&[&feed]).with_defaults("fresh_for = '10m'").start().await;
    let reply = gateway.ask(SERVICES, json!({})).await;
    let control = reply.header("cache-control");
    let seconds: u64 = control.strip_prefix("public, max-age=").unwrap().parse().unwrap();
    assert!((500..=600).contains(&seconds), "{control}");
    assert!(reply.header("age").parse::<u64>().unwrap() <= 5);
    let failing = FakeFeed::called("two").behaving(Manner::Status(500)).spawn().await;
    let gateway = Gateway::over(&[&feed, &failing]).start().await;
    let reply = gateway.ask(SERVICES, json!({})).await;
    let control = reply.header("cache-control");
    let seconds: u64 = control.strip_prefix("public, max-age=").unwrap().parse().unwrap();
    let age: u64 = reply.header("age").parse().unwrap();
    assert!((1..=5).contains(&(seconds - age)), "a failure is not handed out for long: {control}");
}

#[tokio::test]
async fn what_is_too_old_to_serve_is_not_served() {
    let feed = FakeFeed::called("one").with_services(41).spawn().await;
    let gateway = Gateway::over(&[&feed]).with_defaults("fresh_for = '1ms'\nstale_for = '1ms'").start().await;
    ask_until(&gateway, |report| report["matched"] == 41).await;
    feed.behave(Manner::Status(503));
    let (_, services) = ask_until(&gateway, |report| report["status"] == "FAILED").await;
    assert_eq!(services["nodes"], json!([]));
    assert_eq!(services["totalCount"], 0);
}

#[tokio::test]
async fn a_list_that_breaks_off_does_not_replace_a_whole_one() {
    let feed = FakeFeed::called("one").with_services(41).page_size_cap(10).spawn().await;
    let gateway = Gateway::over(&[&feed]).with_defaults("fresh_for = '1ms'").start().await;
    ask_until(&gateway, |report| report["matched"] == 41).await;
    feed.behave_at(Scope::ListFrom(3), Manner::Status(500));
    let (_, services) = ask_until(&gateway, |report| report["error"]["code"] == "HTTP_STATUS").await;
    assert_eq!(services["nodes"].as_array().unwrap().len(), 41);
    assert_eq!(services["sources"][0]["status"], "STALE");
}

#[tokio::test]
async fn a_record_that_was_read_is_served_while_its_feed_is_down() {
    let feed = FakeFeed::called("one").with_services(3).spawn().await;
    let gateway = Gateway::over(&[&feed]).with_defaults("fresh_for = '1ms'").start().await;
    let nodes = data(gateway.query("{ services { nodes { id phones { number } } } }").await);
    let id = &nodes["services"]["nodes"][0]["id"];
    feed.behave(Manner::Resetting);
    let text = "query($id: ID!) { service(id: $id) { phones { number } provenance { stale shallow } } }";
    for _ in 0..3 {
        let service = data(gateway.query_with(text, json!({ "id": id })).await)["service"].take();
        assert_eq!(service["phones"][0]["number"], "0117 496 0000");
        assert_eq!(service["provenance"], json!({ "stale": true, "shallow": false }));
    }
}

#[tokio::test]
async fn what_a_feed_gains_and_loses_shows_once_it_is_read_again() {
    let feed = FakeFeed::called("one").with_services(3).spawn().await;
    let gateway = Gateway::over(&[&feed]).with_defaults("fresh_for = '1ms'").start().await;
    ask_until(&gateway, |report| report["matched"] == 3).await;
    feed.now_has((1..8).map(crate::support::records::service).collect());
    let (_, services) = ask_until(&gateway, |report| report["matched"] == 7).await;
    let nodes = services["nodes"].as_array().unwrap();
    assert!(nodes.iter().all(|node| node["upstreamId"] != "s-00000"));
}

#[tokio::test]
async fn quirk_25_a_list_that_is_suddenly_empty_wipes_nothing() {
    let feed = FakeFeed::called("one").with_services(41).spawn().await;
    let gateway = Gateway::over(&[&feed]).with_defaults("fresh_for = '20ms'").start().await;
    ask_until(&gateway, |report| report["status"] == "COMPLETE").await;
    feed.now_has(Vec::new());
    let (_, services) = ask_until(&gateway, |report| report["error"]["code"] == "INVALID_RESPONSE").await;
    assert_eq!((&services["totalCount"], &services["sources"][0]["status"]), (&json!(41), &json!("STALE")));
}

#[tokio::test]
async fn a_list_of_services_that_is_not_there_is_a_failure_and_not_an_empty_answer() {
    let feed = FakeFeed::called("one").with_services(3).spawn().await;
    feed.behave(Manner::Status(404));
    let gateway = Gateway::over(&[&feed]).start().await;
    let (_, services) = ask_until(&gateway, |report| report["status"] == "FAILED").await;
    assert_eq!(services["sources"][0]["error"]["httpStatus"], 404);
    assert_eq!((&services["totalCount"], &services["complete"]), (&json!(0), &json!(false)));
}

/// As nothing tells whether an empty list has the services in full, each probe reads it anew. With `fresh_for = '0s'` what
/// it reads is stale at once.
#[tokio::test]
async fn what_is_read_between_sync_runs_does_not_make_a_synchronised_source_stale() {
    let feed = FakeFeed::called("one").with_services(0).spawn().await;
    let settings = "mode = 'catalogue'\nfresh_for = '0s'\nprobe_every = '1m'";
    let gateway = Gateway::over(&[&feed]).with_defaults(settings).start().await;
    gateway.is_fresh().await;
    let asked = "{ sources { status } services { sources { status } } }";
    let read_by_probe = async {
        loop {
            let requests = feed.asked();
            let mut probed = requests.iter().skip_while(|asked| !asked.query.contains_key("modified_after"));
            if probed.any(|asked| {
                asked.path == "/services" && asked.query.get("per_page").is_some_and(|rows| rows == "100")
            }) {
                return;
            }
            data(gateway.query(asked).await);
        }
    };
    tokio::time::timeout(Duration::from_secs(20), read_by_probe).await.unwrap();
    // The reading ends a moment after the feed answered.
    for _ in 0..100 {
        let answer = data(gateway.query(asked).await);
        assert_eq!(answer["sources"][0]["status"], "FRESH");
        assert_eq!(answer["services"]["sources"][0]["status"], "COMPLETE");
    }
}

#[tokio::test]
async fn records_of_a_synchronised_source_are_stale_when_the_source_is() {
    let feed = FakeFeed::called("one").with_services(3).spawn().await;
    let gateway = Gateway::over(&[&feed]).with_defaults("mode = 'catalogue'\nfresh_for = '0s'");
    let gateway = gateway.with("[catalogue]\nsync_every = '1s'").start().await;
    let asked = "{ sources { status } services { nodes { provenance { stale } organization { provenance { stale } } } } }";
    let record = |stale| json!({ "provenance": { "stale": stale }, "organization": { "provenance": { "stale": stale } } });
    let nodes_when = async |status: &str| {
        let asking = async {
            loop {
                let answer = data(gateway.query(asked).await);
                if answer["sources"][0]["status"] == status {
                    return answer["services"]["nodes"].clone();
                }
            }
        };
        tokio::time::timeout(Duration::from_secs(30), asking).await.unwrap()
    };
    assert_eq!(nodes_when("FRESH").await, json!([record(false), record(false), record(false)]));
    feed.behave(Manner::Status(500));
    assert_eq!(nodes_when("STALE").await, json!([record(true), record(true), record(true)]));
}

#[tokio::test]
async fn records_that_each_sync_run_confirms_say_when_they_were_read_last_in_every_answer() {
    let feed = FakeFeed::called("one").with_services(3).spawn().await;
    let gateway = Gateway::over(&[&feed]).with_defaults("mode = 'catalogue'");
    let gateway = gateway.with("[catalogue]\nsync_every = '1s'").start().await;
    gateway.is_fresh().await;
    for list in ["services", "organizations", "locations"] {
        let page = format!("{{ {list} {{ nodes {{ id provenance {{ fetchedAt }} }} }} }}");
        let read = async || data(gateway.query(&page).await)[list]["nodes"].take();
        let first = read().await;
        assert!(!first.as_array().unwrap().is_empty(), "{list}");
        let confirmed = async {
            let is_newer =
                |now: &Value| now["provenance"]["fetchedAt"] != first[0]["provenance"]["fetchedAt"];
            while !read().await.as_array().unwrap().iter().all(is_newer) {}
        };
        let confirmed = tokio::time::timeout(Duration::from_secs(30), confirmed).await;
        assert!(confirmed.is_ok(), "{list} stay as old as at first");
    }
    gateway.stop().await;
}

#[tokio::test]
async fn what_is_collected_from_services_is_as_fresh_as_they_are() {
    let feed = FakeFeed::called("one").with_services(5).spawn().await;
    let (kept, running) = opened(&feed).await;
    running.synchronise().await;
    let is_collected = |kind| !running.all(kind).is_empty();
    let kinds: Vec<RecordKind> = RecordKind::ALL.into_iter().filter(|kind| is_collected(*kind)).collect();
    assert!(kinds.len() >= 5, "{kinds:?}");
    let age =
        |record: &AnyRecord| start() + TimeDelta::minutes(minutes(&kept)) - record.provenance().fetched_at;
    let are_new = || {
        for record in kinds.iter().flat_map(|kind| running.all(*kind)) {
            assert_eq!(age(&record), TimeDelta::zero(), "{:?}", record.id());
        }
    };
    let changes = running.changes();
    for _ in 0..2 {
        kept.minutes_pass(60);
        assert_eq!(running.synchronise().await, SyncOutcome::Whole);
        are_new();
    }
    assert_eq!(running.changes(), changes, "nothing changed");

    let mut now: Vec<Value> = (0..5).map(records::service).collect();
    now[1] = records::with(now[1].clone(), json!({ "name": "Renamed" }));
    feed.now_has(now);
    kept.minutes_pass(60);
    running.synchronise().await;
    assert_eq!(running.service("s-00001").name, "Renamed");
    are_new();
    running.stop().await;
}

fn minutes(kept: &Kept) -> i64 {
    kept.minutes.load(Ordering::SeqCst)
}

#[tokio::test]
async fn what_was_read_before_a_feed_failed_has_an_age_and_its_source_is_not_unavailable() {
    for (mode, status) in [("live", "STALE"), ("catalogue", "WARMING")] {
        let feed = FakeFeed::called("one").with_services(41).page_size_cap(10).spawn().await;
        feed.behave_at(Scope::ListFrom(3), Manner::Status(500));
        let gateway = Gateway::over(&[&feed]).with_defaults(&format!("mode = '{mode}'")).start().await;
        let (_, services) =
            ask_until(&gateway, |report| report["matched"] == 20 && !report["error"].is_null()).await;
        let report = &services["sources"][0];
        assert_eq!((&report["status"], &report["matched"]), (&json!("PARTIAL"), &json!(20)), "{mode}");
        let source = &report["source"];
        assert_eq!((&source["status"], &source["serviceCount"]), (&json!(status), &json!(20)), "{mode}");
        assert!(report["ageSeconds"].is_u64() && source["ageSeconds"].is_u64(), "{mode}: {report}");
        gateway.stop().await;
    }
}
