//! Reports of how each source took part in an answer.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};

use super::{SourceError, SourceInfo};
use crate::model::SourceKey;
use crate::source::SourceErrorCode;

/// How one source took part in an answer.
#[derive(Clone, Debug)]
pub struct SourceReport {
    /// The source.
    pub info: Arc<SourceInfo>,
    /// How completely it was considered.
    pub status: ReportStatus,
    /// The number of matches, as far as it was considered. `None` if it could not be considered at all.
    pub matched: Option<usize>,
    /// The age of its data.
    pub age: Option<Duration>,
    /// How long it took to answer.
    pub took: Duration,
    /// What failed. `None` if nothing did.
    pub error: Option<SourceError>,
}

impl SourceReport {
    /// Marks all these reports as failed.
    pub(super) fn all_failed(reports: Vec<Self>, error: &SourceError) -> Vec<Self> {
        reports.into_iter().map(|report| report.failed(error.clone())).collect()
    }

    /// Marks the report as failed: nothing of the source could be considered after all.
    #[must_use]
    pub(super) fn failed(self, error: SourceError) -> Self {
        Self { status: ReportStatus::Failed, matched: None, error: Some(error), ..self }
    }

    /// Marks the report as partial, because some records could not be read. A failed report stays failed.
    #[must_use]
    pub(super) fn lacking(self, error: SourceError) -> Self {
        let status = if self.status == ReportStatus::Failed { self.status } else { ReportStatus::Partial };
        Self { status, error: Some(error), ..self }
    }

    pub(super) fn is_lacking(&self) -> bool {
        !self.status.is_complete()
    }

    pub(super) fn total(reports: &[Self]) -> usize {
        reports.iter().filter_map(|report| report.matched).sum()
    }
}

/// Marks the report of a source as partial, because some of its records could not be read in full. An earlier error
/// stands.
pub(super) fn mark_lacking(reports: &mut [SourceReport], source: &SourceKey, error: &SourceError) {
    let report = reports.iter_mut().find(|report| report.info.key == *source);
    if let Some(report) = report.filter(|report| report.status != ReportStatus::Failed) {
        report.status = ReportStatus::Partial;
        report.error.get_or_insert_with(|| error.clone());
    }
}

/// Returns the error for stored records of a source that cannot be read.
pub(super) fn records_unreadable(at: DateTime<Utc>) -> SourceError {
    damaged("some of its stored data cannot be read; the next walk reads it again", at)
}

/// Returns an error for damaged data of the gateway, rather than of the feed.
pub(super) fn damaged(message: &str, at: DateTime<Utc>) -> SourceError {
    let code = SourceErrorCode::InvalidResponse;
    SourceError { code, message: message.to_owned(), http_status: None, at, retry_after: None }
}

/// How completely a source was considered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ReportStatus {
    /// All its records were considered.
    Complete,
    /// All its records were considered, from data past its freshness target.
    Stale,
    /// Some of its records were not considered, or not in full.
    Partial,
    /// None of its records were considered.
    Failed,
}

impl ReportStatus {
    /// Returns the word that clients see.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Complete => "COMPLETE",
            Self::Stale => "STALE",
            Self::Partial => "PARTIAL",
            Self::Failed => "FAILED",
        }
    }

    /// Returns whether all records of the source were considered.
    pub fn is_complete(self) -> bool {
        match self {
            Self::Complete | Self::Stale => true,
            Self::Partial | Self::Failed => false,
        }
    }
}
