//! Taxonomy terms: how a reference names a term, and which terms a service must have.

use std::collections::HashSet;

use crate::model::{RecordId, TermGroup, TermVocabulary};

use super::verdict::FilterMatch;

/// A reference to taxonomy terms.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TaxonomyTermRef {
    /// By the gateway's id: the term of that source only.
    Id(RecordId),
    /// By URI, in any source. Ignores the difference between `http` and `https`, and a trailing slash.
    Uri(String),
    /// By code, in any source; in one vocabulary if it is given.
    Code {
        /// Name or id of the vocabulary.
        taxonomy: Option<String>,
        /// The code.
        code: String,
    },
    /// By name, in any source and case.
    Name(String),
    /// By the key of the group of equal terms.
    Group(TermGroup),
}

/// The terms that a service must, may and must not have.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TaxonomyTermsFilter {
    /// At least one of these, if there are any.
    pub any_of: Vec<TaxonomyTermRef>,
    /// All of these.
    pub all_of: Vec<TaxonomyTermRef>,
    /// None of these.
    pub none_of: Vec<TaxonomyTermRef>,
    /// Whether a term also stands for its narrower terms.
    pub include_descendants: bool,
}

impl TaxonomyTermsFilter {
    /// Returns all references, each with the name of its list and its index there.
    pub fn references(&self) -> impl Iterator<Item = (&'static str, usize, &TaxonomyTermRef)> {
        let lists = [("anyOf", &self.any_of), ("allOf", &self.all_of), ("noneOf", &self.none_of)];
        lists
            .into_iter()
            .flat_map(|(list, terms)| terms.iter().enumerate().map(move |(at, term)| (list, at, term)))
    }

    /// Returns whether no term is given, so that nothing is asked.
    pub fn is_empty(&self) -> bool {
        self.any_of.is_empty() && self.all_of.is_empty() && self.none_of.is_empty()
    }
}

/// The same filter with every reference resolved to ids.
#[derive(Debug)]
pub(super) struct ResolvedTerms {
    any_of: Option<HashSet<RecordId>>,
    all_of: Vec<HashSet<RecordId>>,
    none_of: HashSet<RecordId>,
}

impl ResolvedTerms {
    /// Resolves groups: a service must have a term of one of them, not only a narrower one.
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

    /// Returns whether a service with these terms matches. Unknown if it has none.
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

    /// Returns sets of terms. A match has at least one term of each set.
    pub(super) fn required(&self) -> impl Iterator<Item = &HashSet<RecordId>> {
        self.any_of.iter().chain(&self.all_of)
    }
}
