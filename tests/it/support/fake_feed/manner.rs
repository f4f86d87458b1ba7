//! Manners: how a feed answers, or fails to, down to the bytes.

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

/// How a feed behaves towards a request.
#[derive(Clone, Debug)]
pub(crate) enum Manner {
    /// As it should.
    Healthy,
    /// Takes the request and never says anything.
    Hanging,
    /// Answers once the test releases it.
    Held,
    /// Resets the connection.
    Resetting,
    /// Announces a whole body and closes after half of it.
    HalfABody,
    /// Half a body, announced as whole.
    TruncatedJson,
    /// A page for people, with status 200.
    Html,
    /// JSON, of other types than anybody expects.
    WrongTypes,
    /// This JSON, whatever was asked for.
    Saying(&'static str),
    /// As it should, but for what this makes of the JSON.
    Rewriting(fn(&str) -> Vec<u8>),
    /// A page of so many bytes, as fast as it is read.
    Huge(usize),
    /// One byte now and then.
    Dripping,
    /// Headers without end.
    EndlessHeaders,
    /// This status, and a body that says so.
    Status(u16),
    /// 429, to be asked again after so many seconds.
    RateLimited(u64),
    /// Sends the visitor there, path and all.
    RedirectingTo(String),
    /// Sends the visitor back to where it came.
    RedirectingToItself,
}

/// Which requests are meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Scope {
    /// All.
    Everywhere,
    /// Those for the list of services, from this page on.
    ListFrom(usize),
    /// Those for services' own pages.
    Details,
    /// Those for one path.
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

/// How long between two bytes that drip.
const DRIP: Duration = Duration::from_millis(20);

/// Answers one request and closes the connection.
pub(super) async fn receive(mut stream: TcpStream, state: Arc<State>) {
    let Some(asked) = request::read(&mut stream).await else { return };
    let _under_way = state.begin(&asked);
    let manner = state.manner(&asked);
    // A visitor who leaves early is no failure of the feed.
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
