//! The closed lists of the graph.

use async_graphql::Enum;
use oruk_gateway_derive::GraphEnum;

use crate::model;

/// A fact that a feed may leave unsaid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum, GraphEnum)]
#[graphql(remote = "model::TriState")]
pub(crate) enum TriState {
    /// It holds.
    Yes,
    /// It does not hold.
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
    /// Not in operation at present.
    Inactive,
    /// Closed for good.
    Defunct,
    /// Closed for a time.
    TemporarilyClosed,
    /// The feed does not say, or says something the standard does not list.
    Unknown,
}

/// What kind of place a location or address is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum, GraphEnum)]
#[graphql(remote = "model::LocationType")]
pub(crate) enum LocationType {
    /// A place one can go to.
    Physical,
    /// A place one can write to.
    Postal,
    /// Online or by telephone.
    Virtual,
    /// The feed does not say, or says something the standard does not list.
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
    /// Every day, or every so many days.
    Daily,
    /// Every week, or every so many weeks.
    Weekly,
    /// Every month, or every so many months.
    Monthly,
    /// Every year, or every so many years.
    Yearly,
}

/// What an issue costs a user.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum, GraphEnum)]
#[graphql(remote = "model::IssueSeverity")]
pub(crate) enum IssueSeverity {
    /// Something the feed meant to say is lost or in doubt.
    Error,
    /// Outside the standard or its guidance; nothing is lost.
    Warning,
    /// A note.
    Info,
}

/// How a source is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum, GraphEnum)]
#[graphql(remote = "model::SourceMode")]
pub(crate) enum SourceMode {
    /// Synchronised into the catalogue.
    Catalogue,
    /// Asked afresh, through the cache, for each query.
    Live,
}
