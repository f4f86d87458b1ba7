//! All that a dialect is but for its name: each folder has one description, and whatever differs between dialects follows
//! from it.

use super::detect::DialectMarker;
use super::lenient::PageNames;
use crate::model::{Dialect, RecordKind};
use crate::source::conformance::FeedStandard;
use crate::source::dialect::DialectReader;

/// What a dialect is. Every field has to be filled in, so that nothing about a new dialect is forgotten.
pub(in crate::source) struct DialectDescription {
    /// The standard that its feeds declare, and are held to.
    pub standard: DeclaredStandard,
    /// What its pages call the list of records, and its records their ids.
    pub names: PageNames,
    /// Which parameters ask for a page of a list.
    pub paging: PageParameters,
    /// Where its lists and records are.
    pub endpoints: DialectEndpoints,
    /// What in a feed's answers speaks for it.
    pub markers: &'static [DialectMarker],
    /// Members that hardly anything has but a service in this dialect: a page that has one of them lists services.
    pub telling: &'static [&'static str],
    /// What happens if other dialects have as much to speak for them.
    pub tie: TieRule,
    /// Whether a page of services is enough to begin reading, because the dialects that it cannot be told from have the
    /// same reader.
    pub begins_unsure: bool,
    /// What registers of feeds call those who make the publishing system, in small letters.
    pub makers: &'static [&'static str],
    /// Reads its records.
    pub reader: &'static dyn DialectReader,
    /// Whether its lists carry whatever its services state outside nested members.
    pub lists_state_facts: bool,
}

/// Which standard the feeds of a dialect declare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::source) enum DeclaredStandard {
    /// None: the dialect follows no standard to the letter.
    Nothing,
    /// Always this one.
    One(FeedStandard),
    /// The HSDS of the version that the feed's root document names.
    HsdsByVersion,
}

impl DeclaredStandard {
    /// The standard of a feed that declares this version. Returns `None` if the dialect follows none.
    pub(in crate::source) fn of_version(self, version: Option<&str>) -> Option<FeedStandard> {
        match self {
            Self::Nothing => None,
            Self::One(standard) => Some(standard),
            Self::HsdsByVersion => Some(FeedStandard::of_hsds(version)),
        }
    }
}

/// The parameters that ask for a page of a list. A dialect that has neither `page` nor `offset` is read by the links that
/// lead from each page to the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::source) struct PageParameters {
    /// Takes the number of the page, counted from 1.
    pub page: Option<&'static str>,
    /// Takes how many records to pass over.
    pub offset: Option<&'static str>,
    /// Takes the most records that the page may have.
    pub size: Option<&'static str>,
}

impl PageParameters {
    /// The standard's: pages have numbers.
    pub(in crate::source) const STANDARD: Self =
        Self { page: Some("page"), offset: None, size: Some("per_page") };
}

/// Where the lists and records of a dialect are, as paths below the feed's address.
#[derive(Clone, Copy, Debug)]
pub(in crate::source) struct DialectEndpoints {
    /// The lists. Kinds without one are gathered from services.
    pub lists: &'static [(RecordKind, &'static str)],
    /// What records are found below, each by its id. Kinds that are not here have no detail pages.
    pub records: &'static [(RecordKind, &'static str)],
}

impl DialectEndpoints {
    /// Where the standard has them: it has no list of locations.
    pub(in crate::source) const STANDARD: Self = Self { lists: STANDARD_PATHS, records: STANDARD_PATHS };
    /// Of feeds whose services carry all the rest.
    pub(in crate::source) const SERVICES_ALONE: Self = Self { lists: SERVICES, records: SERVICES };

    /// The path of the list of a kind.
    pub(in crate::source) fn list(&self, kind: RecordKind) -> Option<&'static str> {
        path_of(self.lists, kind)
    }

    /// The path that records of a kind are found below.
    pub(in crate::source) fn record(&self, kind: RecordKind) -> Option<&'static str> {
        path_of(self.records, kind)
    }
}

/// The path of services alone.
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

/// What happens if several dialects have as much to speak for them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::source) enum TieRule {
    /// This one is chosen, even by a page without records. Of several such, the first that is listed.
    Chosen,
    /// This one is chosen, but not by a page without records.
    ChosenByRecords,
    /// Another one is chosen, if all leave it to that one.
    LeftTo(Dialect),
    /// None is chosen on its account.
    Open,
}

#[cfg(test)]
mod reading {
    //! Reading pages as a dialect does, however long that takes.

    use serde_json::Value;

    use super::DialectDescription;
    use crate::source::dialect::{ListEnvelope, NotAPage};
    use crate::source::patience::ReadingPatience;

    impl DialectDescription {
        /// Takes a list answer apart.
        pub(in crate::source) fn read_envelope(&self, body: &[u8]) -> Result<ListEnvelope, NotAPage> {
            self.reader.envelope(body, self.names, &ReadingPatience::default())
        }

        /// Takes the answer for one record apart.
        pub(in crate::source) fn read_single(&self, body: &[u8]) -> Result<Option<Value>, NotAPage> {
            self.reader.single(body, self.names, &ReadingPatience::default())
        }
    }
}
