//! Faults that feeds show on purpose.

use std::fmt;
use std::io;
use std::str::FromStr;
use std::time::Duration;

use bytes::Bytes;
use futures_util::{Stream, StreamExt, stream};
use poem::http::{StatusCode, header};
use poem::{Body, Response};
use serde_json::Value;

use super::draw::SeededDraw;

/// A way in which an answer goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FaultKind {
    /// Sends the correct answer three seconds late.
    Slow,
    /// Never answers.
    Hang,
    /// Cuts the connection in the middle of the body.
    Reset,
    /// Answers 500 with a line of text.
    Error500,
    /// Answers 503 with a page of HTML.
    Unavailable503,
    /// Answers 429 with `Retry-After: 1`.
    TooMany429,
    /// Answers 200 with a page of HTML.
    Html,
    /// Answers 200 with the first half of the JSON.
    Truncated,
    /// Answers 200 with JSON that has the right members with values of the wrong types.
    WrongTypes,
    /// Answers 200 with 100 MB of JSON.
    Huge,
    /// Sends the correct answer at a rate of one byte every 100 ms.
    Drip,
    /// Answers 200 with an empty body.
    Empty,
}

/// A fault and the share of answers that it affects.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FeedFault {
    /// The kind of fault.
    pub kind: FaultKind,
    /// The share of affected answers, from 0 (none) to 1 (all).
    pub rate: f64,
}

/// Why a text cannot be parsed as a fault.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FaultError {
    /// The name is not the name of a fault.
    #[error("`{0}` is not a fault; use one of {names}", names = FaultKind::names())]
    Kind(String),
    /// The share is not a number from 0 to 1.
    #[error("`{0}` is not a rate; use a number from 0 to 1, as in `slow:0.2`")]
    Rate(String),
}

impl FaultKind {
    const ALL: [(FaultKind, &'static str); 12] = [
        (Self::Slow, "slow"),
        (Self::Hang, "hang"),
        (Self::Reset, "reset"),
        (Self::Error500, "error-500"),
        (Self::Unavailable503, "unavailable-503"),
        (Self::TooMany429, "too-many-429"),
        (Self::Html, "html"),
        (Self::Truncated, "truncated"),
        (Self::WrongTypes, "wrong-types"),
        (Self::Huge, "huge"),
        (Self::Drip, "drip"),
        (Self::Empty, "empty"),
    ];

    /// Returns all kinds of faults.
    pub fn all() -> impl Iterator<Item = FaultKind> {
        Self::ALL.into_iter().map(|(kind, _)| kind)
    }

    /// Returns the name of the fault on the command line, e.g. `error-500`.
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(kind, _)| *kind == self).map_or("", |(_, name)| name)
    }

    fn names() -> String {
        Self::ALL.map(|(_, name)| name).join(", ")
    }

    /// Returns the faulty response for a correct body.
    pub(super) async fn spoil(self, body: Bytes) -> Response {
        match self {
            Self::Slow => {
                tokio::time::sleep(LATE).await;
                json(body)
            }
            Self::Hang => std::future::pending().await,
            Self::Reset => reset(body),
            Self::Error500 => text(StatusCode::INTERNAL_SERVER_ERROR, "text/plain", "Internal Server Error"),
            Self::Unavailable503 => text(StatusCode::SERVICE_UNAVAILABLE, "text/html", MAINTENANCE),
            Self::TooMany429 => too_many(),
            Self::Html => text(StatusCode::OK, "text/html", MAINTENANCE),
            Self::Truncated => json(half(&body)),
            Self::WrongTypes => json(wrong_types(&body)),
            Self::Huge => json(Body::from_bytes_stream(huge())),
            Self::Drip => json(Body::from_bytes_stream(drip(body))),
            Self::Empty => json(Bytes::new()),
        }
    }
}

impl FeedFault {
    /// Returns whether the fault affects the request with this number.
    pub(super) fn shows(&self, seed: u64, request: u64) -> bool {
        let share =
            (SeededDraw::new(seed ^ self.kind as u64, request).bits() >> 11) as f64 / (1u64 << 53) as f64;
        share < self.rate
    }
}

impl FromStr for FaultKind {
    type Err = FaultError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let known = Self::ALL.into_iter().find(|(_, name)| *name == text);
        known.map(|(kind, _)| kind).ok_or_else(|| FaultError::Kind(text.to_owned()))
    }
}

impl FromStr for FeedFault {
    type Err = FaultError;

    /// Parses `KIND:RATE`. `KIND` alone means that all answers are affected.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (kind, rate) = text.split_once(':').unwrap_or((text, "1"));
        let share = rate.parse().ok().filter(|share| (0.0..=1.0).contains(share));
        Ok(Self { kind: kind.parse()?, rate: share.ok_or_else(|| FaultError::Rate(rate.to_owned()))? })
    }
}

