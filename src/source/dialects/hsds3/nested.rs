//! Which readers read the records that are nested in others.

use serde_json::Value;

use super::super::lenient::Members;
use super::{location, organization, service, service_at_location};
use crate::model::{Location, Organization, Service, ServiceAtLocation};
use crate::source::dialect::Reading;

/// Reads a record that is a row, an answer, or nested in another's members.
pub(in crate::source::dialects) type Read<T> = fn(Value, &Reading<'_>, Option<&Members<'_>>) -> Option<T>;

/// The readers of nested records, so that a dialect's records nest its own.
pub(in crate::source::dialects) struct Nested {
    pub service: Read<Service>,
    pub organization: Read<Organization>,
    pub location: Read<Location>,
    pub service_at_location: Read<ServiceAtLocation>,
}

/// This dialect's own.
pub(super) const NESTED: Nested = Nested {
    service: service::read,
    organization: organization::read,
    location: location::read,
    service_at_location: service_at_location::read,
};
