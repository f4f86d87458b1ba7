//! Where what sources send departs from the standard.

use oruk_gateway_derive::graph_object;
use std::borrow::Cow;
use std::sync::Arc;

use super::examples::{self, DEFAULT_EXAMPLES};
use crate::federation;
use crate::graphql::enums::IssueSeverity;
use crate::graphql::error::ApiError;
use crate::graphql::scalars::int;

/// How many issues are shown to who does not say.
const SHOWN: i32 = 20;

/// Conformance as clients see it.
pub(crate) struct Conformance(pub(super) Arc<federation::ConformanceSummary>);

/// Departures from the standard that the feed declares, in the records read so far. Contains none of the feed's own
/// text.
#[graph_object]
impl Conformance {
    /// The number of records checked: those of the last complete reading of its lists, and detail pages read since.
    fn records_checked(&self) -> i32 {
        int(self.0.records_checked)
    }

    /// The number of these records with any issue.
    fn records_with_issues(&self) -> i32 {
        int(self.0.records_with_issues)
    }

    /// The issues, most severe first, then most frequent first.
    fn issues(
        &self,
        #[graphql(desc = "Only issues of this severity.")] severity: Option<IssueSeverity>,
        #[graphql(desc = "The maximum number to return.", default_with = "Some(SHOWN)")] first: Option<i32>,
    ) -> Result<Vec<ConformanceIssue>, ApiError> {
        let negative = |_| ApiError::bad_input("`first` must not be negative");
        let first = usize::try_from(first.unwrap_or(SHOWN)).map_err(negative)?;
        let issues = self.0.issues.iter();
        let wanted = issues.filter(|one| severity.is_none_or(|severity| severity == one.severity.into()));
        Ok(wanted.take(first).map(ConformanceIssue::from).collect())
    }
}

/// One way of departing from the standard, as clients see it.
pub(crate) struct ConformanceIssue {
    code: &'static str,
    severity: IssueSeverity,
    path: String,
    message: Cow<'static, str>,
    count: i32,
    examples: Vec<String>,
}

/// A kind of departure from the standard, at one path.
#[graph_object]
impl ConformanceIssue {
    /// The kind of departure, a stable code such as `MISSING_REQUIRED`.
    fn code(&self) -> &'static str {
        self.code
    }

    /// How much harm it does to users.
    fn severity(&self) -> IssueSeverity {
        self.severity
    }

    /// The path in the feed's own JSON, e.g. `schedules[].byday`. Paths in records other than services begin with the
    /// name of the list, e.g. `organizations[].email`.
    fn path(&self) -> &str {
        &self.path
    }

    /// What is wrong.
    fn message(&self) -> &str {
        &self.message
    }

    /// How often it occurred.
    fn count(&self) -> i32 {
        self.count
    }

    /// The feed's own ids of some of the records it occurred in, in order.
    fn example_upstream_ids(
        &self,
        #[graphql(desc = "The maximum number to return, 0 to 50.", default_with = "Some(DEFAULT_EXAMPLES)")]
        first: Option<i32>,
    ) -> Result<Vec<String>, ApiError> {
        Ok(self.examples.iter().take(examples::wanted(first)?).cloned().collect())
    }
}

impl From<&federation::FeedIssue> for ConformanceIssue {
    fn from(issue: &federation::FeedIssue) -> Self {
        Self {
            code: issue.code.as_str(),
            severity: issue.severity.into(),
            path: issue.path.clone(),
            message: issue.message.clone(),
            count: int(issue.count),
            examples: issue.example_upstream_ids.clone(),
        }
    }
}
