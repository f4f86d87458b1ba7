//! One source: its engine (limits, retries, breaker, cache) and the dialects that read its answers.

mod dialect;
mod dialects;
mod error;
mod info;

pub use error::{SourceError, SourceErrorCode};
pub use info::{Licence, SourceInfo};
