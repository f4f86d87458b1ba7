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

pub(super) use issues::RecordDepartures;
pub(super) use ledger::ConformanceLedger;
pub(super) use standard::FeedStandard;
pub(super) use tally::DepartureTally;
pub use validator::{ReasonCode, ValidatorReason, ValidatorVerdict};
pub(super) use validator::{ValidatorAudit, ValidatorEndpoint, ValidatorProfile};

/// What was found in the records read so far.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConformanceSummary {
    /// How many records were looked at.
    pub records_checked: usize,
    /// How many of them depart from the standard in any way.
    pub records_with_issues: usize,
    /// The departures: the costliest first, of those equally costly the most frequent.
    pub issues: Vec<FeedIssue>,
}

/// One way of departing from the standard, at one place in records.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeedIssue {
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

impl ConformanceSummary {
    /// How many departures of a severity there are.
    pub fn count(&self, severity: IssueSeverity) -> usize {
        self.issues.iter().filter(|issue| issue.severity == severity).map(|issue| issue.count).sum()
    }
}
