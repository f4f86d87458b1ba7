//! What is known of a group of terms that are one.

use super::TermVocabulary;
use super::known::KnownTerm;
use crate::model::RecordId;

/// What is known of a group of terms: of each thing, what the first of its terms says that says it.
#[derive(Clone, Copy, Debug)]
pub struct KnownGroup<'v> {
    pub(super) vocabulary: &'v TermVocabulary,
    pub(super) terms: &'v [RecordId],
}

/// What a term says.
pub type TermSays<'v> = Option<(&'v RecordId, &'v str)>;

impl<'v> KnownGroup<'v> {
    /// Its terms, in the order of their sources' keys and of their ids in the feeds.
    pub fn terms(self) -> &'v [RecordId] {
        self.terms
    }

    /// Its name, and the term that has it.
    pub fn name(self) -> TermSays<'v> {
        self.first(|known| known.label.as_deref())
    }

    /// Its code, likewise.
    pub fn code(self) -> TermSays<'v> {
        self.first(|known| known.written_code.as_deref())
    }

    /// Its address, likewise.
    pub fn uri(self) -> TermSays<'v> {
        self.first(|known| known.written_uri.as_deref())
    }

    /// What its vocabulary is called: by its usual name where many feeds share it, else as the term has it.
    pub fn vocabulary(self) -> TermSays<'v> {
        self.first(KnownTerm::vocabulary_label)
    }

    fn first(self, of: impl Fn(&'v KnownTerm) -> Option<&'v str>) -> TermSays<'v> {
        self.terms.iter().find_map(|id| Some((id, of(self.vocabulary.known.get(id)?)?)))
    }
}
