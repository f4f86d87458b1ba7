//! The tokens of the text that a plan is made of, by which plans serve other texts with the same ones.

use async_graphql::Name;

/// Where tokens stand in a text, in bytes.
#[derive(Debug, Default)]
pub(in crate::graphql) struct SourceTokens {
    places: Vec<usize>,
    /// Where the strings stand in whose place other texts have others.
    strings: Vec<usize>,
}

impl SourceTokens {
    pub(in crate::graphql) fn new(places: Vec<usize>, strings: Vec<usize>) -> Self {
        Self { places, strings }
    }

    /// Returns the number of the token that begins at a place.
    pub(super) fn number(&self, at: usize) -> Option<usize> {
        self.places.binary_search(&at).ok()
    }

    /// Returns the variable that stands for the string at a place. `None` if it is the same in all texts.
    pub(super) fn variable(&self, at: usize) -> Option<Name> {
        self.strings.binary_search(&at).ok().map(Self::name)
    }

    /// Returns the name of the variable that stands for a string, by its number among them. No variable of a document has
    /// such a name.
    pub(in crate::graphql) fn name(number: usize) -> Name {
        Name::new(number.to_string())
    }
}
