//! What the validator of Open Referral UK would say of a source.

use oruk_gateway_derive::{GraphObject, graph_object};
use std::borrow::Cow;

use chrono::Utc;

use crate::federation;
use crate::graphql::scalars::{DateTime, int};

/// A verdict as clients see it.
pub(crate) struct SourceValidator {
    verdict: federation::ValidatorVerdict,
    at: chrono::DateTime<Utc>,
}

impl SourceValidator {
    pub(super) fn of(capabilities: federation::FeedCapabilities) -> Option<Self> {
        Some(Self { verdict: capabilities.validator?, at: capabilities.probed_at? })
    }
}

/// Whether the Open Referral UK validator would pass a feed, and why not. The gateway checks the root, the first page
/// of each list and two detail pages of each kind against the validator's schemas. The validator also reads later
/// pages, and up to ten detail pages.
#[graph_object]
impl SourceValidator {
    /// Whether it would pass. Warnings do not fail a feed.
    fn passes(&self) -> bool {
        self.verdict.passes()
    }

    /// The verdict and the first reasons, on one line.
    fn summary(&self) -> String {
        self.verdict.summary()
    }

    /// The profile that the validator checks the feed against, chosen by the version declared at its root, e.g.
    /// `HSDS-UK 3.0`. A feed that declares no version is checked against `HSDS-UK 1.0`.
    fn profile(&self) -> &str {
        &self.verdict.profile
    }

    /// When the feed was last probed.
    fn checked_at(&self) -> DateTime {
        DateTime(self.at)
    }

    /// The validator's complaints: failures first, then warnings.
    fn reasons(&self) -> Vec<ValidatorReason> {
        self.verdict.reasons.iter().map(ValidatorReason::from).collect()
    }
}

/// A complaint that the Open Referral UK validator would make.
#[derive(GraphObject)]
pub(crate) struct ValidatorReason {
    /// The endpoint, as the validator names it, e.g. `/services/{id}`.
    endpoint: Cow<'static, str>,
    /// The validator's own code, e.g. `VALIDATION_ERROR` or `REQUIRED_ENDPOINT_FAILED`.
    code: &'static str,
    /// Whether it fails the feed; otherwise it is a warning.
    fails: bool,
    /// The path in the response, without positions, e.g. `contents[].email`. Empty for the response as a whole.
    path: String,
    /// What is wrong. Contains none of the feed's own text.
    message: Cow<'static, str>,
    /// How often it occurred.
    count: i32,
}

impl From<&federation::ValidatorReason> for ValidatorReason {
    fn from(reason: &federation::ValidatorReason) -> Self {
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
