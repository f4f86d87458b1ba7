//! Everything that matches, wherever it is: what pages are cut from and statistics are counted over.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use chrono::NaiveDate;
use futures_util::future::{join, join_all};

use super::Yardstick;
use super::live::{GatheredServices, LiveMatches};
use super::stored::StoredMatches;
use crate::federation::holding::StoredSource;
use crate::federation::known_terms::{KnownTerms, are_all_complete};
use crate::federation::rows::MatchedRows;
use crate::federation::{Federation, QueryContext, SourceReport};
use crate::model::{
    AllCounts, OrderKey, PostcodePlaces, RecordId, Service, ServiceFilter, SortOrder, TermVocabulary,
};
use crate::source::FeedSource;

/// All services that match a filter.
#[derive(Default)]
pub struct MatchingServices {
    pub(super) live: Vec<LiveMatches>,
    pub(super) kept: Option<StoredMatches>,
    /// The filter, its phrases read by the words that services say.
    pub(super) filter: ServiceFilter,
    terms: KnownTerms,
}

impl MatchingServices {
    /// How many services there are to go through: all that are kept, which may have to be read, and live ones that match.
    pub(in crate::federation) fn considered(&self) -> usize {
        let live: usize = self.live.iter().map(|one| one.considered.matches.as_slice().len()).sum();
        live + self.kept.as_ref().map_or(0, |kept| kept.facts().len())
    }

    /// What is known of terms.
    pub fn terms(&self) -> &KnownTerms {
        &self.terms
    }
}

impl std::fmt::Debug for MatchingServices {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MatchingServices").field("considered", &self.considered()).finish_non_exhaustive()
    }
}

impl Federation {
    /// All services that match, of all sources that can have any. If they are to be counted `by_terms`, the lists of the
    /// sources' terms are read too.
    pub(in crate::federation) async fn matching(
        &self,
        filter: &ServiceFilter,
        by_terms: bool,
        asking: &QueryContext,
    ) -> MatchingServices {
        let order = SortOrder::default();
        let unordered =
            Yardstick { order, page_size: 0, near: None, is_ranked: false, by_terms, only_counts: true };
        self.measured(filter, unordered, asking).await
    }

    /// The same, each with what decides its place.
    pub(super) async fn measured(
        &self,
        filter: &ServiceFilter,
        yardstick: Yardstick,
        asking: &QueryContext,
    ) -> MatchingServices {
        let may_match = |source: &Arc<FeedSource>| !filter.rules_out(&source.info().key);
        let live = self.holdings.live().filter(|feed| may_match(feed.source));
        let kept: Vec<_> = self.holdings.stored().filter(|stored| may_match(stored.source)).collect();
        let by_terms = yardstick.by_terms;
        let gathering = live.map(|feed| self.gather_services(feed, filter, by_terms, asking));
        let gathering = join_all(gathering);
        let (gathered, kept, filter) = if filter.has_asks() {
            let gathered = gathering.await;
            let (kept, filter) = self.count_and_consider(kept, filter, &gathered, yardstick, asking).await;
            (gathered, kept, filter)
        } else {
            let kept = self.find_stored(kept, filter, Vec::new(), yardstick, asking);
            let (gathered, kept) = join(gathering, kept).await;
            (gathered, kept, filter.clone())
        };
        let live = join_all(gathered.into_iter().map(|one| self.decide_services(one, &filter))).await;
        self.knowing_terms(MatchingServices { live, kept, filter, terms: KnownTerms::default() })
    }

    /// The same, with what its sources know of terms.
    fn knowing_terms(&self, mut matching: MatchingServices) -> MatchingServices {
        let (mut terms, mut are_listed) = (TermVocabulary::default(), true);
        for one in &mut matching.live {
            terms.absorb(std::mem::take(&mut one.terms));
            are_listed &= one.are_terms_listed;
        }
        let is_all = are_listed && are_all_complete(&self.reports_of(&matching));
        matching.terms = self.known_terms(terms, is_all);
        matching
    }

    /// What the catalogue has, and the filter with its phrases read by the words of all services, kept and live.
    async fn count_and_consider(
        &self,
        kept: Vec<StoredSource<'_>>,
        filter: &ServiceFilter,
        gathered: &[GatheredServices],
        yardstick: Yardstick,
        asking: &QueryContext,
    ) -> (Option<StoredMatches>, ServiceFilter) {
        let mut live = Vec::with_capacity(gathered.len());
        for one in gathered {
            live.push(one.word_counts().await);
        }
        let kept = self.find_stored(kept, filter, live.clone(), yardstick, asking).await;
        let counted = kept.as_ref().and_then(|kept| kept.counted.clone());
        (kept, counted.unwrap_or_else(|| filter.counted(&AllCounts::of(&live))))
    }

    /// How each source took part, in configuration order.
    pub(in crate::federation) fn reports_of(&self, matching: &MatchingServices) -> Vec<SourceReport> {
        let now = self.clock.now();
        let live = matching.live.iter().map(|one| one.considered.report(now));
        let kept = matching.kept.iter().flat_map(|kept| kept.reports.clone());
        let mut reports: Vec<_> = live.chain(kept).collect();
        reports.sort_by_key(|report| {
            self.holdings.sources().iter().position(|source| source.info().key == report.info.key)
        });
        reports
    }
}

impl MatchingServices {
    /// All of them, to be counted; `places` tell where postcodes are.
    pub(in crate::federation) fn rows<'m>(
        &'m self,
        places: &'m PostcodePlaces,
        today: NaiveDate,
    ) -> MatchedRows<'m> {
        let live = self.services().map(|service| service.facts(places)).collect();
        let kept = self.kept.as_ref().map(|kept| (kept.facts().clone(), kept.ordinals().collect()));
        let (table, ordinals) = kept.unwrap_or_default();
        MatchedRows::new(table, ordinals, live, today, &self.terms)
    }

    /// The names of these organisations and taxonomy terms, as far as they are at hand: what nobody has read is not
    /// read for its name. Waits for the disk, so for threads that may.
    pub(in crate::federation) fn names_of<'a>(
        &self,
        ids: impl Iterator<Item = &'a RecordId>,
    ) -> HashMap<&'a RecordId, String> {
        let wanted: HashSet<&RecordId> = ids.collect();
        let mut names: HashMap<&RecordId, String> = HashMap::new();
        let mut learn = |id: &RecordId, name: &str| {
            if let Some(id) = wanted.get(id) {
                names.entry(*id).or_insert_with(|| name.to_owned());
            }
        };
        for service in self.services() {
            service.organization.iter().for_each(|one| learn(&one.id, &one.name));
            let terms = service.all_attributes().filter_map(|attribute| attribute.taxonomy_term.as_ref());
            terms.for_each(|term| learn(&term.id, &term.name));
        }
        if let Some(kept) = &self.kept {
            for id in wanted.iter().filter(|id| kept.is_of(id)) {
                kept.name(id).iter().for_each(|name| learn(id, name));
            }
        }
        names
    }

    /// The organisations that live services name, as their names sort.
    pub(in crate::federation) fn live_organizations(&self) -> impl Iterator<Item = (&RecordId, &OrderKey)> {
        let organizations = self.services().filter_map(|service| service.organization.as_ref());
        organizations.map(|organization| (&organization.id, &organization.order_key))
    }

    fn services(&self) -> impl Iterator<Item = &Arc<Service>> {
        self.live.iter().flat_map(|one| one.considered.matches.as_slice())
    }
}
