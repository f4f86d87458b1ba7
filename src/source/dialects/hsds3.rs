//! HSDS 3.0, 3.1, 3.2 and ORUK 3.0, as published and as found.
//!
//! One reader serves them all: the record is HSDS 3.1's with the four members that ORUK adds, and whatever a
//! feed leaves out is left out.

pub(super) mod area;
pub(super) mod attribute;
pub(super) mod concept;
mod cost;
pub(super) mod languages;
pub(super) mod location;
pub(super) mod nested;
pub(super) mod organization;
pub(super) mod part;
pub(super) mod people;
pub(super) mod schedule;
pub(super) mod service;
pub(super) mod service_at_location;
pub(super) mod taxonomy;
#[cfg(test)]
mod tests;

use serde_json::Value;

use super::lenient;
use crate::model::{Dialect, Location, Organization, Service, ServiceAtLocation, Taxonomy, TaxonomyTerm};
use crate::source::dialect::{DialectReader, Envelope, NotAPage, Reading};
use crate::source::patience::Patience;

/// Reads HSDS 3 and ORUK 3.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Hsds3Reader {
    /// Which of the two it is said to be; it changes nothing in the reading.
    pub dialect: Dialect,
}

impl DialectReader for Hsds3Reader {
    fn dialect(&self) -> Dialect {
        self.dialect
    }

    fn envelope(&self, body: &[u8], patience: &Patience) -> Result<Envelope, NotAPage> {
        lenient::read_envelope(body, "contents", patience)
    }

    fn single(&self, body: &[u8], patience: &Patience) -> Result<Option<Value>, NotAPage> {
        lenient::read_single(body, patience)
    }

    fn read_service(&self, row: Value, reading: &Reading<'_>) -> Option<Service> {
        service::read(row, reading, None)
    }

    fn read_organization(&self, row: Value, reading: &Reading<'_>) -> Option<Organization> {
        organization::read(row, reading, None)
    }

    fn read_location(&self, row: Value, reading: &Reading<'_>) -> Option<Location> {
        location::read(row, reading, None)
    }

    fn read_service_at_location(&self, row: Value, reading: &Reading<'_>) -> Option<ServiceAtLocation> {
        service_at_location::read(row, reading, None)
    }

    fn read_taxonomy(&self, row: Value, reading: &Reading<'_>) -> Option<Taxonomy> {
        taxonomy::read(row, reading, None)
    }

    fn read_taxonomy_term(&self, row: Value, reading: &Reading<'_>) -> Option<TaxonomyTerm> {
        taxonomy::read_term(row, reading, None)
    }
}
