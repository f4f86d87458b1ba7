//! The closed lists of the graph.

use async_graphql::Enum;
use oruk_gateway_derive::GraphEnum;

use crate::model;

/// A fact that a feed may not state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum, GraphEnum)]
#[graphql(remote = "model::TriState")]
pub(crate) enum TriState {
    /// True.
    Yes,
    /// False.
    No,
    /// The feed does not say, or contradicts itself.
    Unknown,
}

/// Whether a service operates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum, GraphEnum)]
#[graphql(remote = "model::ServiceStatus")]
pub(crate) enum ServiceStatus {
    /// In operation.
    Active,
    /// Not operating at present.
    Inactive,
    /// Closed permanently.
    Defunct,
    /// Closed temporarily.
    TemporarilyClosed,
    /// The feed does not say, or uses a value that is not in the standard.
    Unknown,
}

/// The kind of place that a location or address is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum, GraphEnum)]
#[graphql(remote = "model::LocationType")]
pub(crate) enum LocationType {
    /// A place to go to.
    Physical,
    /// A place to write to.
    Postal,
    /// Online or by telephone.
    Virtual,
    /// The feed does not say, or uses a value that is not in the standard.
    Unknown,
}

/// A day of the week.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum, GraphEnum)]
#[graphql(remote = "model::DayOfWeek")]
pub(crate) enum DayOfWeek {
    /// Monday, `MO` in RFC 5545.
    Monday,
    /// Tuesday, `TU` in RFC 5545.
    Tuesday,
    /// Wednesday, `WE` in RFC 5545.
    Wednesday,
    /// Thursday, `TH` in RFC 5545.
    Thursday,
    /// Friday, `FR` in RFC 5545.
    Friday,
    /// Saturday, `SA` in RFC 5545.
    Saturday,
    /// Sunday, `SU` in RFC 5545.
    Sunday,
}

/// The unit a schedule recurs in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum, GraphEnum)]
#[graphql(remote = "model::Frequency")]
pub(crate) enum Frequency {
    /// Every day, or every *n* days.
    Daily,
    /// Every week, or every *n* weeks.
    Weekly,
    /// Every month, or every *n* months.
    Monthly,
    /// Every year, or every *n* years.
    Yearly,
}

/// How much harm an issue does to users.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum, GraphEnum)]
#[graphql(remote = "model::IssueSeverity")]
pub(crate) enum IssueSeverity {
    /// Information that the feed meant to give is lost or in doubt.
    Error,
    /// Outside the standard or its guidance, but nothing is lost.
    Warning,
    /// For information.
    Info,
}

/// How a source is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum, GraphEnum)]
#[graphql(remote = "model::SourceMode")]
pub(crate) enum SourceMode {
    /// Synchronised into the catalogue.
    Catalogue,
    /// Read afresh for each query, through a cache.
    Live,
}
