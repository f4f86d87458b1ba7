//! Lists of taxonomies and their terms.

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use tokio::time::Instant;

use super::RecordLists;
use super::search_text;
use crate::federation::holding::StoredSource;
use crate::federation::source_matches::SourceMatches;
use crate::federation::{PageRequest, QueryContext, RecordPage, SourceReport};
use crate::model::{
    Record as _, RecordId, RecordKind, SearchText, SourceKey, Taxonomy, TaxonomyTerm, TermGroup, TextQuery,
};
use crate::source::FeedSource;

/// Conditions on taxonomy terms. All that are given must hold.
#[derive(Clone, Debug, Default)]
pub struct TaxonomyTermFilter {
    /// The words that must occur in the name, description or code.
    pub text: Option<TextQuery>,
    /// Only terms of these sources.
    pub sources: Option<BTreeSet<SourceKey>>,
    /// Only terms of this vocabulary, given by its name, URI, upstream id or the gateway's id.
    pub taxonomy: Option<String>,
    /// Only terms of this group.
    pub group: Option<TermGroup>,
    /// Only terms directly below this one.
    pub parent: Option<RecordId>,
    /// Only terms without a broader term.
    pub root_only: bool,
}

/// A list without pages, and how each source took part in it.
#[derive(Debug)]
pub struct UnpagedList<T> {
    /// The records, in order.
    pub records: Vec<Arc<T>>,
    /// How each source took part, in configuration order.
    pub reports: Vec<SourceReport>,
}

impl RecordLists {
    /// Lists taxonomy terms over all sources.
    pub async fn taxonomy_terms(
        &self,
        filter: &TaxonomyTermFilter,
        page: &PageRequest,
        asking: &QueryContext,
    ) -> RecordPage<Arc<TaxonomyTerm>> {
        let considered = self.considered_terms(filter, asking).await;
        self.connect(considered.iter(), page)
    }

    pub(in crate::federation) async fn considered_terms(
        &self,
        filter: &TaxonomyTermFilter,
        asking: &QueryContext,
    ) -> Vec<SourceMatches<TaxonomyTerm>> {
        self.consider_each(
            |key| filter.may_match(key),
            |source| async {
                let considered = self.holdings.list::<TaxonomyTerm>(source, asking).await;
                let ids = considered.matches.as_slice().iter().map(|term| term.id.upstream().to_owned());
                let known: BTreeSet<String> = ids.collect();
                let considered = considered.holding(filter.text.as_ref(), words).await;
                let is_of = self.vocabulary_of(filter.taxonomy.as_deref(), &considered.source);
                let is_meant = |term: &TaxonomyTerm| filter.matches(term, &known) && is_of(term);
                let considered = considered.retain(is_meant).await;
                match &filter.group {
                    Some(group) => {
                        let terms = self.terms_known_of(&considered, asking).await;
                        considered.retain(|term| terms.group_of(&term.id) == *group).await
                    }
                    None => considered,
                }
            },
        )
        .await
    }

    /// Returns a function that tells whether a term of this source belongs to a vocabulary. For stored terms, the
    /// vocabulary's own record counts too; for live ones, only what the term says.
    fn vocabulary_of(
        &self,
        name: Option<&str>,
        source: &Arc<FeedSource>,
    ) -> impl Fn(&TaxonomyTerm) -> bool + use<> {
        let stored = self.holdings.of(source).stored().map(StoredSource::snapshot);
        let name = name.map(str::to_owned);
        let of_stored: Option<HashSet<RecordId>> =
            name.as_deref().zip(stored).map(|(name, snapshot)| snapshot.vocabulary().terms_of(name));
        move |term| match (&name, &of_stored) {
            (None, _) => true,
            (Some(_), Some(ids)) => ids.contains(&term.id),
            (Some(name), None) => term.is_of(name),
        }
    }

