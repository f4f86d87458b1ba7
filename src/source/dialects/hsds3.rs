//! HSDS 3.0, 3.1, 3.2 and ORUK 3.0, as published and as found in feeds.
//!
//! One reader serves them all: it reads HSDS 3.1 and the four members that ORUK adds, and accepts what a feed leaves
//! out.

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

use super::detect::{
    DialectMarker, ENVELOPE_OF_3, ENVELOPE_OF_A_FRAMEWORK, MEMBERS_OF_3, SeenAnswers, VERSION_3,
};
use super::{DeclaredStandard, DialectDescription, DialectEndpoints, PageNames, PageParameters, TieRule};
use crate::model::{Location, Organization, Service, ServiceAtLocation, Taxonomy, TaxonomyTerm};
use crate::source::dialect::{DialectReader, ReadingContext};

/// International HSDS 3.
pub(super) const DIALECT: DialectDescription = DialectDescription {
    standard: DeclaredStandard::HsdsByVersion,
    names: PageNames::STANDARD,
    paging: PageParameters::STANDARD,
    endpoints: DialectEndpoints::STANDARD,
    markers: &[
        ENVELOPE_OF_3,
        DialectMarker { points: 5, ..ENVELOPE_OF_A_FRAMEWORK },
        MEMBERS_OF_3,
        DialectMarker { points: 2, ..VERSION_3 },
        DialectMarker {
            points: 2,
            reason: "addresses are in the United States",
            holds: |seen| seen.any_text("country", |text| matches!(text, "US" | "USA")),
        },
        DialectMarker {
            points: 2,
            reason: "the version is one the UK has no profile of",
            holds: is_later_than_the_uks,
        },
        DialectMarker {
            points: 2,
            reason: "records have members that came with 3.1",
            holds: |seen| {
                !seen.is_of_1() && seen.has_any(&["additional_urls", "additional_websites", "capacities"])
            },
        },
        DialectMarker {
            points: 1,
            reason: "the profile is the international one",
            holds: |seen| seen.root_text("profile").contains("docs.openreferral.org"),
        },
    ],
    telling: &[],
    // A feed without anything from the UK profile is international HSDS.
    tie: TieRule::Chosen,
    begins_unsure: true,
    makers: &[],
    reader: &READER,
    lists_state_facts: true,
};

// Accepts `3.1`, `3.1.1` or `HSDS-3.2`. The UK's profile is of 3.0.
fn is_later_than_the_uks(seen: &SeenAnswers) -> bool {
    let mut version = seen.root_version();
    let is_later = version.next() == Some(3) && version.next().is_some_and(|minor| minor != 0);
    is_later && !seen.root_text("version").contains("uk")
}

/// The reader of HSDS 3 and ORUK 3.
pub(super) const READER: Hsds3Reader = Hsds3Reader;

/// Reads HSDS 3 and ORUK 3.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Hsds3Reader;

impl DialectReader for Hsds3Reader {
    fn read_service(&self, row: Value, reading: &ReadingContext<'_>) -> Option<Service> {
        service::read(row, reading, None)
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
        taxonomy::read(row, reading, None)
    }

    fn read_taxonomy_term(&self, row: Value, reading: &ReadingContext<'_>) -> Option<TaxonomyTerm> {
        taxonomy::read_term(row, reading, None)
    }
}
