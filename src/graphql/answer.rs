//! The response to one operation, for the transport to send.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use async_graphql::{Request, ServerError, Value};
use serde::Serialize;

use super::ErrorCode;
use super::walk::DATA;
use crate::admission::LargeAnswer;
use crate::federation;

/// The size in bytes above which a response is large.
const LARGE_BYTES: usize = 256 << 10;

/// The response's `extensions`.
pub type AnswerExtensions = BTreeMap<String, Value>;

/// Executes operations, for the HTTP room.
pub trait ExecuteOperations: Send + Sync + 'static {
    /// An operation that can be run.
    type Operation: Send;

    /// Parses and weighs an operation, without executing anything.
    ///
    /// # Errors
    /// Returns the response if the operation is refused.
    fn prepare(&self, request: Request) -> Result<PreparedOperation<Self::Operation>, Box<OperationAnswer>>;

    /// Runs a prepared operation. Never fails: errors are part of the response.
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

/// An operation that is within the limits and can be run.
#[derive(Debug)]
pub struct PreparedOperation<T> {
    /// The operation.
    pub operation: T,
    /// The cost in points.
    pub cost: usize,
}

/// The response to one operation.
#[derive(Debug)]
pub struct OperationAnswer {
    /// The data as JSON. `None` if the operation was refused before execution: the response then has no `data`.
    pub data: Option<WrittenData>,
    /// The errors. Each has a `code`.
    pub errors: Vec<ServerError>,
    /// The extensions.
    pub extensions: AnswerExtensions,
    /// How long the response may be cached.
    pub freshness: KeepingTime,
    /// The slot of a large response, to be held until the response has been sent.
    pub large: Option<Arc<LargeAnswer>>,
}

/// The data of a response, written as the beginning of its body if there are no errors: `{"data":…`.
#[derive(Debug)]
pub struct WrittenData(Vec<u8>);

impl WrittenData {
    /// Takes bytes that begin like this.
    pub(super) fn begun(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }

    /// Returns null data.
    pub(super) fn null() -> Self {
        Self::of_json(b"null")
    }

    /// Adds the beginning to data in JSON.
    pub fn of_json(json: &[u8]) -> Self {
        Self([DATA, json].concat())
    }

    /// Returns the data without the beginning.
    pub fn json(&self) -> &[u8] {
        self.0.strip_prefix(DATA).unwrap_or_default()
    }
}

impl OperationAnswer {
    /// Creates the response to an operation that was refused before execution.
    pub fn refused(errors: Vec<ServerError>) -> Self {
        let (extensions, freshness) = (AnswerExtensions::new(), KeepingTime::NONE);
        Self { data: None, errors, extensions, freshness, large: None }
    }

    /// Creates the response to an operation that was ended during execution.
    pub(super) fn ended(refusal: ServerError) -> Self {
        Self { data: Some(WrittenData::null()), ..Self::refused(vec![refusal]) }
    }

    /// Returns whether the response takes so much memory that only a few such responses may wait to be sent.
    pub(super) fn is_large(&self) -> bool {
        self.data.as_ref().is_some_and(|data| data.json().len() > LARGE_BYTES)
    }

    /// Adds the slot that is held until the response has been sent.
    pub(super) fn holding(self, place: Option<LargeAnswer>) -> Self {
        Self { large: place.map(Arc::new), ..self }
    }

    /// Returns whether the operation was executed.
    pub fn outcome(&self) -> OperationOutcome {
        if self.data.is_some() { OperationOutcome::Executed } else { OperationOutcome::Refused }
    }

    /// Returns the body as sent: errors, data and extensions, in the order that the specification recommends.
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
        // Responses are cached by their length, so unused capacity would not be counted.
        if written.capacity() / 2 > written.len() {
            written.shrink_to_fit();
        }
        written
    }

    /// Returns the data, parsed. Null if there is none.
    pub fn data(&self) -> serde_json::Value {
        let json = self.data.as_ref().map(WrittenData::json);
        json.and_then(|json| serde_json::from_slice(json).ok()).unwrap_or_default()
    }

    /// Returns the code of each error.
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

/// Whether an operation was executed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OperationOutcome {
    /// It was executed: the response has `data`, which may be null.
    Executed,
    /// It was refused before execution (parsing, validation, limits, variables): the response has no `data`.
    Refused,
}

/// How long a response may be cached, given the sources of its data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeepingTime {
    /// How long it may be reused: while it is within every source's freshness target, and only briefly if a source is
    /// past it or has failed.
    pub remaining: Duration,
    /// The age of the oldest data.
    pub age: Duration,
    /// Whether a source failed, or served stale data because it failed or is late.
    pub degraded: bool,
}

impl KeepingTime {
    /// For a response without data from sources, such as introspection or errors.
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
