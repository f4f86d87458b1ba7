//! How a source took part in an answer.

use oruk_gateway_derive::{GraphEnum, graph_object};
use std::sync::Arc;

use async_graphql::Enum;

use super::source::seconds;
use super::{Source, SourceError};
use crate::federation::{self, Report};
use crate::graphql::scalars::int;

/// A report as clients see it.
pub(crate) struct SourceReport(pub(crate) Report);

/// How one source takes part in one answer.
#[graph_object]
impl SourceReport {
    /// The source.
    fn source(&self) -> Source {
        Source::new(Arc::clone(&self.0.info))
    }

    /// How far it is considered.
    fn status(&self) -> SourceReportStatus {
        self.0.status.into()
    }

    /// Matches in this source, as far as it is considered. Null when nothing of it is.
    fn matched(&self) -> Option<i32> {
        self.0.matched.map(int)
    }

    /// Age of its data, in seconds. Null where nothing of it is in the answer.
    fn age_seconds(&self) -> Option<i32> {
        self.0.age.as_ref().map(seconds)
    }

    /// How long it takes to answer, in milliseconds.
    fn took_ms(&self) -> f64 {
        self.0.took.as_secs_f64() * 1_000.0
    }

    /// What fails. Null where nothing does.
    fn error(&self) -> Option<SourceError> {
        self.0.error.as_ref().map(SourceError::from)
    }
}

impl SourceReportStatus {
    /// Its name in the graph.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Complete => "COMPLETE",
            Self::Stale => "STALE",
            Self::Partial => "PARTIAL",
            Self::Failed => "FAILED",
        }
    }
}

/// How far a source is considered in an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum, GraphEnum)]
#[graphql(remote = "federation::ReportStatus")]
pub(crate) enum SourceReportStatus {
    /// All its records are considered.
    Complete,
    /// All its records are considered, from data past its freshness target.
    Stale,
    /// Some of its records are not considered, or not in full: its first reading is not finished, or a live scan
    /// reached its ceiling.
    Partial,
    /// Nothing from this source is in the answer.
    Failed,
}
