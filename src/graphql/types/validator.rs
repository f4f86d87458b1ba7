//! What the validator of Open Referral UK would say of a source.

use oruk_gateway_derive::{GraphObject, graph_object};
use std::borrow::Cow;

use chrono::Utc;

use crate::federation;
use crate::graphql::scalars::{DateTime, int};

/// A verdict as clients see it.
pub(crate) struct SourceValidator {
    verdict: federation::Verdict,
    at: chrono::DateTime<Utc>,
}

impl SourceValidator {
    pub(super) fn of(capabilities: federation::Capabilities) -> Option<Self> {
        Some(Self { verdict: capabilities.validator?, at: capabilities.probed_at? })
    }
}

/// Whether the Open Referral UK validator would pass a feed, and why not. The gateway reads what the validator reads (the
/// root, the first page of each list, and two detail pages of each kind) and holds it to the same schemas; the validator
/// also reads later pages and up to ten detail pages.
#[graph_object]
impl SourceValidator {
    /// Whether it would pass. Warnings alone do not fail a feed.
    fn passes(&self) -> bool {
        self.verdict.passes()
    }

    /// The verdict and the first reasons, in one line.
    fn summary(&self) -> String {
        self.verdict.summary()
    }

    /// The profile that the validator holds the feed to, by the version declared at its root, e.g. `HSDS-UK 3.0`. A feed
    /// that declares none is held to `HSDS-UK 1.0`.
    fn profile(&self) -> &str {
        &self.verdict.profile
    }

    /// When the feed was last probed.
    fn checked_at(&self) -> DateTime {
        DateTime(self.at)
    }

    /// What the validator would complain of: what fails the feed first, then warnings.
    fn reasons(&self) -> Vec<ValidatorReason> {
        self.verdict.reasons.iter().map(ValidatorReason::from).collect()
    }
}

/// Something that the Open Referral UK validator would complain of.
#[derive(GraphObject)]
pub(crate) struct ValidatorReason {
    /// The endpoint, as the validator names it, e.g. `/services/{id}`.
    endpoint: Cow<'static, str>,
    /// The validator's own code, e.g. `VALIDATION_ERROR` or `REQUIRED_ENDPOINT_FAILED`.
    code: &'static str,
    /// Whether it fails the feed. Otherwise it is a warning.
    fails: bool,
    /// Where in the answer, without positions, e.g. `contents[].email`. Empty for the answer as a whole.
    path: String,
    /// What is wrong, without anything that was sent.
    message: Cow<'static, str>,
    /// How often it was met.
    count: i32,
}

impl From<&federation::Reason> for ValidatorReason {
    fn from(reason: &federation::Reason) -> Self {
        Self {
            endpoint: reason.endpoint.clone(),
            code: reason.code.as_str(),
            fails: reason.fails,
            path: reason.path.clone(),
            message: reason.message.clone(),
            count: int(reason.count),
        }
    }
}
