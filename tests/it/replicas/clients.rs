//! Clients that query another gateway each time: cursors, versions and entity tags mean the same everywhere.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::{Value, json};

use super::one_replica::services;
use crate::support::{FakeFeed, Gateway, Habit, PostgresServer, data};

const WITHIN: Duration = Duration::from_secs(60);
const CHANGES: &str =
    "query($since: String) { changes(since: $since, first: 3, filter: { types: [SERVICE] }) {
    nodes { kind recordId } pageInfo { hasNextPage endCursor } resyncRequired } meta { dataVersion } }";

async fn gateways<const N: usize>(feed: &FakeFeed, postgres: &PostgresServer) -> [Gateway; N] {
    let sections = format!("[catalogue]\nsync_every = '200ms'\njournal = '{}'", postgres.url());
    let setup = Gateway::over(&[feed]).with_defaults("mode = 'catalogue'").with(&sections);
    let mut gateways = Vec::new();
    for _ in 0..N {
        gateways.push(setup.start().await);
    }
    gateways.try_into().unwrap_or_else(|_| panic!("as many as were started"))
}

/// Waits until all gateways give the same, expected answer to a query.
async fn until_all_say(gateways: &[Gateway], text: &str, expected: &Value) {
    let alike = async {
        loop {
            let mut answers = Vec::new();
            for gateway in gateways {
                answers.push(data(gateway.query(text).await));
            }
            if answers.iter().all(|answer| answer == expected) {
                return;
            }
        }
    };
    assert!(tokio::time::timeout(WITHIN, alike).await.is_ok(), "{text}: never {expected}");
}

/// Applies changes to the known records, and checks that each fits what was told before.
fn fold(known: &mut BTreeMap<String, usize>, page: &Value) {
    for node in page["nodes"].as_array().unwrap() {
        let id = node["recordId"].as_str().unwrap().to_owned();
        let told = *known.get(&id).unwrap_or(&0);
        match node["kind"].as_str().unwrap() {
            "CREATED" => assert_eq!(known.insert(id.clone(), 1), None, "{id} was told of twice"),
            "DELETED" => assert_eq!(known.remove(&id), Some(told), "{id} was never told of"),
            _ => assert!(known.insert(id.clone(), told + 1).is_some(), "{id} was never told of"),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_of_changes_that_hops_loses_nothing_and_sees_nothing_twice() {
    let Some(postgres) = PostgresServer::start() else { return };
    let plan = FakeFeed::called("one").with_services(5);
    let feed = plan.with(Habit::FullLists).with(Habit::WithoutTotals).spawn().await;
    let gateways: [Gateway; 3] = gateways(&feed, &postgres).await;
    let (mut since, mut known) = (Value::Null, BTreeMap::new());
    for (round, count) in [5, 9, 14, 11, 20].into_iter().enumerate() {
        feed.now_has(services(count));
        let hopping = async {
            for gateway in gateways.iter().cycle().skip(round) {
                let answer = data(gateway.query_with(CHANGES, json!({ "since": since })).await);
                let page = &answer["changes"];
                assert_eq!(page["resyncRequired"], false, "{answer}");
                fold(&mut known, page);
                since = page["pageInfo"]["endCursor"].clone();
                if known.len() == count && page["pageInfo"]["hasNextPage"] == false {
                    return;
                }
            }
        };
        let hopped = tokio::time::timeout(WITHIN, hopping).await;
        assert!(hopped.is_ok(), "{} of {count} services are known", known.len());
    }
    for gateway in gateways {
        gateway.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_the_same_has_the_same_entity_tag_at_every_gateway() {
    let Some(postgres) = PostgresServer::start() else { return };
    let feed = FakeFeed::called("one").with_services(12).spawn().await;
    let gateways: [Gateway; 2] = gateways(&feed, &postgres).await;
    let count = "{ services { totalCount complete } }";
    until_all_say(&gateways, count, &json!({ "services": { "totalCount": 12, "complete": true } })).await;
    let version = data(gateways[0].query("{ meta { dataVersion } }").await);
    until_all_say(&gateways, "{ meta { dataVersion } }", &version).await;
    let paths = [
        "/graphql?query={services{nodes{id%20name}}}",
        "/export/services.csv",
        "/export/services.geojson",
        "/oruk/v3/services",
        "/oruk/v3/services?page=2&per_page=5",
    ];
    for path in paths {
        // Steps may still follow each other.
        let alike = async {
            loop {
                let [one, other] = [gateways[0].get(path).await, gateways[1].get(path).await];
                assert_eq!((one.status, other.status), (200, 200), "{path}: {}", one.text);
                if one.text == other.text {
                    return (one, other);
                }
            }
        };
        let alike = tokio::time::timeout(Duration::from_secs(60), alike).await;
        let (one, other) = alike.unwrap_or_else(|_| panic!("{path} never is the same"));
        assert!(!one.header("etag").is_empty(), "{path}");
        assert_eq!(one.header("etag"), other.header("etag"), "{path}");
    }
    for gateway in gateways {
        gateway.stop().await;
    }
}
