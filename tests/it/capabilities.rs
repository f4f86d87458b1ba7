//! What feeds support is probed, shown, and made use of.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::support::{FakeFeed, Gateway, Habit, Manner, Plan, Scope, data};

const CAPABILITIES: &str = "{ sources { capabilities {
  probedAt endpoints { path available httpStatus } parameters { name support } pageSizeLimit listDepth
} } }";

async fn over(feed: &FakeFeed) -> Gateway {
    // The first probe runs within a few milliseconds, and the next one only after the test.
    Gateway::over(&[feed]).with_defaults("probe_every = '1m'").start().await
}

async fn probed(gateway: &Gateway) -> Value {
    let until = Instant::now() + Duration::from_secs(20);
    while Instant::now() < until {
        let capabilities = data(gateway.query(CAPABILITIES).await)["sources"][0]["capabilities"].take();
        if capabilities["probedAt"].is_string() && capabilities["listDepth"] != "UNKNOWN" {
            return capabilities;
        }
    }
    panic!("it was never probed");
}

fn support(capabilities: &Value, name: &str) -> Value {
    let parameters = capabilities["parameters"].as_array().unwrap();
    parameters.iter().find(|parameter| parameter["name"] == name).unwrap()["support"].clone()
}

async fn changed_since(gateway: &Gateway, feed: &FakeFeed) -> (Value, Vec<String>) {
    let before = feed.asked().len();
    let query = r#"{ services(filter: { modifiedSince: "2026-05-15T00:00:00Z", includeUnknown: false }) { nodes { upstreamId } } }"#;
    let nodes = data(gateway.query(query).await)["services"]["nodes"].take();
    let asked =
        feed.asked().into_iter().skip(before).filter_map(|mut asked| asked.query.remove("modified_after"));
    (nodes, asked.collect())
}

fn plan() -> Plan {
    FakeFeed::called("one")
        .with_services(30)
        .with_service(json!({ "id": "new", "last_modified": "2026-06-01T00:00:00Z" }))
}

#[tokio::test]
async fn a_parameter_that_narrows_the_list_is_passed_on() {
    let feed = plan().with(Habit::HonoursModifiedAfter).spawn().await;
    let gateway = over(&feed).await;
    let capabilities = probed(&gateway).await;
    assert_eq!(support(&capabilities, "modified_after"), "HONOURED");
    assert_eq!(support(&capabilities, "search"), "IGNORED");
    let (nodes, asked) = changed_since(&gateway, &feed).await;
    assert_eq!(nodes, json!([{ "upstreamId": "new" }]));
    assert_eq!(asked, ["2026-05-14T23%3A59%3A59Z"]);
}

#[tokio::test]
async fn one_that_does_not_is_applied_here() {
    let feed = plan().spawn().await;
    let gateway = over(&feed).await;
    assert_eq!(support(&probed(&gateway).await, "modified_after"), "IGNORED");
    let (nodes, asked) = changed_since(&gateway, &feed).await;
    assert_eq!(nodes, json!([{ "upstreamId": "new" }]));
    assert!(asked.is_empty(), "{asked:?}");
}

#[tokio::test]
async fn an_endpoint_that_is_not_there_is_not_asked_for_again() {
    let feed = plan().spawn().await;
    let gateway = Gateway::over(&[&feed]);
    let gateway =
        gateway.with_defaults("probe_every = '1m'\nfresh_for = '0s'\nstale_for = '0s'").start().await;
    let capabilities = probed(&gateway).await;
    let endpoints = capabilities["endpoints"].as_array().unwrap();
    let services = json!({ "path": "/services", "available": true, "httpStatus": 200 });
    let taxonomies = json!({ "path": "/taxonomies", "available": false, "httpStatus": 404 });
    assert!(endpoints.contains(&services) && endpoints.contains(&taxonomies), "{endpoints:?}");
    let before = (feed.hits("/taxonomies"), feed.hits("/taxonomy_terms"), feed.hits("/services"));
    for _ in 0..3 {
        data(gateway.query("{ taxonomyTerms { nodes { name } complete } }").await);
    }
    let after = (feed.hits("/taxonomies"), feed.hits("/taxonomy_terms"), feed.hits("/services"));
    assert_eq!((before.0, before.1), (after.0, after.1));
    assert!(after.2 > before.2, "what is there is asked for");
}

#[tokio::test]
async fn depth_and_page_size_show() {
    let feed = plan().page_size_cap(10).spawn().await;
    let capabilities = probed(&over(&feed).await).await;
    assert_eq!((&capabilities["pageSizeLimit"], &capabilities["listDepth"]), (&json!(10), &json!("SHALLOW")));
    let feed = plan().with(Habit::FullLists).spawn().await;
    let capabilities = probed(&over(&feed).await).await;
    assert_eq!((&capabilities["pageSizeLimit"], &capabilities["listDepth"]), (&Value::Null, &json!("FULL")));
}

#[tokio::test]
async fn a_probe_is_polite() {
    let feed = plan().spawn().await;
    let gateway = over(&feed).await;
    probed(&gateway).await;
    // Besides the probe's own requests: the list once, and three detail pages to learn how deep lists are.
    let own = feed.all_hits() - feed.details().len() - 1;
    assert!(own <= 24, "{:?}", feed.asked());
}

#[tokio::test]
async fn a_feed_that_fails_and_one_that_is_to_be_spared_are_left_alone() {
    let ill = FakeFeed::called("ill").behaving(Manner::Status(500)).spawn().await;
    let spared = FakeFeed::called("spared").with_services(3).spawn().await;
    let well = FakeFeed::called("well").with_services(3);
    let well = well.behaving_at(Scope::At("/taxonomies".into()), Manner::Status(503)).spawn().await;
    let setup = Gateway::over(&[&ill, &spared, &well]).with_defaults("probe_every = '20ms'");
    let gateway = setup.with_source("spared", "probe_every = '0s'").start().await;
    well.is_asked("/taxonomies", 3).await;
    assert_eq!((ill.hits("/"), spared.hits("/")), (0, 0));
    let sources = data(gateway.query(CAPABILITIES).await)["sources"].take();
    assert_eq!(sources[0]["capabilities"]["probedAt"], Value::Null);
    assert_eq!(sources[1]["capabilities"]["endpoints"], json!([]));
    let failing = json!({ "path": "/taxonomies", "available": false, "httpStatus": 503 });
    assert!(sources[2]["capabilities"]["endpoints"].as_array().unwrap().contains(&failing));
}
