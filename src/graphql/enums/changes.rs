//! What changes are of.

use async_graphql::Enum;
use oruk_gateway_derive::GraphEnum;

use crate::federation;
use crate::model::RecordKind;

/// The kinds of record whose changes are recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum, GraphEnum)]
pub(crate) enum RecordType {
    /// A service.
    Service,
    /// An organisation.
    Organization,
    /// A location.
    Location,
    /// A taxonomy term.
    TaxonomyTerm,
}

/// The kinds of change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum, GraphEnum)]
#[graphql(remote = "federation::HistoryChangeKind")]
pub(crate) enum ChangeKind {
    /// The record is new.
    Created,
    /// The record's content has changed.
    Updated,
    /// The record no longer exists.
    Deleted,
}

impl From<RecordType> for RecordKind {
    fn from(record: RecordType) -> Self {
        match record {
            RecordType::Service => Self::Service,
            RecordType::Organization => Self::Organization,
            RecordType::Location => Self::Location,
            RecordType::TaxonomyTerm => Self::TaxonomyTerm,
        }
    }
}

impl RecordType {
    pub(crate) fn of(kind: RecordKind) -> Option<Self> {
        match kind {
            RecordKind::Service => Some(Self::Service),
            RecordKind::Organization => Some(Self::Organization),
            RecordKind::Location => Some(Self::Location),
            RecordKind::TaxonomyTerm => Some(Self::TaxonomyTerm),
            RecordKind::ServiceAtLocation | RecordKind::Taxonomy => None,
        }
    }
}
