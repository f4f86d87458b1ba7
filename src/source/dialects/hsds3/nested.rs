//! The readers of records that are nested in others.

use serde_json::Value;

use super::super::lenient::ObjectMembers;
use super::{location, organization, service, service_at_location};
use crate::model::{Location, Organization, Service, ServiceAtLocation};
use crate::source::dialect::ReadingContext;

/// Reads a record that is a row or a detail page, or is nested in the given members.
pub(in crate::source::dialects) type RecordReader<T> =
    fn(Value, &ReadingContext<'_>, Option<&ObjectMembers<'_>>) -> Option<T>;

/// The readers of nested records. Each dialect passes its own.
pub(in crate::source::dialects) struct NestedReaders {
    pub service: RecordReader<Service>,
    pub organization: RecordReader<Organization>,
    pub location: RecordReader<Location>,
    pub service_at_location: RecordReader<ServiceAtLocation>,
}

/// The readers of HSDS 3.
pub(super) const NESTED: NestedReaders = NestedReaders {
    service: service::read,
    organization: organization::read,
    location: location::read,
    service_at_location: service_at_location::read,
};
