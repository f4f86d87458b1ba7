//! Why a source failed, in words that are safe to show.

use std::time::Duration;

use chrono::{DateTime, Utc};

/// A failure of one source.
#[derive(Clone, Debug, PartialEq)]
pub struct SourceError {
    /// The kind of failure.
    pub code: SourceErrorCode,
    /// What happened. The text contains no URL, no credentials and nothing of the response.
    pub message: String,
    /// The status of the response, if there was one.
    pub http_status: Option<u16>,
    /// When it happened.
    pub at: DateTime<Utc>,
    /// How long the feed asks to be left alone (`Retry-After`).
    pub retry_after: Option<Duration>,
}

impl SourceError {
    /// Creates a failure without an HTTP status.
    pub fn new(code: SourceErrorCode, message: impl Into<String>, at: DateTime<Utc>) -> Self {
        Self { code, message: message.into(), http_status: None, at, retry_after: None }
    }
}

/// The kinds of failure of a source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SourceErrorCode {
    /// No response within the time limit.
    Timeout,
    /// No connection, or it was lost.
    Connection,
    /// No trustworthy TLS connection.
    Tls,
    /// A response with an error status.
    HttpStatus,
    /// The feed says that requests are too frequent.
    RateLimited,
    /// A response that is not a page of records, or stored records that cannot be read.
    InvalidResponse,
    /// A response larger than allowed.
    TooLarge,
    /// Not requested, because the source has failed too often recently.
    CircuitOpen,
    /// The configuration makes requests impossible, or the responses cannot be stored.
    Misconfigured,
}

impl SourceErrorCode {
    /// Returns the stable code that clients and metrics see.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Timeout => "TIMEOUT",
            Self::Connection => "CONNECTION",
            Self::Tls => "TLS",
            Self::HttpStatus => "HTTP_STATUS",
            Self::RateLimited => "RATE_LIMITED",
            Self::InvalidResponse => "INVALID_RESPONSE",
            Self::TooLarge => "TOO_LARGE",
            Self::CircuitOpen => "CIRCUIT_OPEN",
            Self::Misconfigured => "MISCONFIGURED",
        }
    }
}
