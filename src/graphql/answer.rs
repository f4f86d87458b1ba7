//! What executing one operation comes to, for the transport to send.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use async_graphql::{Request, ServerError, Value};
use serde::Serialize;

use super::ErrorCode;
use super::walk::DATA;
use crate::admission::LargeAnswer;
use crate::federation;

/// Bytes beyond which an answer is large.
const LARGE_BYTES: usize = 256 << 10;

/// What stands beside an answer's data and errors.
pub type AnswerExtensions = BTreeMap<String, Value>;

/// Executes operations; what the HTTP room needs of this one.
pub trait ExecuteOperations: Send + Sync + 'static {
    /// An operation that can be run.
    type Operation: Send;

    /// Parses and weighs an operation, and executes nothing.
    ///
    /// # Errors
    /// The answer, if the operation is refused.
    fn prepare(&self, request: Request) -> Result<PreparedOperation<Self::Operation>, Box<OperationAnswer>>;

    /// Runs a prepared operation. Never fails: faults are in the answer.
    fn run(
        &self,
        prepared: PreparedOperation<Self::Operation>,
    ) -> impl Future<Output = OperationAnswer> + Send;

    /// Prepares an operation and runs it.
    fn execute(&self, request: Request) -> impl Future<Output = OperationAnswer> + Send {
        async {
            match self.prepare(request) {
                Ok(prepared) => self.run(prepared).await,
                Err(refused) => *refused,
            }
        }
    }
}

/// An operation that is within its limits and can be run.
#[derive(Debug)]
pub struct PreparedOperation<T> {
    /// What is to be run.
    pub operation: T,
    /// What it costs, in points.
    pub cost: usize,
}

/// The answer to one operation.
#[derive(Debug)]
pub struct OperationAnswer {
    /// The data, as JSON. `None` if the operation was refused before execution: then there is no such member.
    pub data: Option<WrittenData>,
    /// What went wrong; every error has its `code`.
    pub errors: Vec<ServerError>,
    /// What else is said.
    pub extensions: AnswerExtensions,
    /// How long the answer may be kept.
    pub freshness: KeepingTime,
    /// The place of a large answer, to be held until it has been sent.
    pub large: Option<Arc<LargeAnswer>>,
}

/// The data of an answer, written as its body begins if nothing went wrong: `{"data":…`.
#[derive(Debug)]
pub struct WrittenData(Vec<u8>);

impl WrittenData {
    /// Of bytes that begin so.
    pub(super) fn begun(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }

    /// No data.
    pub(super) fn null() -> Self {
        Self::of_json(b"null")
    }

    /// Of the data alone, as JSON.
    pub fn of_json(json: &[u8]) -> Self {
        Self([DATA, json].concat())
    }

    /// Returns the data alone.
    pub fn json(&self) -> &[u8] {
        self.0.strip_prefix(DATA).unwrap_or_default()
    }
}

impl OperationAnswer {
    /// Of an operation that was refused before execution.
    pub fn refused(errors: Vec<ServerError>) -> Self {
        let (extensions, freshness) = (AnswerExtensions::new(), KeepingTime::NONE);
        Self { data: None, errors, extensions, freshness, large: None }
    }

    /// Of an operation that was ended while it was executed.
    pub(super) fn ended(refusal: ServerError) -> Self {
        Self { data: Some(WrittenData::null()), ..Self::refused(vec![refusal]) }
    }

    /// Whether it takes so much memory that only a few such answers may wait to be sent.
    pub(super) fn is_large(&self) -> bool {
        self.data.as_ref().is_some_and(|data| data.json().len() > LARGE_BYTES)
    }

    /// The answer with the place that it holds until it has been sent.
    pub(super) fn holding(self, place: Option<LargeAnswer>) -> Self {
        Self { large: place.map(Arc::new), ..self }
    }

    /// How far the operation came.
    pub fn outcome(&self) -> OperationOutcome {
        if self.data.is_some() { OperationOutcome::Executed } else { OperationOutcome::Refused }
    }

    /// The answer as it is sent: errors, data and extensions, in the order the specification shows them in.
    pub fn written(self) -> Vec<u8> {
        let mut written = match (self.data, self.errors.as_slice()) {
            (Some(data), []) => data.0,
            (data, errors) => {
                let mut written = Vec::new();
                member(&mut written, "errors", |written| json(written, errors));
                if let Some(data) = &data {
                    member(&mut written, "data", |written| written.extend_from_slice(data.json()));
                }
                written
            }
        };
        if !self.extensions.is_empty() {
            member(&mut written, "extensions", |written| json(written, &self.extensions));
        }
        written.push(b'}');
        // Responses are cached by their length: room that is not used would not be counted.
        if written.capacity() / 2 > written.len() {
            written.shrink_to_fit();
        }
        written
    }

    /// The data, read again; null where there is none.
    pub fn data(&self) -> serde_json::Value {
        let json = self.data.as_ref().map(WrittenData::json);
        json.and_then(|json| serde_json::from_slice(json).ok()).unwrap_or_default()
    }

    /// The code of each error.
    pub fn codes(&self) -> impl Iterator<Item = Option<ErrorCode>> {
        self.errors.iter().map(|error| match error.extensions.as_ref()?.get("code")? {
            Value::String(code) => ErrorCode::parse(code),
            _ => None,
        })
    }
}

fn member(written: &mut Vec<u8>, name: &str, value: impl FnOnce(&mut Vec<u8>)) {
    written.push(if written.is_empty() { b'{' } else { b',' });
    written.extend_from_slice(format!("\"{name}\":").as_bytes());
    value(written);
}

fn json(written: &mut Vec<u8>, value: &(impl Serialize + ?Sized)) {
    let start = written.len();
    if let Err(error) = serde_json::to_writer(&mut *written, value) {
        tracing::error!(%error, "cannot write part of a response");
        written.truncate(start);
        written.extend_from_slice(b"null");
    }
}

/// How far an operation came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OperationOutcome {
    /// It was executed: the answer has `data`, if only null.
    Executed,
    /// It was refused before execution (parse, validation, limits, variables): the answer has no `data`.
    Refused,
}

/// How long an answer may be kept, from the sources it was made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeepingTime {
    /// How long it may be handed out: as long as it stays within every source's freshness target, and a moment only where
    /// one is past it or fails.
    pub remaining: Duration,
    /// Age of the oldest data in it.
    pub age: Duration,
    /// Whether a source failed, or served kept data because it fails or is late.
    pub degraded: bool,
}

impl KeepingTime {
    /// Of an answer that took nothing from any source (introspection, errors).
    pub const NONE: Self = Self { remaining: Duration::ZERO, age: Duration::ZERO, degraded: false };
}

impl From<federation::AnswerFreshness> for KeepingTime {
    fn from(freshness: federation::AnswerFreshness) -> Self {
        let federation::AnswerFreshness { remaining, age, degraded, briefly } = freshness;
        let remaining = remaining.into_iter().chain(briefly).min().unwrap_or_default();
        Self { remaining, age, degraded }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_response_keeps_no_room_that_it_does_not_use() {
        let mut data = Vec::with_capacity(1 << 20);
        data.extend_from_slice(b"{\"data\":1");
        let answer =
            OperationAnswer { data: Some(WrittenData::begun(data)), ..OperationAnswer::refused(Vec::new()) };
        let written = answer.written();
        assert_eq!(written, b"{\"data\":1}");
        assert!(written.capacity() < 1 << 10, "{}", written.capacity());
    }
}
