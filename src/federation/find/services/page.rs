//! From all that matches to the page that was asked for.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::NaiveDate;

use super::page_reading::PageReading;
use super::stored::KeptCandidates;
use super::{
    MatchingServices, PageService, ServiceDistance, ServiceMatch, ServicePage, ServiceQuery, Yardstick, score,
};
use crate::federation::facets::FacetCounts;
use crate::federation::grid::GridCounts;
use crate::federation::query_context::StillAsked;
use crate::federation::report::{damaged, records_unreadable};
use crate::federation::select::{SelectedPage, ServiceCandidate, select, select_first};
use crate::federation::{Federation, QueryContext, RecordPage, SourceReport};
use crate::model::{
    OrderBy, PostcodePlaces, Service, ServiceFacts, ServiceFilter, SortOrder, SortPosition, SortPrefix,
    SourceKey, london_today,
};

impl Federation {
    pub(super) async fn service_page(
        &self,
        matching: &Arc<MatchingServices>,
        query: &ServiceQuery,
        asking: &QueryContext,
    ) -> ServicePage {
        let mut reports = self.reports_of(matching);
        let by_name =
            query.order == SortOrder::default() && query.facets.is_empty() && query.grids.is_empty();
        let chosen = match &matching.kept {
            // Sources keep their lists in this order, so that nothing has to be sorted.
            None if by_name => Some(first_by_name(matching, query, &self.places())),
            _ => self.chosen(matching, query, asking).await,
        };
        if chosen.is_none() {
            asking.failed();
            let error = damaged("the matches could not be sorted", self.clock.now());
            reports = reports.into_iter().map(|report| report.failed(error.clone())).collect();
        }
        let Chosen { records, found, has_next_page, has_previous_page, facets, grids, unreadable } =
            chosen.unwrap_or_default();
        if !unreadable.is_empty() {
            asking.failed();
            let error = records_unreadable(self.clock.now());
            let lacking = |report: SourceReport| match unreadable.contains(&report.info.key) {
                true => report.lacking(error.clone()),
                false => report,
            };
            reports = reports.into_iter().map(lacking).collect();
        }
        let total_count = SourceReport::total(&reports);
        let connection = RecordPage { records, has_next_page, has_previous_page, total_count, reports };
        let asks = matching.filter.asks().cloned().collect();
        let (order, matching, unknown_terms) = (query.order, Arc::clone(matching), Vec::new());
        let (shape, today) = (query.shape, london_today(self.clock.now()));
        ServicePage { connection, order, found, facets, grids, asks, shape, today, matching, unknown_terms }
    }

    async fn chosen(
        &self,
        matching: &Arc<MatchingServices>,
        query: &ServiceQuery,
        asking: &QueryContext,
    ) -> Option<Chosen> {
        let (matching, query, places) = (Arc::clone(matching), query.clone(), self.places());
        let today = london_today(self.clock.now());
        // Counting and ordering many services takes longer than a thread that serves others may be held up.
        let considered = matching.considered();
        asking
            .off_thread_if_many(considered, move |asked| choose(&matching, &query, &places, today, asked))
            .await
    }
}

fn first_by_name(matching: &MatchingServices, query: &ServiceQuery, places: &PostcodePlaces) -> Chosen {
    let live = &matching.live;
    let lists: Vec<_> = live.iter().map(|one| one.considered.matches.as_slice()).collect();
    let cut = crate::federation::merge::cut(&lists, &query.page);
    let yardstick = Yardstick::of(query);
    let found = cut.records.iter().map(|service| {
        let unknown = live.iter().find_map(|one| one.unknown.get(&service.id)).cloned().unwrap_or_default();
        yardstick.found(None, service.facts(places), || score(&matching.filter, service), unknown)
    });
    Chosen {
        found: found.collect(),
        records: cut.records.into_iter().map(PageService::Listed).collect(),
        has_next_page: cut.has_next_page,
        has_previous_page: cut.has_previous_page,
        facets: FacetCounts::default(),
        grids: GridCounts::default(),
        unreadable: BTreeSet::new(),
    }
}

