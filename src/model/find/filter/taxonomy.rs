//! Taxonomy terms: how a reference names a term, and which terms a service must carry.

use std::collections::HashSet;

use crate::model::{RecordId, TermGroup, TermVocabulary};

use super::verdict::FilterMatch;

/// A way to name a term.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TaxonomyTermRef {
    /// By the gateway's id: the term of that source alone.
    Id(RecordId),
    /// By its URI, in any source; `http` and `https`, and a last slash, make no difference.
    Uri(String),
    /// By its code, in any source, and within one vocabulary where that is named.
    Code {
        /// Name or id of the vocabulary.
        taxonomy: Option<String>,
        /// The code.
        code: String,
    },
    /// By its name, in any source and case.
    Name(String),
    /// By the key that it has in common with its likes in other sources.
    Group(TermGroup),
}

/// Terms a service must, may and must not carry.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TaxonomyTermsFilter {
    /// At least one of these, where there are any.
    pub any_of: Vec<TaxonomyTermRef>,
    /// All of these.
    pub all_of: Vec<TaxonomyTermRef>,
    /// None of these.
    pub none_of: Vec<TaxonomyTermRef>,
    /// Whether a term stands for those narrower than it too.
    pub include_descendants: bool,
}

impl TaxonomyTermsFilter {
    /// All that it names, each with the list that it stands in and its place there.
    pub fn references(&self) -> impl Iterator<Item = (&'static str, usize, &TaxonomyTermRef)> {
        let lists = [("anyOf", &self.any_of), ("allOf", &self.all_of), ("noneOf", &self.none_of)];
        lists
            .into_iter()
            .flat_map(|(list, terms)| terms.iter().enumerate().map(move |(at, term)| (list, at, term)))
    }

    /// Whether it names no term, and so asks nothing.
    pub fn is_empty(&self) -> bool {
        self.any_of.is_empty() && self.all_of.is_empty() && self.none_of.is_empty()
    }
}

/// The same, as ids: every reference resolved against the terms that are known.
#[derive(Debug)]
pub(super) struct ResolvedTerms {
    any_of: Option<HashSet<RecordId>>,
    all_of: Vec<HashSet<RecordId>>,
    none_of: HashSet<RecordId>,
}

impl ResolvedTerms {
    /// One of the terms of these groups, and none narrower than it.
    pub(super) fn of_groups(groups: &[TermGroup], known: &TermVocabulary) -> Self {
        let any_of = groups.iter().cloned().map(TaxonomyTermRef::Group).collect();
        Self::of(&TaxonomyTermsFilter { any_of, ..TaxonomyTermsFilter::default() }, known)
    }

    pub(super) fn of(asked: &TaxonomyTermsFilter, known: &TermVocabulary) -> Self {
        let named = |reference| known.named(reference, asked.include_descendants);
        let any_of = asked.any_of.iter().flat_map(named).collect();
        Self {
            any_of: (!asked.any_of.is_empty()).then_some(any_of),
            all_of: asked.all_of.iter().map(named).collect(),
            none_of: asked.none_of.iter().flat_map(named).collect(),
        }
    }

    /// Whether a service that carries these terms matches; one that carries none does not say.
    pub(super) fn evaluate(&self, carried: &[RecordId]) -> FilterMatch {
        if carried.is_empty() {
            return FilterMatch::DROPPED;
        }
        let carries = |wanted: &HashSet<RecordId>| carried.iter().any(|term| wanted.contains(term));
        let holds = self.any_of.as_ref().is_none_or(carries)
            && self.all_of.iter().all(carries)
            && !carries(&self.none_of);
        holds.into()
    }

    /// Sets of terms of each of which a match carries at least one.
    pub(super) fn required(&self) -> impl Iterator<Item = &HashSet<RecordId>> {
        self.any_of.iter().chain(&self.all_of)
    }
}
