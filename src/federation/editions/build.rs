//! Builds an edition from what all sources have.

use std::collections::HashSet;
use std::sync::Arc;

use super::{EditionEntry, EditionKeeper, EditionQuery};
use crate::catalogue::CatalogueSnapshot;
use crate::federation::find::OrderedServices;
use crate::federation::holding::MatchedPlace;
use crate::federation::known_terms::UnknownTerm;
use crate::federation::source_matches::SourceMatches;
use crate::federation::{
    LocationFilter, OrganizationFilter, QueryContext, SourceReport, TaxonomyTermFilter, giving_way,
};
use crate::model::{
    AnyRecord, NearPoint, RecordId, RecordKind, Service, ServiceAtLocation, ServiceFacts, ServiceFilter,
    SourceKey, Taxonomy,
};
use crate::source::NestedRecord;

pub(super) struct EditionContent {
    pub entries: Vec<EditionEntry>,
    pub snapshot: Option<Arc<CatalogueSnapshot>>,
    pub reports: Vec<SourceReport>,
    pub unknown_terms: Vec<UnknownTerm>,
}

/// How often records are listed at most, if some are written while they are listed.
const TRIES: usize = 3;

impl EditionKeeper {
    pub(super) async fn edition_content(
        &self,
        query: &EditionQuery,
        asking: &QueryContext,
    ) -> EditionContent {
        let sources = self.published_keys();
        match query {
            EditionQuery::Services(filter) => {
                let filter = ServiceFilter { sources, ..filter.clone() };
                EditionContent::of_services(self.services.in_order(&filter, asking).await)
            }
            EditionQuery::ServiceAtLocations(filter) if *filter == ServiceFilter::default() => {
                self.edition_of(|| self.published_list::<ServiceAtLocation>(asking), asking).await
            }
            EditionQuery::ServiceAtLocations(filter) => {
                let filter = ServiceFilter { sources, ..filter.clone() };
                self.edition_of_places(&filter, asking).await
            }
            EditionQuery::Organizations(filter) => {
                let filter = OrganizationFilter { sources, ..filter.clone() };
                self.edition_of(|| self.lists.considered_organizations(&filter, asking), asking).await
            }
            EditionQuery::Locations(filter) => {
                let filter = LocationFilter { sources, ..filter.clone() };
                self.edition_of(|| self.lists.considered_locations(&filter, asking), asking).await
            }
            EditionQuery::Taxonomies => {
                self.edition_of(|| self.published_list::<Taxonomy>(asking), asking).await
            }
            EditionQuery::TaxonomyTerms(filter) => {
                let filter = TaxonomyTermFilter { sources, ..filter.clone() };
                self.edition_of(|| self.lists.considered_terms(&filter, asking), asking).await
            }
        }
    }

    async fn published_list<T: NestedRecord>(&self, asking: &QueryContext) -> Vec<SourceMatches<T>> {
        let list = |source| self.holdings.list::<T>(source, asking);
        self.lists.consider_each(|key| self.holdings.is_published(key), list).await
    }

    /// Lists services at locations, of services that match.
    async fn edition_of_places(&self, filter: &ServiceFilter, asking: &QueryContext) -> EditionContent {
        let services = self.services.in_order(filter, asking).await;
        let wanted = self.wanted_places(&services, filter.nearby(), asking).await;
        let list = || async {
            let all = self.published_list::<ServiceAtLocation>(asking).await;
            let mut retained = Vec::with_capacity(all.len());
            for one in all {
                retained.push(one.retain(|place| wanted.holds(place)).await);
            }
            retained
        };
        let mut content = self.edition_of(list, asking).await;
        content.unknown_terms = services.unknown_terms;
        // If services of a source are missing, their places may be missing too.
        for report in services.reports.into_iter().filter(SourceReport::is_lacking) {
            if let Some(own) = content.reports.iter_mut().find(|own| own.info.key == report.info.key) {
                *own = report;
            }
        }
        content
    }

    async fn wanted_places(
        &self,
        ordered: &OrderedServices,
        near: Option<NearPoint>,
        asking: &QueryContext,
    ) -> WantedPlaces {
        let (services, snapshot, places) =
            (ordered.services.clone(), ordered.snapshot.clone(), self.lists.places.postcodes());
        let gathering = asking.off_thread_if_many(services.len(), move |still| {
            let mut wanted =
                WantedPlaces { services: HashSet::new(), locations: near.map(|_| HashSet::new()) };
            for service in still.while_asked(services.iter()) {
                if let Some(facts) = service.facts(snapshot.as_deref(), &places) {
                    wanted.add(facts, near);
                }
            }
            wanted
        });
        gathering.await.unwrap_or_default()
    }

