//! The matches in the catalogue, and how a page is found without looking at all of very many matches.

use std::collections::HashSet;
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};

use super::matches::{HeldMatches, MatchedPlace, PageCandidates};
use super::read_stored;
use crate::catalogue::{CatalogueSnapshot, NameWindow, ServiceHit};
use crate::federation::query_context::StillAsked;
use crate::federation::ranking::SearchPlan;
use crate::federation::rows::MatchedRows;
use crate::federation::select::{CandidatePlace, ServiceCandidate};
use crate::federation::{PageRequest, PageService, SourceReport};
use crate::model::{
    AnyRecord, RecordId, ServiceFacts, Shape, SortOrder, SortPosition, SortPrefix, SortRank, TermVocabulary,
};

pub(in crate::federation) struct StoredMatches {
    pub(super) snapshot: Arc<CatalogueSnapshot>,
    pub(super) hits: Arc<Vec<ServiceHit>>,
    pub(super) placing: HitOrder,
    pub(super) reports: Vec<SourceReport>,
}

pub(super) enum HitOrder {
    Uncalled,
    /// For each match, what decides its place before its name does.
    Leads(Vec<SortPrefix>),
    /// Services are gone through by name until there are enough matches. The matches are sorted by number.
    ByName,
}

/// If the matches fill fewer pages than this, all of them are looked at.
const FEW_PAGES: usize = 8;

impl StoredMatches {
    pub(in crate::federation) fn snapshot(&self) -> &Arc<CatalogueSnapshot> {
        &self.snapshot
    }

    pub(in crate::federation) fn position(&self, ordinal: u32) -> Option<SortPosition> {
        let (facts, name) = self.snapshot.facts().get_with_name(ordinal)?;
        Some(SortRank::new(name, name, &facts.order_key, &facts.id).to_position())
    }

    fn ordinal(&self, at: usize) -> Option<u32> {
        self.hits.get(at).map(|hit| hit.ordinal)
    }

    /// Turns a match into a candidate. Without a lead, its name leads.
    fn candidate(&self, at: CandidatePlace, lead: Option<SortPrefix>) -> Option<ServiceCandidate<'_>> {
        let (facts, name) = self.snapshot.facts().get_with_name(self.ordinal(at.at)?)?;
        let lead = lead.unwrap_or(name);
        Some(ServiceCandidate { order_key: &facts.order_key, id: &facts.id, lead, name, at })
    }

    fn candidates_by_name(&self, holding: usize, page: &PageRequest) -> PageCandidates<'_> {
        let (table, by_name) = (self.snapshot.facts(), self.snapshot.facts().by_name());
        let NameWindow { skipped, within, behind } =
            by_name.between(page.after.as_ref(), page.before.as_ref(), table);
        let matches = self.membership();
        let is_match = |ordinal: &u32| matches.as_ref().is_none_or(|all| is_member(all, *ordinal));
        let candidate = |ordinal: &u32| {
            let at = self.hits.binary_search_by_key(ordinal, |hit| hit.ordinal).ok()?;
            self.candidate(CandidatePlace { holding, at }, None)
        };
        // One more than wanted, which tells whether the list goes on.
        let wanted = page.size.saturating_add(1);
        let candidates: Vec<_> = match page.from_end {
            false => within.iter().filter(|one| is_match(one)).filter_map(candidate).take(wanted).collect(),
            true => {
                within.iter().rev().filter(|one| is_match(one)).filter_map(candidate).take(wanted).collect()
            }
        };
        let (goes_before, follows) = (skipped.iter().any(is_match), behind.iter().any(is_match));
        let candidates = Box::new(candidates.into_iter());
        PageCandidates { candidates, goes_before, follows, are_in_order: true }
    }

    /// Returns for each service number whether the service matches. `None` if all services match.
    fn membership(&self) -> Option<Vec<bool>> {
        if self.hits.len() == self.snapshot.facts().len() {
            return None;
        }
        let last = self.hits.last().map(|hit| hit.ordinal).unwrap_or_default();
        let mut matches = vec![false; last as usize + 1];
        for hit in self.hits.iter() {
            if let Some(is_match) = matches.get_mut(hit.ordinal as usize) {
                *is_match = true;
            }
        }
        Some(matches)
    }

    fn is_of(&self, id: &RecordId) -> bool {
        self.reports.iter().any(|report| report.info.key == *id.source())
    }

    /// Returns the name of an organisation or a taxonomy term, if it is stored.
    fn name(&self, id: &RecordId) -> Option<String> {
        match read_stored(&self.snapshot, id)? {
            AnyRecord::Organization(organization) => Some(organization.name.clone()),
            AnyRecord::TaxonomyTerm(term) => Some(term.name.clone()),
            _ => None,
        }
    }
}

