//! The names in the lists of live sources, sorted once for each read of a list.

use std::any::Any;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use futures_util::future::join_all;
use tokio::time::Instant;

use super::choose::NameShelf;
use super::names::{GatheredNames, NameList};
use super::{NameSuggester, SuggestedKind};
use crate::federation::holding::{AskedFeed, names_carried};
use crate::federation::source_matches::MatchingRecords;
use crate::federation::{QueryContext, SourceReport};
use crate::model::{Organization, PostcodePlaces, RecordId, RecordKind, Service, SourceKey, TaxonomyTerm};
use crate::source::{FeedSource, RecordSet};

/// The names of live sources, as they were last sorted.
#[derive(Default)]
pub(in crate::federation) struct LiveNames(Mutex<HashMap<SourceKey, Arc<LiveNameTables>>>);

/// The lists of one source, as far as they could be read.
#[derive(Clone)]
struct LiveLists {
    services: Arc<RecordSet<Service>>,
    organizations: Option<Arc<RecordSet<Organization>>>,
    terms: Option<Arc<RecordSet<TaxonomyTerm>>>,
}

type SharedList = Arc<dyn Any + Send + Sync>;

struct LiveNameTables {
    /// The lists that the names are from. Weak, so that these lists are not kept in memory.
    of: [Option<Weak<dyn Any + Send + Sync>>; 3],
    services: Arc<NameList>,
    organizations: Arc<NameList>,
    terms: Arc<NameList>,
}

impl NameSuggester {
    pub(super) async fn live_names(
        &self,
        kinds: &[SuggestedKind],
        asking: &QueryContext,
    ) -> Vec<(Vec<NameShelf>, SourceReport)> {
        let live = self.holdings.live();
        join_all(live.map(|feed| self.names_of_live(feed, kinds, asking))).await
    }

    async fn names_of_live(
        &self,
        feed: AskedFeed<'_>,
        kinds: &[SuggestedKind],
        asking: &QueryContext,
    ) -> (Vec<NameShelf>, SourceReport) {
        let (source, until) = (feed.source, asking.until(feed.source.limits().deadline));
        let listed = feed.services(Instant::now(), asking).await;
        let report = listed.report(self.holdings.now());
        let MatchingRecords::All(services) = listed.matches else { return (Vec::new(), report) };
        // Services contain most of these names. The lists add names that no service contains.
        let organizations = match kinds.contains(&SuggestedKind::Organization) {
            true => source.set::<Organization>(None, until).await.value,
            false => None,
        };
        let terms = match kinds.contains(&SuggestedKind::Term) {
            true => source.set::<TaxonomyTerm>(None, until).await.value,
            false => None,
        };
        let lists = LiveLists { services, organizations, terms };
        (self.listed_names(source, &lists).shelves(), report)
    }

    fn listed_names(&self, source: &FeedSource, lists: &LiveLists) -> Arc<LiveNameTables> {
        let key = &source.info().key;
        let names = || self.live_names.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = names().get(key).filter(|known| known.is_of(lists)) {
            return Arc::clone(known);
        }
        let listed = Arc::new(LiveNameTables::of(lists, &self.places.postcodes()));
        names().insert(key.clone(), Arc::clone(&listed));
        listed
    }
}

impl LiveNameTables {
    fn of(lists: &LiveLists, places: &PostcodePlaces) -> Self {
        let mut services = GatheredNames::default();
        let mut counts: HashMap<&RecordId, u32> = HashMap::new();
        let mut names: HashMap<&RecordId, &str> = HashMap::new();
        for service in lists.services.records() {
            services.add(&service.name, service.id.clone(), 1);
            let facts = service.facts(places);
            let told_of = facts.organization.iter().chain(&facts.terms);
            told_of.for_each(|id| *counts.entry(id).or_default() += 1);
            names.extend(names_carried(service));
        }
        let organizations = lists.organizations.iter().flat_map(|set| set.records());
        names.extend(organizations.map(|one| (&one.id, one.name.as_str())));
        let terms = lists.terms.iter().flat_map(|set| set.records());
        names.extend(terms.map(|term| (&term.id, term.name.as_str())));
        let mut names: Vec<(&RecordId, &str)> = names.into_iter().collect();
        names.sort_unstable();
        let named = |kind| {
            let of_kind = names.iter().filter(|(id, _)| id.kind() == kind);
            Arc::new(GatheredNames::counted(of_kind.copied(), |id| counts.get(id).copied()).into_names())
        };
        let (organizations, terms) = (named(RecordKind::Organization), named(RecordKind::TaxonomyTerm));
        Self {
            of: lists.each().map(|list| list.as_ref().map(Arc::downgrade)),
            services: Arc::new(services.into_names()),
            organizations,
            terms,
        }
    }

    /// Returns whether the names are from these lists. A list that could not be read this time does not count as a
    /// difference.
    fn is_of(&self, lists: &LiveLists) -> bool {
        let is_same = |(of, list): (&Option<Weak<_>>, Option<SharedList>)| match (of, list) {
            (_, None) => true,
            (Some(of), Some(list)) => std::ptr::addr_eq(Weak::as_ptr(of), Arc::as_ptr(&list)),
            (None, Some(_)) => false,
        };
        self.of.iter().zip(lists.each()).all(is_same)
    }

    fn shelves(&self) -> Vec<NameShelf> {
        [
            (SuggestedKind::Service, &self.services),
            (SuggestedKind::Organization, &self.organizations),
            (SuggestedKind::Term, &self.terms),
        ]
        .map(|(kind, names)| NameShelf { kind, table: Arc::clone(names) as _ })
        .into()
    }
}

impl LiveLists {
    fn each(&self) -> [Option<SharedList>; 3] {
        let Self { services, organizations, terms } = self.clone();
        [Some(services as _), organizations.map(|list| list as _), terms.map(|list| list as _)]
    }
}