    /// Lists records of other kinds. If some were written meanwhile, lists them again, so that ids and snapshot agree.
    async fn edition_of<T: NestedRecord, F: Future<Output = Vec<SourceMatches<T>>>>(
        &self,
        list: impl Fn() -> F,
        asking: &QueryContext,
    ) -> EditionContent
    where
        AnyRecord: From<Arc<T>>,
    {
        let mut snapshot = self.holdings.snapshot();
        let mut considered = list().await;
        for _ in 1..TRIES {
            let after = self.holdings.snapshot();
            if self.is_unwritten(T::KIND, snapshot.as_deref(), after.as_deref()) {
                break;
            }
            snapshot = after;
            considered = list().await;
        }
        let now = self.holdings.now();
        let reports = considered.iter().map(|one| one.report(now)).collect();
        let mut records: Vec<(bool, Arc<T>)> = Vec::new();
        for one in &considered {
            let is_stored = self.holdings.of(&one.source).stored().is_some();
            giving_way::each(one.matches.as_slice(), |record| records.push((is_stored, Arc::clone(record))))
                .await;
        }
        let sorting = asking.off_thread_if_many(records.len(), move |_| {
            records.sort_unstable_by(|(_, a), (_, b)| (a.order_key(), a.id()).cmp(&(b.order_key(), b.id())));
            let entry = |(is_stored, record): (bool, Arc<T>)| match is_stored {
                true => EditionEntry::Stored(Box::new(record.id().clone())),
                false => EditionEntry::Live(AnyRecord::from(record)),
            };
            records.into_iter().map(entry).collect()
        });
        let entries = sorting.await.unwrap_or_default();
        EditionContent { entries, snapshot, reports, unknown_terms: Vec::new() }
    }

    fn is_unwritten(
        &self,
        kind: RecordKind,
        before: Option<&CatalogueSnapshot>,
        after: Option<&CatalogueSnapshot>,
    ) -> bool {
        let (Some(before), Some(after)) = (before, after) else { return true };
        self.holdings.sources().iter().all(|source| {
            let key = &source.info().key;
            before.last_write(kind, key) == after.last_write(kind, key)
        })
    }

    /// Returns the sources whose records may be published. `None` if all may.
    fn published_keys(&self) -> Option<std::collections::BTreeSet<SourceKey>> {
        let keys = || self.holdings.sources().iter().map(|source| source.info().key.clone());
        let are_all = keys().all(|key| self.holdings.is_published(&key));
        (!are_all).then(|| keys().filter(|key| self.holdings.is_published(key)).collect())
    }
}

impl EditionContent {
    fn of_services(ordered: OrderedServices) -> Self {
        let OrderedServices { services, snapshot, reports, unknown_terms } = ordered;
        let entry = |service| match service {
            MatchedPlace::Stored(ordinal) => EditionEntry::Service(ordinal),
            MatchedPlace::Listed(service) => EditionEntry::Live(AnyRecord::Service(service)),
        };
        Self { entries: services.into_iter().map(entry).collect(), snapshot, reports, unknown_terms }
    }
}

#[derive(Default)]
struct WantedPlaces {
    services: HashSet<RecordId>,
    /// The locations that are near enough. `None` if the filter has no `near`.
    locations: Option<HashSet<RecordId>>,
}

impl WantedPlaces {
    fn add(&mut self, facts: &ServiceFacts, near: Option<NearPoint>) {
        self.services.insert(facts.id.clone());
        if let (Some(near), Some(locations)) = (near, &mut self.locations) {
            let there = facts.points.iter().filter(|point| near.holds(point.coordinates));
            locations.extend(there.filter_map(|point| facts.location_of(point)).cloned());
        }
    }

    fn holds(&self, place: &ServiceAtLocation) -> bool {
        let is_of =
            |ids: &HashSet<RecordId>, id: &Option<RecordId>| id.as_ref().is_some_and(|id| ids.contains(id));
        let service =
            place.service_id.clone().or_else(|| place.service.as_deref().map(|one: &Service| one.id.clone()));
        is_of(&self.services, &service)
            && self.locations.as_ref().is_none_or(|locations| is_of(locations, &place.location_id))
    }
}
