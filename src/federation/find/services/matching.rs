//! All matches, stored and live. Pages are cut from them, and statistics are counted over them.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use chrono::NaiveDate;

use super::{ServiceFinder, ServiceQuery};
use crate::federation::holding::{AskedMatches, HeldMatches, PageCandidates, StoredMatches};
use crate::federation::known_terms::{KnownTerms, UnknownTerm};
use crate::federation::query_context::StillAsked;
use crate::federation::ranking::SearchPlan;
use crate::federation::rows::MatchedRows;
use crate::federation::select::{SelectedPage, ServiceCandidate, select, select_first};
use crate::federation::{PageRequest, QueryContext, SourceReport};
use crate::model::{OrderKey, RecordId, ServiceFilter};

/// All services that match a filter.
pub struct MatchingServices {
    /// The matches by holding. Candidates name a holding by its index here.
    pub(in crate::federation) held: Vec<Box<dyn HeldMatches>>,
    /// The filter, with its phrases read by the words of all services.
    pub(in crate::federation) filter: Arc<ServiceFilter>,
    /// How each source took part, in configuration order.
    pub(in crate::federation) reports: Vec<SourceReport>,
    pub(in crate::federation) terms: KnownTerms,
}

impl std::fmt::Debug for MatchingServices {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MatchingServices").field("considered", &self.considered()).finish_non_exhaustive()
    }
}

impl ServiceFinder {
    pub(in crate::federation) async fn search(
        &self,
        filter: &ServiceFilter,
        plan: SearchPlan,
        asking: &QueryContext,
    ) -> MatchingServices {
        self.holdings.search(filter, plan, &self.places.postcodes(), asking).await
    }
}

impl MatchingServices {
    /// Returns what is known of taxonomy terms.
    pub fn terms(&self) -> &KnownTerms {
        &self.terms
    }

    pub(super) fn stored(&self) -> Option<&StoredMatches> {
        self.held.iter().find_map(|matches| matches.stored())
    }

    pub(super) fn asked(&self) -> impl Iterator<Item = &AskedMatches> {
        self.held.iter().filter_map(|matches| matches.asked())
    }

    /// Returns how many services there are to go through: all stored services, which may have to be read, and the live
    /// matches.
    pub(in crate::federation) fn considered(&self) -> usize {
        self.held.iter().map(|matches| matches.considered()).sum()
    }

    /// Returns how many services are gone through for a page. If the list is already in the order asked for, only the
    /// page is looked at, so that counts as none.
    pub(super) fn considered_for(&self, query: &ServiceQuery) -> usize {
        let is_cut = self.stored().is_none() && SearchPlan::of(query).is_by_name();
        if is_cut && query.facets.is_empty() && query.grids.is_empty() { 0 } else { self.considered() }
    }

    /// Selects a page from all matches, in the order of the plan.
    pub(super) fn select<'m>(
        &'m self,
        plan: SearchPlan,
        page: &PageRequest,
        still: &'m StillAsked,
    ) -> SelectedPage<ServiceCandidate<'m>> {
        let parts = self.held.iter().enumerate();
        let parts = parts.map(|(holding, matches)| matches.candidates(holding, plan, page, still));
        let parts: Vec<PageCandidates<'_>> = parts.collect();
        let goes_before = parts.iter().any(|part| part.goes_before);
        let follows = parts.iter().any(|part| part.follows);
        let are_in_order = parts.iter().all(|part| part.are_in_order);
        let candidates = parts.into_iter().map(|part| part.candidates);
        let mut selected = match are_in_order {
            true => select_first(candidates, plan.order, page),
            false => select(candidates.flatten().collect(), plan.order, page),
        };
        selected.has_previous_page |= goes_before;
        selected.has_next_page |= follows;
        selected
    }

    pub(in crate::federation) fn rows(&self, today: NaiveDate) -> MatchedRows<'_> {
        let mut rows = MatchedRows::none(today, &self.terms);
        self.held.iter().for_each(|matches| matches.add_to(&mut rows));
        rows
    }

    pub(in crate::federation) async fn unknown_terms(
        &self,
        filter: &ServiceFilter,
        asking: &QueryContext,
    ) -> Vec<UnknownTerm> {
        if !filter.asks_for_terms() {
            return Vec::new();
        }
        let (known, asked) = (self.terms.clone(), filter.clone());
        // Looking for similar names would hold up this thread, which serves other requests, for too long.
        let looking = asking.off_thread_if_many(self.considered(), move |_| known.unknown(&asked));
        looking.await.unwrap_or_default()
    }

    /// Returns the names of these organisations and taxonomy terms, as far as the gateway has them. No feed is read for
    /// a name. Waits for the disk, so call it on a thread that may block.
    pub(in crate::federation) fn names_of<'a>(
        &self,
        ids: impl Iterator<Item = &'a RecordId>,
    ) -> HashMap<&'a RecordId, String> {
        let wanted: HashSet<&RecordId> = ids.collect();
        let mut names: HashMap<&RecordId, String> = HashMap::new();
        for matches in &self.held {
            matches.tell_names(&wanted, &mut |id, name| {
                if let Some(id) = wanted.get(id) {
                    names.entry(*id).or_insert_with(|| name.to_owned());
                }
            });
        }
        names
    }

    /// Returns the organisations that live services name, each with its sort key.
    pub(in crate::federation) fn live_organizations(&self) -> impl Iterator<Item = (&RecordId, &OrderKey)> {
        self.asked().flat_map(AskedMatches::organizations)
    }
}
