//! The taxonomy terms that an answer knows: which are equal, and which names in a query match none of them.

use std::sync::Arc;

use super::SourceReport;
use super::holding::Holdings;
use crate::model::{
    KnownGroup, RecordId, ServiceFilter, TaxonomyTermRef, TermGroup, TermSays, TermVocabulary,
};

/// The terms of all synchronised sources, and of the live sources that a query considered.
#[derive(Clone, Debug, Default)]
pub struct KnownTerms {
    stored: Arc<TermVocabulary>,
    live: Arc<TermVocabulary>,
    /// Whether every source was considered in full, so that a term that is not known does not exist.
    is_all: bool,
}

/// A term or a vocabulary that a query names and no source has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownTerm {
    /// The argument that names it, for example `taxonomyTerms.anyOf[0].name`.
    pub argument: String,
    /// Whether it is the vocabulary that is unknown.
    pub is_vocabulary: bool,
    /// Similar names that could be used instead, the most similar first.
    pub near: Vec<String>,
}

/// A group of equal terms across sources.
#[derive(Clone, Debug)]
pub struct GroupedTerm {
    /// What the terms have in common.
    pub group: TermGroup,
    /// The name. `None` if no source gives one.
    pub name: Option<String>,
    /// The code in the vocabulary.
    pub code: Option<String>,
    /// The URI.
    pub uri: Option<String>,
    /// The name of the vocabulary.
    pub vocabulary: Option<String>,
    /// The terms, in the order of their sources' keys and ids.
    pub terms: Vec<RecordId>,
}

impl KnownTerms {
    pub(super) fn synchronised(&self) -> &TermVocabulary {
        &self.stored
    }

    pub(super) fn live(&self) -> &TermVocabulary {
        &self.live
    }

    fn each(&self) -> impl Iterator<Item = &TermVocabulary> + Clone {
        [&*self.stored, &*self.live].into_iter()
    }

    /// Returns the group of a term.
    pub fn group_of(&self, term: &RecordId) -> TermGroup {
        match self.each().find(|vocabulary| vocabulary.holds(term)) {
            Some(vocabulary) => vocabulary.group_of(term),
            None => TermGroup::of_id(term),
        }
    }

    /// Returns the name of a term. `None` if it has none.
    pub fn name_of(&self, term: &RecordId) -> Option<&str> {
        self.each().find_map(|vocabulary| vocabulary.name_of(term))
    }

    /// Returns what is known of a group.
    pub fn grouped(&self, group: &TermGroup) -> GroupedTerm {
        let known: Vec<KnownGroup<'_>> =
            self.each().filter_map(|vocabulary| vocabulary.group(group)).collect();
        // If synchronised and live sources differ, the first source by key decides.
        let first = |said: &[TermSays<'_>]| said.iter().flatten().min().map(|(_, text)| (*text).to_owned());
        let each = |of: for<'v> fn(&KnownGroup<'v>) -> TermSays<'v>| {
            first(&known.iter().map(of).collect::<Vec<_>>())
        };
        let mut terms: Vec<RecordId> = known.iter().flat_map(|one| one.terms()).cloned().collect();
        terms.sort_unstable();
        GroupedTerm {
            group: group.clone(),
            name: each(|one| one.name()),
            code: each(|one| one.code()),
            uri: each(|one| one.uri()),
            vocabulary: each(|one| one.vocabulary()),
            terms,
        }
    }

    /// Returns the name of a group. `None` if no source gives one.
    pub fn group_name(&self, group: &TermGroup) -> Option<&str> {
        let named = self.each().filter_map(|vocabulary| vocabulary.group(group)?.name());
        named.min().map(|(_, name)| name)
    }

    /// Returns a function that tells whether a term belongs to a vocabulary.
    pub(super) fn those_of(&self, vocabulary: &str) -> impl Fn(&RecordId) -> bool {
        let (stored, live) = (self.stored.those_of(vocabulary), self.live.those_of(vocabulary));
        move |term| stored(term) || live(term)
    }

    /// Returns a function that tells whether any term of a group belongs to a vocabulary.
    pub(super) fn groups_of(&self, vocabulary: &str) -> impl Fn(&TermGroup) -> bool {
        let is_of = self.those_of(vocabulary);
        move |group| {
            self.each().filter_map(|known| known.group(group)).flat_map(KnownGroup::terms).any(&is_of)
        }
    }

    /// Describes a vocabulary that no source has. Returns `None` if it is known, or if some sources could not be
    /// considered in full.
    pub fn unknown_vocabulary(&self, argument: &str, name: &str) -> Option<UnknownTerm> {
        let is_unknown = self.is_all && !self.each().any(|vocabulary| vocabulary.knows_vocabulary(name));
        is_unknown.then(|| UnknownTerm {
            argument: argument.to_owned(),
            is_vocabulary: true,
            near: TermVocabulary::near_vocabularies(self.each(), name),
        })
    }

    /// Returns the terms and vocabularies that a filter names and no source has. Ids are not checked, because an id may
    /// belong to a record that is gone.
    pub(super) fn unknown(&self, filter: &ServiceFilter) -> Vec<UnknownTerm> {
        if !self.is_all {
            return Vec::new();
        }
        let named = filter.named_terms().into_iter();
        let unknown = named
            .filter_map(|(list, at, term)| self.unknown_term(&format!("taxonomyTerms.{list}[{at}]"), term));
        let groups = filter.named_groups().into_iter();
        let unknown_groups = groups.filter_map(|(at, group)| {
            let unknown = self.unknown_term("", &TaxonomyTermRef::Group(group.clone()))?;
            Some(UnknownTerm { argument: format!("sameTerm[{at}]"), ..unknown })
        });
        unknown.chain(unknown_groups).collect()
    }

    /// Describes a term that no source has, or its vocabulary if that is what is unknown. Returns `None` if it is
    /// known, or is an id.
    pub(super) fn unknown_term(&self, place: &str, term: &TaxonomyTermRef) -> Option<UnknownTerm> {
        if matches!(term, TaxonomyTermRef::Id(_)) || self.each().any(|vocabulary| vocabulary.knows(term)) {
            return None;
        }
        if let TaxonomyTermRef::Code { taxonomy: Some(name), .. } = term {
            let vocabulary = self.unknown_vocabulary(&format!("{place}.code.taxonomy"), name);
            if vocabulary.is_some() {
                return vocabulary;
            }
        }
        let member = match term {
            TaxonomyTermRef::Id(_) => "id",
            TaxonomyTermRef::Uri(_) => "uri",
            TaxonomyTermRef::Code { .. } => "code.code",
            TaxonomyTermRef::Name(_) => "name",
            TaxonomyTermRef::Group(_) => "group",
        };
        let near = TermVocabulary::near(self.each(), term);
        self.is_all.then(|| UnknownTerm { argument: format!("{place}.{member}"), is_vocabulary: false, near })
    }
}

impl Holdings {
    pub(super) fn known_terms(&self, live: TermVocabulary, is_all: bool) -> KnownTerms {
        let snapshot = self.snapshot();
        let stored = snapshot.map(|snapshot| Arc::clone(snapshot.vocabulary())).unwrap_or_default();
        KnownTerms { stored, live: Arc::new(live), is_all }
    }
}

/// Returns whether every source was considered in full. `false` if there are no reports.
pub(super) fn are_all_complete(reports: &[SourceReport]) -> bool {
    !reports.is_empty() && reports.iter().all(|report| report.status.is_complete())
}
