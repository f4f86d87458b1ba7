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

/// The kind of publishing system, and so of data format, that a source uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum, GraphEnum)]
pub(crate) enum Dialect {
    /// International HSDS 3.
    #[graphql(name = "HSDS_3")]
    Hsds3,
    /// Open Referral UK 3.0.
    #[graphql(name = "ORUK_3")]
    Oruk3,
    /// Open Referral UK 1.0.
    #[graphql(name = "ORUK_1")]
    Oruk1,
    /// Open Referral UK 1.0 as served by Placecube's older service.
    #[graphql(name = "PLACECUBE_1")]
    Placecube1,
    /// Outpost.
    Outpost,
    /// LocalGov Drupal.
    LocalgovDrupal,
    /// Connect to Support.
    ConnectToSupport,
    /// Southampton's own format.
    Southampton,
    /// Not detected yet.
    Unknown,
}

impl From<Option<model::Dialect>> for Dialect {
    fn from(dialect: Option<model::Dialect>) -> Self {
        match dialect {
            Some(model::Dialect::Hsds3) => Self::Hsds3,
            Some(model::Dialect::Oruk3) => Self::Oruk3,
            Some(model::Dialect::Oruk1) => Self::Oruk1,
            Some(model::Dialect::Placecube1) => Self::Placecube1,
            Some(model::Dialect::Outpost) => Self::Outpost,
            Some(model::Dialect::LocalgovDrupal) => Self::LocalgovDrupal,
            Some(model::Dialect::ConnectToSupport) => Self::ConnectToSupport,
            Some(model::Dialect::Southampton) => Self::Southampton,
            None => Self::Unknown,
        }
    }
}
