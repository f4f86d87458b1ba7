//! What a search finds in a holding: the services that match, and how to read each.

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

/// The matches in one part that is searched as a whole: the catalogue with all synchronised sources, or the list of one
/// live source. `at` is a match's index in that part.
pub(in crate::federation) trait HeldMatches: Send + Sync {
    /// Returns this as matches in the catalogue, if it is that.
    fn stored(&self) -> Option<&StoredMatches> {
        None
    }

    /// Returns this as matches in the list of a live source, if it is that.
    fn asked(&self) -> Option<&AskedMatches> {
        None
    }

    fn reports(&self, now: DateTime<Utc>) -> Vec<SourceReport>;

    /// Returns how many services are looked at to go through all matches. In the catalogue, that may be every stored
    /// service.
    fn considered(&self) -> usize;

    /// Returns the matches that may be on a page. `holding` is the number to note in each candidate for this part.
    fn candidates<'m>(
        &'m self,
        holding: usize,
        plan: SearchPlan,
        page: &PageRequest,
        still: &'m StillAsked,
    ) -> PageCandidates<'m>;

    fn facts(&self, at: usize) -> Option<&ServiceFacts>;

    fn score(&self, at: usize) -> Option<f32>;

    /// Returns a match for a page: its rendering in a shape if there is one, otherwise its record. `None` if the record
    /// cannot be read; the log says why. May wait for the disk.
    fn page_service(&self, at: usize, shape: Option<Shape>, today: NaiveDate) -> Option<PageService>;

    fn place(&self, at: usize) -> Option<MatchedPlace>;

    /// Returns the terms that decide a filter here. `live` has the terms of all live sources.
    fn vocabulary<'m>(&'m self, live: &'m TermVocabulary) -> &'m TermVocabulary;

    fn add_to<'m>(&'m self, rows: &mut MatchedRows<'m>);

    /// Calls `tell` with the names of organisations and taxonomy terms. Live matches tell all names that they carry;
    /// the catalogue reads those in `wanted`. May wait for the disk.
    fn tell_names(&self, wanted: &HashSet<&RecordId>, tell: &mut dyn FnMut(&RecordId, &str));
}

pub(in crate::federation) struct PageCandidates<'m> {
    /// The candidates. Each is made when it is asked for.
    pub(in crate::federation) candidates: Box<dyn Iterator<Item = ServiceCandidate<'m>> + 'm>,
    /// Whether matches lie before the window that the candidates were taken from.
    pub(in crate::federation) goes_before: bool,
    /// Whether matches lie behind that window.
    pub(in crate::federation) follows: bool,
    /// Whether the candidates are in the order asked for, beginning at the page's end of the list.
    pub(in crate::federation) are_in_order: bool,
}

impl<'m> PageCandidates<'m> {
    /// Returns all matches as candidates, in any order.
    pub(super) fn of_any_order(candidates: impl Iterator<Item = ServiceCandidate<'m>> + 'm) -> Self {
        let (goes_before, follows, are_in_order) = Default::default();
        Self { candidates: Box::new(candidates), goes_before, follows, are_in_order }
    }
}

#[derive(Clone, Debug)]
pub(in crate::federation) enum MatchedPlace {
    /// The number of a stored service in the table of facts.
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

    /// Reads the record without adding it to the cache of recent ones. Returns `None` if the match is stored and there
    /// is no snapshot to read it from.
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
