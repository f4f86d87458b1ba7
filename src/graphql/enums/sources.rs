//! What is known of sources.

use async_graphql::Enum;
use oruk_gateway_derive::GraphEnum;

use crate::federation;

/// The state of a source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum, GraphEnum)]
#[graphql(remote = "federation::FeedStatus")]
pub(crate) enum SourceStatus {
    /// It responds, and its data is within its freshness target.
    Fresh,
    /// Its data is older than its freshness target, or only part of it, because the feed fails or is slow.
    Stale,
    /// The first reading is in progress; data read so far is served.
    Warming,
    /// There is no data to serve.
    Unavailable,
    /// The source was refused because of its configuration, or is left out after a fatal error; `error` says why.
    Quarantined,
}

/// The kinds of failure of a source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum, GraphEnum)]
#[graphql(remote = "federation::SourceErrorCode")]
pub(crate) enum SourceErrorCode {
    /// No response within the time allowed.
    Timeout,
    /// No connection, or the connection broke.
    Connection,
    /// No trusted connection.
    Tls,
    /// A response with an error status.
    HttpStatus,
    /// The feed says it receives too many requests.
    RateLimited,
    /// A response that is not a page of records, or stored records that cannot be read.
    InvalidResponse,
    /// A response larger than allowed.
    TooLarge,
    /// No request was sent, because recent requests failed too often.
    CircuitOpen,
    /// The source cannot be read as configured, or its data cannot be stored.
    Misconfigured,
}

/// How far a source was considered in an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum, GraphEnum)]
#[graphql(remote = "federation::ReportStatus")]
pub(crate) enum SourceReportStatus {
    /// All its records were considered.
    Complete,
    /// All its records were considered, using data older than its freshness target.
    Stale,
    /// Some of its records were left out or read only in part: the first synchronisation is not finished, or a live
    /// scan reached its limit.
    Partial,
    /// None of its data is in the answer.
    Failed,
}

impl SourceReportStatus {
    /// Its name in the graph.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Complete => "COMPLETE",
            Self::Stale => "STALE",
            Self::Partial => "PARTIAL",
            Self::Failed => "FAILED",
        }
    }
}

/// Whether a feed supports a query parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum, GraphEnum)]
#[graphql(remote = "federation::ParameterHonour")]
pub(crate) enum ParameterSupport {
    /// The feed filters by it.
    Honoured,
    /// The feed returns the same list with it.
    Ignored,
    /// The feed refuses requests with it.
    Rejected,
    /// The probe could not tell.
    Unknown,
}

/// How much of each record a feed's lists contain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum, GraphEnum)]
#[graphql(remote = "federation::ListDepth")]
pub(crate) enum ListDepth {
    /// Less than the record's detail page.
    Shallow,
    /// As much as the record's detail page.
    Full,
    /// Not known yet.
    Unknown,
}
