//! Southampton's own directory: ORUK 1.0 with its own members, among them a flag to hide an address.

mod service;
#[cfg(test)]
mod tests;

use super::detect::{DialectMarker, ENVELOPE_OF_1, ORGANIZATION_OF_1};
use super::documents::{DocumentsReader, PublisherVocabulary, access_statements};
use super::lenient::ShapedMembers;
use super::oruk1::{self, Oruk1Reader};
use super::{DeclaredStandard, DialectDescription, DialectEndpoints, PageNames, PageParameters, TieRule};
use crate::model::{Dialect, RecordKind};

/// Southampton's directory, made by Etch.
pub(super) const DIALECT: DialectDescription = DialectDescription {
    standard: DeclaredStandard::Nothing,
    names: PageNames::OF_1,
    paging: PageParameters::STANDARD,
    endpoints: DialectEndpoints::SERVICES_ALONE,
    markers: &[
        ENVELOPE_OF_1,
        ORGANIZATION_OF_1,
        DialectMarker {
            points: 6,
            reason: "records have Southampton's members",
            holds: |seen| seen.has_any(&["hide_address", "extra_section_heading"]) || seen.has_any(TELLING),
        },
        DialectMarker {
            points: 2,
            reason: "records have the inspectors' members",
            holds: |seen| seen.has_vendor("ofsted_") || seen.has_vendor("cqc_"),
        },
    ],
    telling: TELLING,
    tie: TieRule::LeftTo(Dialect::Oruk1),
    begins_unsure: false,
    makers: &["etch uk"],
    reader: &READER,
    lists_state_facts: false,
};

/// The directory's own members.
const TELLING: &[&str] = &["school_pickups", "schedule_description"];

/// Reads Southampton's directory.
pub(super) const READER: DocumentsReader<Oruk1Reader> = DocumentsReader { shape, standard: oruk1::READER };

const ACCESS: PublisherVocabulary = vocabulary("accessibility", "Southampton accessibilities");

/// Names a vocabulary beside those of 1.0, which has no name of its own.
const fn vocabulary(id: &'static str, name: &'static str) -> PublisherVocabulary {
    PublisherVocabulary { id, name, link_type: Some(id), plain_ids: false }
}

fn shape(kind: RecordKind, shaping: &mut ShapedMembers<'_>) {
    match kind {
        RecordKind::Service => service::shape(shaping),
        RecordKind::Location => access_statements(shaping, &ACCESS),
        RecordKind::ServiceAtLocation
        | RecordKind::Organization
        | RecordKind::Taxonomy
        | RecordKind::TaxonomyTerm => {}
    }
}
