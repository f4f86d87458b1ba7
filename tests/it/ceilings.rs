//! What a feed may make the gateway keep, and how long it may keep it busy.

use std::time::{Duration, Instant};

use oruk_gateway::catalogue::sync::Outcome;
use serde_json::json;

use crate::support::{FakeFeed, Gateway, Habit, Kept, Manner, SETTINGS, data, records};

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
    assert_eq!(running.synchronise().await, Outcome::Whole);
    running.stop().await;
    // The first page is new: there is no room for it beside what an earlier walk saw.
    feed.now_has((100..160).chain(0..45).map(records::service).collect());
    let running = kept.open_with(&feed, &format!("{SETTINGS}max_records = 50\n")).await;
    for _ in 0..3 {
        kept.minutes_pass(60 * 7);
        let outcome = running.synchronise().await;
        let Outcome::Partial(error) = outcome else { panic!("{outcome:?}") };
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

/// A page that is broken so that salvaging it goes over it as often as that is done at all.
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
