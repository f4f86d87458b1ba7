//! What the gateway requests of a feed that is unwell: it retries within limits, and leaves the feed alone if it asks
//! for that or keeps failing.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::support::{FakeFeed, Gateway, Habit, Manner, data};

const SERVICES: &str = "{ services { totalCount nodes { name } sources { status matched error { code httpStatus retryAfterSeconds } } } }";

async fn report(gateway: &Gateway) -> Value {
    data(gateway.query(SERVICES).await)["services"]["sources"][0].take()
}

#[tokio::test]
async fn what_may_pass_is_tried_again_as_often_as_said() {
    for (manner, retries, hits) in [
        (Manner::Status(503), 2, 3),
        (Manner::Status(500), 1, 2),
        (Manner::Resetting, 1, 2),
        // Once more, for page 0.
        (Manner::Status(404), 2, 2),
        (Manner::Status(401), 2, 1),
        (Manner::Status(501), 2, 1),
        (Manner::Html, 2, 1),
    ] {
        let name = format!("{manner:?}");
        let feed = FakeFeed::called("one").behaving(manner).spawn().await;
        let gateway = Gateway::over(&[&feed]).with_defaults(&format!("retries = {retries}")).start().await;
        report(&gateway).await;
        assert_eq!(feed.hits("/services"), hits, "{name}");
    }
}

#[tokio::test]
async fn a_feed_that_recovers_between_tries_is_a_feed_that_answers() {
    let feed = FakeFeed::called("one").with_services(3).behaving(Manner::Status(503)).spawn().await;
    let gateway = Gateway::over(&[&feed]).with_defaults("retries = 3").start().await;
    let recovering = async {
        feed.is_asked("/services", 1).await;
        feed.behave(Manner::Healthy);
    };
    let (report, ()) = tokio::join!(report(&gateway), recovering);
    assert_eq!(
        (&report["status"], &report["matched"], &report["error"]),
        (&json!("COMPLETE"), &json!(3), &Value::Null)
    );
}

#[tokio::test]
async fn a_feed_that_keeps_failing_is_left_alone() {
    let feed = FakeFeed::called("one").with_services(3).behaving(Manner::Status(500)).spawn().await;
    let gateway = Gateway::over(&[&feed]).with_defaults("fresh_for = '0s'").start().await;
    let mut last = Value::Null;
    for _ in 0..12 {
        last = report(&gateway).await;
    }
    assert_eq!((&last["status"], &last["error"]["code"]), (&json!("FAILED"), &json!("CIRCUIT_OPEN")));
    assert_eq!(feed.hits("/services"), 5);
    // Even a feed that has recovered is not asked at once.
    feed.behave(Manner::Healthy);
    assert_eq!(report(&gateway).await["error"]["code"], "CIRCUIT_OPEN");
    assert_eq!(feed.hits("/services"), 5);
    let metrics = gateway.get("/metrics").await.text;
    assert!(metrics.contains("oruk_source_breaker_open{source=\"one\"}"), "{metrics}");
}

#[tokio::test]
async fn refusals_of_ours_do_not_open_the_circuit() {
    let feed = FakeFeed::called("one").with_services(3).behaving(Manner::Status(401)).spawn().await;
    let gateway = Gateway::over(&[&feed]).with_defaults("fresh_for = '0s'").start().await;
    for _ in 0..8 {
        assert_eq!(report(&gateway).await["error"]["httpStatus"], 401);
    }
    feed.behave(Manner::Healthy);
    assert_eq!(report(&gateway).await["matched"], 3);
}

#[tokio::test]
async fn quirk_24_a_feed_that_asks_for_rest_is_given_it() {
    let feed = FakeFeed::called("one").with_services(3).behaving(Manner::RateLimited(1)).spawn().await;
    let gateway = Gateway::over(&[&feed]).with_defaults("retries = 1\nfresh_for = '0s'").start().await;
    let recovering = async {
        feed.is_asked("/services", 1).await;
        let asked = Instant::now();
        feed.behave(Manner::Healthy);
        feed.is_asked("/services", 2).await;
        asked.elapsed()
    };
    let (report, rested) = tokio::join!(report(&gateway), recovering);
    assert!(rested >= Duration::from_millis(950), "{rested:?}");
    assert_eq!(report["matched"], 3);
}

#[tokio::test]
async fn a_long_rest_is_not_waited_for() {
    let feed = FakeFeed::called("one").with_services(3).behaving(Manner::RateLimited(600)).spawn().await;
    let gateway = Gateway::over(&[&feed]).with_defaults("retries = 2\nfresh_for = '0s'").start().await;
    let began = Instant::now();
    for _ in 0..3 {
        let report = report(&gateway).await;
        assert_eq!(report["error"]["code"], "RATE_LIMITED");
        let seconds = report["error"]["retryAfterSeconds"].as_u64().unwrap();
        assert!((1..=600).contains(&seconds), "{seconds}");
    }
    assert!(began.elapsed() < Duration::from_secs(1));
    assert_eq!(feed.hits("/services"), 1);
}

#[tokio::test]
async fn the_feeds_own_word_may_shorten_freshness() {
    let feed = FakeFeed::called("one").with_services(3).with(Habit::MaxAge(60)).spawn().await;
    let gateway = Gateway::over(&[&feed]).start().await;
    let reply = gateway.ask(SERVICES, json!({})).await;
    let seconds: u64 =
        reply.header("cache-control").strip_prefix("public, max-age=").unwrap().parse().unwrap();
    assert!((50..=60).contains(&seconds), "{seconds}");
}
