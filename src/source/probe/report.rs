//! What a probe found out.

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
    /// What it says of itself at its root.
    pub declared: FeedDeclaration,
    /// The dialect configured, else the one detected; none where it is not recognised.
    pub dialect: Option<Dialect>,
    /// Its endpoints, in the standard's order; empty where it was not reachable.
    pub endpoints: Vec<EndpointReport>,
    /// What it makes of query parameters.
    pub parameters: Vec<ParameterReport>,
    /// How long its pages are at most, where that showed.
    pub page_limit: Option<PageLimit>,
    /// The number of services it claims.
    pub records: Option<u64>,
    /// Where its first pages, its root and some detail pages depart from the standard it declares.
    pub conformance: ConformanceSummary,
    /// Whether the validator of Open Referral UK would pass it. `None` if it was not reachable.
    pub validator: Option<ValidatorVerdict>,
    /// How long it takes to answer: the median over the probe's requests, retries and pace included.
    pub latency: Option<Duration>,
    /// Why nothing could be found out, where it was not reachable.
    pub error: Option<SourceError>,
}

/// One endpoint of a feed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EndpointReport {
    /// Its name in the standard, e.g. `service_at_locations`.
    pub name: &'static str,
    /// Its path below the feed's address, e.g. `/services`.
    pub path: String,
    /// Whether it is there.
    pub presence: EndpointPresence,
    /// The status it answers with; none where it does not answer.
    pub http_status: Option<u16>,
    /// The number of records it claims.
    pub records: Option<u64>,
    /// Why it could not be read.
    pub failure: Option<String>,
}

/// Whether an endpoint is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum EndpointPresence {
    /// It lists records.
    Available,
    /// It answers with an empty list.
    Empty,
    /// It is not there.
    Absent,
    /// It fails.
    Failed,
}

/// One query parameter of a feed's services.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ParameterReport {
    /// Its name in the standard, e.g. `modified_after`.
    pub name: &'static str,
    /// What the feed makes of it.
    pub honoured: ParameterHonour,
}

/// What a feed makes of a query parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum ParameterHonour {
    /// It narrows the list.
    Honoured,
    /// The list is the same with it.
    Ignored,
    /// The feed refuses requests that have it.
    Rejected,
    /// It could not be told.
    Unknown,
}

/// How long a feed's pages are at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageLimit {
    /// The records on the longest page seen.
    pub rows: usize,
    /// Whether the feed cut that page short; otherwise longer ones may be had.
    pub is_reached: bool,
}

impl ProbeReport {
    /// Of a source that has not been asked yet.
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
    /// The stable word for scripts.
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
    /// The stable word for scripts.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Honoured => "HONOURED",
            Self::Ignored => "IGNORED",
            Self::Rejected => "REJECTED",
            Self::Unknown => "UNKNOWN",
        }
    }
}
