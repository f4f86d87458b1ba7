//! Words with their standing, in the form in which they are passed to the index: `2:nlunch` is the stem `lunch` in a
//! name, two positions after the word before it.

use tantivy::tokenizer::{Token, TokenStream, Tokenizer};

use crate::model::{AskText, WordStanding};

/// Writes the words of a service in the form that the tokenizer reads.
pub(super) fn written(text: &AskText) -> String {
    let each = text.words().flat_map(|(stem, standing, positions)| {
        positions.iter().map(move |position| (*position, standing, stem))
    });
    let mut words: Vec<_> = each.collect();
    words.sort_unstable();
    let (mut written, mut last) = (String::new(), 0);
    for (position, standing, stem) in words {
        let step = position.saturating_sub(last);
        last = position;
        written.push_str(&format!("{step}:{}{stem} ", standing.letter()));
    }
    written
}

/// Returns the term for a word in a standing.
pub(super) fn term(stem: &str, standing: WordStanding) -> String {
    format!("{}{stem}", standing.letter())
}

#[derive(Clone, Default)]
pub(super) struct PlacedTokenizer {
    token: Token,
}

impl Tokenizer for PlacedTokenizer {
    type TokenStream<'a> = PlacedStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> PlacedStream<'a> {
        self.token.reset();
        self.token.position = 0;
        PlacedStream { rest: text, token: &mut self.token }
    }
}

pub(super) struct PlacedStream<'a> {
    rest: &'a str,
    token: &'a mut Token,
}

impl TokenStream for PlacedStream<'_> {
    fn advance(&mut self) -> bool {
        let Some((word, rest)) = self.rest.split_once(' ') else { return false };
        self.rest = rest;
        let (step, term) = word.split_once(':').unwrap_or(("1", word));
        self.token.position = self.token.position.saturating_add(step.parse().unwrap_or(1));
        self.token.text.clear();
        self.token.text.push_str(term);
        true
    }

    fn token(&self) -> &Token {
        self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        self.token
    }
}
