//! Where what sources send departs from the standard.

use oruk_gateway_derive::graph_object;
use std::borrow::Cow;

use super::IssueSeverity;
use super::examples::{self, DEFAULT_EXAMPLES};
use crate::federation;
use crate::graphql::error::ApiError;
use crate::graphql::scalars::int;

/// How many issues are shown to who does not say.
const SHOWN: i32 = 20;

/// Conformance as clients see it.
pub(crate) struct Conformance(pub(super) federation::Conformance);

/// Where what a feed sends departs from the standard it declares, in the records read so far. It never holds what the
/// feed sent.
#[graph_object]
impl Conformance {
    /// How many records were looked at: those of the last whole walks through its lists, and own pages read since.
    fn records_checked(&self) -> i32 {
        int(self.0.records_checked)
    }

    /// How many of these depart from the standard in any way.
    fn records_with_issues(&self) -> i32 {
        int(self.0.records_with_issues)
    }

    /// The departures: the costliest first, of those equally costly the most frequent.
    fn issues(
        &self,
        #[graphql(desc = "Only those of this severity.")] severity: Option<IssueSeverity>,
        #[graphql(desc = "At most so many.", default_with = "Some(SHOWN)")] first: Option<i32>,
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

/// One way of departing from the standard, at one place in records.
#[graph_object]
impl ConformanceIssue {
    /// The kind of departure, a stable code such as `MISSING_REQUIRED`.
    fn code(&self) -> &'static str {
        self.code
    }

    /// What it costs a user.
    fn severity(&self) -> IssueSeverity {
        self.severity
    }

    /// Path in the feed's own JSON, e.g. `schedules[].byday`. Of records other than services, the name of their list
    /// goes before it, e.g. `organizations[].email`.
    fn path(&self) -> &str {
        &self.path
    }

    /// What is wrong.
    fn message(&self) -> &str {
        &self.message
    }

    /// How often it was met.
    fn count(&self) -> i32 {
        self.count
    }

    /// The feed's own ids of some records it was met in, in the order of these ids.
    fn example_upstream_ids(
        &self,
        #[graphql(desc = "At most so many, 0 to 50.", default_with = "Some(DEFAULT_EXAMPLES)")] first: Option<
            i32,
        >,
    ) -> Result<Vec<String>, ApiError> {
        Ok(self.examples.iter().take(examples::wanted(first)?).cloned().collect())
    }
}

impl From<&federation::ConformanceIssue> for ConformanceIssue {
    fn from(issue: &federation::ConformanceIssue) -> Self {
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
