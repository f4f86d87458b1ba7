//! One source: its engine (limits, retries, breaker, cache) and the dialects that read its answers.

mod declared;
mod dialect;
mod dialects;
mod engine;
mod error;
mod info;
mod metrics;

use std::sync::Arc;

pub use declared::Declared;
pub use error::{SourceError, SourceErrorCode};
pub use info::{Licence, SourceInfo};

/// One configured source.
pub struct Source {
    info: Arc<SourceInfo>,
}

impl Source {
    /// What is configured of it, without its credentials.
    pub fn info(&self) -> &Arc<SourceInfo> {
        &self.info
    }
}
