//! What is known about one term: its names, normalised for comparison and as written.

use crate::model::facts::term_group::{TermWords, bare_uri};
use crate::model::{RecordId, SharedVocabulary, TaxonomyTerm, TermGroup, VocabularyNames};

#[derive(Clone, Debug)]
pub(super) struct KnownTerm {
    pub(super) group: TermGroup,
    /// The name, normalised.
    pub(super) name: Option<Box<str>>,
    /// The name as written. `None` if the feed gives none.
    pub(super) label: Option<Box<str>>,
    /// The address, normalised.
    pub(super) uri: Option<Box<str>>,
    pub(super) written_uri: Option<Box<str>>,
    code: Option<Box<str>>,
    pub(super) written_code: Option<Box<str>>,
    /// All names of its vocabulary, normalised.
    vocabularies: Box<[Box<str>]>,
    /// The names that the term gives its vocabulary and that mean something in other feeds too, as written.
    stated: Box<[Box<str>]>,
    shared: Option<&'static SharedVocabulary>,
    pub(super) taxonomy: Option<RecordId>,
    pub(super) parent: Option<RecordId>,
}

/// The name that reading a record gives a term without one.
const UNNAMED: &str = "(unnamed)";

impl KnownTerm {
    /// Collects what a term states. `listed` is what its vocabulary's own record says.
    pub(super) fn of(term: &TaxonomyTerm, listed: Option<&VocabularyNames>) -> Self {
        let label = Some(&*term.name).filter(|name| *name != UNNAMED);
        let known = Self {
            group: TermGroup::of(term, listed),
            name: Some(folded(&term.name)),
            label: label.map(Into::into),
            uri: term.term_uri.as_ref().map(|uri| bare_address(uri.as_str())),
            written_uri: term.term_uri.as_ref().map(|uri| uri.as_str().into()),
            code: term.code.as_deref().map(folded),
            written_code: term.code.as_deref().map(Into::into),
            vocabularies: term.vocabulary_names().map(folded).collect(),
            stated: term.own_vocabulary_names().map(Into::into).collect(),
            shared: None,
            taxonomy: term.taxonomy_id.clone(),
            parent: term.parent_id.clone(),
        };
        known.of_vocabulary(listed)
    }

    /// Creates an entry for a term of which only the id is known.
    pub(super) fn nothing(id: &RecordId) -> Self {
        Self {
            group: TermGroup::of_id(id),
            name: None,
            label: None,
            uri: None,
            written_uri: None,
            code: None,
            written_code: None,
            vocabularies: Box::default(),
            stated: Box::default(),
            shared: None,
            taxonomy: None,
            parent: None,
        }
    }

    /// Returns the entry with its group recomputed for a vocabulary whose own record now says `listed`.
    pub(super) fn renamed(&self, id: &RecordId, listed: Option<&VocabularyNames>) -> Self {
        let stated = self.stated.iter().map(AsRef::as_ref);
        let words = TermWords {
            id,
            code: self.written_code.as_deref(),
            name: self.label.as_deref(),
            uri: self.written_uri.as_deref(),
            vocabularies: stated.chain(listed.into_iter().flat_map(VocabularyNames::each)).collect(),
        };
        Self { group: words.group(), ..self.clone() }.of_vocabulary(listed)
    }

    fn of_vocabulary(self, listed: Option<&VocabularyNames>) -> Self {
        // A key such as `code:esd-service-types:298` names the vocabulary, whatever else the term says.
        let shared = self.group.shared_vocabulary().or_else(|| {
            let listed = listed.into_iter().flat_map(VocabularyNames::each);
            self.stated.iter().map(AsRef::as_ref).chain(listed).find_map(SharedVocabulary::named)
        });
        Self { shared, ..self }
    }

    // A code may be written as a CURIE (`esdServiceType:298`). The feed may omit the prefix, or have it in the term's
    // id.
    pub(super) fn has_code(&self, id: &RecordId, code: &str) -> bool {
        let is_meant = |own: &str| own == code || own.rsplit(':').next().is_some_and(|bare| bare == code);
        self.code.as_deref().is_some_and(is_meant) || is_meant(&folded(id.upstream()))
    }

    pub(super) fn is_of(&self, wanted: &WantedVocabulary) -> bool {
        self.vocabularies.iter().any(|name| **name == *wanted.name)
            || (wanted.shared.is_some() && self.shared == wanted.shared)
    }

    /// Returns the name of the term's vocabulary.
    pub(super) fn vocabulary_label(&self) -> Option<&str> {
        self.shared.map(|shared| shared.name).or_else(|| self.stated.first().map(AsRef::as_ref))
    }
}

/// A vocabulary that a client asks for.
pub(super) struct WantedVocabulary {
    name: Box<str>,
    shared: Option<&'static SharedVocabulary>,
}

impl WantedVocabulary {
    pub(super) fn of(name: &str) -> Self {
        Self { name: folded(name), shared: SharedVocabulary::named(name) }
    }

    /// Returns whether the record with this id and these names is the vocabulary asked for.
    pub(super) fn is(&self, id: &RecordId, names: &VocabularyNames) -> bool {
        let mut known = [id.as_str(), id.upstream()].into_iter().chain(names.each());
        known.any(|name| {
            folded(name) == self.name
                || (self.shared.is_some() && SharedVocabulary::named(name) == self.shared)
        })
    }
}

pub(super) fn folded(text: &str) -> Box<str> {
    text.trim().to_lowercase().into()
}

// Ignores the difference between `http` and `https`, and trailing slashes.
pub(super) fn bare_address(uri: &str) -> Box<str> {
    bare_uri(uri).into()
}
