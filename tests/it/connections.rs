//! Connections over real sockets: slow clients, too many clients, and the second listener.

use std::time::Duration;

use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpSocket, TcpStream};
use tokio::time::timeout;

use crate::support::{FakeFeed, Gateway, Setup};

const ASK: &[u8] = b"GET /health/live HTTP/1.1\r\nhost: a\r\n\r\n";

/// Much longer than the limits set here, and much shorter than the defaults.
const LONG_ENOUGH: Duration = Duration::from_secs(8);

async fn setup(server: &str) -> (Setup, FakeFeed) {
    let feed = FakeFeed::called("one").with_services(1).spawn().await;
    (Gateway::over(&[&feed]).with(&format!("[server]\n{server}\n")), feed)
}

/// Connects from an address of the loopback network.
async fn connect_from(from: &str, gateway: &Gateway) -> TcpStream {
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4096).unwrap();
    socket.bind(format!("{from}:0").parse().unwrap()).unwrap();
    socket.connect(gateway.address()).await.unwrap()
}

async fn connect(gateway: &Gateway) -> TcpStream {
    connect_from("127.0.0.1", gateway).await
}

/// Reads until the other side closes, within the time limit.
async fn rest(stream: &mut TcpStream) -> String {
    let mut rest = Vec::new();
    // A reset counts as an end too.
    let _ = timeout(LONG_ENOUGH, stream.read_to_end(&mut rest)).await.expect("still open");
    String::from_utf8(rest).unwrap()
}

