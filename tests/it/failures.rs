//! One feed fails, in every possible way. The other feed's records still arrive in time, and the answer says what is
//! missing and why.

use std::time::Duration;

use serde_json::{Value, json};

use crate::support::{FakeFeed, Gateway, Habit, Manner, Reply, Scope, data};

const SERVICES: &str = "{ services(first: 100) {
  totalCount complete nodes { upstreamId source { key } }
  sources { source { key } status matched error { code httpStatus retryAfterSeconds message } }
} }";

const DEADLINE: Duration = Duration::from_millis(300);

/// Queries a healthy feed beside one that fails in this manner.
async fn beside(manner: Manner, settings: &str) -> (Reply, FakeFeed) {
    let well = FakeFeed::called("well").with_services(41).spawn().await;
    let ill = FakeFeed::called("ill").with_services(41).behaving(manner).spawn().await;
    let setup = Gateway::over(&[&well, &ill]).with_source("ill", &format!("deadline = '300ms'\n{settings}"));
    let gateway = setup.start().await;
    let reply = gateway.ask(SERVICES, json!({})).await;
    gateway.stop().await;
    (reply, ill)
}

fn is_answered_by_the_other(reply: &Reply, manner: &str) -> Value {
    assert_eq!(reply.status, 200, "{manner}");
    assert!(reply.took < DEADLINE + Duration::from_secs(1), "{manner} took {:?}", reply.took);
    let services = data(reply.json())["services"].take();
    let nodes = services["nodes"].as_array().unwrap();
    assert_eq!(nodes.iter().filter(|node| node["source"]["key"] == "well").count(), 41, "{manner}");
    assert_eq!((&services["complete"], &services["totalCount"]), (&json!(false), &json!(41)), "{manner}");
    assert_eq!(services["sources"][0]["status"], "COMPLETE", "{manner}");
    assert_eq!(services["sources"][0]["matched"], 41, "{manner}");
    assert_eq!(services["sources"][1]["matched"], Value::Null, "{manner}");
    let control = reply.header("cache-control");
    assert!(control.starts_with("public, max-age="), "it may be shared for a moment: {manner}: {control}");
    services["sources"][1].clone()
}

#[tokio::test]
async fn whatever_one_feed_does_the_others_answer() {
    let cases = [
        (Manner::Hanging, "TIMEOUT", None),
        (Manner::Dripping, "TIMEOUT", None),
        (Manner::Resetting, "CONNECTION", None),
        (Manner::HalfABody, "CONNECTION", None),
        (Manner::Html, "INVALID_RESPONSE", None),
        (Manner::WrongTypes, "INVALID_RESPONSE", None),
        (Manner::Status(500), "HTTP_STATUS", Some(500)),
        (Manner::Status(503), "HTTP_STATUS", Some(503)),
        (Manner::Status(401), "HTTP_STATUS", Some(401)),
        (Manner::RateLimited(30), "RATE_LIMITED", Some(429)),
    ];
    for (manner, code, status) in cases {
        let name = format!("{manner:?}");
        let (reply, _) = beside(manner, "").await;
        let report = is_answered_by_the_other(&reply, &name);
        assert_eq!(report["status"], "FAILED", "{name}");
        assert_eq!(report["error"]["code"], code, "{name}");
        assert_eq!(report["error"]["httpStatus"], json!(status), "{name}");
    }
}

#[tokio::test]
async fn headers_without_end_are_not_read_without_end() {
    let (reply, ill) = beside(Manner::EndlessHeaders, "").await;
    let report = is_answered_by_the_other(&reply, "endless headers");
    assert_eq!(report["status"], "FAILED");
    assert_eq!(ill.all_hits(), 1);
}

#[tokio::test]
async fn quirk_28_an_answer_larger_than_allowed_is_cut_off() {
    // If it were not cut off at a byte count, 100 MB would take far longer than the deadline.
    let (reply, _) = beside(Manner::Huge(100_000_000), "max_response = '64KiB'").await;
    let report = is_answered_by_the_other(&reply, "huge");
    assert_eq!(report["error"]["code"], "TOO_LARGE");
    assert!(report["error"]["message"].as_str().unwrap().contains("64"), "{report}");
}

