//! The taxonomy terms that are known: which ones a reference names, and which are narrower.

use std::collections::{HashMap, HashSet};

use super::{Attribute, RecordId, Service, TaxonomyTerm, TaxonomyTermRef};

/// Terms of one source or of many, with their narrower ones.
#[derive(Clone, Debug, Default)]
pub struct Vocabulary {
    known: HashMap<RecordId, Known>,
    narrower: HashMap<RecordId, Vec<RecordId>>,
}

/// What is known of a term: its names, folded for comparing.
#[derive(Clone, Debug, Default)]
struct Known {
    name: Option<Box<str>>,
    uri: Option<Box<str>>,
    code: Option<Box<str>>,
    vocabularies: Vec<Box<str>>,
    taxonomy: Option<RecordId>,
    parent: Option<RecordId>,
}

impl Vocabulary {
    /// Terms as a source lists them.
    pub fn of_terms<'a>(terms: impl IntoIterator<Item = &'a TaxonomyTerm>) -> Self {
        let mut vocabulary = Self::default();
        terms.into_iter().for_each(|term| vocabulary.add(term));
        vocabulary
    }

    /// The terms of these services' annotations.
    pub fn of_services<'a>(services: impl IntoIterator<Item = &'a Service>) -> Self {
        let mut vocabulary = Self::default();
        for service in services {
            vocabulary.add_service(service);
        }
        vocabulary
    }

    /// Takes in those terms of a service's annotations that are not known yet.
    pub fn add_service(&mut self, service: &Service) {
        service.all_attributes().for_each(|attribute| self.add_attribute(attribute));
    }

    /// Takes in a term; what is known of it already is replaced.
    pub fn add(&mut self, term: &TaxonomyTerm) {
        self.remove(&term.id);
        if let Some(parent) = &term.parent_id {
            self.narrower.entry(parent.clone()).or_default().push(term.id.clone());
        }
        self.known.insert(term.id.clone(), Known::of(term));
    }

    /// Forgets a term.
    pub fn remove(&mut self, id: &RecordId) {
        let parent = self.known.remove(id).and_then(|known| known.parent);
        if let Some(siblings) = parent.and_then(|parent| self.narrower.get_mut(&parent)) {
            siblings.retain(|sibling| sibling != id);
        }
    }

    /// The terms a reference names, in any source; with those narrower than them where wanted.
    pub fn named(&self, wanted: &TaxonomyTermRef, with_narrower: bool) -> HashSet<RecordId> {
        let mut found: HashSet<RecordId> = match wanted {
            // A term that nothing is known of can still be carried.
            TaxonomyTermRef::Id(id) => HashSet::from([id.clone()]),
            TaxonomyTermRef::Uri(uri) => self.ids(|_, known| known.uri.as_deref() == Some(&*bare_uri(uri))),
            TaxonomyTermRef::Code { taxonomy, code } => {
                let (taxonomy, code) = (taxonomy.as_deref().map(folded), folded(code));
                self.ids(|id, known| {
                    known.has_code(id, &code)
                        && taxonomy.as_ref().is_none_or(|taxonomy| known.is_of(taxonomy))
                })
            }
            TaxonomyTermRef::Name(name) => {
                let name = folded(name);
                self.ids(|_, known| known.name.as_deref() == Some(&*name))
            }
        };
        if with_narrower {
            self.add_narrower(&mut found);
        }
        found
    }

    /// The terms directly below one.
    pub fn directly_below(&self, broader: &RecordId) -> &[RecordId] {
        self.narrower.get(broader).map_or(&[], Vec::as_slice)
    }

    fn ids(&self, is_meant: impl Fn(&RecordId, &Known) -> bool) -> HashSet<RecordId> {
        self.known.iter().filter(|(id, known)| is_meant(id, known)).map(|(id, _)| id.clone()).collect()
    }

    // Terms that are their own parents, and cycles, occur: each is looked at once.
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
            (None, Some(id)) => {
                self.known.entry(id.clone()).or_default();
            }
            _ => {}
        }
    }

    // Terms of 1.0 bring the broader ones along, in their vocabulary.
    fn add_with_vocabulary(&mut self, term: &TaxonomyTerm) {
        self.add(term);
        for other in term.taxonomy.iter().flat_map(|taxonomy| &taxonomy.terms) {
            if !self.known.contains_key(&other.id) {
                self.add(other);
            }
        }
    }
}

impl Known {
    fn of(term: &TaxonomyTerm) -> Self {
        Self {
            name: Some(folded(&term.name)),
            uri: term.term_uri.as_ref().map(|uri| bare_uri(uri.as_str())),
            code: term.code.as_deref().map(folded),
            vocabularies: term.vocabulary_names().map(folded).collect(),
            taxonomy: term.taxonomy_id.clone(),
            parent: term.parent_id.clone(),
        }
    }

    // A code may be written as a CURIE (`esdServiceType:298`), whose prefix the feed may leave out or hold in the
    // term's id.
    fn has_code(&self, id: &RecordId, code: &str) -> bool {
        let upstream = folded(id.upstream());
        let own = [self.code.as_deref(), Some(&*upstream)];
        own.into_iter()
            .flatten()
            .any(|own| own == code || own.rsplit(':').next().is_some_and(|bare| bare == code))
    }

    fn is_of(&self, taxonomy: &str) -> bool {
        self.vocabularies.iter().any(|name| **name == *taxonomy)
    }
}

fn folded(text: &str) -> Box<str> {
    text.trim().to_lowercase().into()
}

// `http` and `https`, and a last slash, make no difference.
fn bare_uri(uri: &str) -> Box<str> {
    let uri = uri.trim().trim_end_matches('/');
    uri.split_once("://").map_or(uri, |(_, rest)| rest).into()
}
