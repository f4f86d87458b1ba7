//! Tests of connections over streams in memory, with a clock that the tests move.

use std::sync::Arc;
use std::time::Duration;

use poem::endpoint::make;
use poem::{EndpointExt as _, IntoResponse as _, Request, Response};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream, duplex};
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;

use super::ConnectionSettings;
use super::connection::{ConnectionEnds, serve, speaking};
use super::pulse::{ConnectionPulse, OverdueClient};

const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
const ASK: &[u8] = b"GET / HTTP/1.1\r\nhost: a\r\n\r\n";

/// The client's end of a connection that is being served.
struct Connected {
    stream: DuplexStream,
    served: JoinHandle<Option<OverdueClient>>,
    closing: CancellationToken,
}

impl Connected {
    fn new(http2: bool) -> Self {
        let (stream, other) = duplex(4096);
        let closing = CancellationToken::new();
        let told = closing.clone();
        let settings = ConnectionSettings {
            header_timeout: Duration::from_secs(10),
            idle_timeout: Duration::from_secs(60),
            max_connections: 0,
            max_connections_per_address: 0,
            http2,
            shutdown_grace: Duration::ZERO,
        };
        let served = tokio::spawn(async move {
            let (local, remote) = (([127, 0, 0, 1], 80), ([192, 0, 2, 7], 4711));
            let ends = ConnectionEnds {
                local: poem::web::LocalAddr(std::net::SocketAddr::from(local).into()),
                remote: poem::web::RemoteAddr(std::net::SocketAddr::from(remote).into()),
            };
            let pulse = Arc::new(ConnectionPulse::new(settings.header_timeout, settings.idle_timeout));
            serve(
                other,
                &ends,
                &Arc::new(make(answer).map_to_response().boxed()),
                &speaking(&settings),
                pulse,
                &told,
            )
            .await
        });
        Self { stream, served, closing }
    }

    async fn send(&mut self, bytes: &[u8]) {
        self.stream.write_all(bytes).await.unwrap();
    }

    /// Reads until the response contains this text.
    async fn reads(&mut self, end: &str) -> String {
        let mut read = String::new();
        while !read.contains(end) {
            let byte = self.stream.read_u8().await.unwrap_or_else(|_| panic!("closed after {read:?}"));
            read.push(char::from(byte));
        }
        read
    }

    /// Reads to the end of the stream.
    async fn rest(&mut self) -> String {
        let mut rest = Vec::new();
        let _ = self.stream.read_to_end(&mut rest).await;
        String::from_utf8_lossy(&rest).into_owned()
    }

    /// Waits until the connection ends. Returns why it was closed, if it was overdue.
    async fn ended(self) -> Option<OverdueClient> {
        // The stream stays open until then.
        let Self { stream: _stream, served, .. } = self;
        served.await.unwrap()
    }
}

async fn answer(request: Request) -> Response {
    match request.uri().path() {
        "/large" => "x".repeat(1 << 20).into_response(),
        "/slow" => {
            sleep(Duration::from_secs(5)).await;
            "at last".into_response()
        }
        _ => request.remote_addr().to_string().into_response(),
    }
}

#[tokio::test(start_paused = true)]
async fn handlers_are_told_who_asks_and_the_connection_is_kept() {
    let mut connected = Connected::new(false);
    for _ in 0..2 {
        connected.send(ASK).await;
        let answer = connected.reads("4711").await;
        assert!(answer.starts_with("HTTP/1.1 200 OK\r\n") && answer.ends_with("192.0.2.7:4711"), "{answer}");
    }
    connected.closing.cancel();
    assert_eq!(connected.rest().await, "", "an idle connection is closed at once");
    assert_eq!(connected.ended().await, None);
}

#[tokio::test(start_paused = true)]
async fn a_silent_connection_is_cut() {
    let (connected, began) = (Connected::new(false), Instant::now());
    assert_eq!((connected.ended().await, began.elapsed().as_secs()), (Some(OverdueClient::Headers), 10));
}

#[tokio::test(start_paused = true)]
async fn dribbled_headers_are_cut_on_a_first_and_on_a_later_request() {
    for before in [0, 1] {
        let mut connected = Connected::new(false);
        for _ in 0..before {
            connected.send(ASK).await;
            connected.reads("4711").await;
            sleep(Duration::from_secs(30)).await;
        }
        let began = Instant::now();
        while connected.stream.write_all(b"G").await.is_ok() {
            sleep(Duration::from_secs(1)).await;
        }
        assert!((10..=12).contains(&began.elapsed().as_secs()), "{:?}", began.elapsed());
        assert_eq!(connected.ended().await, Some(OverdueClient::Headers));
    }
}

