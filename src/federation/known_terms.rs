//! The taxonomy terms that an answer knows of: which of them are one, and what names none of them.

use std::sync::Arc;

use super::SourceReport;
use super::holding::Holdings;
use crate::model::{
    KnownGroup, RecordId, ServiceFilter, TaxonomyTermRef, TermGroup, TermSays, TermVocabulary,
};

/// The terms of all synchronised sources, and those of the live ones that a question looked at.
#[derive(Clone, Debug, Default)]
pub struct KnownTerms {
    stored: Arc<TermVocabulary>,
    live: Arc<TermVocabulary>,
    /// Whether every source that was asked has been considered in full, so that what is not known is nowhere.
    is_all: bool,
}

/// A term or a vocabulary that a question names, and that no source has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownTerm {
    /// The argument that names it, e.g. `taxonomyTerms.anyOf[0].name`.
    pub argument: String,
    /// Whether it is the vocabulary that is not known.
    pub is_vocabulary: bool,
    /// What is near it and could be put in its place, the nearest first.
    pub near: Vec<String>,
}

/// A term as it is known across sources.
#[derive(Clone, Debug)]
pub struct GroupedTerm {
    /// What its records have in common.
    pub group: TermGroup,
    /// Its name; none where no source has one.
    pub name: Option<String>,
    /// Its code in its vocabulary.
    pub code: Option<String>,
    /// Its address.
    pub uri: Option<String>,
    /// What its vocabulary is called.
    pub vocabulary: Option<String>,
    /// Its records, in the order of their sources' keys and ids.
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

    /// The group of a term.
    pub fn group_of(&self, term: &RecordId) -> TermGroup {
        match self.each().find(|vocabulary| vocabulary.holds(term)) {
            Some(vocabulary) => vocabulary.group_of(term),
            None => TermGroup::of_id(term),
        }
    }

    /// The name of a term; none where it has none.
    pub fn name_of(&self, term: &RecordId) -> Option<&str> {
        self.each().find_map(|vocabulary| vocabulary.name_of(term))
    }

    /// What is known of a group.
    pub fn grouped(&self, group: &TermGroup) -> GroupedTerm {
        let known: Vec<KnownGroup<'_>> =
            self.each().filter_map(|vocabulary| vocabulary.group(group)).collect();
        // Of what synchronised and live sources say, that of the first by key.
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

    /// The name of a group, likewise.
    pub fn group_name(&self, group: &TermGroup) -> Option<&str> {
        let named = self.each().filter_map(|vocabulary| vocabulary.group(group)?.name());
        named.min().map(|(_, name)| name)
    }

    /// Tells of terms whether they are of a vocabulary.
    pub(super) fn those_of(&self, vocabulary: &str) -> impl Fn(&RecordId) -> bool {
        let (stored, live) = (self.stored.those_of(vocabulary), self.live.those_of(vocabulary));
        move |term| stored(term) || live(term)
    }

    /// Tells of groups whether any of their terms is of a vocabulary.
    pub(super) fn groups_of(&self, vocabulary: &str) -> impl Fn(&TermGroup) -> bool {
        let is_of = self.those_of(vocabulary);
        move |group| {
            self.each().filter_map(|known| known.group(group)).flat_map(KnownGroup::terms).any(&is_of)
        }
    }

    /// A vocabulary that no source has; none where it is known, or some of the sources could not be considered.
    pub fn unknown_vocabulary(&self, argument: &str, name: &str) -> Option<UnknownTerm> {
        let is_unknown = self.is_all && !self.each().any(|vocabulary| vocabulary.knows_vocabulary(name));
        is_unknown.then(|| UnknownTerm {
            argument: argument.to_owned(),
            is_vocabulary: true,
            near: TermVocabulary::near_vocabularies(self.each(), name),
        })
    }

    /// The terms and vocabularies that a filter names and that no source has. An id names one record, and may be of one
    /// that is gone.
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

    /// The same of one term.
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

/// Whether every source that was asked has been considered in full.
pub(super) fn are_all_complete(reports: &[SourceReport]) -> bool {
    !reports.is_empty() && reports.iter().all(|report| report.status.is_complete())
}
