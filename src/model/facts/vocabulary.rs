//! The known taxonomy terms: which ones a reference names, which are narrower, and which are the same.

mod grouped;
mod known;
mod near;

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicU64, Ordering};

use crate::model::{
    Attribute, RecordId, Service, Taxonomy, TaxonomyTerm, TaxonomyTermRef, TermGroup, VocabularyNames,
};

pub use grouped::{KnownGroup, TermSays};

use known::{KnownTerm, WantedVocabulary, bare_address, folded};

/// The terms of one source or of several, with their hierarchy and groups.
#[derive(Clone, Debug, Default)]
pub struct TermVocabulary {
    known: HashMap<RecordId, KnownTerm>,
    narrower: HashMap<RecordId, Vec<RecordId>>,
    /// What the records of vocabularies say, for terms that refer to their vocabulary by id only.
    taxonomies: HashMap<RecordId, VocabularyNames>,
    /// The terms of each group, sorted by id.
    groups: HashMap<TermGroup, Vec<RecordId>>,
    /// The number of the current grouping. Different groupings have different numbers.
    grouping: u64,
}

impl TermVocabulary {
    /// Builds the vocabulary from a source's lists of taxonomies and terms.
    pub fn of_lists<'a>(
        taxonomies: impl IntoIterator<Item = &'a Taxonomy>,
        terms: impl IntoIterator<Item = &'a TaxonomyTerm>,
    ) -> Self {
        let mut vocabulary = Self::default();
        taxonomies.into_iter().for_each(|taxonomy| vocabulary.add_taxonomy(taxonomy));
        terms.into_iter().for_each(|term| vocabulary.add_with_vocabulary(term));
        vocabulary
    }

    /// Adds the terms of a service's annotations that are not yet known.
    pub fn add_service(&mut self, service: &Service) {
        service.all_attributes().for_each(|attribute| self.add_attribute(attribute));
    }

    /// Adds a term, replacing what is known about it.
    pub fn add(&mut self, term: &TaxonomyTerm) {
        self.unlink(&term.id);
        if let Some(parent) = &term.parent_id {
            self.narrower.entry(parent.clone()).or_default().push(term.id.clone());
        }
        let listed = term.taxonomy_id.as_ref().and_then(|id| self.taxonomies.get(id));
        self.put(&term.id, KnownTerm::of(term, listed));
    }

    /// Adds what a vocabulary's own record says about it.
    pub fn add_taxonomy(&mut self, taxonomy: &Taxonomy) {
        let names = VocabularyNames::of(taxonomy);
        if self.taxonomies.get(&taxonomy.id) != Some(&names) {
            self.taxonomies.insert(taxonomy.id.clone(), names);
            self.regroup(&taxonomy.id);
        }
    }

    /// Removes a term or a vocabulary's own record.
    pub fn remove(&mut self, id: &RecordId) {
        self.unlink(id);
        if let Some(known) = self.known.remove(id) {
            self.leave(id, &known.group);
        }
        if self.taxonomies.remove(id).is_some() {
            self.regroup(id);
        }
    }

    /// Returns the terms that a reference names, in any source, with their narrower terms if `with_narrower`.
    pub fn named(&self, wanted: &TaxonomyTermRef, with_narrower: bool) -> HashSet<RecordId> {
        let mut found = match wanted {
            // A term that is not known may still occur in an annotation.
            TaxonomyTermRef::Id(id) => HashSet::from([id.clone()]),
            _ => self.each_named(wanted).cloned().collect(),
        };
        if with_narrower {
            self.add_narrower(&mut found);
        }
        found
    }

    /// Returns whether a reference names any known term.
    pub fn knows(&self, wanted: &TaxonomyTermRef) -> bool {
        self.each_named(wanted).next().is_some()
    }

    /// Returns whether a vocabulary with this name, address or id is known.
    pub fn knows_vocabulary(&self, name: &str) -> bool {
        let wanted = WantedVocabulary::of(name);
        self.known.values().any(|known| known.is_of(&wanted))
            || self.taxonomies.iter().any(|(id, names)| wanted.is(id, names))
    }

    /// Returns the terms of the vocabulary with this name, address or id.
    pub fn terms_of(&self, vocabulary: &str) -> HashSet<RecordId> {
        let wanted = WantedVocabulary::of(vocabulary);
        self.ids(|_, known| self.is_of(known, &wanted)).cloned().collect()
    }

    /// Returns a function that tells whether a term belongs to the vocabulary with this name, address or id.
    pub fn those_of(&self, vocabulary: &str) -> impl Fn(&RecordId) -> bool {
        let wanted = WantedVocabulary::of(vocabulary);
        move |term| self.known.get(term).is_some_and(|known| self.is_of(known, &wanted))
    }

    /// Returns the group of a term. A term that is not known forms its own group.
    pub fn group_of(&self, term: &RecordId) -> TermGroup {
        self.known.get(term).map_or_else(|| TermGroup::of_id(term), |known| known.group.clone())
    }

    /// Returns whether a term is known.
    pub fn holds(&self, term: &RecordId) -> bool {
        self.known.contains_key(term)
    }

    /// Adds everything from another vocabulary. The two must not have terms in common.
    pub fn absorb(&mut self, other: Self) {
        self.taxonomies.extend(other.taxonomies);
        for (id, known) in other.known {
            if let Some(parent) = &known.parent {
                self.narrower.entry(parent.clone()).or_default().push(id.clone());
            }
            self.put(&id, known);
        }
    }

    /// Returns what is known about a group. `None` if none of its terms is known.
    pub fn group(&self, group: &TermGroup) -> Option<KnownGroup<'_>> {
        let terms = self.groups.get(group)?;
        Some(KnownGroup { vocabulary: self, terms })
    }

    /// Returns the name of a term as written. `None` if it is not known or has no name.
    pub fn name_of(&self, term: &RecordId) -> Option<&str> {
        self.known.get(term)?.label.as_deref()
    }

    /// Returns a number that identifies the grouping of these terms. No other grouping has it.
    pub fn grouping(&self) -> u64 {
        self.grouping
    }

    /// Returns the terms directly below another.
    pub fn directly_below(&self, broader: &RecordId) -> &[RecordId] {
        self.narrower.get(broader).map_or(&[], Vec::as_slice)
    }

    /// Returns the known terms that a reference names.
    fn each_named<'v>(&'v self, wanted: &TaxonomyTermRef) -> Box<dyn Iterator<Item = &'v RecordId> + 'v> {
        match wanted {
            TaxonomyTermRef::Id(id) => Box::new(self.known.get_key_value(id).map(|(id, _)| id).into_iter()),
            TaxonomyTermRef::Group(group) => Box::new(self.of_group(group)),
            TaxonomyTermRef::Uri(uri) => {
                let bare = bare_address(uri);
                let own = self.ids(move |_, known| known.uri.as_deref() == Some(&*bare));
                Box::new(own.chain(self.of_group(&TermGroup::of_uri(uri))))
            }
            TaxonomyTermRef::Code { taxonomy: None, code } => {
                let as_written = self.with_code(None, code);
                // The prefix of a CURIE may be any of the vocabulary's names.
                let group = TermGroup::of_prefixed_code(code).into_iter();
                let local = TermGroup::shared_code(code)
                    .map(|(shared, local)| self.with_code(Some(shared.name), local));
                let local = local.into_iter().flatten();
                Box::new(as_written.chain(local).chain(group.flat_map(|group| self.of_group(&group))))
            }
            TaxonomyTermRef::Code { taxonomy: Some(taxonomy), code } => {
                let shared = TermGroup::of_shared_code(taxonomy, code).into_iter();
                let own = self.with_code(Some(taxonomy), code);
                Box::new(own.chain(shared.flat_map(|group| self.of_group(&group))))
            }
            TaxonomyTermRef::Name(name) => {
                let name = folded(name);
                Box::new(self.ids(move |_, known| known.name.as_deref() == Some(&*name)))
            }
        }
    }

    /// Returns whether a term belongs to a vocabulary, by its own statement or by the vocabulary's record.
    fn is_of(&self, known: &KnownTerm, wanted: &WantedVocabulary) -> bool {
        let listed = known.taxonomy.as_ref().and_then(|id| Some((id, self.taxonomies.get(id)?)));
        known.is_of(wanted) || listed.is_some_and(|(id, names)| wanted.is(id, names))
    }

    /// Returns the terms with this code, in this vocabulary if one is given.
    fn with_code<'v>(
        &'v self,
        taxonomy: Option<&str>,
        code: &str,
    ) -> impl Iterator<Item = &'v RecordId> + use<'v> {
        let (taxonomy, code) = (taxonomy.map(WantedVocabulary::of), folded(code));
        self.ids(move |id, known| {
            known.has_code(id, &code) && taxonomy.as_ref().is_none_or(|taxonomy| self.is_of(known, taxonomy))
        })
    }

    fn of_group(&self, group: &TermGroup) -> std::slice::Iter<'_, RecordId> {
        self.groups.get(group).map_or(&[][..], Vec::as_slice).iter()
    }

    fn ids<'v>(
        &'v self,
        is_meant: impl Fn(&RecordId, &KnownTerm) -> bool + 'v,
    ) -> impl Iterator<Item = &'v RecordId> + 'v {
        self.known.iter().filter(move |(id, known)| is_meant(id, known)).map(|(id, _)| id)
    }

    // Some terms are their own parents, or form cycles: each is visited once.
    fn add_narrower(&self, found: &mut HashSet<RecordId>) {
        let mut next: Vec<RecordId> = found.iter().cloned().collect();
        while let Some(broader) = next.pop() {
            for id in self.narrower.get(&broader).into_iter().flatten() {
                if self.share_a_taxonomy(&broader, id) && found.insert(id.clone()) {
                    next.push(id.clone());
                }
            }
        }
    }

    fn share_a_taxonomy(&self, a: &RecordId, b: &RecordId) -> bool {
        let taxonomy = |id| self.known.get(id).and_then(|known| known.taxonomy.as_ref());
        taxonomy(a).zip(taxonomy(b)).is_none_or(|(a, b)| a == b)
    }

    fn add_attribute(&mut self, attribute: &Attribute) {
        match (&attribute.taxonomy_term, &attribute.taxonomy_term_id) {
            (Some(term), _) if !self.known.contains_key(&term.id) => self.add_with_vocabulary(term),
            (None, Some(id)) if !self.known.contains_key(id) => self.put(id, KnownTerm::nothing(id)),
            _ => {}
        }
    }

    // Terms of ORUK 1.0 contain their broader terms, nested in the vocabulary.
    fn add_with_vocabulary(&mut self, term: &TaxonomyTerm) {
        if let Some(taxonomy) = term.taxonomy.as_ref().filter(|one| !self.taxonomies.contains_key(&one.id)) {
            self.add_taxonomy(taxonomy);
        }
        self.add(term);
        for other in term.taxonomy.iter().flat_map(|taxonomy| &taxonomy.terms) {
            if !self.known.contains_key(&other.id) {
                self.add(other);
            }
        }
    }

    /// Removes a term from the list of its broader term.
    fn unlink(&mut self, id: &RecordId) {
        let parent = self.known.get(id).and_then(|known| known.parent.as_ref());
        if let Some(siblings) = parent.and_then(|parent| self.narrower.get_mut(parent)) {
            siblings.retain(|sibling| sibling != id);
        }
    }

    /// Stores what is known about a term, and updates its group.
    fn put(&mut self, id: &RecordId, known: KnownTerm) {
        let group = known.group.clone();
        let before = self.known.insert(id.clone(), known);
        if before.as_ref().is_some_and(|before| before.group == group) {
            return;
        }
        before.iter().for_each(|before| self.leave(id, &before.group));
        let terms = self.groups.entry(group).or_default();
        if let Err(at) = terms.binary_search(id) {
            terms.insert(at, id.clone());
        }
        self.grouping = next_grouping();
    }

    fn leave(&mut self, id: &RecordId, group: &TermGroup) {
        if let Some(terms) = self.groups.get_mut(group) {
            terms.retain(|term| term != id);
            if terms.is_empty() {
                self.groups.remove(group);
            }
        }
        self.grouping = next_grouping();
    }

    /// Recomputes the groups of a vocabulary's terms after its record has changed.
    fn regroup(&mut self, taxonomy: &RecordId) {
        let names = self.taxonomies.get(taxonomy);
        let of_it = self.known.iter().filter(|(_, known)| known.taxonomy.as_ref() == Some(taxonomy));
        let regrouped: Vec<(RecordId, KnownTerm)> =
            of_it.map(|(id, known)| (id.clone(), known.renamed(id, names))).collect();
        regrouped.into_iter().for_each(|(id, known)| self.put(&id, known));
    }
}

fn next_grouping() -> u64 {
    static LAST: AtomicU64 = AtomicU64::new(0);
    LAST.fetch_add(1, Ordering::Relaxed) + 1
}

#[cfg(test)]
mod tests;