fn choose(
    matching: &MatchingServices,
    query: &ServiceQuery,
    places: &PostcodePlaces,
    today: NaiveDate,
    asked: &StillAsked,
) -> Chosen {
    let yardstick = Yardstick::of(query);
    let (facets, grids) = if query.facets.is_empty() && query.grids.is_empty() {
        (FacetCounts::default(), GridCounts::default())
    } else {
        let rows = matching.rows(places, today);
        (
            FacetCounts::of(query.facets, &rows, asked),
            GridCounts::of(query.grids, &query.filter, &rows, asked),
        )
    };
    let kept = matching.kept.as_ref().map(|kept| kept.candidates(query.order, &query.page, asked));
    let KeptCandidates { mut candidates, goes_before, follows, are_in_order } = kept.unwrap_or_default();
    for (number, one) in matching.live.iter().enumerate() {
        let each = asked.while_asked(one.considered.matches.as_slice().iter().enumerate());
        candidates.extend(each.map(|(at, service)| {
            yardstick.candidate(&matching.filter, service, places, CandidatePlace::Live(number, at))
        }));
    }
    let selection = match are_in_order && matching.live.is_empty() {
        true => select_first(candidates, &query.page),
        false => select(candidates, query.order, &query.page),
    };
    let SelectedPage { candidates, has_next_page, has_previous_page } = selection;
    let (has_next_page, has_previous_page) = (has_next_page || follows, has_previous_page || goes_before);
    let (records, found, unreadable) = PageReading::new(matching, query, today, asked).read(candidates);
    Chosen { records, found, has_next_page, has_previous_page, facets, grids, unreadable }
}

/// A page's services, and what goes with them.
#[derive(Default)]
struct Chosen {
    records: Vec<PageService>,
    found: Vec<ServiceMatch>,
    has_next_page: bool,
    has_previous_page: bool,
    facets: FacetCounts,
    grids: GridCounts,
    /// The sources of which a match could not be read.
    unreadable: BTreeSet<SourceKey>,
}

/// Where a candidate's record is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::federation) enum CandidatePlace {
    /// In the list of a live source: which source's, and where in it.
    Live(usize, usize),
    /// In the catalogue: which of the matches there.
    Kept(usize),
}

impl Yardstick {
    /// A live service as a candidate.
    pub(super) fn candidate<'s>(
        self,
        filter: &ServiceFilter,
        service: &'s Arc<Service>,
        places: &PostcodePlaces,
        at: CandidatePlace,
    ) -> ServiceCandidate<'s> {
        let (facts, name) = (service.facts(places), SortPrefix::of_name(&service.order_key));
        ServiceCandidate { facts, lead: self.lead(facts, name, || score(filter, service)), name, at }
    }

    /// What decides a service's place before its name does.
    pub(super) fn lead(
        self,
        facts: &ServiceFacts,
        name: SortPrefix,
        score: impl FnOnce() -> f32,
    ) -> SortPrefix {
        #[expect(clippy::cast_precision_loss, reason = "milliseconds stay exact for some 285,000 years")]
        let value = match self.order.by {
            OrderBy::Name | OrderBy::Source => return name,
            OrderBy::Relevance => return self.lead_of_score(score),
            OrderBy::Distance => {
                self.near.and_then(|near| facts.points.nearest(near.centre)).map(|nearest| nearest.metres)
            }
            OrderBy::LastModified => facts.last_modified.map(|at| at.timestamp_millis() as f64),
            OrderBy::AssuredDate => {
                facts.assured_date.map(|date| f64::from(chrono::Datelike::num_days_from_ce(&date)))
            }
        };
        self.order.lead(value)
    }

    /// The same, if that does not depend on what else is known of the service.
    pub(super) fn lead_by_score(self, score: impl FnOnce() -> f32) -> Option<SortPrefix> {
        (self.order.by == OrderBy::Relevance).then(|| self.lead_of_score(score))
    }

    fn lead_of_score(self, score: impl FnOnce() -> f32) -> SortPrefix {
        // Scores are tenths; sums of them in another order may differ by less.
        self.order.lead(self.is_ranked.then(|| f64::from(score() * 10.0).round()))
    }

    pub(super) fn found(
        self,
        position: Option<SortPosition>,
        facts: &ServiceFacts,
        score: impl FnOnce() -> f32,
        unknown: Vec<&'static str>,
    ) -> ServiceMatch {
        let distance = self.near.and_then(|near| {
            let nearest = facts.points.nearest(near.centre)?;
            let location = facts.location_of(nearest.point).cloned();
            Some(Box::new(ServiceDistance { metres: nearest.metres, location }))
        });
        ServiceMatch {
            position: position.map(Box::new),
            unknown,
            score: self.is_ranked.then(score),
            distance,
        }
    }
}
