//! Manners: how a feed responds or fails to, down to the bytes.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::io::Write as _;
use std::sync::Arc;
use std::time::Duration;

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::listing::Habit;
use super::request::{self, Asked};
use super::state::State;

/// How a feed responds to a request.
#[derive(Clone, Debug)]
pub(crate) enum Manner {
    /// Responds correctly.
    Healthy,
    /// Accepts the request and never responds.
    Hanging,
    /// Responds once the test releases it.
    Held,
    /// Resets the connection.
    Resetting,
    /// Announces a complete body, and closes after half of it.
    HalfABody,
    /// Sends half a body, announced as complete.
    TruncatedJson,
    /// Sends an HTML page, with status 200.
    Html,
    /// Sends JSON of unexpected types.
    WrongTypes,
    /// Sends this JSON, whatever was requested.
    Saying(&'static str),
    /// Responds correctly, except for what this function makes of the JSON.
    Rewriting(fn(&str) -> Vec<u8>),
    /// Sends a page of this many bytes, as fast as it is read.
    Huge(usize),
    /// Sends one byte now and then.
    Dripping,
    /// Sends headers without end.
    EndlessHeaders,
    /// Sends this status, with a body that names it.
    Status(u16),
    /// Sends 429, with `retry-after` in seconds.
    RateLimited(u64),
    /// Redirects to this address, with the same path.
    RedirectingTo(String),
    /// Redirects to the same address.
    RedirectingToItself,
}

/// The requests that a manner applies to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Scope {
    /// All requests.
    Everywhere,
    /// Requests for the list of services, from this page on.
    ListFrom(usize),
    /// Requests for detail pages of services.
    Details,
    /// Requests for one path.
    At(String),
}

impl Scope {
    pub(super) fn covers(&self, asked: &Asked) -> bool {
        match self {
            Self::Everywhere => true,
            Self::ListFrom(page) => asked.path == "/services" && asked.page() >= *page,
            Self::Details => asked.path.starts_with("/services/"),
            Self::At(path) => asked.path == *path,
        }
    }
}

/// The time between two bytes of [`Manner::Dripping`].
const DRIP: Duration = Duration::from_millis(20);

/// Answers one request and closes the connection.
pub(super) async fn receive(mut stream: TcpStream, state: Arc<State>) {
    let Some(asked) = request::read(&mut stream).await else { return };
    let _under_way = state.begin(&asked);
    let manner = state.manner(&asked);
    // A client that leaves early is no failure of the feed.
    let _ = answer(&mut stream, &state, &asked, manner).await;
}

