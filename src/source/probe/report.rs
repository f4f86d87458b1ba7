//! The result of a probe.

use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{FeedDeclaration, SourceError, SourceKey};
use crate::model::Dialect;
use crate::source::{ConformanceSummary, SourceInfo, ValidatorVerdict};

/// What a probe found out about one feed.
#[derive(Clone, Debug)]
pub struct ProbeReport {
    /// The source.
    pub key: SourceKey,
    /// Whether a first page of services could be read.
    pub is_reachable: bool,
    /// What the root document declares.
    pub declared: FeedDeclaration,
    /// The configured dialect, or else the detected one. `None` if it was not recognised.
    pub dialect: Option<Dialect>,
    /// The feed's endpoints, in the standard's order. Empty if the feed was not reachable.
    pub endpoints: Vec<EndpointReport>,
    /// How the feed treats query parameters.
    pub parameters: Vec<ParameterReport>,
    /// The most records on a page, if known.
    pub page_limit: Option<PageLimit>,
    /// The number of services that the feed claims to have.
    pub records: Option<u64>,
    /// Where the first pages, the root document and some detail pages depart from the standard that the feed declares.
    pub conformance: ConformanceSummary,
    /// Whether Open Referral UK's validator would pass the feed. `None` if the feed was not reachable.
    pub validator: Option<ValidatorVerdict>,
    /// The median time of the probe's requests, including retries and waiting for the pace.
    pub latency: Option<Duration>,
    /// Why nothing could be found out. `None` if the feed was reachable.
    pub error: Option<SourceError>,
}

/// An endpoint of a feed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EndpointReport {
    /// The name in the standard, such as `service_at_locations`.
    pub name: &'static str,
    /// The path below the feed's base URL, such as `/services`.
    pub path: String,
    /// Whether the endpoint exists.
    pub presence: EndpointPresence,
    /// The HTTP status of the response. `None` if there was no response.
    pub http_status: Option<u16>,
    /// The number of records that the endpoint claims to have.
    pub records: Option<u64>,
    /// Why the endpoint could not be read. `None` if it could.
    pub failure: Option<String>,
}

/// Whether an endpoint exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum EndpointPresence {
    /// The endpoint lists records.
    Available,
    /// The endpoint returns an empty list.
    Empty,
    /// The endpoint does not exist.
    Absent,
    /// The request failed.
    Failed,
}

/// A query parameter of a feed's list of services.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ParameterReport {
    /// The name in the standard, such as `modified_after`.
    pub name: &'static str,
    /// How the feed treats the parameter.
    pub honoured: ParameterHonour,
}

/// How a feed treats a query parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum ParameterHonour {
    /// The parameter filters the list.
    Honoured,
    /// The list is the same with the parameter.
    Ignored,
    /// The feed rejects requests with the parameter.
    Rejected,
    /// The responses do not show it.
    Unknown,
}

/// The most records that a feed puts on a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageLimit {
    /// The number of records on the longest page seen.
    pub rows: usize,
    /// Whether the feed cut that page short. If not, longer pages may be possible.
    pub is_reached: bool,
}

impl ProbeReport {
    /// Returns the report of a source that has not been probed.
    pub(in crate::source) fn blank(info: &Arc<SourceInfo>) -> Self {
        Self {
            key: info.key.clone(),
            is_reachable: false,
            declared: FeedDeclaration::default(),
            dialect: info.dialect,
            endpoints: Vec::new(),
            parameters: Vec::new(),
            page_limit: None,
            records: None,
            conformance: ConformanceSummary::default(),
            validator: None,
            latency: None,
            error: None,
        }
    }
}

impl EndpointPresence {
    /// Returns a stable name, for scripts.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Available => "AVAILABLE",
            Self::Empty => "EMPTY",
            Self::Absent => "ABSENT",
            Self::Failed => "FAILED",
        }
    }
}

impl ParameterHonour {
    /// Returns a stable name, for scripts.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Honoured => "HONOURED",
            Self::Ignored => "IGNORED",
            Self::Rejected => "REJECTED",
            Self::Unknown => "UNKNOWN",
        }
    }
}
