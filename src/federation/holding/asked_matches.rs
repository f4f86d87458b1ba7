//! The matches in the list of a live source.

use std::collections::HashSet;
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use itertools::Either;

use super::matches::{HeldMatches, MatchedPlace, PageCandidates};
use crate::federation::merge;
use crate::federation::query_context::StillAsked;
use crate::federation::ranking::SearchPlan;
use crate::federation::rows::MatchedRows;
use crate::federation::select::{CandidatePlace, ServiceCandidate};
use crate::federation::source_matches::SourceMatches;
use crate::federation::{PageRequest, PageService, SourceReport, WantedFacts};
use crate::model::{
    OrderKey, PostcodePlaces, RecordId, Service, ServiceFacts, ServiceFilter, Shape, SortPrefix, SourceKey,
    StatedFacts, TermVocabulary, TextQuery,
};

pub(in crate::federation) struct AskedMatches {
    pub(in crate::federation) considered: SourceMatches<Service>,
    pub(super) filter: Arc<ServiceFilter>,
    pub(super) places: Arc<PostcodePlaces>,
}

impl AskedMatches {
    /// Returns the matches, sorted by name.
    pub(in crate::federation) fn services(&self) -> &[Arc<Service>] {
        self.considered.matches.as_slice()
    }

    pub(in crate::federation) fn key(&self) -> &SourceKey {
        &self.considered.source.info().key
    }

    /// Returns whether the source's list may leave out something that is wanted.
    pub(in crate::federation) fn lacks(&self, wanted: WantedFacts) -> bool {
        wanted.nested || !states(&self.considered, wanted.facts)
    }

    /// Returns the organisations that the matches name, each with its sort key.
    pub(in crate::federation) fn organizations(&self) -> impl Iterator<Item = (&RecordId, &OrderKey)> {
        let organizations = self.services().iter().filter_map(|service| service.organization.as_ref());
        organizations.map(|organization| (&organization.id, &organization.order_key))
    }

    fn score_of(&self, service: &Service) -> f32 {
        TextQuery::of_tenths(self.filter.tenths(service))
    }
}

impl HeldMatches for AskedMatches {
    fn asked(&self) -> Option<&AskedMatches> {
        Some(self)
    }

    fn reports(&self, now: DateTime<Utc>) -> Vec<SourceReport> {
        vec![self.considered.report(now)]
    }

    fn considered(&self) -> usize {
        self.services().len()
    }

    // If the list is already in the order asked for, only the page and one service more.
    fn candidates<'m>(
        &'m self,
        holding: usize,
        plan: SearchPlan,
        page: &PageRequest,
        still: &'m StillAsked,
    ) -> PageCandidates<'m> {
        let list = self.services();
        let are_in_order = plan.is_by_name();
        let (looked_at, goes_before, follows) = match are_in_order {
            true => merge::nearest(list, page),
            false => (0..list.len(), false, false),
        };
        let candidate = move |at: usize| {
            let service = list.get(at)?;
            let (order_key, id) = (&service.order_key, &service.id);
            let name = SortPrefix::of_name(order_key);
            let lead = plan.lead(|| service.facts(&self.places), name, || self.score_of(service));
            Some(ServiceCandidate { order_key, id, lead, name, at: CandidatePlace { holding, at } })
        };
        let looked_at = match are_in_order && page.from_end {
            true => Either::Left(looked_at.rev()),
            false => Either::Right(looked_at),
        };
        let candidates = Box::new(still.while_asked(looked_at).filter_map(candidate));
        PageCandidates { candidates, goes_before, follows, are_in_order }
    }

    fn facts(&self, at: usize) -> Option<&ServiceFacts> {
        Some(self.services().get(at)?.facts(&self.places))
    }

    fn score(&self, at: usize) -> Option<f32> {
        Some(self.score_of(self.services().get(at)?))
    }

    fn page_service(&self, at: usize, _: Option<Shape>, _: NaiveDate) -> Option<PageService> {
        Some(PageService::Listed(Arc::clone(self.services().get(at)?)))
    }

    fn place(&self, at: usize) -> Option<MatchedPlace> {
        Some(MatchedPlace::Listed(Arc::clone(self.services().get(at)?)))
    }

    fn vocabulary<'m>(&'m self, live: &'m TermVocabulary) -> &'m TermVocabulary {
        live
    }

    fn add_to<'m>(&'m self, rows: &mut MatchedRows<'m>) {
        rows.add_listed(self.services().iter().map(|service| service.facts(&self.places)));
    }

    fn tell_names(&self, _: &HashSet<&RecordId>, tell: &mut dyn FnMut(&RecordId, &str)) {
        self.services()
            .iter()
            .flat_map(|service| names_carried(service))
            .for_each(|(id, name)| tell(id, name));
    }
}

/// Returns the ids and names of the organisation and the taxonomy terms that a service carries.
pub(in crate::federation) fn names_carried(service: &Service) -> impl Iterator<Item = (&RecordId, &str)> {
    let provider = service.organization.iter().map(|one| (&one.id, one.name.as_str()));
    let terms = service.all_attributes().filter_map(|attribute| attribute.taxonomy_term.as_ref());
    provider.chain(terms.map(|term| (&term.id, term.name.as_str())))
}

/// Returns whether a source's list states these facts for any of its services. If not, the list may leave them out.
pub(super) fn states(considered: &SourceMatches<Service>, facts: StatedFacts) -> bool {
    let services = considered.matches.as_slice().iter();
    facts == StatedFacts::default()
        || considered.source.lists_state_facts()
        || StatedFacts::by_any(services.map(AsRef::as_ref)).covers(facts)
}
