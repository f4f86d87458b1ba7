//! The kinds of record a feed lists, and how each is read.

use std::sync::Arc;

use serde::Serialize;
use serde_json::Value;

use super::dialect::{DialectReader, ReadingContext};
use super::kept_back::{KeptBack, LessPrivate};
use crate::model::{
    AnyRecord, Location, Organization, Record, RecordIssue, RecordKind, Service, ServiceAtLocation, Taxonomy,
    TaxonomyTerm,
};

/// A record that is read from an answer's row.
pub(crate) trait FromRow: Record + Serialize + Clone + Send + Sync + Sized + 'static {
    /// Its kind.
    const KIND: RecordKind;

    /// Reads it as a dialect does.
    fn from_row(dialect: &dyn DialectReader, row: Value, reading: &ReadingContext<'_>) -> Option<Self>;

    /// The record, if it is of this kind.
    fn of_any(record: AnyRecord) -> Option<Arc<Self>>;

    /// The record less what is known to be private. Returns `None` if nothing of it is.
    fn less_private(record: &Arc<Self>, known: &KeptBack) -> Option<Arc<Self>>;

    /// What its dialect noted in it and in the records inside it, each with where in its row that is.
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

/// The path of a kind's endpoint below a feed's base address, as the standard names it; also the name of its
/// override in the configuration.
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
