//! The dialect of a feed is detected from its responses, without requesting anything twice.

use oruk_gateway::demo::FeedVariety;
use serde_json::{Value, json};

use crate::support::{FakeFeed, Gateway, Manner, Scope, Setup, data};
use crate::varieties::{ServedVariety, more_than_two_pages};

const AUTO: &str = "dialect = 'auto'";
const SERVICES: &str = "{ services { totalCount complete } }";

/// Returns the services, and then the source. Two queries, because root fields are answered concurrently.
async fn read(gateway: &Gateway) -> (Value, Value) {
    let services = data(gateway.query(SERVICES).await)["services"].take();
    let sources =
        data(gateway.query("{ sources { dialect error { code message } } }").await)["sources"].take();
    (services, sources[0].clone())
}

fn over(feed: &FakeFeed) -> Setup {
    Gateway::over(&[feed]).with_defaults(AUTO)
}

#[tokio::test]
async fn every_variety_of_demonstration_is_recognised() {
    // A dialect whose first page alone is understood must not pass.
    let number = more_than_two_pages();
    let mut wrong = Vec::new();
    for variety in FeedVariety::all() {
        let served = ServedVariety::with(*variety, number).await;
        let gateway = Gateway::over_addresses(&[("one", &served.url)]).with_defaults(AUTO).start().await;
        let (services, source) = read(&gateway).await;
        let dialect = variety.dialect().as_str().replace('-', "_").to_uppercase();
        if source["dialect"] != dialect || services["totalCount"] != number {
            wrong.push(format!("{variety}: {services} {source}"));
        }
        gateway.stop().await;
    }
    assert!(wrong.is_empty(), "of {number} services: {wrong:#?}");
}

#[tokio::test]
async fn the_page_that_tells_the_dialect_is_not_asked_for_again() {
    let feed = FakeFeed::called("one").with_services(150).spawn().await;
    let gateway = over(&feed).start().await;
    assert_eq!(read(&gateway).await.0["totalCount"], 150);
    let pages = feed.asked().into_iter().filter(|asked| asked.path == "/services");
    let pages: Vec<String> = pages.map(|asked| asked.query["page"].clone()).collect();
    assert_eq!(pages, ["1", "2"]);
    assert_eq!(feed.hits("/"), 1);
}

#[tokio::test]
async fn a_single_record_is_enough_to_find_out() {
    let feed = FakeFeed::called("one").with_services(3).spawn().await;
    let gateway = over(&feed).start().await;
    let query = "{ source(key: \"one\") { service(upstreamId: \"s-00001\") { phones { number } } } }";
    let source = data(gateway.query(query).await)["source"].take();
    assert_eq!(source["service"]["phones"][0]["number"], "0117 496 0000");
    assert_eq!(read(&gateway).await.1["dialect"], "ORUK_3");
}

#[tokio::test]
async fn before_it_is_found_out_the_dialect_is_unknown() {
    let feed = FakeFeed::called("one").with_services(3).behaving(Manner::Held).spawn().await;
    let gateway = over(&feed).start().await;
    let source = data(gateway.query("{ sources { dialect status } }").await)["sources"][0].take();
    assert_eq!(source, json!({ "dialect": "UNKNOWN", "status": "WARMING" }));
    feed.release();
    assert_eq!(read(&gateway).await.0["totalCount"], 3);
}

#[tokio::test]
async fn what_is_in_no_dialect_says_what_was_seen_and_what_to_do() {
    let page = r#"{"records": [{"secret": "0117 496 0000"}], "paging": {"of": 1}}"#;
    let feed = FakeFeed::called("one").behaving(Manner::Saying(page)).spawn().await;
    let gateway = over(&feed).start().await;
    let (_, source) = read(&gateway).await;
    assert_eq!(
        (&source["dialect"], &source["error"]["code"]),
        (&json!("UNKNOWN"), &json!("INVALID_RESPONSE"))
    );
    let message = source["error"]["message"].as_str().unwrap();
    assert!(message.contains("an object with 2 members") && message.contains("dialect = "), "{message}");
    // Names of members are the feed's own words too.
    assert!(!message.contains("0117") && !message.contains("records"), "{message}");
}

#[tokio::test]
async fn what_lists_no_services_is_refused_and_says_what_was_seen_and_what_to_do() {
    let page = r#"{"data": [{"sku": "A-1", "price": 5, "name": "Mug"}], "links": {}, "current_page": 1, "total": 1}"#;
    let feed = FakeFeed::called("one").behaving(Manner::Saying(page)).spawn().await;
    let gateway = over(&feed).start().await;
    let (services, source) = read(&gateway).await;
    assert_eq!((&services["complete"], &source["dialect"]), (&json!(false), &json!("UNKNOWN")));
    let message = source["error"]["message"].as_str().unwrap();
    assert!(message.contains("does not look like services") && message.contains("only `name`"), "{message}");
    assert!(message.contains("dialect = ") && !message.contains("sku"), "{message}");
}

#[tokio::test]
async fn a_root_that_fails_is_done_without() {
    let feed = FakeFeed::called("one").with_services(3);
    let feed = feed.behaving_at(Scope::At("/".into()), Manner::Status(500)).spawn().await;
    let gateway = over(&feed).start().await;
    assert_eq!(read(&gateway).await.0["totalCount"], 3);
}

#[tokio::test]
async fn a_feed_that_moves_to_another_version_is_noticed() {
    let feed = FakeFeed::called("one").with_services(3).spawn().await;
    feed.now_declares(json!({ "version": "3.0", "profile": "https://docs.openreferral.org/" }));
    let gateway = Gateway::over(&[&feed]).with_defaults(&format!("{AUTO}\nprobe_every = '20ms'"));
    let gateway = gateway.start().await;
    assert_eq!(read(&gateway).await.1["dialect"], "HSDS_3");
    feed.now_declares(json!({ "version": "HSDS-UK-3.0", "profile": "https://docs.openreferraluk.org/" }));
    let asked = feed.hits("/");
    feed.is_asked("/", asked + 2).await;
    assert_eq!(read(&gateway).await.1["dialect"], "ORUK_3");
}
