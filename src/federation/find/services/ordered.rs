//! All services that match, in order: for exports, and for lists whose pages have numbers.

use std::sync::Arc;

use super::page::CandidatePlace;
use super::stored::KeptCandidates;
use super::{MatchingServices, Yardstick};
use crate::catalogue::CatalogueSnapshot;
use crate::federation::known_terms::UnknownTerm;
use crate::federation::query_context::StillAsked;
use crate::federation::report::damaged;
use crate::federation::select::{ServiceCandidate, select};
use crate::federation::{Federation, PageRequest, QueryContext, SourceReport};
use crate::model::{PostcodePlaces, Service, ServiceFilter};

/// All services that match, in their natural order.
#[derive(Debug)]
pub(in crate::federation) struct OrderedServices {
    pub services: Vec<OrderedService>,
    /// The catalogue that the stored ones are in.
    pub snapshot: Option<Arc<CatalogueSnapshot>>,
    pub reports: Vec<SourceReport>,
    /// What the filter names that no source has.
    pub unknown_terms: Vec<UnknownTerm>,
}

/// A service in an order.
#[derive(Clone, Debug)]
pub(in crate::federation) enum OrderedService {
    /// In the catalogue, by its number in the table of facts.
    Kept(u32),
    /// In the list of a live source.
    Live(Arc<Service>),
}

impl Federation {
    /// All services that match, in their natural order.
    pub(in crate::federation) async fn ordered_services(
        &self,
        filter: &ServiceFilter,
        asking: &QueryContext,
    ) -> OrderedServices {
        let order = filter.natural_order();
        let (near, is_ranked) = (filter.nearby(), filter.is_ranked());
        let yardstick =
            Yardstick { order, page_size: usize::MAX, near, is_ranked, by_terms: false, only_counts: false };
        let matching = Arc::new(self.measured(filter, yardstick, asking).await);
        let unknown_terms = self.unknown_terms(filter, &matching, asking).await;
        let mut reports = self.reports_of(&matching);
        let snapshot = matching.kept.as_ref().map(|kept| Arc::clone(kept.snapshot()));
        let (places, considered) = (self.places(), matching.considered());
        let ordering = move |still: &StillAsked| in_order(&matching, yardstick, &places, still);
        let services = asking.off_thread_if_many(considered, ordering).await;
        if services.is_none() {
            asking.failed();
            let error = damaged("the matches could not be sorted", self.clock.now());
            reports = reports.into_iter().map(|report| report.failed(error.clone())).collect();
        }
        OrderedServices { services: services.unwrap_or_default(), snapshot, reports, unknown_terms }
    }
}

fn in_order(
    matching: &MatchingServices,
    yardstick: Yardstick,
    places: &PostcodePlaces,
    still: &StillAsked,
) -> Vec<OrderedService> {
    let kept =
        matching.kept.as_ref().map(|kept| kept.candidates(yardstick.order, &PageRequest::EVERYTHING, still));
    let KeptCandidates { mut candidates, are_in_order, .. } = kept.unwrap_or_default();
    for (number, one) in matching.live.iter().enumerate() {
        let each = still.while_asked(one.considered.matches.as_slice().iter().enumerate());
        candidates.extend(each.map(|(at, service)| {
            yardstick.candidate(&matching.filter, service, places, CandidatePlace::Live(number, at))
        }));
    }
    let ordered = match are_in_order && matching.live.is_empty() {
        true => candidates,
        false => select(candidates, yardstick.order, &PageRequest::EVERYTHING).candidates,
    };
    let place = |candidate: &ServiceCandidate<'_>| match candidate.at {
        CandidatePlace::Kept(at) => matching.kept.as_ref()?.ordinal(at).map(OrderedService::Kept),
        CandidatePlace::Live(number, at) => {
            let service = matching.live.get(number)?.considered.matches.as_slice().get(at)?;
            Some(OrderedService::Live(Arc::clone(service)))
        }
    };
    ordered.iter().filter_map(place).collect()
}
