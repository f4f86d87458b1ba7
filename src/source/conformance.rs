//! How a feed's responses differ from the standard that it declares, counted by kind and path. Values are never stored.

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

/// How the records read so far differ from the standard.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConformanceSummary {
    /// The number of records checked.
    pub records_checked: usize,
    /// The number of records that differ from the standard in any way.
    pub records_with_issues: usize,
    /// The departures: the most severe first, then the most frequent.
    pub issues: Vec<FeedIssue>,
}

/// One kind of departure from the standard, at one path.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeedIssue {
    /// The kind of departure.
    pub code: IssueCode,
    /// How much it affects users.
    pub severity: IssueSeverity,
    /// The path in the feed's own JSON, without indices, such as `schedules[].byday`. For records other than services
    /// it starts with the name of their list, such as `organizations[].email`.
    pub path: String,
    /// What is wrong, for people.
    pub message: Cow<'static, str>,
    /// How often it occurred.
    pub count: usize,
    /// The feed's ids of a few records in which it occurred.
    pub example_upstream_ids: Vec<String>,
}

impl ConformanceSummary {
    /// Returns how often departures of this severity occurred.
    pub fn count(&self, severity: IssueSeverity) -> usize {
        self.issues.iter().filter(|issue| issue.severity == severity).map(|issue| issue.count).sum()
    }
}