async fn answer(stream: &mut TcpStream, state: &State, asked: &Asked, manner: Manner) -> std::io::Result<()> {
    match manner {
        Manner::Healthy => healthy(stream, state, asked).await,
        Manner::Hanging => until_left(stream).await,
        Manner::Held => {
            state.until_released().await;
            healthy(stream, state, asked).await
        }
        Manner::Resetting => stream.set_zero_linger(),
        Manner::HalfABody => {
            let body = body(state, asked);
            stream.write_all(head(200, "application/json", body.len(), "").as_bytes()).await?;
            stream.write_all(&body[..body.len() / 2]).await?;
            stream.shutdown().await
        }
        Manner::TruncatedJson => {
            let body = body(state, asked);
            send(stream, 200, "application/json", &body[..body.len() / 2], "").await
        }
        Manner::Html => send(stream, 200, "text/html", b"<!doctype html><title>Welcome</title>", "").await,
        Manner::WrongTypes => {
            let wrong = json!({ "total_items": [], "contents": "none", "id": 7, "name": { "en": "?" } });
            send(stream, 200, "application/json", wrong.to_string().as_bytes(), "").await
        }
        Manner::Saying(body) => send(stream, 200, "application/json", body.as_bytes(), "").await,
        Manner::Rewriting(rewrite) => {
            let body = rewrite(&String::from_utf8_lossy(&body(state, asked)));
            send(stream, 200, "application/json", &body, "").await
        }
        Manner::Huge(bytes) => huge(stream, bytes).await,
        Manner::Dripping => drip(stream).await,
        Manner::EndlessHeaders => endless_headers(stream).await,
        Manner::Status(status) => {
            send(stream, status, "application/json", br#"{"message":"something is wrong here"}"#, "").await
        }
        Manner::RateLimited(seconds) => {
            let again = format!("retry-after: {seconds}\r\n");
            send(stream, 429, "application/json", b"{}", &again).await
        }
        Manner::RedirectingTo(place) => redirect(stream, &format!("{place}{}", asked.path)).await,
        Manner::RedirectingToItself => {
            redirect(stream, &format!("http://{}{}", asked.host(), asked.path)).await
        }
    }
}

async fn healthy(stream: &mut TcpStream, state: &State, asked: &Asked) -> std::io::Result<()> {
    if let Some(said) = state.scripted(asked) {
        return send(stream, said.status, "application/json", said.body.as_bytes(), &said.headers).await;
    }
    let Some(value) = state.answer(asked) else {
        return send(stream, 404, "application/json", br#"{"message":"not found"}"#, "").await;
    };
    let body = value.to_string();
    let mut headers = String::new();
    for habit in &state.habits {
        if let Habit::MaxAge(seconds) = habit {
            headers = format!("cache-control: max-age={seconds}\r\n");
        }
    }
    if state.habits.contains(&Habit::Tagged) {
        let mut hasher = DefaultHasher::new();
        body.hash(&mut hasher);
        let tag = format!("W/\"{:x}\"", hasher.finish());
        if asked.headers.get("if-none-match") == Some(&tag) {
            return send(stream, 304, "application/json", b"", &format!("etag: {tag}\r\n")).await;
        }
        headers.push_str(&format!("etag: {tag}\r\n"));
    }
    if state.habits.contains(&Habit::Gzipped) {
        headers.push_str("content-encoding: gzip\r\n");
        return send(stream, 200, "application/json", &gzip(body.as_bytes()), &headers).await;
    }
    send(stream, 200, "application/json", body.as_bytes(), &headers).await
}

fn body(state: &State, asked: &Asked) -> Vec<u8> {
    state.answer(asked).unwrap_or(Value::Null).to_string().into_bytes()
}

async fn send(
    stream: &mut TcpStream,
    status: u16,
    content_type: &str,
    body: &[u8],
    headers: &str,
) -> std::io::Result<()> {
    stream.write_all(head(status, content_type, body.len(), headers).as_bytes()).await?;
    stream.write_all(body).await?;
    stream.shutdown().await
}

fn head(status: u16, content_type: &str, length: usize, headers: &str) -> String {
    format!(
        "HTTP/1.1 {status} Said\r\ncontent-type: {content_type}\r\ncontent-length: {length}\r\n\
         connection: close\r\n{headers}\r\n"
    )
}

async fn redirect(stream: &mut TcpStream, to: &str) -> std::io::Result<()> {
    send(stream, 302, "text/plain", b"", &format!("location: {to}\r\n")).await
}

async fn until_left(stream: &mut TcpStream) -> std::io::Result<()> {
    let mut buffer = [0; 64];
    while stream.read(&mut buffer).await? > 0 {}
    Ok(())
}

async fn huge(stream: &mut TcpStream, bytes: usize) -> std::io::Result<()> {
    let start =
        "HTTP/1.1 200 Said\r\ncontent-type: application/json\r\nconnection: close\r\n\r\n{\"contents\":[";
    stream.write_all(start.as_bytes()).await?;
    let chunk = "null,".repeat(13_000);
    let mut sent = 0;
    while sent < bytes {
        stream.write_all(chunk.as_bytes()).await?;
        sent += chunk.len();
    }
    stream.write_all(b"null]}").await?;
    stream.shutdown().await
}

async fn drip(stream: &mut TcpStream) -> std::io::Result<()> {
    stream.write_all(head(200, "application/json", 1_000_000, "").as_bytes()).await?;
    loop {
        stream.write_all(b" ").await?;
        tokio::time::sleep(DRIP).await;
    }
}

async fn endless_headers(stream: &mut TcpStream) -> std::io::Result<()> {
    stream.write_all(b"HTTP/1.1 200 Said\r\n").await?;
    loop {
        stream.write_all(b"x-more: and more\r\n").await?;
    }
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}
