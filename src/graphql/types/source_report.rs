//! How a source took part in an answer.

use oruk_gateway_derive::graph_object;
use std::sync::Arc;

use super::source::seconds;
use super::{Source, SourceError};
use crate::federation;
use crate::graphql::enums::SourceReportStatus;
use crate::graphql::scalars::int;

/// A report as clients see it.
pub(crate) struct SourceReport(pub(crate) federation::SourceReport);

/// How far one source was considered in one answer.
#[graph_object]
impl SourceReport {
    /// The source.
    fn source(&self) -> Source {
        Source::new(Arc::clone(&self.0.info))
    }

    /// How far it was considered.
    fn status(&self) -> SourceReportStatus {
        self.0.status.into()
    }

    /// The number of matches in this source, in the data considered. `null` when no data was considered.
    fn matched(&self) -> Option<i32> {
        self.0.matched.map(int)
    }

    /// The age of its data, in seconds. `null` when none of its data is in the answer.
    fn age_seconds(&self) -> Option<i32> {
        self.0.age.as_ref().map(seconds)
    }

    /// How long the source took, in milliseconds.
    fn took_ms(&self) -> f64 {
        self.0.took.as_secs_f64() * 1_000.0
    }

    /// Why the source failed. `null` when it did not.
    fn error(&self) -> Option<SourceError> {
        self.0.error.as_ref().map(SourceError::from)
    }
}