impl fmt::Display for FeedFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.kind.name(), self.rate)
    }
}

const LATE: Duration = Duration::from_secs(3);
const BETWEEN_DROPS: Duration = Duration::from_millis(100);
const HUGE: usize = 100_000_000;
const MAINTENANCE: &str = "<!doctype html><title>Maintenance</title><h1>We will be back soon</h1>";

fn json(body: impl Into<Body>) -> Response {
    Response::builder().content_type("application/json").body(body)
}

fn text(status: StatusCode, content_type: &str, body: &'static str) -> Response {
    Response::builder().status(status).content_type(content_type).body(body)
}

fn too_many() -> Response {
    let answer = Response::builder().status(StatusCode::TOO_MANY_REQUESTS).header("retry-after", "1");
    answer.content_type("text/plain").body("Too many requests, please slow down.")
}

fn half(body: &Bytes) -> Bytes {
    body.slice(..body.len() / 2)
}

/// Returns a response that sends half the body and then fails with an error. The content length is stated because the
/// server would end a chunked body properly even after an error; with a content length, it drops the connection
/// instead.
fn reset(body: Bytes) -> Response {
    let end = async {
        tokio::time::sleep(BETWEEN_DROPS).await;
        Err(io::Error::from(io::ErrorKind::ConnectionReset))
    };
    let cut_off = stream::iter([Ok(half(&body))]).chain(stream::once(end));
    let mut response = json(Body::from_bytes_stream(cut_off));
    response.headers_mut().insert(header::CONTENT_LENGTH, body.len().into());
    response
}

fn drip(body: Bytes) -> impl Stream<Item = io::Result<Bytes>> + Send + 'static {
    stream::iter(0..body.len()).then(move |at| {
        let drop = body.slice(at..at + 1);
        async move {
            tokio::time::sleep(BETWEEN_DROPS).await;
            Ok(drop)
        }
    })
}

/// Returns the pieces of a page of about 100 MB that repeats one record.
fn huge() -> impl Stream<Item = io::Result<Bytes>> + Send + 'static {
    let record = r#"{"id":"00000000-0000-4000-8000-000000000000","name":"Again","status":"active"},"#;
    let many = Bytes::from(record.repeat(800));
    let times = HUGE / many.len();
    let head = Bytes::from_static(br#"{"total_items":1,"total_pages":1,"page_number":1,"contents":["#);
    let tail = Bytes::from_static(b"{}]}");
    stream::iter([head]).chain(stream::repeat(many).take(times)).chain(stream::iter([tail])).map(Ok)
}

fn wrong_types(body: &Bytes) -> Bytes {
    let mut value = serde_json::from_slice(body).unwrap_or_default();
    confuse(&mut value);
    value.to_string().into()
}

/// Changes the type of every value: texts become lists, numbers become texts, booleans become numbers and nulls become
/// `false`. In a list, changes every second element and appends a null.
fn confuse(value: &mut Value) {
    *value = match std::mem::take(value) {
        Value::Null => Value::Bool(false),
        Value::Bool(truth) => Value::from(u8::from(truth)),
        Value::Number(number) => Value::String(number.to_string()),
        Value::String(text) => Value::from(vec![text]),
        Value::Array(mut list) => {
            list.iter_mut().step_by(2).for_each(confuse);
            list.push(Value::Null);
            Value::Array(list)
        }
        Value::Object(mut members) => {
            members.values_mut().for_each(confuse);
            Value::Object(members)
        }
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_a_kind_and_a_rate() {
        for kind in FaultKind::all() {
            assert_eq!(format!("{}:0.25", kind.name()).parse(), Ok(FeedFault { kind, rate: 0.25 }));
        }
        assert_eq!("hang".parse(), Ok(FeedFault { kind: FaultKind::Hang, rate: 1.0 }));
        assert_eq!("nap:1".parse::<FeedFault>(), Err(FaultError::Kind("nap".to_owned())));
        for rate in ["1.5", "-1", "NaN", ""] {
            assert_eq!(format!("slow:{rate}").parse::<FeedFault>(), Err(FaultError::Rate(rate.to_owned())));
        }
    }

    #[test]
    fn shows_as_often_as_its_rate_says() {
        let shown = |rate| {
            let fault = FeedFault { kind: FaultKind::Html, rate };
            (0..1000).filter(|request| fault.shows(1, *request)).count()
        };
        assert_eq!((shown(0.0), shown(1.0)), (0, 1000));
        assert!((150..250).contains(&shown(0.2)), "{}", shown(0.2));
    }

    #[test]
    fn wrong_types_are_still_json() {
        let spoilt = wrong_types(&Bytes::from_static(br#"{"size":1,"contents":[{"id":"a"}]}"#));
        assert_eq!(&spoilt[..], br#"{"size":"1","contents":[{"id":["a"]},null]}"#);
    }
}
