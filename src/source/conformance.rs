//! Where what a feed sends departs from the standard it declares: counted by kind and path, never with a value.

mod check;
mod formats;
mod issues;
mod ledger;
mod links;
mod standard;
mod tally;
mod validator;

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::model::{IssueCode, IssueSeverity};

pub(super) use issues::Departures;
pub(super) use ledger::Ledger;
pub(super) use standard::Standard;
pub(super) use tally::Tally;
pub(super) use validator::{Audit, Endpoint, Profile};
pub use validator::{Reason, ReasonCode, Verdict};

/// What was found in the records read so far.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conformance {
    /// How many records were looked at.
    pub records_checked: usize,
    /// How many of them depart from the standard in any way.
    pub records_with_issues: usize,
    /// The departures: the costliest first, of those equally costly the most frequent.
    pub issues: Vec<ConformanceIssue>,
}

/// One way of departing from the standard, at one place in records.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConformanceIssue {
    /// The kind of departure.
    pub code: IssueCode,
    /// What it costs a user.
    pub severity: IssueSeverity,
    /// Where it is in the feed's own JSON, without indices, e.g. `schedules[].byday`. Of records other than services
    /// the name of their list goes before it, e.g. `organizations[].email`.
    pub path: String,
    /// What is wrong.
    pub message: Cow<'static, str>,
    /// How often it was met.
    pub count: usize,
    /// The feed's ids of a few records it was met in.
    pub example_upstream_ids: Vec<String>,
}

impl Conformance {
    /// How many departures of a severity there are.
    pub fn count(&self, severity: IssueSeverity) -> usize {
        self.issues.iter().filter(|issue| issue.severity == severity).map(|issue| issue.count).sum()
    }
}
