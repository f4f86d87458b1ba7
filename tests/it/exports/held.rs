//! Clients that do not read their exports do not hold resources for long.

use std::time::Duration;

use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpSocket, TcpStream};

use crate::support::{FakeFeed, Gateway, Habit};

const ASK: &[u8] = b"GET /export/services.csv HTTP/1.1\r\nhost: a\r\n\r\n";

/// The feed takes long to read, and no query has to wait for it.
const PATIENT: &str = "mode = 'catalogue'\nmax_response = '64MiB'\ntimeout = '60s'\ndeadline = '100ms'";

const LONG_ENOUGH: Duration = Duration::from_secs(30);

async fn asking(gateway: &Gateway) -> TcpStream {
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4096).unwrap();
    let mut stream = socket.connect(gateway.address()).await.unwrap();
    stream.write_all(ASK).await.unwrap();
    let mut beginning = [0; 15];
    stream.read_exact(&mut beginning).await.unwrap();
    assert_eq!(&beginning, b"HTTP/1.1 200 OK");
    stream
}

/// Enough data that neither the sockets nor the gateway can buffer all of it.
async fn feed() -> FakeFeed {
    let mut plan = FakeFeed::called("one").with(Habit::FullLists);
    for _ in 0..200 {
        // A field that is not searched.
        plan = plan.with_service(json!({ "application_process": "Ring us. ".repeat(5_000) }));
    }
    plan.spawn().await
}

/// Two clients that ask for all of it and read nothing of it.
async fn both_places_taken(settings: &str) -> (Gateway, TcpStream, TcpStream) {
    let feed = feed().await;
    let setup = Gateway::over(&[&feed]).with_defaults(PATIENT);
    let gateway = setup.with(settings).start().await;
    gateway.is_fresh().await;
    let (one, other) = (asking(&gateway).await, asking(&gateway).await);
    (gateway, one, other)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_has_two_places() {
    let (gateway, _one, _other) = both_places_taken("").await;
    let refused = gateway.get("/export/services.csv").await;
    assert_eq!(refused.status, 429, "{}", refused.text);
    assert_eq!(refused.header("retry-after"), "1");
    gateway.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_does_not_read_is_cut_off_and_its_place_is_free_again() {
    const BOTH_CUT_OFF: &str = "oruk_http_connections_timed_out_total{listener=\"main\",reason=\"unread\"} 2";
    let (gateway, mut one, mut other) =
        both_places_taken("[server]\nidle_timeout = '900ms'\nrequest_timeout = '500ms'\n").await;
    // Nothing is read until both connections are closed, so that the rest of neither can arrive.
    let closed = async {
        while !gateway.get("/metrics").await.text.contains(BOTH_CUT_OFF) {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(LONG_ENOUGH, closed).await.expect("the clients are not cut off");
    let free = async {
        while gateway.get("/export/services.csv?fields=name").await.status != 200 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(LONG_ENOUGH, free).await.expect("the places stay taken");
    for stream in [&mut one, &mut other] {
        let mut rest = Vec::new();
        // A reset counts as an end too. The end of the chunked body is missing.
        let _ = stream.read_to_end(&mut rest).await;
        assert!(!rest.ends_with(b"0\r\n\r\n"), "it got all of it");
    }
    gateway.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_takes_no_longer_than_it_may() {
    let feed = feed().await;
    let setup = Gateway::over(&[&feed]).with_defaults(PATIENT);
    let gateway = setup.with("[server]\nexport_timeout = '1ms'\n").start().await;
    gateway.is_fresh().await;
    let mut stream = asking(&gateway).await;
    let mut rest = Vec::new();
    let _ = stream.read_to_end(&mut rest).await;
    assert!(!rest.ends_with(b"0\r\n\r\n"), "what is broken off must not look whole");
    gateway.stop().await;
}
