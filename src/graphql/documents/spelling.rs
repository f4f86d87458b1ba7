//! The positions of tokens in a request's text, for error messages.

use std::sync::OnceLock;

use async_graphql::Pos;

use super::normal_text::token_places;

/// The text of a request.
#[derive(Debug, Default)]
pub(crate) struct DocumentSpelling {
    text: String,
    /// The positions of all tokens, computed for the first error.
    places: OnceLock<Vec<Pos>>,
}

impl DocumentSpelling {
    /// Keeps a text.
    pub(super) fn of(text: String) -> Self {
        Self { text, places: OnceLock::new() }
    }

    /// Returns the positions of tokens, given their indices.
    pub(in crate::graphql) fn places(&self, tokens: &[usize]) -> Vec<Pos> {
        let places = self.places.get_or_init(|| places(&self.text));
        tokens.iter().filter_map(|token| places.get(*token)).copied().collect()
    }
}

/// Returns the position of each token.
fn places(text: &str) -> Vec<Pos> {
    let (mut place, mut seen) = (BEGINNING, 0);
    let places = token_places(text).into_iter().map(|at| {
        place = after(place, text.get(seen..at).unwrap_or_default());
        seen = at;
        place
    });
    places.collect()
}

/// Returns the position of a byte.
pub(super) fn place_of(text: &str, at: usize) -> Pos {
    after(BEGINNING, text.get(..at).unwrap_or(text))
}

/// The position of the first character. Lines and columns count from 1, columns in characters.
const BEGINNING: Pos = Pos { line: 1, column: 1 };

/// Returns the position after some text that begins at a position.
fn after(begins: Pos, passed: &str) -> Pos {
    let mut characters = passed.chars().peekable();
    let mut place = begins;
    while let Some(character) = characters.next() {
        let ends_line = match character {
            '\n' => true,
            '\r' => characters.peek() != Some(&'\n'),
            _ => false,
        };
        place = match ends_line {
            true => Pos { line: place.line + 1, column: 1 },
            false => Pos { column: place.column + 1, ..place },
        };
    }
    place
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_end_as_the_specification_says_and_columns_are_characters() {
        let spelling = DocumentSpelling::of("{\n  a(b: \"é\") c\r\n\r  d\n}".to_owned());
        let places = spelling.places(&[0, 1, 7, 8, 9, 99]);
        let places: Vec<(usize, usize)> = places.iter().map(|place| (place.line, place.column)).collect();
        assert_eq!(places, [(1, 1), (2, 3), (2, 13), (4, 3), (5, 1)]);
    }
}
