//! Southampton's own directory: ORUK 1.0 with members of its own, among them the wish that an address be hidden.

mod service;
#[cfg(test)]
mod tests;

use serde_json::Value;

use super::documents::{Vocabulary, access_statements, identify, withhold};
use super::hsds3::Hsds3Reader;
use super::lenient::{self, Shaping};
use crate::model::{
    Dialect, Location, Organization, RecordKind, Service, ServiceAtLocation, Taxonomy, TaxonomyTerm,
};
use crate::source::dialect::{DialectReader, Envelope, NotAPage, Reading};

const STANDARD: Hsds3Reader = Hsds3Reader { dialect: Dialect::Southampton };
const ACCESS: Vocabulary = vocabulary("accessibility", "Southampton accessibilities");

/// What each vocabulary that stands beside those of 1.0 is called: it has no name of its own.
const fn vocabulary(id: &'static str, name: &'static str) -> Vocabulary {
    Vocabulary { id, name, link_type: Some(id), plain_ids: false }
}

/// Reads Southampton's directory.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SouthamptonReader;

impl DialectReader for SouthamptonReader {
    fn dialect(&self) -> Dialect {
        Dialect::Southampton
    }

    // Its services carry all the rest.
    fn endpoint(&self, kind: RecordKind) -> Option<&'static str> {
        (kind == RecordKind::Service).then_some("services")
    }

    fn read_envelope(&self, body: &[u8]) -> Result<Envelope, NotAPage> {
        lenient::read_envelope(body, "content")
    }

    fn read_single(&self, body: &[u8]) -> Result<Option<Value>, NotAPage> {
        STANDARD.read_single(body)
    }

    fn read_service(&self, row: Value, reading: &Reading<'_>) -> Option<Service> {
        STANDARD.read_service(row, &shaped(reading))
    }

    fn read_organization(&self, row: Value, reading: &Reading<'_>) -> Option<Organization> {
        STANDARD.read_organization(row, &shaped(reading))
    }

    fn read_location(&self, row: Value, reading: &Reading<'_>) -> Option<Location> {
        STANDARD.read_location(row, &shaped(reading))
    }

    fn read_service_at_location(&self, row: Value, reading: &Reading<'_>) -> Option<ServiceAtLocation> {
        STANDARD.read_service_at_location(row, &shaped(reading))
    }

    fn read_taxonomy(&self, row: Value, reading: &Reading<'_>) -> Option<Taxonomy> {
        STANDARD.read_taxonomy(row, &shaped(reading))
    }

    fn read_taxonomy_term(&self, row: Value, reading: &Reading<'_>) -> Option<TaxonomyTerm> {
        STANDARD.read_taxonomy_term(row, &shaped(reading))
    }
}

fn shaped<'a>(reading: &Reading<'a>) -> Reading<'a> {
    Reading { shape: Some(shape), ..*reading }
}

fn shape(kind: RecordKind, shaping: &mut Shaping<'_>) {
    withhold(kind, shaping);
    match kind {
        RecordKind::Service => service::shape(shaping),
        RecordKind::Location => access_statements(shaping, &ACCESS),
        RecordKind::ServiceAtLocation => identify(shaping),
        RecordKind::Organization | RecordKind::Taxonomy | RecordKind::TaxonomyTerm => {}
    }
}
