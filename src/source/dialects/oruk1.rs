//! Open Referral UK 1.0: as Porism serves it, and what all its publishers share.
//!
//! What 1.0 calls or places differently is taken first; the rest is read as the standard's own. Publishers that
//! differ further build on this reader, in files of their own.

mod area;
mod coded;
mod eligibility;
mod language;
mod location;
mod organization;
mod people;
mod schedule;
mod service;
mod service_at_location;
#[cfg(test)]
pub(super) mod tests;
mod vocabulary;

use serde_json::Value;

use super::hsds3::nested::{Nested, Read};
use super::lenient::{self, Members};
use crate::model::{
    Dialect, Location, Organization, RecordKind, Service, ServiceAtLocation, Taxonomy, TaxonomyTerm,
};
use crate::source::dialect::{DialectReader, Envelope, NotAPage, Reading};
use crate::source::patience::Patience;

pub(super) use coded::{CodeList, Word, coded};
pub(super) use service::service;

/// Reads the 1.0 of one publishing system.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Oruk1Reader {
    /// The publishing system.
    pub dialect: Dialect,
    /// How it writes services.
    pub service: Read<Service>,
    /// Where its lists are.
    pub list: fn(RecordKind) -> Option<&'static str>,
    /// Where its records are.
    pub record: fn(RecordKind) -> Option<&'static str>,
}

/// Porism's, which is 1.0 as documented.
pub(super) const READER: Oruk1Reader =
    Oruk1Reader { dialect: Dialect::Oruk1, service: service::read, list, record };

/// What the records of 1.0 nest.
const NESTED: Nested = Nested {
    service: service::read,
    organization: organization::read,
    location: location::read,
    service_at_location: service_at_location::read,
};

// What 1.0 calls a taxonomy is a term; services at locations have no list.
fn list(kind: RecordKind) -> Option<&'static str> {
    match kind {
        RecordKind::Service => Some("services"),
        RecordKind::Organization => Some("organizations"),
        RecordKind::Location => Some("locations"),
        RecordKind::TaxonomyTerm => Some("taxonomies"),
        RecordKind::Taxonomy => Some("vocabularies"),
        RecordKind::ServiceAtLocation => None,
    }
}

fn record(kind: RecordKind) -> Option<&'static str> {
    (kind == RecordKind::Service).then_some("services")
}

impl DialectReader for Oruk1Reader {
    fn dialect(&self) -> Dialect {
        self.dialect
    }

    fn endpoint(&self, kind: RecordKind) -> Option<&'static str> {
        (self.list)(kind)
    }

    fn record_endpoint(&self, kind: RecordKind) -> Option<&'static str> {
        (self.record)(kind)
    }

    fn envelope(&self, body: &[u8], patience: &Patience) -> Result<Envelope, NotAPage> {
        match vocabulary::names(body) {
            Some(rows) => Ok(Envelope { rows, ..Envelope::default() }),
            None => lenient::read_envelope(body, "content", patience),
        }
    }

    fn single(&self, body: &[u8], patience: &Patience) -> Result<Option<Value>, NotAPage> {
        lenient::read_single(body, patience)
    }

    fn read_service(&self, row: Value, reading: &Reading<'_>) -> Option<Service> {
        (self.service)(row, reading, None)
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
        vocabulary::read(row, reading)
    }

    fn read_taxonomy_term(&self, row: Value, reading: &Reading<'_>) -> Option<TaxonomyTerm> {
        vocabulary::read_term(row, reading)
    }
}

/// Turns an object that has nothing but an id into the key it stands for: some publishers cut deep nesting short
/// like that, and a record without a name would be worse than none.
fn unstub(members: &mut Members<'_>, name: &str, key: &str) {
    let id = members.peek(name).and_then(only_id).cloned();
    let Some(id) = id else { return };
    match members.peek(key) {
        None => {
            members.value(&[name]);
            members.put(key, id);
        }
        // What contradicts the key is left for whoever reads the object to note.
        Some(known) if *known != id => {}
        Some(_) => drop(members.value(&[name])),
    }
}

fn only_id(value: &Value) -> Option<&Value> {
    let mut said = value.as_object()?.iter().filter(|(_, value)| !value.is_null());
    match (said.next(), said.next()) {
        (Some((key, id)), None) if key == "id" => Some(id),
        _ => None,
    }
}
