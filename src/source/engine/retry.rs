//! Retries requests: which failures, how often, and after how long.

use std::time::Duration;

use backon::{ExponentialBuilder, Retryable as _};

use crate::source::error::{SourceError, SourceErrorCode};

const FIRST_WAIT: Duration = Duration::from_millis(100);
/// If a source asks for a longer wait, the request is not retried.
const LONGEST_WAIT: Duration = Duration::from_secs(5);

/// Calls `attempt` until it succeeds, fails with an error that retries cannot fix, or has been retried `retries` times.
/// Waits in between with jitter, or as long as the source asks.
pub(super) async fn with_patience<T, A: Future<Output = Result<T, SourceError>>>(
    retries: u32,
    attempt: impl FnMut() -> A,
) -> Result<T, SourceError> {
    let waits = ExponentialBuilder::default()
        .with_min_delay(FIRST_WAIT)
        .with_max_delay(LONGEST_WAIT)
        .with_max_times(retries as usize)
        .with_jitter();
    attempt.retry(waits).when(may_help).adjust(as_asked).await
}

fn may_help(error: &SourceError) -> bool {
    match error.code {
        SourceErrorCode::Timeout | SourceErrorCode::Connection | SourceErrorCode::RateLimited => true,
        SourceErrorCode::HttpStatus => {
            error.http_status.is_some_and(|status| matches!(status, 408 | 500 | 502..=504))
        }
        SourceErrorCode::Tls
        | SourceErrorCode::InvalidResponse
        | SourceErrorCode::TooLarge
        | SourceErrorCode::CircuitOpen
        | SourceErrorCode::Misconfigured => false,
    }
}

// The gate enforces the wait that the source asks for.
fn as_asked(error: &SourceError, wait: Option<Duration>) -> Option<Duration> {
    let wait = wait?;
    match error.retry_after {
        Some(asked) if asked > LONGEST_WAIT => None,
        Some(asked) => Some(asked.max(wait)),
        None => Some(wait),
    }
}
