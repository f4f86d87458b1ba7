//! Limits on what a feed can make the gateway store, and on how long it can keep it busy.

use std::path::Path;
use std::time::{Duration, Instant};

use oruk_gateway::sync::SyncOutcome;
use serde_json::{Value, json};

use crate::support::{FakeFeed, Gateway, Habit, Kept, Manner, SETTINGS, Scope, data, records};

const REPORT: &str =
    "{ services(first: 100) { nodes { name description provenance { issues { code path message } } }
    complete sources { status error { code message } } } }";

#[tokio::test]
async fn a_live_list_is_kept_up_to_its_ceiling_and_says_which() {
    for (ceiling, most) in [("max_records = 10", 10), ("max_kept = '1KiB'", 20)] {
        let feed = FakeFeed::called("one").with_services(30).spawn().await;
        let defaults = format!("{ceiling}\npage_size = 10");
        let gateway = Gateway::over(&[&feed]).with_defaults(&defaults).start().await;
        let services = &data(gateway.query(REPORT).await)["services"];
        let kept = services["nodes"].as_array().unwrap().len();
        assert!((1..=most).contains(&kept), "{ceiling}: {kept}");
        let report = &services["sources"][0];
        assert_eq!(
            (&report["status"], &services["complete"]),
            (&json!("PARTIAL"), &json!(false)),
            "{ceiling}"
        );
        let key = ceiling.split(' ').next().unwrap();
        let message = report["error"]["message"].as_str().unwrap();
        assert!(report["error"]["code"] == "TOO_LARGE" && message.contains(key), "{report}");
    }
}

#[tokio::test]
async fn a_walk_that_stops_at_a_ceiling_deletes_nothing_and_keeps_no_more() {
    let feed = FakeFeed::called("one").with_services(45).spawn().await;
    let kept = Kept::new();
    let running = kept.open(&feed).await;
    assert_eq!(running.synchronise().await, SyncOutcome::Whole);
    running.stop().await;
    // The first page has new records, for which there is no room beside what an earlier walk saw.
    feed.now_has((100..160).chain(0..45).map(records::service).collect());
    let running = kept.open_with(&feed, &format!("{SETTINGS}max_records = 50\n")).await;
    for _ in 0..3 {
        kept.minutes_pass(60 * 7);
        let outcome = running.synchronise().await;
        let SyncOutcome::Partial(error) = outcome else { panic!("{outcome:?}") };
        assert!(error.message.contains("`max_records`"), "{error:?}");
        assert_eq!(running.services(), 50);
    }
    running.stop().await;
}

#[tokio::test]
async fn what_is_too_large_in_a_record_is_left_out_and_said() {
    let long = records::with(records::service(0), json!({ "description": "tea ".repeat(1000) }));
    let feed = FakeFeed::called("one").spawn().await;
    feed.now_has(vec![long, records::service(1)]);
    let gateway = Gateway::over(&[&feed]).with_defaults("max_text = '2KiB'").start().await;
    let services = &data(gateway.query(REPORT).await)["services"];
    let left_out: Vec<_> =
        services["nodes"].as_array().unwrap().iter().map(|node| &node["description"]).collect();
    assert!(left_out.iter().any(|description| description.is_null()), "{services}");
    assert!(services.to_string().contains("`max_text`"), "{services}");
}

#[tokio::test]
async fn the_largest_answer_is_counted_unpacked() {
    let row = |n| records::with(records::service(n), json!({ "description": "tea ".repeat(1000) }));
    let feed = FakeFeed::called("one").with(Habit::Gzipped).spawn().await;
    feed.now_has((0..40).map(row).collect());
    let gateway = Gateway::over(&[&feed]).with_defaults("max_response = '64KiB'").start().await;
    let report = data(gateway.query(REPORT).await)["services"]["sources"][0].clone();
    assert_eq!((&report["status"], &report["error"]["code"]), (&json!("FAILED"), &json!("TOO_LARGE")));
}

/// A broken page that makes salvaging read it as often as it ever does.
pub(crate) fn slow_page() -> &'static str {
    let broken = format!("{{\"contents\": [{}", "{\"a\":[".repeat(2 << 20));
    Box::leak(broken.into_boxed_str())
}

#[tokio::test]
async fn a_feed_that_takes_long_to_read_holds_up_neither_others_nor_the_end() {
    let slow = FakeFeed::called("slow").spawn().await;
    slow.behave(Manner::Saying(slow_page()));
    let good = FakeFeed::called("good").with_services(30).spawn().await;
    let gateway = Gateway::over(&[&slow, &good]).with("[server]\nshutdown_grace = '1s'").start().await;
    let report = data(gateway.query(REPORT).await)["services"]["sources"].clone();
    assert_eq!(report[1]["status"], "COMPLETE", "{report}");
    let began = Instant::now();
    gateway.stop().await;
    assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
}

const STATES: &str = "{
  services(first: 1) { complete sources { status matched error { code message } } }
  sources { status serviceCount nextSyncAt error { code message } }
}";

/// A gateway that synchronises this feed into a directory.
async fn keeping(feed: &FakeFeed, directory: &Path, limits: &str) -> Gateway {
    Gateway::over(&[feed])
        .with_defaults(&format!("mode = 'catalogue'\n{limits}"))
        .with(&format!("[catalogue]\ndirectory = '{}'\nsync_every = '1h'", directory.display()))
        .start()
        .await
}

