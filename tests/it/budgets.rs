//! Clients' points: spent in one gateway, divided among several, and counted together in Valkey or Redis, whose loss
//! costs no client an answer.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::Duration;

use serde_json::json;

use crate::support::{FakeFeed, FaultyWire, Gateway, PostgresServer, RedisServer, Reply, WireFault};

/// Much longer than anything here takes.
const WITHIN: Duration = Duration::from_secs(30);
const ALICE: &str = "192.0.2.1";

/// Sends a query that has not been sent before, as a client.
async fn ask(client: &str, gateway: &Gateway) -> Reply {
    static ASKED: AtomicU8 = AtomicU8::new(0);
    ask_for(&format!("{{ a{}: __typename }}", ASKED.fetch_add(1, Ordering::Relaxed)), client, gateway).await
}

async fn ask_for(text: &str, client: &str, gateway: &Gateway) -> Reply {
    let body = json!({ "query": text }).to_string();
    let client = client.to_owned();
    let send = |http: &reqwest::Client, url: String| {
        let request = http.post(url).header("content-type", "application/json");
        request.header("x-forwarded-for", client).body(body)
    };
    gateway.send_as(send).await
}

async fn is_answered(client: &str, gateway: &Gateway) -> bool {
    let reply = ask(client, gateway).await;
    assert!(reply.took < Duration::from_secs(5), "it waited: {reply:?}");
    match reply.status {
        200 => true,
        429 => false,
        _ => panic!("{reply:?}"),
    }
}

/// A gateway that grants each client this many points a minute.
async fn granting(points: u32, shared: Option<SocketAddr>, feed: &FakeFeed) -> Gateway {
    let shared = shared.map(|at| format!("shared_budgets = 'redis://{at}/0'\n")).unwrap_or_default();
    let server =
        format!("[server]\ntrusted_proxies = ['127.0.0.1']\nmax_points_per_minute = {points}\n{shared}");
    Gateway::over(&[feed]).with(&server).start().await
}

/// Returns the number of clients whose points the server counts.
fn counted(redis: &RedisServer) -> usize {
    let mut stream = TcpStream::connect(redis.address()).unwrap();
    stream.write_all(b"DBSIZE\r\n").unwrap();
    let mut line = String::new();
    BufReader::new(stream).read_line(&mut line).unwrap();
    line.trim().trim_start_matches(':').parse().unwrap()
}

/// Returns the address of a client that has not sent anything yet.
fn somebody_else() -> String {
    static CLIENTS: AtomicU8 = AtomicU8::new(1);
    format!("198.51.100.{}", CLIENTS.fetch_add(1, Ordering::Relaxed))
}

/// Waits until the server counts the queries to a gateway. Each attempt is another client's.
async fn until_counted_by(redis: &RedisServer, gateway: &Gateway) {
    let counting = async {
        loop {
            let before = counted(redis);
            ask(&somebody_else(), gateway).await;
            if counted(redis) > before {
                return;
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    };
    tokio::time::timeout(WITHIN, counting).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_has_spent_its_points_waits_and_others_do_not() {
    let feed = FakeFeed::called("one").with_services(1).spawn().await;
    let gateway = granting(1, None, &feed).await;
    assert!(is_answered(ALICE, &gateway).await);
    let refused = ask(ALICE, &gateway).await;
    assert_eq!(refused.status, 429, "{}", refused.text);
    let wait: u64 = refused.header("retry-after").parse().unwrap();
    assert!((1..=60).contains(&wait), "{wait}");
    assert_eq!(refused.json()["errors"][0]["extensions"]["code"], json!("RATE_LIMITED"));
    assert!(is_answered("192.0.2.2", &gateway).await);
    let metrics = gateway.get("/metrics").await.text;
    assert!(metrics.contains("oruk_admission_refused_total{reason=\"points\"}"), "{metrics}");
}

#[tokio::test(flavor = "multi_thread")]
async fn gateways_count_together_and_each_for_itself_while_the_server_is_gone() {
    let Some(mut redis) = RedisServer::start() else { return };
    let feed = FakeFeed::called("one").with_services(1).spawn().await;
    let one = granting(1, Some(redis.address()), &feed).await;
    let other = granting(1, Some(redis.address()), &feed).await;
    until_counted_by(&redis, &one).await;
    until_counted_by(&redis, &other).await;
    assert_eq!([is_answered(ALICE, &one).await, is_answered(ALICE, &other).await], [true, false]);

    redis.stop();
    let spent = [is_answered(ALICE, &other).await, is_answered(ALICE, &one).await];
    assert_eq!(spent, [true, true], "each counts for itself");
    assert_eq!([is_answered(ALICE, &other).await, is_answered(ALICE, &one).await], [false, false]);

    redis.start_again();
    until_counted_by(&redis, &one).await;
    until_counted_by(&redis, &other).await;
    assert_eq!([is_answered(ALICE, &other).await, is_answered(ALICE, &one).await], [true, false]);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_waits_for_a_server_that_does_not_answer() {
    let Some(redis) = RedisServer::start() else { return };
    let wire = FaultyWire::to(redis.address()).await;
    let feed = FakeFeed::called("one").with_services(1).spawn().await;
    let gateway = granting(1, Some(wire.address()), &feed).await;
    until_counted_by(&redis, &gateway).await;
    assert_eq!([is_answered(ALICE, &gateway).await, is_answered(ALICE, &gateway).await], [true, false]);
    wire.becomes(WireFault::Cut);
    assert_eq!([is_answered(ALICE, &gateway).await, is_answered(ALICE, &gateway).await], [true, false]);
    wire.becomes(WireFault::Sound);
    until_counted_by(&redis, &gateway).await;
}

async fn until_members(gateway: &Gateway, count: u64) {
    let counting = async {
        loop {
            let reply = ask_for("{ meta { replica { members } } }", &somebody_else(), gateway).await;
            if reply.json()["data"]["meta"]["replica"]["members"] == count {
                return;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    tokio::time::timeout(WITHIN, counting).await.unwrap();
}

/// The query costs one point. A gateway alone that grants three points answers three queries. One of two gateways
/// answers one, because each point counts twice.
#[tokio::test(flavor = "multi_thread")]
async fn gateways_that_share_a_journal_divide_the_points() {
    let Some(postgres) = PostgresServer::start() else { return };
    let feed = FakeFeed::called("one").with_services(1).spawn().await;
    let url = PostgresServer::url_at(postgres.address());
    let sections = format!(
        "[server]\ntrusted_proxies = ['127.0.0.1']\nmax_points_per_minute = 3\n[catalogue]\njournal = '{url}'\n"
    );
    let setup = Gateway::over(&[&feed]).with(&sections);
    let one = setup.start().await;
    until_members(&one, 1).await;
    let alone =
        [is_answered(ALICE, &one).await, is_answered(ALICE, &one).await, is_answered(ALICE, &one).await];
    assert_eq!((alone, is_answered(ALICE, &one).await), ([true; 3], false));

    let other = setup.start().await;
    until_members(&one, 2).await;
    until_members(&other, 2).await;
    assert_eq!([is_answered(ALICE, &other).await, is_answered(ALICE, &other).await], [true, false]);
}
