//! Outpost, the family information directory of several councils.
//!
//! Its documents are neither HSDS 3 nor ORUK 1.0: ids are numbers, places are separate from services at locations,
//! terms have no annotation around them, and places can be masked. They are brought to the shape of the standard and
//! then read like HSDS 3.

mod location;
mod schedules;
mod service;
#[cfg(test)]
mod tests;

use serde_json::Value;

use super::detect::{DialectMarker, ENVELOPE_OF_1};
use super::documents::{DocumentsReader, PublisherVocabulary};
use super::hsds3::service_at_location::{MADE_ID, identify};
use super::hsds3::{self, Hsds3Reader};
use super::lenient::ShapedMembers;
use super::{DeclaredStandard, DialectDescription, DialectEndpoints, PageNames, PageParameters, TieRule};
use crate::model::{Dialect, IssueCode, RecordKind};

/// Outpost.
pub(super) const DIALECT: DialectDescription = DialectDescription {
    standard: DeclaredStandard::Nothing,
    names: PageNames::OF_1,
    paging: PageParameters::STANDARD,
    endpoints: DialectEndpoints::SERVICES_ALONE,
    markers: &[
        ENVELOPE_OF_1,
        DialectMarker {
            points: 1,
            reason: "identifiers are numbers",
            holds: |seen| seen.records().iter().any(|record| record.get("id").is_some_and(Value::is_number)),
        },
        DialectMarker {
            points: 2,
            reason: "records say organisation",
            holds: |seen| seen.has("organisation"),
        },
        DialectMarker {
            points: 3,
            reason: "records have Outpost's members",
            holds: |seen| seen.has("mask_exact_address") || seen.has_any(TELLING),
        },
    ],
    telling: TELLING,
    tie: TieRule::LeftTo(Dialect::Oruk1),
    begins_unsure: false,
    makers: &["outpost"],
    reader: &READER,
    lists_state_facts: true,
};

/// Outpost's own members.
const TELLING: &[&str] = &["target_directories", "send_needs", "age_band_all", "suitabilities"];

/// Reads Outpost.
pub(super) const READER: DocumentsReader<Hsds3Reader> = DocumentsReader { shape, standard: hsds3::READER };

/// Names a vocabulary of Outpost's, which has no names for them.
const fn vocabulary(id: &'static str, name: &'static str) -> PublisherVocabulary {
    PublisherVocabulary { id, name, link_type: Some(id), plain_ids: false }
}

fn shape(kind: RecordKind, shaping: &mut ShapedMembers<'_>) {
    if kind == RecordKind::Service {
        service::join_places(shaping);
    }
    match kind {
        RecordKind::Service => service::shape(shaping),
        RecordKind::Location => location::shape(shaping),
        RecordKind::ServiceAtLocation => identify_place(shaping),
        RecordKind::Organization | RecordKind::Taxonomy | RecordKind::TaxonomyTerm => {}
    }
}

// Older releases have no services at locations.
fn identify_place(shaping: &mut ShapedMembers<'_>) {
    let around = |key| shaping.owner(key).map(ToOwned::to_owned);
    let (service, location) = (around("service_id"), around("location_id"));
    if identify(shaping.members(), service.as_deref(), location.as_deref()) {
        shaping.note(IssueCode::MissingId, "id", MADE_ID);
    }
}
