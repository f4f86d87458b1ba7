//! Clients beside each other: which operations are admitted, wait or are refused, without effect on other clients.

use futures_util::future::{join, join_all, select_all};
use serde_json::json;

use crate::support::{FakeFeed, Gateway, Manner, Reply};

/// An operation that costs more than half of what runs at once here, so that each client runs one at a time.
fn operation(name: &str) -> String {
    format!("query {name} {{ services {{ totalCount }} }}")
}

async fn ask_as(client: &str, gateway: &Gateway, text: &str) -> Reply {
    let body = json!({ "query": text });
    let (client, body) = (client.to_owned(), body.to_string());
    let send = |http: &reqwest::Client, url: String| {
        let request = http.post(url).header("content-type", "application/json");
        request.header("x-forwarded-for", client).body(body)
    };
    gateway.send_as(send).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_with_too_much_waiting_is_refused_and_others_are_answered() {
    let feed = FakeFeed::called("one").with_services(3).behaving(Manner::Held).spawn().await;
    let server =
        "[server]\ntrusted_proxies = ['127.0.0.1']\nmax_running_cost = 100\nmax_waiting_per_client = 1";
    let patient = "deadline = '30s'\ntimeout = '30s'";
    let gateway = Gateway::over(&[&feed]).with(server).with_defaults(patient).start().await;

    // Of three operations, one runs until the feed responds, one waits for it, and one is refused at once.
    let operations = ["A", "B", "C"].map(operation);
    let asked = operations.iter().map(|text| Box::pin(ask_as("192.0.2.1", &gateway, text)));
    let (refused, _, rest) = select_all(asked).await;
    assert_eq!((refused.status, refused.header("retry-after")), (429, "1"), "{}", refused.text);
    assert_eq!(refused.json()["errors"][0]["extensions"]["code"], json!("RATE_LIMITED"));

    let other = ask_as("192.0.2.2", &gateway, "{ meta { version } }").await;
    assert!(other.json()["data"]["meta"]["version"].is_string(), "{}", other.text);
    let forged = ask_as("203.0.113.7, 192.0.2.1", &gateway, &operation("D")).await;
    assert_eq!(forged.status, 429, "the last address that is no proxy counts: {}", forged.text);

    feed.behave(Manner::Healthy);
    feed.release();
    for answered in join_all(rest).await {
        assert_eq!(answered.json()["data"]["services"]["totalCount"], json!(3), "{}", answered.text);
    }
    let metrics = gateway.get("/metrics").await.text;
    assert!(metrics.contains("oruk_admission_refused_total{reason=\"client\"}"), "{metrics}");
}

/// Returns the value of a metric without labels, summed over all gateways of this process.
async fn metric(gateway: &Gateway, name: &str) -> f64 {
    let metrics = gateway.get("/metrics").await.text;
    let value = metrics.lines().find_map(|line| line.strip_prefix(name)?.trim().parse().ok());
    value.unwrap_or_default()
}

/// Each operation holds 9 MiB by weight while it waits for a feed, and one client gets 96 MiB. They select `stale`,
/// which is written anew each time: an operation that only sends cached renderings would hold no records.
#[tokio::test(flavor = "multi_thread")]
async fn operations_with_heavy_records_wait_with_nothing_and_are_all_answered() {
    const OPERATIONS: usize = 20;
    let long = json!({ "custom": "x".repeat(100_000) });
    let heavy = (0..30).fold(FakeFeed::called("heavy"), |feed, _| feed.with_service(long.clone()));
    let heavy = heavy.spawn().await;
    let held = FakeFeed::called("held").with_services(3).behaving(Manner::Held).spawn().await;
    let gateway = Gateway::over(&[&heavy, &held]).with_source("heavy", "mode = 'catalogue'");
    let gateway = gateway.with_defaults("deadline = '30s'\ntimeout = '30s'").start().await;
    let all =
        |from: &str, page: &str| format!("services(filter: {{ sources: [\"{from}\"] }}, first: 30) {page}");
    let kept = format!("{{ {} }}", all("heavy", "{ totalCount complete }"));
    while gateway.query(&kept).await["data"]["services"] != json!({ "totalCount": 30, "complete": true }) {}

    let heavy = all("heavy", "{ nodes { id provenance { stale } } }");
    let query = format!("{{ heavy: {heavy} held: {} }}", all("held", "{ totalCount }"));
    let asked = join_all((0..OPERATIONS).map(|_| gateway.query(&query)));
    let seen = async {
        let mut held_mib = 0.0;
        while held_mib < 64.0 || metric(&gateway, "oruk_admission_waiting ").await < 8.0 {
            held_mib = metric(&gateway, "oruk_admission_memory_bytes ").await / f64::from(1 << 20);
        }
        held.behave(Manner::Healthy);
        held.release();
        held_mib
    };
    let (answers, held_mib) = join(asked, seen).await;
    assert!(held_mib < 128.0, "{held_mib}; other tests may hold some of it, but all twenty would hold 180");
    for answer in answers {
        let nodes = answer["data"]["heavy"]["nodes"].as_array().map(Vec::len);
        assert_eq!((nodes, &answer["data"]["held"]["totalCount"]), (Some(30), &json!(3)), "{answer}");
    }
}