/// Sends a request, and returns the head of the response, with the body if it has already arrived.
async fn answered(stream: &mut TcpStream) -> String {
    let mut answer = vec![0; 4096];
    let _ = stream.write_all(ASK).await;
    let read = timeout(LONG_ENOUGH, stream.read(&mut answer)).await.expect("no answer").unwrap_or(0);
    String::from_utf8(answer[..read].to_vec()).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn slow_clients_of_every_kind_are_closed() {
    let limits = "header_timeout = '300ms'\nidle_timeout = '600ms'\nrequest_timeout = '900ms'";
    let (setup, _feed) = setup(limits).await;
    let gateway = setup.start().await;

    let silent = async {
        let mut stream = connect(&gateway).await;
        assert_eq!(rest(&mut stream).await, "");
    };
    let dribbled_headers = async {
        let mut stream = connect(&gateway).await;
        stream.write_all(b"GET / HTTP/1.1\r\nx: ").await.unwrap();
        assert_eq!(rest(&mut stream).await, "");
    };
    let dribbled_body = async {
        let mut stream = connect(&gateway).await;
        let head = b"POST /graphql HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: 99\r\n\r\n{";
        stream.write_all(head).await.unwrap();
        let answer = rest(&mut stream).await;
        assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
    };
    let idle = async {
        let mut stream = connect(&gateway).await;
        let answer = answered(&mut stream).await;
        assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
        rest(&mut stream).await;
    };
    let unread = async {
        let mut stream = connect(&gateway).await;
        let ask = b"GET /schema.graphql HTTP/1.1\r\nhost: a\r\n\r\n".repeat(100);
        // Writing goes on until the gateway neither sends nor reads any more, and then closes.
        let asked = async { while stream.write_all(&ask).await.is_ok() {} };
        timeout(LONG_ENOUGH, asked).await.expect("still open");
    };
    tokio::join!(silent, dribbled_headers, dribbled_body, idle, unread);
    gateway.stop().await;
}

#[tokio::test]
async fn a_body_that_dribbles_where_none_is_read_holds_nothing_open() {
    let (setup, _feed) = setup("idle_timeout = '600ms'\nheader_timeout = '600ms'").await;
    let gateway = setup.start().await;
    for path in ["/", "/health/ready", "/schema.graphql", "/nowhere", "/metrics"] {
        let mut stream = connect(&gateway).await;
        let head = format!("POST {path} HTTP/1.1\r\nhost: a\r\ncontent-length: 99\r\n\r\n{{");
        stream.write_all(head.as_bytes()).await.unwrap();
        let answer = rest(&mut stream).await;
        assert!(answer.starts_with("HTTP/1.1 40"), "{path}: {answer}");
    }
}

#[tokio::test]
async fn connections_are_capped_in_all() {
    let (setup, _feed) = setup("max_connections = 3").await;
    let gateway = setup.start().await;
    let mut held = Vec::new();
    for _ in 0..3 {
        let mut stream = connect(&gateway).await;
        assert!(answered(&mut stream).await.starts_with("HTTP/1.1 200 "));
        held.push(stream);
    }
    let refused = rest(&mut connect(&gateway).await).await;
    assert!(refused.starts_with("HTTP/1.1 503 ") && refused.contains("\r\nretry-after: 1\r\n"), "{refused}");
    held.pop();
    // As soon as the gateway has noticed.
    let let_in =
        async { while !answered(&mut connect(&gateway).await).await.starts_with("HTTP/1.1 200 ") {} };
    timeout(LONG_ENOUGH, let_in).await.expect("the place is never free again");
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn connections_are_capped_for_each_address() {
    let (setup, _feed) = setup("max_connections_per_address = 2").await;
    let gateway = setup.start().await;
    let (mut first, mut second) = (connect(&gateway).await, connect(&gateway).await);
    for held in [&mut first, &mut second] {
        assert!(answered(held).await.starts_with("HTTP/1.1 200 "));
    }
    let refused = rest(&mut connect(&gateway).await).await;
    assert!(refused.starts_with("HTTP/1.1 503 "), "{refused}");
    let answer = answered(&mut connect_from("127.0.0.2", &gateway).await).await;
    assert!(answer.starts_with("HTTP/1.1 200 "), "another address is let in: {answer}");
    first.shutdown().await.unwrap();
    let metrics = async {
        loop {
            // A separate client, which may also have to wait for a place.
            let mut stream = connect(&gateway).await;
            let _ = stream.write_all(b"GET /metrics HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n").await;
            let answer = rest(&mut stream).await;
            if answer.starts_with("HTTP/1.1 200 ") {
                return answer;
            }
        }
    };
    let metrics = timeout(LONG_ENOUGH, metrics).await.unwrap();
    let counted =
        "oruk_http_connections_refused_total{listener=\"main\",reason=\"max_connections_per_address\"}";
    assert!(
        metrics.contains(counted) && metrics.contains("oruk_http_connections{listener=\"main\"}"),
        "{metrics}"
    );
}

#[tokio::test]
async fn http2_is_spoken_only_if_configured() {
    let client = |http2: bool| async move {
        let (setup, _feed) = setup(&format!("http2 = {http2}")).await;
        let gateway = setup.start().await;
        let client = reqwest::Client::builder().http2_prior_knowledge().build().unwrap();
        let sent = client.get(format!("http://{}/health/live", gateway.address())).send();
        timeout(LONG_ENOUGH, sent)
            .await
            .expect("neither answered nor closed")
            .map(|response| response.version())
    };
    assert!(client(false).await.is_err());
    assert_eq!(client(true).await.unwrap(), reqwest::Version::HTTP_2);
}

#[tokio::test]
async fn metrics_and_health_are_served_apart_where_that_is_configured() {
    let (setup, _feed) = setup("admin_listen = '127.0.0.1:0'\nmax_connections = 1").await;
    let gateway = setup.start().await;
    let admin = format!("http://{}", gateway.admin_address().unwrap());
    // The main listener is full, which must not affect the second one.
    let mut held = connect(&gateway).await;
    assert!(answered(&mut held).await.starts_with("HTTP/1.1 200 "));
    // One client that reuses its connection, because the second listener also has only one place.
    let client = reqwest::Client::builder().build().unwrap();
    let status = |path: &'static str| {
        let sent = client.get(format!("{admin}{path}")).send();
        async { sent.await.unwrap().status().as_u16() }
    };
    for path in ["/metrics", "/health/live", "/health/ready"] {
        assert_eq!(status(path).await, 200, "{path}");
    }
    for path in ["/", "/graphql?query={meta{version}}", "/schema.graphql"] {
        assert_eq!(status(path).await, 404, "{path}");
    }
    drop(held);
    let main = async { while gateway.try_get("/metrics").await != Some(404) {} };
    timeout(LONG_ENOUGH, main).await.expect("the main listener still serves metrics");
    while gateway.try_get("/health/ready").await != Some(200) {}
    assert_eq!(gateway.ask("{ meta { version } }", json!({})).await.status, 200);
}
