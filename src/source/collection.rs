//! The kinds of record that a feed lists, and how each is read from a row.

use std::sync::Arc;

use serde::Serialize;
use serde_json::Value;

use super::dialect::{DialectReader, ReadingContext};
use super::kept_back::{KeptBack, LessPrivate};
use crate::model::{
    AnyRecord, Location, Organization, Record, RecordIssue, RecordKind, Service, ServiceAtLocation, Taxonomy,
    TaxonomyTerm,
};

/// A record that is read from a row of a response.
pub(crate) trait FromRow: Record + Serialize + Clone + Send + Sync + Sized + 'static {
    /// The kind of these records.
    const KIND: RecordKind;

    /// Reads a row with a dialect's reader. Returns `None` if the row contains no record.
    fn from_row(dialect: &dyn DialectReader, row: Value, reading: &ReadingContext<'_>) -> Option<Self>;

    /// Returns the record if it is of this kind.
    fn of_any(record: AnyRecord) -> Option<Arc<Self>>;

    /// Removes what is known to be private from a record. Returns `None` if nothing had to be removed.
    fn less_private(record: &Arc<Self>, known: &KeptBack) -> Option<Arc<Self>>;

    /// Returns the issues that the dialect noted in the record and in records nested in it, each with its path within
    /// the row.
    fn issues(&self) -> Vec<(&'static str, &[RecordIssue])> {
        vec![("", &self.provenance().issues)]
    }
}

macro_rules! from_row {
    ($($type:ident: $read:ident $(, $issues:path)?;)+) => {$(
        impl FromRow for $type {
            const KIND: RecordKind = RecordKind::$type;

            fn from_row(dialect: &dyn DialectReader, row: Value, reading: &ReadingContext<'_>) -> Option<Self> {
                dialect.$read(row, reading)
            }

            fn of_any(record: AnyRecord) -> Option<Arc<Self>> {
                Arc::try_from(record).ok()
            }

            fn less_private(record: &Arc<Self>, known: &KeptBack) -> Option<Arc<Self>> {
                LessPrivate::of(record, known)
            }
            $(
                fn issues(&self) -> Vec<(&'static str, &[RecordIssue])> {
                    $issues(self)
                }
            )?
        }
    )+};
}

from_row! {
    Service: read_service, Service::issues_within;
    Organization: read_organization, issues_of_organization;
    Location: read_location;
    ServiceAtLocation: read_service_at_location;
    Taxonomy: read_taxonomy;
    TaxonomyTerm: read_taxonomy_term;
}

fn issues_of_organization(organization: &Organization) -> Vec<(&'static str, &[RecordIssue])> {
    let nested = organization.services.iter().map(|service| ("services[]", &*service.provenance.issues));
    [("", &*organization.provenance.issues)].into_iter().chain(nested).collect()
}

/// Returns the path of a kind's endpoint below the feed's base URL, as the standard names it. The configuration names
/// overrides of endpoints in the same way.
pub(crate) fn endpoint_name(kind: RecordKind) -> &'static str {
    match kind {
        RecordKind::Service => "services",
        RecordKind::Organization => "organizations",
        RecordKind::Location => "locations",
        RecordKind::ServiceAtLocation => "service_at_locations",
        RecordKind::Taxonomy => "taxonomies",
        RecordKind::TaxonomyTerm => "taxonomy_terms",
    }
}
