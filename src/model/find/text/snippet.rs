//! Snippets: a piece of each field around its first hit.

use std::ops::Range;

use super::query::TextQuery;
use super::search_text::TextField;
use super::tokens::each_word;

/// A field in which a search has a hit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextMatch {
    /// The field's name in the graph, with a dot before a member of a nested record.
    pub field: &'static str,
    /// The text around the first hit, without markup, in one line. `…` marks where it was cut.
    pub snippet: String,
}

/// The approximate length of a snippet in characters. Words are not cut.
const ABOUT: usize = 160;

/// The most characters before the hit.
const BEFORE: usize = 50;

impl TextQuery {
    /// Returns a snippet of each field with a hit, in the order of the fields.
    pub fn snippets<'a>(&self, fields: impl IntoIterator<Item = TextField<'a>>) -> Vec<TextMatch> {
        let mut matches: Vec<TextMatch> = Vec::new();
        for field in fields {
            let Some(hit) = self.first_hit(field.text) else { continue };
            let found = TextMatch { field: field.name, snippet: around(field.text, &hit) };
            if !matches.contains(&found) {
                matches.push(found);
            }
        }
        matches
    }

    fn first_hit(&self, text: &str) -> Option<Range<usize>> {
        let mut places = Vec::new();
        each_word(text, |word, place| places.push((Box::<str>::from(word), place)));
        let begins = |rest: &[(Box<str>, Range<usize>)]| {
            let is_word =
                rest.first().is_some_and(|(word, _)| self.words().iter().any(|asked| asked.is(word)));
            is_word || self.phrases().iter().any(|phrase| begins_with(rest, phrase))
        };
        let first = (0..places.len()).find(|at| places.get(*at..).is_some_and(begins))?;
        places.get(first).map(|(_, place)| place.clone())
    }
}

fn begins_with(words: &[(Box<str>, Range<usize>)], phrase: &[Box<str>]) -> bool {
    words.len() >= phrase.len() && words.iter().zip(phrase).all(|((word, _), asked)| word == asked)
}

/// Returns the piece of a text around a hit.
pub(in crate::model) fn around(text: &str, hit: &Range<usize>) -> String {
    let (before, rest) = text.split_at_checked(hit.start).unwrap_or(("", text));
    let (whole, from) = (one_line(before), one_line(rest));
    let head = end_of(&whole, BEFORE);
    let glue = if before.ends_with(char::is_whitespace) && !head.is_empty() { " " } else { "" };
    let left = ABOUT.saturating_sub(head.chars().count());
    let tail = beginning_of(&from, left);
    let cut_before = if head.len() < whole.len() { "…" } else { "" };
    let cut_after = if tail.len() < from.len() { "…" } else { "" };
    format!("{cut_before}{head}{glue}{tail}{cut_after}")
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

// Returns the complete words in the last `most` characters.
fn end_of(text: &str, most: usize) -> &str {
    let Some(too_many) = text.chars().count().checked_sub(most).filter(|over| *over > 0) else { return text };
    let cut = text.char_indices().nth(too_many).map_or(0, |(at, _)| at);
    let (left_out, kept) = text.split_at_checked(cut).unwrap_or(("", text));
    if left_out.ends_with(' ') {
        return kept;
    }
    kept.split_once(' ').map_or("", |(_, whole)| whole)
}

// Returns the complete words in the first `most` characters. A single longer word is cut.
fn beginning_of(text: &str, most: usize) -> &str {
    let Some((cut, next)) = text.char_indices().nth(most) else { return text };
    let kept = text.split_at_checked(cut).map_or(text, |(kept, _)| kept);
    if next == ' ' {
        return kept;
    }
    kept.rsplit_once(' ').map_or(kept, |(whole, _)| whole)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::TextClass;

    fn found(query: &str, text: &str) -> Vec<String> {
        let field = TextField { name: "description", class: TextClass::Body, text };
        let matches = TextQuery::parse(query).unwrap().snippets([field]);
        matches.into_iter().map(|found| found.snippet).collect()
    }

    #[test]
    fn short_texts_come_whole_and_in_one_line() {
        assert_eq!(found("tues", "Café\n\n on  Tuesdays"), ["Café on Tuesdays"]);
        assert_eq!(found("mondays", "Café on Tuesdays"), [""; 0]);
    }

    #[test]
    fn long_texts_are_cut_at_words_around_the_first_hit() {
        let text = format!("{}(lunch), {}", "before ".repeat(40), "after ".repeat(60));
        let [snippet] = &found("\"lunch after\" lunches", &text)[..] else { panic!("one snippet") };
        assert!(snippet.starts_with("…before ") && snippet.ends_with(" after…"), "{snippet}");
        assert!(snippet.contains(" (lunch), after "), "{snippet}");
        assert!((140..=165).contains(&snippet.chars().count()), "{snippet}");
    }

    #[test]
    fn a_phrase_is_found_as_one_and_equal_pieces_are_given_once() {
        let text = format!("Drop by. {} Drop in", "x ".repeat(100));
        assert!(found("\"drop in\"", &text)[0].ends_with("Drop in"));
        let term = TextField { name: "taxonomyTerms.name", class: TextClass::Subject, text: "Food" };
        assert_eq!(TextQuery::parse("food").unwrap().snippets([term, term]).len(), 1);
    }

    proptest::proptest! {
        #[test]
        fn no_text_breaks_it(text in "\\PC{0,400}", query in "\\PC{1,5}") {
            if let Some(query) = TextQuery::parse(&query) {
                let field = TextField { name: "name", class: TextClass::Name, text: &text };
                for found in query.snippets([field]) {
                    proptest::prop_assert!(found.snippet.chars().count() <= ABOUT + 3);
                }
            }
        }
    }
}
