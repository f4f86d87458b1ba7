//! HTTP beside the graph: bodies that expand, feeds that redirect, and credentials, which are sent to their feed only.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::json;

use crate::support::{FakeFeed, Gateway, Manner, Scope, data};

const SERVICES: &str = "{ services { nodes { name } sources { status error { code message httpStatus } } } }";

#[tokio::test]
async fn compressed_requests_are_refused_unread() {
    let feed = FakeFeed::called("one").with_services(3).spawn().await;
    let gateway = Gateway::over(&[&feed]).start().await;
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(b"{\"query\":\"{ meta { version } }\",\"x\":\"").unwrap();
    for _ in 0..100 {
        encoder.write_all(&[b' '; 1 << 20]).unwrap();
    }
    encoder.write_all(b"\"}").unwrap();
    let body = encoder.finish().unwrap();
    for encoding in ["gzip", "GZIP", "identity, gzip", "br", "deflate"] {
        let reply = gateway
            .send_as(|client, url| {
                client
                    .post(url)
                    .header("content-type", "application/json")
                    .header("content-encoding", encoding)
                    .body(body.clone())
            })
            .await;
        assert_eq!(reply.status, 415, "{encoding}: {}", reply.text);
    }
}

#[tokio::test]
async fn a_redirect_to_another_place_is_not_followed() {
    let elsewhere = FakeFeed::called("elsewhere").with_services(3).spawn().await;
    let by_name = elsewhere.url.replace("127.0.0.1", "localhost");
    for place in [elsewhere.url.clone(), by_name] {
        let feed = FakeFeed::called("one").behaving(Manner::RedirectingTo(place.clone())).spawn().await;
        let setup = Gateway::over(&[&feed]);
        let setup = setup.with_source("one", "auth = { header = { name = 'x-key', value = 'hush-hush' } }");
        let services = data(setup.start().await.query(SERVICES).await)["services"].take();
        let report = &services["sources"][0];
        assert_eq!(
            (&report["status"], &report["error"]["code"]),
            (&json!("FAILED"), &json!("INVALID_RESPONSE")),
            "{place}"
        );
        assert_eq!(elsewhere.all_hits(), 0, "{place}: {:?}", elsewhere.asked());
        assert!(!report["error"]["message"].as_str().unwrap().contains(&place));
    }
}

#[tokio::test]
async fn a_redirect_in_circles_ends() {
    let feed = FakeFeed::called("one").behaving(Manner::RedirectingToItself).spawn().await;
    let services = data(Gateway::over(&[&feed]).start().await.query(SERVICES).await)["services"].take();
    assert_eq!(services["sources"][0]["error"]["code"], "INVALID_RESPONSE");
    assert!(feed.all_hits() <= 10, "{}", feed.all_hits());
}

#[tokio::test]
async fn a_redirect_on_the_same_host_is_followed() {
    let feed = FakeFeed::called("one").with_services(3).spawn().await;
    let to = format!("{}/elsewhere", feed.url);
    feed.behave_at(Scope::At("/services".to_owned()), Manner::RedirectingTo(to));
    let services = data(Gateway::over(&[&feed]).start().await.query(SERVICES).await)["services"].take();
    assert_eq!(feed.hits("/elsewhere/services"), 2, "page 1, and then page 0");
    let report = &services["sources"][0];
    assert_eq!(
        (&report["status"], &report["error"]["httpStatus"]),
        (&json!("FAILED"), &json!(404)),
        "nothing there"
    );
}

#[tokio::test]
async fn credentials_go_to_their_feed_and_appear_nowhere() {
    let secrets = ["tok3n-of-bearer", "w0rd-of-basic", "val-of-h3ader", "par-of-qu3ry", "extra-h3ader"];
    let ways = [
        format!("auth = {{ bearer = '{}' }}", secrets[0]),
        format!("auth = {{ basic = {{ username = 'gateway', password = '{}' }} }}", secrets[1]),
        format!("auth = {{ header = {{ name = 'X-Api-Key', value = '{}' }} }}", secrets[2]),
        format!("auth = {{ query = {{ name = 'key', value = '{}' }} }}", secrets[3]),
        format!("headers = {{ 'X-Client' = '{}' }}", secrets[4]),
    ];
    let manners = [Manner::Healthy, Manner::Status(401), Manner::Resetting, Manner::RedirectingToItself];
    for (way, secret) in ways.iter().zip(secrets) {
        for manner in &manners {
            let feed = FakeFeed::called("one").with_services(3).behaving(manner.clone()).spawn().await;
            let gateway = Gateway::over(&[&feed]).with_source("one", way).start().await;
            let seen = everything_anybody_can_see(&gateway).await;
            assert!(!seen.contains(secret), "{way}: {seen}");
            for asked in feed.asked().iter().filter(|asked| asked.path == "/services") {
                let basic = "Basic Z2F0ZXdheTp3MHJkLW9mLWJhc2lj";
                let told = asked.headers.values().chain(asked.query.values());
                let is_told =
                    |text: &String| text.contains(secret) || (text == basic && secret == secrets[1]);
                let is_first = matches!(manner, Manner::RedirectingToItself);
                assert!(is_first || told.clone().any(is_told), "{way}: {asked:?}");
            }
        }
    }
}

async fn everything_anybody_can_see(gateway: &Gateway) -> String {
    let text = "{
      services { nodes { id url extra provenance { upstreamUrl issues { message original } } phones { number } }
        pageInfo { endCursor } sources { source { id key url homepage } error { code message } } }
      sources { key url status error { code message } declaredVersion }
      meta { version schemaHash dataVersion }
    }";
    let mut seen = String::new();
    for _ in 0..2 {
        let reply = gateway.ask(text, json!({})).await;
        seen.push_str(&format!("{:?}{}", reply.headers, reply.text));
    }
    for path in ["/metrics", "/", "/schema.graphql", "/health/ready", "/graphql?query={sources{url}}"] {
        let reply = gateway.get(path).await;
        assert_eq!(reply.status, 200, "{path}");
        seen.push_str(&format!("{:?}{}", reply.headers, reply.text));
    }
    seen
}

#[tokio::test]
async fn what_the_feed_says_when_it_fails_is_not_passed_on() {
    let feed = FakeFeed::called("one").behaving(Manner::Status(500)).spawn().await;
    let gateway = Gateway::over(&[&feed]).start().await;
    let reply = gateway.ask(SERVICES, json!({})).await;
    assert!(!reply.text.contains("something is wrong here"), "{}", reply.text);
}

#[tokio::test]
async fn the_root_and_the_fields_of_the_question_are_not_mixed_up_with_the_feed() {
    let feed = FakeFeed::called("one").with_services(1).spawn().await;
    let gateway = Gateway::over(&[&feed]).start().await;
    let sources = data(gateway.query("{ sources { declaredVersion declaredProfile } }").await);
    assert_eq!(sources["sources"][0]["declaredVersion"], "3.0");
    assert_eq!(sources["sources"][0]["declaredProfile"], "https://feed.example/profile");
}
