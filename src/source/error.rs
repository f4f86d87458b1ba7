//! Why a source did not answer, in words that are safe to show.

use std::time::Duration;

use chrono::{DateTime, Utc};

/// A failure of one source.
#[derive(Clone, Debug, PartialEq)]
pub struct SourceError {
    /// The kind of failure.
    pub code: SourceErrorCode,
    /// What happened, in words that are safe to show: no address, no credential, no content.
    pub message: String,
    /// The status the feed answered with, where it answered.
    pub http_status: Option<u16>,
    /// When.
    pub at: DateTime<Utc>,
    /// How long the feed asks to be left alone.
    pub retry_after: Option<Duration>,
}

impl SourceError {
    /// A failure that no status of an answer tells of.
    pub fn new(code: SourceErrorCode, message: impl Into<String>, at: DateTime<Utc>) -> Self {
        Self { code, message: message.into(), http_status: None, at, retry_after: None }
    }
}

/// The kinds of failure of a source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SourceErrorCode {
    /// No answer within the time allowed.
    Timeout,
    /// No connection, or it broke.
    Connection,
    /// No trustworthy connection.
    Tls,
    /// An answer with a status that is no success.
    HttpStatus,
    /// The feed says it is asked too often.
    RateLimited,
    /// An answer that is no page of records, or kept records that cannot be read.
    InvalidResponse,
    /// An answer larger than allowed.
    TooLarge,
    /// Not asked, since it failed too often just now.
    CircuitOpen,
    /// Cannot be asked as it is configured, or what it sends cannot be kept.
    Misconfigured,
}

impl SourceErrorCode {
    /// The stable code clients and metrics see.
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
