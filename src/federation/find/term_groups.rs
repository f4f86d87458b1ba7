//! Groups of equal taxonomy terms: each term once, whichever sources have it.

use std::collections::BTreeSet;
use std::sync::Arc;

use itertools::Itertools as _;

use super::RecordLists;
use super::TaxonomyTermFilter;
use crate::federation::holding::Holding;
use crate::federation::known_terms::{KnownTerms, UnknownTerm, are_all_complete};
use crate::federation::source_matches::SourceMatches;
use crate::federation::{GroupedTerm, QueryContext, SourceReport};
use crate::model::{
    AnyRecord, FacetDimension, FacetKey, GroupOrder, GroupOrderBy, GroupPosition, SortDirection, SortKey,
    SourceKey, Taxonomy, TaxonomyTerm, TaxonomyTermRef, TermGroup, TermVocabulary, VocabularyNames,
};

/// A page of groups of equal terms.
#[derive(Debug, Default)]
pub struct TermGroupPage {
    /// The groups, by name, each with its place in the order.
    pub groups: Vec<(GroupedTerm, GroupPosition)>,
    /// The number of groups on all pages.
    pub total: usize,
    /// Whether groups follow.
    pub has_next: bool,
    /// Whether groups come before.
    pub has_previous: bool,
    /// How each source took part, in configuration order.
    pub reports: Vec<SourceReport>,
}

impl TermGroupPage {
    /// The dimension and order that cursors are tied to.
    pub const ORDER: ([FacetDimension; 1], GroupOrder) = (
        [FacetDimension::TermGroup],
        GroupOrder { by: GroupOrderBy::Key, direction: SortDirection::Ascending },
    );
}

impl RecordLists {
    /// Returns at most `size` groups, by name. A group is listed if any of its terms meets the filter.
    pub async fn term_groups(
        &self,
        filter: &TaxonomyTermFilter,
        size: usize,
        after: Option<GroupPosition>,
        asking: &QueryContext,
    ) -> TermGroupPage {
        let considered = self.considered_terms(filter, asking).await;
        let reports = self.reports(considered.iter());
        let live = self.live_vocabulary(filter.sources.as_ref(), asking).await;
        let known = self.holdings.known_terms(live, are_all_complete(&reports));
        let terms: Vec<Arc<TaxonomyTerm>> =
            considered.iter().flat_map(|one| one.matches.as_slice()).cloned().collect();
        // Grouping many terms would hold up this thread, which serves other requests, for too long.
        let paging = asking.off_thread_if_many(terms.len(), move |asked| {
            page(&known, asked.while_asked(terms.iter()), size, after.as_ref())
        });
        let paged = paging.await;
        if paged.is_none() {
            asking.failed();
        }
        TermGroupPage { reports, ..paged.unwrap_or_default() }
    }

    /// Returns the group of a term.
    pub async fn group_of_term(&self, term: &TaxonomyTerm, asking: &QueryContext) -> GroupedTerm {
        let known = self.holdings.known_terms(TermVocabulary::default(), false);
        if known.synchronised().holds(&term.id) {
            return known.grouped(&known.group_of(&term.id));
        }
        let apart = term.taxonomy_id.as_ref().filter(|_| term.taxonomy.is_none());
        let mut live = TermVocabulary::default();
        let mut names = None;
        if let Some(id) = apart
            && let Ok(Some(AnyRecord::Taxonomy(taxonomy))) = self.records.any(id, asking).await
        {
            live.add_taxonomy(&taxonomy);
            names = Some(VocabularyNames::of(&taxonomy));
        }
        live.add(term);
        let group = TermGroup::of(term, names.as_ref());
        self.holdings.known_terms(live, false).grouped(&group)
    }

    /// Returns what the filter names and no source has. Meant for lists that turn out empty. Returns nothing if a
    /// source could not be considered in full.
    pub async fn unknown_of_terms(
        &self,
        filter: &TaxonomyTermFilter,
        reports: &[SourceReport],
        asking: &QueryContext,
    ) -> Vec<UnknownTerm> {
        if (filter.taxonomy.is_none() && filter.group.is_none()) || !are_all_complete(reports) {
            return Vec::new();
        }
        let live = self.live_vocabulary(filter.sources.as_ref(), asking).await;
        let (known, filter) = (self.holdings.known_terms(live, true), filter.clone());
        let looking = asking.off_thread(move |_| {
            let group = filter.group.map(TaxonomyTermRef::Group);
            let vocabulary = filter.taxonomy.iter();
            let vocabulary = vocabulary.filter_map(|name| known.unknown_vocabulary("filter.taxonomy", name));
            vocabulary.chain(group.iter().filter_map(|term| known.unknown_term("filter", term))).collect()
        });
        looking.await.unwrap_or_default()
    }

    pub(super) async fn terms_known_of(
        &self,
        considered: &SourceMatches<TaxonomyTerm>,
        asking: &QueryContext,
    ) -> KnownTerms {
        let live = match self.holdings.of(&considered.source) {
            Holding::Stored(_) => TermVocabulary::default(),
            Holding::Live(_) => self.live_terms(considered, asking).await,
        };
        self.holdings.known_terms(live, false)
    }

    async fn live_vocabulary(
        &self,
        asked: Option<&BTreeSet<SourceKey>>,
        asking: &QueryContext,
    ) -> TermVocabulary {
        let is_live = |key: &SourceKey| {
            let is_asked = asked.is_none_or(|keys| keys.contains(key));
            is_asked && self.holdings.get(key).is_some_and(|holding| holding.stored().is_none())
        };
        let listed = |source| self.holdings.list::<TaxonomyTerm>(source, asking);
        let mut live = TermVocabulary::default();
        for one in self.consider_each(is_live, listed).await {
            live.absorb(self.live_terms(&one, asking).await);
        }
        live
    }

    /// Returns the terms of a live source, with the names of its vocabularies.
    async fn live_terms(
        &self,
        considered: &SourceMatches<TaxonomyTerm>,
        asking: &QueryContext,
    ) -> TermVocabulary {
        let taxonomies = self.holdings.list::<Taxonomy>(&considered.source, asking).await;
        let taxonomies = taxonomies.matches.as_slice().iter().map(AsRef::as_ref);
        TermVocabulary::of_lists(taxonomies, considered.matches.as_slice().iter().map(AsRef::as_ref))
    }
}

fn page<'t>(
    known: &KnownTerms,
    terms: impl Iterator<Item = &'t Arc<TaxonomyTerm>>,
    size: usize,
    after: Option<&GroupPosition>,
) -> TermGroupPage {
    let (_, order) = TermGroupPage::ORDER;
    let counted = terms.counts_by(|term| known.group_of(&term.id));
    let total = counted.len();
    let places = counted.into_iter().map(|(group, terms)| GroupPosition {
        services: terms,
        keys: vec![SortKey::by_name(known.group_name(&group))],
        values: vec![FacetKey::TermGroup(group)],
    });
    let is_left =
        |place: &GroupPosition| after.is_none_or(|after| order.compare(place.rank(), after.rank()).is_gt());
    let mut left: Vec<GroupPosition> = places.filter(is_left).collect();
    left.sort_unstable_by(|a, b| order.compare(a.rank(), b.rank()));
    let (has_next, has_previous) = (left.len() > size, left.len() < total);
    left.truncate(size);
    let groups = left.into_iter().filter_map(|place| match place.values.first() {
        Some(FacetKey::TermGroup(group)) => Some((known.grouped(group), place.clone())),
        _ => None,
    });
    let groups = groups.collect();
    TermGroupPage { groups, total, has_next, has_previous, reports: Vec::new() }
}
