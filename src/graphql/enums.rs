//! The closed lists of the graph.

mod changes;
mod codes;
mod dialect;
mod dimension;
mod places;
mod replica;
mod sources;
mod suggestion;

pub(super) use changes::{ChangeKind, RecordType};
pub(super) use codes::{
    DayOfWeek, Frequency, IssueSeverity, LocationType, ServiceStatus, SourceMode, TriState,
};
pub(super) use dialect::Dialect;
pub(super) use dimension::ServiceDimension;
pub(super) use places::{PlaceAccuracy, PlaceKind, PlaceNameMatch, PlaceOrigin};
pub(super) use replica::ReplicaRole;
pub(super) use sources::{ListDepth, ParameterSupport, SourceErrorCode, SourceReportStatus, SourceStatus};
pub(super) use suggestion::SuggestionKind;
