//! All matching services in order, for exports and for lists with numbered pages.

use std::sync::Arc;

use super::{MatchingServices, ServiceFinder};
use crate::catalogue::CatalogueSnapshot;
use crate::federation::holding::MatchedPlace;
use crate::federation::known_terms::UnknownTerm;
use crate::federation::query_context::StillAsked;
use crate::federation::ranking::SearchPlan;
use crate::federation::{PageRequest, QueryContext, SourceReport};
use crate::model::ServiceFilter;

#[derive(Debug)]
pub(in crate::federation) struct OrderedServices {
    pub services: Vec<MatchedPlace>,
    /// The snapshot of the stored services.
    pub snapshot: Option<Arc<CatalogueSnapshot>>,
    pub reports: Vec<SourceReport>,
    /// What the filter names and no source has.
    pub unknown_terms: Vec<UnknownTerm>,
}

impl ServiceFinder {
    pub(in crate::federation) async fn in_order(
        &self,
        filter: &ServiceFilter,
        asking: &QueryContext,
    ) -> OrderedServices {
        let plan = SearchPlan::of_all(filter, filter.natural_order());
        let matching = Arc::new(self.search(filter, plan, asking).await);
        let unknown_terms = matching.unknown_terms(filter, asking).await;
        let mut reports = matching.reports.clone();
        let snapshot = matching.stored().map(|stored| Arc::clone(stored.snapshot()));
        let considered = matching.considered();
        let ordering = move |still: &StillAsked| ordered(&matching, plan, still);
        let services = asking.off_thread_if_many(considered, ordering).await;
        if services.is_none() {
            reports = self.unsorted(reports, asking);
        }
        OrderedServices { services: services.unwrap_or_default(), snapshot, reports, unknown_terms }
    }
}

fn ordered(matching: &MatchingServices, plan: SearchPlan, still: &StillAsked) -> Vec<MatchedPlace> {
    let ordered = matching.select(plan, &PageRequest::EVERYTHING, still).candidates;
    let place = ordered.iter().map(|one| matching.held.get(one.at.holding)?.place(one.at.at));
    place.flatten().collect()
}