#[tokio::test]
async fn the_largest_answer_allowed_is_read() {
    let feed = FakeFeed::called("one").with_services(3).spawn().await;
    let gateway = Gateway::over(&[&feed]).start().await;
    let size = gateway_independent_size(&feed).await;
    gateway.stop().await;
    for (limit, status) in [(size, "COMPLETE"), (size - 1, "FAILED")] {
        let setup = Gateway::over(&[&feed]).with_defaults(&format!("max_response = '{limit}B'"));
        let answer = data(setup.start().await.query(SERVICES).await);
        assert_eq!(answer["services"]["sources"][0]["status"], status, "{limit} of {size} bytes");
    }
}

#[tokio::test]
async fn gzip_is_inflated_and_its_bytes_count_as_they_come_out() {
    let feed = FakeFeed::called("one").with_services(41).with(Habit::Gzipped).spawn().await;
    let answer = data(Gateway::over(&[&feed]).start().await.query(SERVICES).await);
    assert_eq!(answer["services"]["totalCount"], 41);
    // 41 services are 9 KB, and a tenth of that compressed.
    let setup = Gateway::over(&[&feed]).with_defaults("max_response = '4KiB'");
    let answer = data(setup.start().await.query(SERVICES).await);
    assert_eq!(answer["services"]["sources"][0]["error"]["code"], "TOO_LARGE");
}

#[tokio::test]
async fn a_page_that_fails_costs_itself_and_what_was_read_is_served() {
    let feed = FakeFeed::called("one").with_services(41).page_size_cap(10);
    let feed = feed.behaving_at(Scope::ListFrom(3), Manner::Status(500)).spawn().await;
    let gateway = Gateway::over(&[&feed]).start().await;
    let services = data(gateway.query(SERVICES).await)["services"].take();
    assert_eq!(services["sources"][0]["status"], "PARTIAL");
    assert_eq!(services["sources"][0]["error"]["code"], "HTTP_STATUS");
    assert_eq!(services["nodes"].as_array().unwrap().len(), 20);
    assert_eq!((&services["complete"], &services["totalCount"]), (&json!(false), &json!(20)));
}

#[tokio::test]
async fn of_half_a_page_the_records_that_are_whole_are_served() {
    let feed = FakeFeed::called("one").with_services(9).behaving(Manner::TruncatedJson).spawn().await;
    let gateway = Gateway::over(&[&feed]).start().await;
    let services = data(gateway.query(SERVICES).await)["services"].take();
    assert_eq!(services["sources"][0]["status"], "PARTIAL");
    assert_eq!(services["sources"][0]["error"]["code"], "INVALID_RESPONSE");
    let read = services["nodes"].as_array().unwrap().len();
    assert!((3..9).contains(&read), "{read} of nine");
    assert_eq!((&services["complete"], &services["totalCount"]), (&json!(false), &json!(read)));
}

#[tokio::test]
async fn nobody_listening_is_a_source_that_fails() {
    let gone = FakeFeed::called("gone").spawn().await;
    let url = gone.url.clone();
    let well = FakeFeed::called("well").with_services(3).spawn().await;
    let setup = Gateway::over(&[&gone, &well]);
    drop(gone);
    // The port is free once the listener has been dropped.
    while tokio::net::TcpStream::connect(url.trim_start_matches("http://")).await.is_ok() {}
    let services = data(setup.start().await.query(SERVICES).await)["services"].take();
    assert_eq!(services["sources"][0]["error"]["code"], "CONNECTION");
    assert_eq!(services["nodes"].as_array().unwrap().len(), 3);
}

#[tokio::test]
async fn with_every_feed_down_there_is_an_answer_and_the_gateway_is_ready() {
    let feeds = [
        FakeFeed::called("one").behaving(Manner::Status(500)).spawn().await,
        FakeFeed::called("two").behaving(Manner::Resetting).spawn().await,
    ];
    let gateway = Gateway::over(&[&feeds[0], &feeds[1]]).start().await;
    let services = data(gateway.query(SERVICES).await)["services"].take();
    assert_eq!((&services["nodes"], &services["complete"]), (&json!([]), &json!(false)));
    assert_eq!(gateway.get("/health/live").await.status, 200);
    assert_eq!(gateway.get("/health/ready").await.status, 200);
}

/// Returns the size in bytes of the feed's first page, requested as the gateway does.
async fn gateway_independent_size(feed: &FakeFeed) -> usize {
    let url = format!("{}/services?page=1&per_page=100", feed.url);
    let response = reqwest::Client::builder().build().unwrap().get(url).send().await.unwrap();
    response.bytes().await.unwrap().len()
}
