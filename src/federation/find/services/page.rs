//! Cuts the requested page from all matches.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::NaiveDate;

use super::page_reading::PageReading;
use super::{MatchingServices, PageService, ServiceFinder, ServiceMatch, ServicePage, ServiceQuery};
use crate::federation::facets::FacetCounts;
use crate::federation::grid::GridCounts;
use crate::federation::query_context::StillAsked;
use crate::federation::ranking::SearchPlan;
use crate::federation::report::{damaged, records_unreadable};
use crate::federation::select::SelectedPage;
use crate::federation::{QueryContext, RecordPage, SourceReport};
use crate::model::SourceKey;

impl ServiceFinder {
    pub(super) async fn service_page(
        &self,
        matching: &Arc<MatchingServices>,
        query: &ServiceQuery,
        asking: &QueryContext,
    ) -> ServicePage {
        let today = self.holdings.today();
        let (chosen_of, asked_for) = (Arc::clone(matching), query.clone());
        // Counting and sorting many services would hold up this thread, which serves other requests, for too long.
        let choosing = asking.off_thread_if_many(matching.considered_for(query), move |still| {
            choose(&chosen_of, &asked_for, today, still)
        });
        let chosen = choosing.await;
        let mut reports = matching.reports.clone();
        if chosen.is_none() {
            reports = self.unsorted(reports, asking);
        }
        let Chosen { records, found, has_next_page, has_previous_page, facets, grids, unreadable } =
            chosen.unwrap_or_default();
        if !unreadable.is_empty() {
            asking.failed();
            let error = records_unreadable(self.holdings.now());
            let lacking = |report: SourceReport| match unreadable.contains(&report.info.key) {
                true => report.lacking(error.clone()),
                false => report,
            };
            reports = reports.into_iter().map(lacking).collect();
        }
        let total_count = SourceReport::total(&reports);
        let connection = RecordPage { records, has_next_page, has_previous_page, total_count, reports };
        let asks = matching.filter.asks().cloned().collect();
        let (order, shape, matching) = (query.order, query.shape, Arc::clone(matching));
        let unknown_terms = Vec::new();
        ServicePage { connection, order, found, facets, grids, asks, shape, today, matching, unknown_terms }
    }

    /// Returns the reports of an answer whose matches could not be sorted.
    pub(super) fn unsorted(&self, reports: Vec<SourceReport>, asking: &QueryContext) -> Vec<SourceReport> {
        asking.failed();
        let error = damaged("the matches could not be sorted", self.holdings.now());
        SourceReport::all_failed(reports, &error)
    }
}

#[derive(Default)]
struct Chosen {
    records: Vec<PageService>,
    found: Vec<ServiceMatch>,
    has_next_page: bool,
    has_previous_page: bool,
    facets: FacetCounts,
    grids: GridCounts,
    unreadable: BTreeSet<SourceKey>,
}

fn choose(matching: &MatchingServices, query: &ServiceQuery, today: NaiveDate, still: &StillAsked) -> Chosen {
    let (mut facets, mut grids) = (FacetCounts::default(), GridCounts::default());
    if !query.facets.is_empty() || !query.grids.is_empty() {
        let rows = matching.rows(today);
        facets = FacetCounts::of(query.facets, &rows, still);
        grids = GridCounts::of(query.grids, &query.filter, &rows, still);
    }
    let SelectedPage { candidates, has_next_page, has_previous_page } =
        matching.select(SearchPlan::of(query), &query.page, still);
    let (records, found, unreadable) = PageReading::new(matching, query, today, still).read(candidates);
    Chosen { records, found, has_next_page, has_previous_page, facets, grids, unreadable }
}
