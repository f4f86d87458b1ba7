//! What Open Referral UK's validator would say about a feed, in the validator's own terms.

mod audit;

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

pub(in crate::source) use audit::{ValidatorAudit, ValidatorEndpoint, ValidatorProfile};

use super::FeedIssue;
use crate::model::{IssueCode, IssueSeverity};

/// Whether the validator would pass a feed, and why not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ValidatorVerdict {
    /// The profile that the validator checks the feed against, such as `HSDS-UK 3.0`.
    pub profile: String,
    /// What the validator would report: reasons that fail the feed first.
    pub reasons: Vec<ValidatorReason>,
}

/// Something that the validator would report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ValidatorReason {
    /// The endpoint as the validator names it, such as `/services/{id}`.
    pub endpoint: Cow<'static, str>,
    /// The validator's code.
    pub code: ReasonCode,
    /// Whether the reason fails the feed. Otherwise it is a warning.
    pub fails: bool,
    /// The path in the response, without indices. Empty for the response as a whole.
    pub path: String,
    /// What is wrong, for people.
    pub message: Cow<'static, str>,
    /// How often it occurred.
    pub count: usize,
}

/// The codes that the validator uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum ReasonCode {
    /// A value that the schema does not allow.
    ValidationError,
    /// A response that is not JSON.
    InvalidJson,
    /// A required endpoint that does not return success.
    RequiredEndpointFailed,
    /// An optional endpoint that does not return success.
    OptionalEndpointNonSuccess,
    /// A list without records.
    EmptyFeedWarning,
    /// Detail pages that were not tested, because the list has no ids.
    NoIdsAvailable,
    /// A version without a profile.
    NoSpecification,
}

impl ReasonCode {
    /// Returns the code as the validator writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ValidationError => "VALIDATION_ERROR",
            Self::InvalidJson => "INVALID_JSON",
            Self::RequiredEndpointFailed => "REQUIRED_ENDPOINT_FAILED",
            Self::OptionalEndpointNonSuccess => "OPTIONAL_ENDPOINT_NON_SUCCESS",
            Self::EmptyFeedWarning => "EMPTY_FEED_WARNING",
            Self::NoIdsAvailable => "NO_IDS_AVAILABLE",
            Self::NoSpecification => "NO_SPECIFICATION",
        }
    }
}

/// How many reasons the summary names.
const NAMED: usize = 3;

impl ValidatorVerdict {
    /// Returns whether the validator would pass the feed.
    pub fn passes(&self) -> bool {
        !self.reasons.iter().any(|reason| reason.fails)
    }

    /// Returns the verdict in one line.
    pub fn summary(&self) -> String {
        let shown: Vec<&ValidatorReason> =
            self.reasons.iter().filter(|reason| reason.fails || self.passes()).collect();
        let word = match (self.passes(), shown.is_empty()) {
            (true, true) => "would pass this feed",
            (true, false) => "would pass this feed with warnings",
            (false, _) => "would fail this feed",
        };
        let named: Vec<String> = shown.iter().take(NAMED).map(|reason| reason.in_words()).collect();
        let more = shown.len().saturating_sub(NAMED);
        let more = if more > 0 { format!("; and {more} more") } else { String::new() };
        let colon = if named.is_empty() { "" } else { ": " };
        format!("the Open Referral UK validator {word} ({}){colon}{}{more}", self.profile, named.join("; "))
    }
}

impl ValidatorVerdict {
    /// Returns what the validator says about the root document, as departures from the standard.
    pub(in crate::source) fn of_root(&self) -> impl Iterator<Item = FeedIssue> + '_ {
        let of_root = self.reasons.iter().filter(|reason| reason.endpoint == "/");
        of_root.map(|reason| FeedIssue {
            code: if reason.path.is_empty() { IssueCode::Unreadable } else { IssueCode::NonStandardFormat },
            severity: IssueSeverity::Warning,
            path: format!("/{}", reason.path),
            message: reason.message.clone(),
            count: reason.count,
            example_upstream_ids: Vec::new(),
        })
    }
}

impl ValidatorReason {
    fn in_words(&self) -> String {
        let place = if self.path.is_empty() { String::new() } else { format!(" at `{}`", self.path) };
        let times = if self.count > 1 { format!(" ({} times)", self.count) } else { String::new() };
        format!("{} {}{place}: {}{times}", self.endpoint, self.code.as_str(), self.message)
    }
}