#[tokio::test(start_paused = true)]
async fn an_idle_connection_is_cut_after_its_own_time() {
    let mut connected = Connected::new(false);
    connected.send(ASK).await;
    connected.reads("4711").await;
    let began = Instant::now();
    assert_eq!((connected.ended().await, began.elapsed().as_secs()), (Some(OverdueClient::Idle), 60));
}

#[tokio::test(start_paused = true)]
async fn an_answer_nobody_takes_is_given_up_and_one_that_is_taken_slowly_is_not() {
    let ask = b"GET /large HTTP/1.1\r\nhost: a\r\n\r\n";
    let mut connected = Connected::new(false);
    connected.send(ask).await;
    connected.reads("\r\n\r\n").await;
    let began = Instant::now();
    assert_eq!((connected.ended().await, began.elapsed().as_secs()), (Some(OverdueClient::Unread), 60));

    let mut connected = Connected::new(false);
    connected.send(ask).await;
    connected.reads("\r\n\r\n").await;
    let mut body = vec![0; 1 << 20];
    for part in body.chunks_mut(64 << 10) {
        sleep(Duration::from_secs(10)).await;
        connected.stream.read_exact(part).await.unwrap();
    }
    connected.send(ASK).await;
    connected.reads("4711").await;
}

#[tokio::test(start_paused = true)]
async fn a_request_under_way_is_answered_when_the_server_closes() {
    let mut connected = Connected::new(false);
    connected.send(b"GET /slow HTTP/1.1\r\nhost: a\r\n\r\n").await;
    sleep(Duration::from_secs(1)).await;
    connected.closing.cancel();
    let answer = connected.rest().await;
    assert!(answer.contains("\r\nconnection: close\r\n") && answer.ends_with("at last"), "{answer}");
    assert_eq!(connected.ended().await, None);
}

#[tokio::test(start_paused = true)]
async fn headers_are_bounded_in_number_and_size() {
    let many: String = (0..101).map(|n| format!("h{n}: x\r\n")).collect();
    let large = format!("h: {}\r\n", "x".repeat(129 << 10));
    for headers in [many, large] {
        let mut connected = Connected::new(false);
        let request = format!("GET / HTTP/1.1\r\nhost: a\r\n{headers}\r\n");
        // Headers that are too large are refused before all of them are read.
        let _ = connected.stream.write_all(request.as_bytes()).await;
        let answer = connected.rest().await;
        assert!(answer.starts_with("HTTP/1.1 431 "), "{answer}");
    }
}

#[tokio::test(start_paused = true)]
async fn http2_is_closed_at_once_unless_it_is_wanted() {
    let (mut connected, began) = (Connected::new(false), Instant::now());
    connected.send(PREFACE).await;
    assert_eq!(connected.rest().await, "");
    assert_eq!(began.elapsed(), Duration::ZERO);
    assert_eq!(connected.ended().await, None);
}

#[tokio::test(start_paused = true)]
async fn http2_has_a_hundred_streams_and_no_more_time() {
    let mut connected = Connected::new(true);
    connected.send(PREFACE).await;
    // An empty SETTINGS frame.
    connected.send(&[0, 0, 0, 4, 0, 0, 0, 0, 0]).await;
    let mut head = [0; 9];
    connected.stream.read_exact(&mut head).await.unwrap();
    assert_eq!(head[3], 4, "the server's SETTINGS come first");
    let mut settings = vec![0; usize::from(head[2])];
    connected.stream.read_exact(&mut settings).await.unwrap();
    // SETTINGS_MAX_CONCURRENT_STREAMS is 3, SETTINGS_MAX_HEADER_LIST_SIZE 6.
    assert!(settings.chunks(6).any(|setting| setting == [0, 3, 0, 0, 0, 100]), "{settings:?}");
    assert!(settings.chunks(6).any(|setting| setting == [0, 6, 0, 1, 0, 0]), "{settings:?}");
    let began = Instant::now();
    assert_eq!((connected.ended().await, began.elapsed().as_secs()), (Some(OverdueClient::Headers), 10));
}

#[tokio::test(start_paused = true)]
async fn a_server_that_speaks_http2_still_speaks_http1() {
    let mut connected = Connected::new(true);
    connected.send(ASK).await;
    assert!(connected.reads("4711").await.starts_with("HTTP/1.1 200 OK\r\n"));
}
