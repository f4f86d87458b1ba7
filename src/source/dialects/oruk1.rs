//! Open Referral UK 1.0 as Porism serves it, and what all its publishers share.
//!
//! Members that 1.0 names or places differently are taken first, and the rest is read like HSDS 3. Publishers that
//! differ further build on this reader in files of their own.

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
use uuid::Uuid;

use super::detect::{DialectMarker, ENVELOPE_OF_1, MEMBERS_OF_1, ORGANIZATION_OF_1, SeenAnswers};
use super::hsds3::nested::{NestedReaders, RecordReader};
use super::lenient::{ObjectMembers, read_envelope};
use super::{DeclaredStandard, DialectDescription, DialectEndpoints, PageNames, PageParameters, TieRule};
use crate::model::{Location, Organization, RecordKind, Service, ServiceAtLocation, Taxonomy, TaxonomyTerm};
use crate::source::conformance::FeedStandard;
use crate::source::dialect::{DialectReader, ListEnvelope, NotAPage, ReadingContext};
use crate::source::patience::ReadingPatience;

pub(super) use coded::{CodeList, CodeWord, coded};
pub(super) use service::service;

/// Open Referral UK 1.0 as documented.
pub(super) const DIALECT: DialectDescription = DialectDescription {
    standard: DeclaredStandard::One(FeedStandard::Oruk1),
    names: PageNames::OF_1,
    paging: PageParameters::STANDARD,
    endpoints: ENDPOINTS,
    markers: &[
        ENVELOPE_OF_1,
        ORGANIZATION_OF_1,
        MEMBERS_OF_1,
        DialectMarker {
            points: 1,
            reason: "identifiers are UUIDs and nothing is a publisher's own",
            holds: |seen| !seen.in_envelope(&["contents", "data"]) && has_uuids(seen),
        },
    ],
    telling: &[],
    // A feed without signs of another publishing system is plain 1.0.
    tie: TieRule::ChosenByRecords,
    begins_unsure: false,
    makers: &["porism"],
    reader: &READER,
    lists_state_facts: false,
};

/// The lists of 1.0. Its taxonomies are terms, and services at locations have no list.
pub(super) const ENDPOINTS: DialectEndpoints = DialectEndpoints {
    lists: &[
        (RecordKind::Service, "services"),
        (RecordKind::Organization, "organizations"),
        (RecordKind::Location, "locations"),
        (RecordKind::TaxonomyTerm, "taxonomies"),
        (RecordKind::Taxonomy, "vocabularies"),
    ],
    records: DialectEndpoints::SERVICES_ALONE.records,
};

// The majority decides, so that a single broken record cannot.
fn has_uuids(seen: &SeenAnswers) -> bool {
    let is_uuid = |record: &&Value| {
        record.get("id").and_then(Value::as_str).is_some_and(|id| Uuid::try_parse(id).is_ok())
    };
    seen.records().iter().filter(|record| is_uuid(record)).count() * 2 > seen.records().len()
}

/// Reads 1.0 as one publishing system writes it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Oruk1Reader {
    /// Reads services.
    pub service: RecordReader<Service>,
}

/// Reads Porism's 1.0.
pub(super) const READER: Oruk1Reader = Oruk1Reader { service: service::read };

/// The readers of nested records of 1.0.
const NESTED: NestedReaders = NestedReaders {
    service: service::read,
    organization: organization::read,
    location: location::read,
    service_at_location: service_at_location::read,
};

impl DialectReader for Oruk1Reader {
    fn envelope(
        &self,
        body: &[u8],
        names: PageNames,
        patience: &ReadingPatience,
    ) -> Result<ListEnvelope, NotAPage> {
        match vocabulary::names(body) {
            Some(rows) => Ok(ListEnvelope { rows, ..ListEnvelope::default() }),
            None => read_envelope(body, names, patience),
        }
    }

    fn read_service(&self, row: Value, reading: &ReadingContext<'_>) -> Option<Service> {
        (self.service)(row, reading, None)
    }

    fn read_organization(&self, row: Value, reading: &ReadingContext<'_>) -> Option<Organization> {
        organization::read(row, reading, None)
    }

    fn read_location(&self, row: Value, reading: &ReadingContext<'_>) -> Option<Location> {
        location::read(row, reading, None)
    }

    fn read_service_at_location(
        &self,
        row: Value,
        reading: &ReadingContext<'_>,
    ) -> Option<ServiceAtLocation> {
        service_at_location::read(row, reading, None)
    }

    fn read_taxonomy(&self, row: Value, reading: &ReadingContext<'_>) -> Option<Taxonomy> {
        vocabulary::read(row, reading)
    }

    fn read_taxonomy_term(&self, row: Value, reading: &ReadingContext<'_>) -> Option<TaxonomyTerm> {
        vocabulary::read_term(row, reading)
    }
}

/// Replaces an object with only an id by the key for it. Some publishers shorten deep nesting like that, and a record
/// without a name would be worse than none.
fn unstub(members: &mut ObjectMembers<'_>, name: &str, key: &str) {
    let id = members.peek(name).and_then(only_id).cloned();
    let Some(id) = id else { return };
    match members.peek(key) {
        None => {
            members.value(&[name]);
            members.put(key, id);
        }
        // The object contradicts the key, so it stays for the reader to note.
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