/// Returns the state of the sources after the walk has ended and the next one is planned.
async fn after_the_walk(gateway: &Gateway) -> Value {
    let asking = async {
        loop {
            let said = data(gateway.query(STATES).await);
            if !said["sources"][0]["nextSyncAt"].is_null() {
                return said;
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(60), asking).await.expect("the walk does not end")
}

#[tokio::test]
async fn a_synchronised_list_that_reached_its_ceiling_is_partial_and_not_warming() {
    let feed = FakeFeed::called("one").with_services(30).with(Habit::FullLists).spawn().await;
    let directory = tempfile::tempdir().unwrap();
    let gateway = keeping(&feed, directory.path(), "page_size = 10\nmax_records = 15").await;
    let before = after_the_walk(&gateway).await;
    gateway.stop().await;
    let again = keeping(&feed, directory.path(), "page_size = 10\nmax_records = 15").await;
    for said in [before, data(again.query(STATES).await)] {
        let (source, report) = (&said["sources"][0], &said["services"]["sources"][0]);
        assert_eq!((&source["status"], &source["serviceCount"]), (&json!("FRESH"), &json!(15)), "{said}");
        assert_eq!((&report["status"], &said["services"]["complete"]), (&json!("PARTIAL"), &json!(false)));
        for error in [&source["error"], &report["error"]] {
            assert_eq!(error["code"], "TOO_LARGE");
            assert!(error["message"].as_str().is_some_and(|message| message.contains("`max_records`")));
        }
    }
    again.stop().await;
}

#[tokio::test]
async fn a_synchronised_feed_of_which_nothing_is_small_enough_says_why() {
    let feed = FakeFeed::called("one").spawn().await;
    let large = |n| records::with(records::service(n), json!({ "description": "tea ".repeat(1000) }));
    feed.now_has((0..5).map(large).collect());
    let directory = tempfile::tempdir().unwrap();
    let gateway = keeping(&feed, directory.path(), "max_record = '2KiB'").await;
    let said = after_the_walk(&gateway).await;
    let (source, report) = (&said["sources"][0], &said["services"]["sources"][0]);
    assert_eq!((&source["status"], &report["status"]), (&json!("UNAVAILABLE"), &json!("FAILED")), "{said}");
    for error in [&source["error"], &report["error"]] {
        assert!(error["message"].as_str().is_some_and(|message| message.contains("`max_record`")), "{said}");
    }
    gateway.stop().await;
}

#[tokio::test]
async fn a_source_that_was_never_read_whole_is_not_waited_for_again_after_a_start() {
    let feed = FakeFeed::called("one").with_services(30).with(Habit::FullLists).spawn().await;
    feed.behave_at(Scope::ListFrom(2), Manner::Status(500));
    let directory = tempfile::tempdir().unwrap();
    let limits = "page_size = 10\ndeadline = '10m'\ntimeout = '10m'";
    let gateway = keeping(&feed, directory.path(), limits).await;
    after_the_walk(&gateway).await;
    gateway.stop().await;
    feed.behave(Manner::Hanging);
    let again = keeping(&feed, directory.path(), limits).await;
    let asking = tokio::time::timeout(Duration::from_secs(30), again.query(STATES));
    let said = data(asking.await.expect("it is waited for"));
    assert_eq!(
        (&said["sources"][0]["status"], &said["services"]["sources"][0]["status"]),
        (&json!("WARMING"), &json!("PARTIAL")),
        "{said}"
    );
    again.stop().await;
}

#[tokio::test]
async fn the_longest_lists_of_a_record_are_cut_and_the_record_says_so() {
    let on = |n: u32| format!("2026-{:02}-{:02}", n / 28 + 1, n % 28 + 1);
    let many: Vec<_> = (0..300).map(|n| json!({ "id": n, "dtstart": on(n) })).collect();
    let feed = FakeFeed::called("one").spawn().await;
    feed.now_has(vec![records::with(records::service(0), json!({ "schedules": many }))]);
    let gateway = Gateway::over(&[&feed]).with_defaults("max_parts = 100").start().await;
    let question =
        "{ services(first: 1) { nodes { schedules { id } provenance { issues { code path message } } } } }";
    let service = data(gateway.query(question).await)["services"]["nodes"][0].clone();
    let read = service["schedules"].as_array().unwrap().len();
    assert!((25..=100).contains(&read), "{read}");
    let issues = service["provenance"]["issues"].as_array().unwrap();
    let said = issues.iter().find(|issue| issue["path"] == "schedules").unwrap();
    assert!(said["code"] == "UNREADABLE" && said["message"].as_str().unwrap().contains("of 300"), "{said}");
}

#[tokio::test]
async fn an_answer_that_takes_more_memory_than_reading_may_is_refused_and_others_are_read() {
    let tiny = format!("{{\"contents\": [{}{{}}]}}", "{\"id\":1},".repeat(40_000));
    let hostile = FakeFeed::called("hostile").spawn().await;
    hostile.behave(Manner::Saying(Box::leak(tiny.into_boxed_str())));
    let good = FakeFeed::called("good").with_services(30).spawn().await;
    let setup = Gateway::over(&[&hostile, &good]).with("[reading]\nmax_memory = '16MiB'");
    let gateway = setup.start().await;
    let reports = data(gateway.query(REPORT).await)["services"]["sources"].clone();
    let error = &reports[0]["error"];
    assert_eq!((&reports[0]["status"], &error["code"]), (&json!("FAILED"), &json!("TOO_LARGE")), "{reports}");
    assert!(error["message"].as_str().is_some_and(|message| message.contains("`max_memory`")), "{reports}");
    assert_eq!(reports[1]["status"], "COMPLETE", "{reports}");
}
