//! The tokens of the text from which a plan was made. They allow plans to serve other texts that differ only in
//! strings.

use async_graphql::Name;

/// The positions of tokens in a text, in bytes.
#[derive(Debug, Default)]
pub(in crate::graphql) struct SourceTokens {
    places: Vec<usize>,
    /// The positions of strings that differ between texts.
    strings: Vec<usize>,
}

impl SourceTokens {
    pub(in crate::graphql) fn new(places: Vec<usize>, strings: Vec<usize>) -> Self {
        Self { places, strings }
    }

    /// Returns the index of the token at a position.
    pub(super) fn number(&self, at: usize) -> Option<usize> {
        self.places.binary_search(&at).ok()
    }

    /// Returns the variable that stands for the string at a position. Returns `None` if the string is the same in all
    /// texts.
    pub(super) fn variable(&self, at: usize) -> Option<Name> {
        self.strings.binary_search(&at).ok().map(Self::name)
    }

    /// Returns the variable name for a string, given its index. Variables of documents cannot have such a name.
    pub(in crate::graphql) fn name(number: usize) -> Name {
        Name::new(number.to_string())
    }
}
