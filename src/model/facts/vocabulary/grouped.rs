//! What is known about a group of terms that are the same.

use super::TermVocabulary;
use super::known::KnownTerm;
use crate::model::RecordId;

/// A group of terms. Each property is taken from the first of its terms that has it.
#[derive(Clone, Copy, Debug)]
pub struct KnownGroup<'v> {
    pub(super) vocabulary: &'v TermVocabulary,
    pub(super) terms: &'v [RecordId],
}

/// A term, and the property taken from it.
pub type TermSays<'v> = Option<(&'v RecordId, &'v str)>;

impl<'v> KnownGroup<'v> {
    /// Returns the terms of the group, sorted by source key and upstream id.
    pub fn terms(self) -> &'v [RecordId] {
        self.terms
    }

    /// Returns the name, and the term that has it.
    pub fn name(self) -> TermSays<'v> {
        self.first(|known| known.label.as_deref())
    }

    /// Returns the code, and the term that has it.
    pub fn code(self) -> TermSays<'v> {
        self.first(|known| known.written_code.as_deref())
    }

    /// Returns the address, and the term that has it.
    pub fn uri(self) -> TermSays<'v> {
        self.first(|known| known.written_uri.as_deref())
    }

    /// Returns the vocabulary's usual name if many feeds share it, else the name that the term gives.
    pub fn vocabulary(self) -> TermSays<'v> {
        self.first(KnownTerm::vocabulary_label)
    }

    fn first(self, of: impl Fn(&'v KnownTerm) -> Option<&'v str>) -> TermSays<'v> {
        self.terms.iter().find_map(|id| Some((id, of(self.vocabulary.known.get(id)?)?)))
    }
}
