//! What a question finds in what is held: the services that match, and how to come by each.

use std::collections::HashSet;
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};

use super::{AskedMatches, StoredMatches};
use crate::catalogue::{CatalogueSnapshot, StoreError};
use crate::federation::query_context::StillAsked;
use crate::federation::ranking::SearchPlan;
use crate::federation::rows::MatchedRows;
use crate::federation::select::ServiceCandidate;
use crate::federation::{PageRequest, PageService, SourceReport};
use crate::model::{PostcodePlaces, RecordId, Service, ServiceFacts, Shape, TermVocabulary};

/// The matches in what is searched as one: the catalogue with all synchronised sources, or the list of a live one. Each
/// goes by its place among them.
pub(in crate::federation) trait HeldMatches: Send + Sync {
    /// What the catalogue has, if this is that.
    fn stored(&self) -> Option<&StoredMatches> {
        None
    }

    /// What a live source has, if this is that.
    fn asked(&self) -> Option<&AskedMatches> {
        None
    }

    fn reports(&self, now: DateTime<Utc>) -> Vec<SourceReport>;

    /// How many services are gone through where all matches are looked at: those that are stored may have to be read.
    fn considered(&self) -> usize;

    /// What may be on a page; `holding` is the number by which these matches are known.
    fn candidates(
        &self,
        holding: usize,
        plan: SearchPlan,
        page: &PageRequest,
        still: &StillAsked,
    ) -> PageCandidates<'_>;

    fn facts(&self, at: usize) -> Option<&ServiceFacts>;

    fn score(&self, at: usize) -> Option<f32>;

    /// A match as a page shows it: what was written of it in a shape, or its record. `None` if that cannot be read, with a
    /// line in the log. May wait for the disk.
    fn page_service(&self, at: usize, shape: Option<Shape>, today: NaiveDate) -> Option<PageService>;

    fn place(&self, at: usize) -> Option<MatchedPlace>;

    /// The terms that a filter is decided by here; `live` are those of all live sources.
    fn vocabulary<'m>(&'m self, live: &'m TermVocabulary) -> &'m TermVocabulary;

    fn add_to<'m>(&'m self, rows: &mut MatchedRows<'m>);

    /// Tells the names of organisations and taxonomy terms: those that matches carry and, of these that are `wanted`, those
    /// that are stored. May wait for the disk.
    fn tell_names(&self, wanted: &HashSet<&RecordId>, tell: &mut dyn FnMut(&RecordId, &str));
}

#[derive(Default)]
pub(in crate::federation) struct PageCandidates<'m> {
    pub(in crate::federation) candidates: Vec<ServiceCandidate<'m>>,
    /// Whether others that match lie before the part of the list that the page is of.
    pub(in crate::federation) goes_before: bool,
    /// Whether others that match lie behind that part.
    pub(in crate::federation) follows: bool,
    /// Whether they are in the order asked for, beginning at the end that the page is at.
    pub(in crate::federation) are_in_order: bool,
}

#[derive(Clone, Debug)]
pub(in crate::federation) enum MatchedPlace {
    /// In the catalogue, by its number in the table of facts.
    Stored(u32),
    Listed(Arc<Service>),
}

impl MatchedPlace {
    pub(in crate::federation) fn facts<'p>(
        &'p self,
        snapshot: Option<&'p CatalogueSnapshot>,
        places: &PostcodePlaces,
    ) -> Option<&'p ServiceFacts> {
        match self {
            Self::Stored(ordinal) => Some(snapshot?.facts().get(*ordinal)?),
            Self::Listed(service) => Some(service.facts(places)),
        }
    }

    /// Its record, past the cache of recent ones; `None` if there is no catalogue to read it from.
    pub(in crate::federation) fn read_passing(
        self,
        snapshot: Option<&CatalogueSnapshot>,
    ) -> Result<Option<Arc<Service>>, StoreError> {
        match self {
            Self::Stored(ordinal) => snapshot.map(|snapshot| snapshot.passing_service(ordinal)).transpose(),
            Self::Listed(service) => Ok(Some(service)),
        }
    }
}