    /// Returns at most `most` of the terms directly below one, by name.
    pub async fn narrower_terms(
        &self,
        broader: &RecordId,
        most: usize,
        asking: &QueryContext,
    ) -> UnpagedList<TaxonomyTerm> {
        if let Some(narrower) = self.stored_narrower(broader, most, asking).await {
            return narrower;
        }
        let filter = TaxonomyTermFilter {
            sources: Some([broader.source().clone()].into()),
            parent: Some(broader.clone()),
            ..TaxonomyTermFilter::default()
        };
        let page = PageRequest { size: most, after: None, before: None, from_end: false };
        let RecordPage { records, reports, .. } = self.taxonomy_terms(&filter, &page, asking).await;
        UnpagedList { records, reports }
    }

    /// Like [`Self::narrower_terms`], but without going through all terms. Returns `None` if the source is live.
    async fn stored_narrower(
        &self,
        broader: &RecordId,
        most: usize,
        asking: &QueryContext,
    ) -> Option<UnpagedList<TaxonomyTerm>> {
        let began = Instant::now();
        let stored = self.holdings.get(broader.source())?.stored()?;
        self.holdings.until_warm([stored.source], asking).await;
        let (snapshot, broader) = (stored.snapshot(), broader.clone());
        let reading = asking.off_thread(move |asked| {
            let read = |id: &RecordId| Arc::try_from(snapshot.record(id).ok()??).ok();
            let mut terms: Vec<Arc<TaxonomyTerm>> = asked
                .while_asked(snapshot.vocabulary().directly_below(&broader).iter())
                .filter_map(read)
                .collect();
            terms.sort_by(|a, b| (a.order_key(), a.id()).cmp(&(b.order_key(), b.id())));
            terms.truncate(most);
            terms
        });
        let records = reading.await.unwrap_or_default();
        let mut report = stored.report(records.len(), began.elapsed(), asking);
        if let Some(progress) = stored.progress()
            && let Some(gap) = progress.unread.get(&RecordKind::TaxonomyTerm)
        {
            report = report.lacking(gap.clone());
        }
        Some(UnpagedList { records, reports: vec![report] })
    }

    /// Lists the taxonomies of these sources, or of all, in configuration order and then by name. If a source fails,
    /// its taxonomies are left out, and its report says so.
    pub async fn taxonomies(
        &self,
        sources: Option<&BTreeSet<SourceKey>>,
        asking: &QueryContext,
    ) -> UnpagedList<Taxonomy> {
        let considered = self
            .consider_each(
                |key| sources.is_none_or(|keys| keys.contains(key)),
                |source| self.holdings.list::<Taxonomy>(source, asking),
            )
            .await;
        let records = considered.iter().flat_map(|one| one.matches.as_slice()).cloned().collect();
        UnpagedList { records, reports: self.reports(considered.iter()) }
    }
}

impl TaxonomyTermFilter {
    pub(super) fn may_match(&self, key: &SourceKey) -> bool {
        self.sources.as_ref().is_none_or(|keys| keys.contains(key))
            && self.parent.as_ref().is_none_or(|parent| parent.source() == key)
    }

    /// Returns whether the conditions on the parent hold. `known` has the ids of all terms of the source: a term whose
    /// broader term does not exist counts as a root.
    fn matches(&self, term: &TaxonomyTerm, known: &BTreeSet<String>) -> bool {
        self.parent.as_ref().is_none_or(|parent| term.parent_id.as_ref() == Some(parent))
            && (!self.root_only || is_root(term, known))
    }
}

fn words(term: &TaxonomyTerm) -> SearchText {
    search_text(&[Some(term.name.as_str()), term.description.as_deref(), term.code.as_deref()])
}

fn is_root(term: &TaxonomyTerm, known: &BTreeSet<String>) -> bool {
    let parent = term.parent_id.as_ref().filter(|parent| **parent != *term.id());
    parent.is_none_or(|parent| !known.contains(parent.upstream()))
}
