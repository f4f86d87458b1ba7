//! How each source took part in one answer.

use std::sync::Arc;
use std::time::Duration;

use super::{SourceError, SourceInfo};

/// How one source took part in one answer.
#[derive(Clone, Debug)]
pub struct Report {
    /// The source.
    pub info: Arc<SourceInfo>,
    /// How far it was considered.
    pub status: ReportStatus,
    /// Matches in it; none where it could not say.
    pub matched: Option<usize>,
    /// Age of its data.
    pub age: Option<Duration>,
    /// How long it took to answer.
    pub took: Duration,
    /// What failed, where something did.
    pub error: Option<SourceError>,
}

/// How far a source was considered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ReportStatus {
    /// All its records.
    Complete,
    /// All its records, from data past its freshness target.
    Stale,
    /// Some of its records, or some not in full.
    Partial,
    /// None.
    Failed,
}

impl ReportStatus {
    /// Whether all its records were considered.
    pub fn is_complete(self) -> bool {
        match self {
            Self::Complete | Self::Stale => true,
            Self::Partial | Self::Failed => false,
        }
    }
}
