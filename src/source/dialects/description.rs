//! The description of a dialect. Each folder has one, and everything that differs between dialects follows from it.

use super::detect::DialectMarker;
use super::lenient::PageNames;
use crate::model::{Dialect, RecordKind};
use crate::source::conformance::FeedStandard;
use crate::source::dialect::DialectReader;

/// Describes a dialect. Every field is required, so that nothing about a new dialect is forgotten.
pub(in crate::source) struct DialectDescription {
    /// The standard that the dialect's feeds declare, and are checked against.
    pub standard: DeclaredStandard,
    /// The names of the list of records on a page, and of a record's id.
    pub names: PageNames,
    /// The parameters that request a page of a list.
    pub paging: PageParameters,
    /// The paths of lists and records.
    pub endpoints: DialectEndpoints,
    /// The signs by which the dialect is detected.
    pub markers: &'static [DialectMarker],
    /// Members that hardly anything but a service in this dialect has. A page with one of them lists services.
    pub telling: &'static [&'static str],
    /// What detection does if other dialects have the same weight.
    pub tie: TieRule,
    /// Whether a page of services is enough to start reading, because all dialects that it might be have the same
    /// reader.
    pub begins_unsure: bool,
    /// The names that registers of feeds have for the vendor of the publishing system, in lower case.
    pub makers: &'static [&'static str],
    /// The reader of records.
    pub reader: &'static dyn DialectReader,
    /// Whether list rows state everything about a service except nested members.
    pub lists_state_facts: bool,
}

/// Which standard the feeds of a dialect declare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::source) enum DeclaredStandard {
    /// No standard: the dialect follows none to the letter.
    Nothing,
    /// Always this standard.
    One(FeedStandard),
    /// HSDS in the version that the feed's root document declares.
    HsdsByVersion,
}

impl DeclaredStandard {
    /// Returns the standard of a feed that declares this version. Returns `None` if the dialect follows no standard.
    pub(in crate::source) fn of_version(self, version: Option<&str>) -> Option<FeedStandard> {
        match self {
            Self::Nothing => None,
            Self::One(standard) => Some(standard),
            Self::HsdsByVersion => Some(FeedStandard::of_hsds(version)),
        }
    }
}

/// The parameters that request a page of a list. A dialect with neither `page` nor `offset` is read by following the
/// links or tokens on its pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::source) struct PageParameters {
    /// The number of the page, counted from 1.
    pub page: Option<&'static str>,
    /// The number of records to skip.
    pub offset: Option<&'static str>,
    /// The token that the page before gives, in whatever member. `None` if the parameter has the usual name for the
    /// token's member, as `cursor` has for `next_cursor`.
    pub token: Option<&'static str>,
    /// The most records on the page.
    pub size: Option<&'static str>,
}

impl PageParameters {
    /// The standard's parameters: pages have numbers.
    pub(in crate::source) const STANDARD: Self =
        Self { page: Some("page"), offset: None, token: None, size: Some("per_page") };
}

/// The paths of a dialect's lists and records, below the feed's base URL.
#[derive(Clone, Copy, Debug)]
pub(in crate::source) struct DialectEndpoints {
    /// The lists. Kinds without a list are collected from services.
    pub lists: &'static [(RecordKind, &'static str)],
    /// The paths below which records are found by id. Kinds without a path have no detail pages.
    pub records: &'static [(RecordKind, &'static str)],
}

impl DialectEndpoints {
    /// The standard's paths. The standard has no list of locations.
    pub(in crate::source) const STANDARD: Self = Self { lists: STANDARD_PATHS, records: STANDARD_PATHS };
    /// For feeds whose services contain everything else.
    pub(in crate::source) const SERVICES_ALONE: Self = Self { lists: SERVICES, records: SERVICES };

    /// Returns the path of a kind's list.
    pub(in crate::source) fn list(&self, kind: RecordKind) -> Option<&'static str> {
        path_of(self.lists, kind)
    }

    /// Returns the path below which records of a kind are found.
    pub(in crate::source) fn record(&self, kind: RecordKind) -> Option<&'static str> {
        path_of(self.records, kind)
    }
}

/// The path of services, which is the only one.
pub(super) const SERVICES: &[(RecordKind, &str)] = &[(RecordKind::Service, "services")];
const STANDARD_PATHS: &[(RecordKind, &str)] = &[
    (RecordKind::Service, "services"),
    (RecordKind::Organization, "organizations"),
    (RecordKind::ServiceAtLocation, "service_at_locations"),
    (RecordKind::Taxonomy, "taxonomies"),
    (RecordKind::TaxonomyTerm, "taxonomy_terms"),
];

fn path_of(paths: &[(RecordKind, &'static str)], kind: RecordKind) -> Option<&'static str> {
    paths.iter().find(|(of, _)| *of == kind).map(|(_, path)| *path)
}

/// What detection does if several dialects have the same weight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::source) enum TieRule {
    /// Choose this dialect, even for a page without records. Of several such dialects, choose the first listed.
    Chosen,
    /// Choose this dialect, but not for a page without records.
    ChosenByRecords,
    /// Choose the other dialect, if all candidates leave it to that one.
    LeftTo(Dialect),
    /// Do not choose any dialect because of this one.
    Open,
}

#[cfg(test)]
mod reading {
    //! Reads pages without a time limit, and writes them.

    use serde_json::{Map, Value};

    use super::super::lenient::put_at;
    use super::DialectDescription;
    use crate::source::dialect::{ListEnvelope, NotAPage};
    use crate::source::patience::ReadingPatience;

    impl DialectDescription {
        /// Splits a list response into rows and what its envelope claims.
        pub(in crate::source) fn read_envelope(&self, body: &[u8]) -> Result<ListEnvelope, NotAPage> {
            self.reader.envelope(body, self.names, &ReadingPatience::default())
        }

        /// Writes a page with these members and a list of these rows.
        pub(in crate::source) fn write_page(&self, mut members: Map<String, Value>, rows: &[Value]) -> Value {
            put_at(&mut members, self.names.list, rows.into());
            Value::Object(members)
        }

        /// Extracts the record from a detail page.
        pub(in crate::source) fn read_single(&self, body: &[u8]) -> Result<Option<Value>, NotAPage> {
            self.reader.single(body, self.names, &ReadingPatience::default())
        }
    }
}
