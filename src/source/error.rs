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
    /// An answer that is no page of records.
    InvalidResponse,
    /// An answer larger than allowed.
    TooLarge,
    /// Not asked, since it failed too often just now.
    CircuitOpen,
    /// Cannot be asked as it is configured.
    Misconfigured,
}

impl SourceErrorCode {
    /// Whether asking again soon may help.
    pub fn is_retryable(self) -> bool {
        match self {
            Self::Timeout | Self::Connection | Self::RateLimited => true,
            // Decided by the status itself, see `engine::retry`.
            Self::HttpStatus => false,
            Self::Tls | Self::InvalidResponse | Self::TooLarge | Self::CircuitOpen | Self::Misconfigured => {
                false
            }
        }
    }
}
