//! Editions: all records of a kind that match, in order, as they stood at one moment.
//!
//! Lists with numbered pages are cut from an edition, so that a walk over changing data neither repeats nor loses a
//! record. An edition holds ids and the catalogue's snapshot, not records. It is cached while it is read, and shared by
//! everyone who asks the same of the same data.

mod build;
mod ids;
mod keep;
mod page;

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};

use super::known_terms::UnknownTerm;
use super::{LocationFilter, OrganizationFilter, SourceReport, TaxonomyTermFilter};
use crate::catalogue::CatalogueSnapshot;
use crate::model::{AnyRecord, HistoryPosition, RecordId, RecordKind, ServiceFilter};

pub use keep::{EditionGone, EditionKeeper, EditionWanted};
pub use page::EditionPage;

/// The list that an edition is made of.
#[derive(Clone, Debug)]
pub enum EditionQuery {
    /// Services.
    Services(ServiceFilter),
    /// Organisations.
    Organizations(OrganizationFilter),
    /// Locations.
    Locations(LocationFilter),
    /// Services at locations, of services that match. If the filter has `near`, the locations must be there too.
    ServiceAtLocations(ServiceFilter),
    /// Taxonomies.
    Taxonomies,
    /// Taxonomy terms.
    TaxonomyTerms(TaxonomyTermFilter),
}

/// All records of a kind that match, in order, as they stood at one moment.
#[derive(Debug)]
pub struct ListEdition {
    /// The token by which clients ask for it.
    pub token: String,
    /// What it lists. Equal for equal queries.
    pub subject: String,
    /// The catalogue's version. `None` if no source is synchronised.
    pub version: Option<HistoryPosition>,
    /// When it was made.
    pub made_at: DateTime<Utc>,
    /// How each source took part.
    pub reports: Vec<SourceReport>,
    /// What the query names and no source has.
    pub unknown_terms: Vec<UnknownTerm>,
    entries: Vec<EditionEntry>,
    snapshot: Option<Arc<CatalogueSnapshot>>,
}

/// One record of an edition. It takes 24 bytes, because there are many.
#[derive(Clone, Debug)]
enum EditionEntry {
    /// A stored service, by its number in the table of facts.
    Service(u32),
    /// Another stored record.
    Stored(Box<RecordId>),
    /// A record of a live source.
    Live(AnyRecord),
}

impl EditionQuery {
    /// Returns the kind of its records.
    pub fn kind(&self) -> RecordKind {
        match self {
            Self::Services(_) => RecordKind::Service,
            Self::Organizations(_) => RecordKind::Organization,
            Self::Locations(_) => RecordKind::Location,
            Self::ServiceAtLocations(_) => RecordKind::ServiceAtLocation,
            Self::Taxonomies => RecordKind::Taxonomy,
            Self::TaxonomyTerms(_) => RecordKind::TaxonomyTerm,
        }
    }

    /// Returns the query for all records of a kind.
    pub fn all_of(kind: RecordKind) -> Self {
        match kind {
            RecordKind::Service => Self::Services(ServiceFilter::default()),
            RecordKind::Organization => Self::Organizations(OrganizationFilter::default()),
            RecordKind::Location => Self::Locations(LocationFilter::default()),
            RecordKind::ServiceAtLocation => Self::ServiceAtLocations(ServiceFilter::default()),
            RecordKind::Taxonomy => Self::Taxonomies,
            RecordKind::TaxonomyTerm => Self::TaxonomyTerms(TaxonomyTermFilter::default()),
        }
    }
}

impl ListEdition {
    /// How long an edition is kept while no one reads it.
    pub const KEPT_UNREAD: Duration = Duration::from_secs(5 * 60);
    /// The longest time for which an edition is kept. The store cannot reuse the space of what its snapshot shows.
    pub const KEPT_AT_MOST: Duration = Duration::from_secs(30 * 60);

    /// Returns the number of records.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Returns whether it has no records.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Returns the reports of sources that were not considered in full.
    pub fn incomplete(&self) -> impl Iterator<Item = &SourceReport> {
        self.reports.iter().filter(|report| !report.status.is_complete())
    }

    fn id(&self, entry: &EditionEntry) -> Option<RecordId> {
        match entry {
            EditionEntry::Service(ordinal) => Some(self.snapshot.as_ref()?.facts().get(*ordinal)?.id.clone()),
            EditionEntry::Stored(id) => Some(RecordId::clone(id)),
            EditionEntry::Live(record) => Some(record.id().clone()),
        }
    }

    /// Returns roughly how many bytes of memory it takes.
    fn weight(&self) -> u32 {
        let ids = self.entries.iter().filter(|entry| matches!(entry, EditionEntry::Stored(_))).count();
        let bytes = self.entries.len() * size_of::<EditionEntry>() + ids * size_of::<RecordId>() + BESIDE;
        u32::try_from(bytes).unwrap_or(u32::MAX)
    }
}

/// An estimate of the bytes that reports take and that the snapshot keeps from being freed.
const BESIDE: usize = 256 << 10;