impl HeldMatches for StoredMatches {
    fn stored(&self) -> Option<&StoredMatches> {
        Some(self)
    }

    fn reports(&self, _: DateTime<Utc>) -> Vec<SourceReport> {
        self.reports.clone()
    }

    fn considered(&self) -> usize {
        self.snapshot.facts().len()
    }

    fn candidates<'m>(
        &'m self,
        holding: usize,
        plan: SearchPlan,
        page: &PageRequest,
        still: &'m StillAsked,
    ) -> PageCandidates<'m> {
        let leads = match &self.placing {
            HitOrder::Uncalled => return PageCandidates::of_any_order(std::iter::empty()),
            HitOrder::ByName => return self.candidates_by_name(holding, page),
            HitOrder::Leads(leads) => leads,
        };
        let bar = bar(leads, plan.order, page);
        let good_enough = still.while_asked(leads.iter().enumerate());
        let good_enough = good_enough.filter(move |(_, lead)| bar.is_none_or(|bar| **lead <= bar));
        let candidate = move |(at, lead): (usize, &SortPrefix)| {
            self.candidate(CandidatePlace { holding, at }, Some(*lead))
        };
        PageCandidates::of_any_order(good_enough.filter_map(candidate))
    }

    fn facts(&self, at: usize) -> Option<&ServiceFacts> {
        Some(self.snapshot.facts().get(self.ordinal(at)?)?)
    }

    fn score(&self, at: usize) -> Option<f32> {
        self.hits.get(at).map(|hit| hit.score)
    }

    fn page_service(&self, at: usize, shape: Option<Shape>, today: NaiveDate) -> Option<PageService> {
        let ordinal = self.ordinal(at)?;
        if let Some(shape) = shape
            && let Some(rendering) = self.snapshot.service_rendering(shape, ordinal, today)
        {
            return Some(PageService::Written(rendering, ordinal));
        }
        let read = self.snapshot.service(ordinal);
        let read = read.inspect_err(|error| tracing::error!(%error, "cannot read a stored service")).ok()?;
        Some(match read.is_as_stored {
            true => PageService::Stored(read.service, ordinal),
            false => PageService::Made(read.service),
        })
    }

    fn place(&self, at: usize) -> Option<MatchedPlace> {
        self.ordinal(at).map(MatchedPlace::Stored)
    }

    fn vocabulary<'m>(&'m self, _: &'m TermVocabulary) -> &'m TermVocabulary {
        self.snapshot.vocabulary()
    }

    fn add_to<'m>(&'m self, rows: &mut MatchedRows<'m>) {
        rows.add_stored(self.snapshot.facts().clone(), self.hits.iter().map(|hit| hit.ordinal));
    }

    fn tell_names(&self, wanted: &HashSet<&RecordId>, tell: &mut dyn FnMut(&RecordId, &str)) {
        for id in wanted.iter().filter(|id| self.is_of(id)) {
            if let Some(name) = self.name(id) {
                tell(id, &name);
            }
        }
    }
}

fn is_member(matches: &[bool], ordinal: u32) -> bool {
    matches.get(ordinal as usize).is_some_and(|matches| *matches)
}

// Returns the lead of the first match behind the first page. Matches with a worse lead need not be looked at, which
// saves most of the work if very many match. `None` if all have to be looked at.
fn bar(leads: &[SortPrefix], order: SortOrder, page: &PageRequest) -> Option<SortPrefix> {
    let is_first = page.after.is_none() && page.before.is_none() && !page.from_end;
    if !is_first || !order.goes_by_lead() || leads.len() <= page.size.saturating_mul(FEW_PAGES) {
        return None;
    }
    let mut leads = leads.to_vec();
    Some(*leads.select_nth_unstable(page.size).1)
}
