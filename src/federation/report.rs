//! How each source took part in one answer.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};

use super::{SourceError, SourceInfo};
use crate::model::SourceKey;
use crate::source::SourceErrorCode;

/// How one source took part in one answer.
#[derive(Clone, Debug)]
pub struct SourceReport {
    /// The source.
    pub info: Arc<SourceInfo>,
    /// How far it was considered.
    pub status: ReportStatus,
    /// Matches in it, as far as it was considered; none where nothing of it was.
    pub matched: Option<usize>,
    /// Age of its data.
    pub age: Option<Duration>,
    /// How long it took to answer.
    pub took: Duration,
    /// What failed, where something did.
    pub error: Option<SourceError>,
}

impl SourceReport {
    /// All of them where nothing of the sources could be considered after all.
    pub(super) fn all_failed(reports: Vec<Self>, error: &SourceError) -> Vec<Self> {
        reports.into_iter().map(|report| report.failed(error.clone())).collect()
    }

    /// The same where nothing of the source could be considered after all.
    #[must_use]
    pub(super) fn failed(self, error: SourceError) -> Self {
        Self { status: ReportStatus::Failed, matched: None, error: Some(error), ..self }
    }

    /// The same where some of its records could not be had.
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

/// Marks in the report of a source what could not be had of some of its records.
pub(super) fn mark_lacking(reports: &mut [SourceReport], source: &SourceKey, error: &SourceError) {
    let report = reports.iter_mut().find(|report| report.info.key == *source);
    if let Some(report) = report.filter(|report| report.status != ReportStatus::Failed) {
        report.status = ReportStatus::Partial;
        report.error.get_or_insert_with(|| error.clone());
    }
}

/// That records which are stored of a source cannot be read.
pub(super) fn records_unreadable(at: DateTime<Utc>) -> SourceError {
    damaged("some of its stored data cannot be read; the next walk reads it again", at)
}

/// That what is stored of a source, or what was made of it, is not what it should be.
pub(super) fn damaged(message: &str, at: DateTime<Utc>) -> SourceError {
    let code = SourceErrorCode::InvalidResponse;
    SourceError { code, message: message.to_owned(), http_status: None, at, retry_after: None }
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
    /// The word that clients see.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Complete => "COMPLETE",
            Self::Stale => "STALE",
            Self::Partial => "PARTIAL",
            Self::Failed => "FAILED",
        }
    }

    /// Whether all its records were considered.
    pub fn is_complete(self) -> bool {
        match self {
            Self::Complete | Self::Stale => true,
            Self::Partial | Self::Failed => false,
        }
    }
}
