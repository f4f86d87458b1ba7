//! Words: how names sort and how texts are searched.

use std::collections::BTreeSet;

use rust_stemmers::{Algorithm, Stemmer};
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// A name folded so that case, accents and width do not decide the order. Cut to [`OrderKey::MAX_CHARS`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct OrderKey(Box<str>);

impl OrderKey {
    /// Long enough to order names, short enough for a cursor; source and id break ties.
    pub const MAX_CHARS: usize = 80;

    /// The key of a name.
    pub fn of(name: &str) -> Self {
        // A NUL separates the parts of a cursor, so none may stand in a key.
        let folded: String = fold(name).filter(|c| *c != '\0').take(Self::MAX_CHARS).collect();
        Self(folded.trim().into())
    }

    /// A key as a cursor kept it.
    pub(super) fn kept(text: &str) -> Self {
        Self(text.into())
    }

    /// The folded text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The words of a record, folded and stemmed, field by field.
#[derive(Clone, Debug, Default)]
pub struct SearchText {
    words: BTreeSet<Box<str>>,
    stems: BTreeSet<Box<str>>,
    fields: Vec<Vec<Box<str>>>,
}

impl SearchText {
    /// The words of these fields.
    pub fn of(fields: &[&str]) -> Self {
        let fields: Vec<Vec<Box<str>>> = fields.iter().map(|field| words(field)).collect();
        let words: BTreeSet<Box<str>> = fields.iter().flatten().cloned().collect();
        let stems = words.iter().map(|word| stem(word)).collect();
        Self { words, stems, fields }
    }

    fn has_word(&self, wanted: &Word) -> bool {
        self.stems.contains(&wanted.stem)
            || self.words.contains(&wanted.folded)
            || (wanted.may_be_prefix && self.has_prefix(&wanted.folded))
    }

    fn has_prefix(&self, prefix: &str) -> bool {
        let from = (std::ops::Bound::Included(prefix), std::ops::Bound::Unbounded);
        self.words.range::<str, _>(from).next().is_some_and(|word| word.starts_with(prefix))
    }

    fn has_phrase(&self, phrase: &[Box<str>]) -> bool {
        self.fields.iter().any(|field| field.windows(phrase.len()).any(|window| window == phrase))
    }
}

/// What somebody searches for: words that must all occur, and quoted phrases.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextQuery {
    words: Vec<Word>,
    phrases: Vec<Vec<Box<str>>>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Word {
    folded: Box<str>,
    stem: Box<str>,
    may_be_prefix: bool,
}

impl TextQuery {
    /// Reads a search: words, and phrases in double quotes; no other character means anything. None where no
    /// word is left.
    pub fn parse(text: &str) -> Option<Self> {
        let (mut loose, mut phrases) = (Vec::new(), Vec::new());
        for (index, piece) in text.split('"').enumerate() {
            let piece_words = words(piece);
            // Every second piece stands between quotes; a single quoted word is a word.
            if index % 2 == 1 && piece_words.len() > 1 {
                phrases.push(piece_words);
            } else {
                loose.extend(piece_words);
            }
        }
        if loose.is_empty() && phrases.is_empty() {
            return None;
        }
        Some(Self { words: loose.into_iter().map(Word::new).collect(), phrases })
    }

    /// Whether all words occur somewhere and every phrase in one field.
    pub fn matches(&self, text: &SearchText) -> bool {
        self.words.iter().all(|word| text.has_word(word))
            && self.phrases.iter().all(|phrase| text.has_phrase(phrase))
    }
}

impl Word {
    /// Shorter beginnings match nearly everything.
    const SHORTEST_PREFIX: usize = 3;

    fn new(folded: Box<str>) -> Self {
        Self { stem: stem(&folded), may_be_prefix: folded.chars().count() >= Self::SHORTEST_PREFIX, folded }
    }
}

fn fold(text: &str) -> impl Iterator<Item = char> {
    text.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase)
}

// Apostrophes are dropped, so that `women's` and `womens` are one word; everything else that is no letter or
// digit separates.
fn words(text: &str) -> Vec<Box<str>> {
    let folded: String = fold(text).filter(|c| !matches!(c, '\'' | '’' | '‘' | 'ʼ')).collect();
    folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(Into::into).collect()
}

fn stem(word: &str) -> Box<str> {
    Stemmer::create(Algorithm::English).stem(word).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(query: &str) -> bool {
        let text = SearchText::of(&["Women's Aid Drop-in", "Café on Tuesdays"]);
        TextQuery::parse(query).is_some_and(|query| query.matches(&text))
    }

    // The worked examples of the field notes on filters.
    #[test]
    fn apostrophes_accents_hyphens_and_prefixes() {
        for query in [
            "womens",
            "women's",
            "cafe",
            "CAFÉ",
            "drop in",
            "tues cafe",
            "tuesday",
            "\"drop in\"",
            "aid -drop",
        ] {
            assert!(found(query), "{query}");
        }
    }

    #[test]
    fn phrases_keep_their_order_and_single_letters_are_words() {
        for query in ["\"drop aid\"", "p", "cafe monday", "\"aid on\""] {
            assert!(!found(query), "{query}");
        }
    }

    #[test]
    fn a_search_without_words_is_none() {
        assert_eq!(TextQuery::parse(" -+* \"\" "), None);
    }

    #[test]
    fn names_sort_without_regard_to_case_or_accent() {
        let mut names = ["éclair", "Zoo", "apple", "Eden"];
        names.sort_by_key(|name| OrderKey::of(name));
        assert_eq!(names, ["apple", "éclair", "Eden", "Zoo"]);
    }
}
