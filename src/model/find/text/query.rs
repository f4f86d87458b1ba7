//! Searches: what is searched for, which records match, and how well.
//!
//! A score depends only on the record, not on frequencies or lengths. So it is the same whether a record is searched in
//! memory or through an index, and whatever other records there are.

use super::search_text::{SearchText, TextClass};
use super::tokens::{folded_words, stem};

/// A search: words that must all occur, and quoted phrases.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TextQuery {
    words: Vec<QueryWord>,
    phrases: Vec<Vec<Box<str>>>,
}

/// A word that must occur, in one of its forms.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct QueryWord {
    /// The word, folded by [`folded_words`].
    pub folded: Box<str>,
    /// The stem, as [`stem`] returns it.
    pub stem: Box<str>,
    /// Whether longer words that begin with it also match.
    pub may_be_prefix: bool,
}

/// What a hit counts of its class's weight when it is the word itself, has its stem, or begins with it.
pub const FORM_WEIGHTS: [f32; 3] = [1.0, 0.8, 0.6];

impl TextQuery {
    /// Reads a search: words, and phrases in double quotes; no other character means anything. None where no
    /// word is left.
    pub fn parse(text: &str) -> Option<Self> {
        let (mut loose, mut phrases) = (Vec::new(), Vec::new());
        for (index, piece) in text.split('"').enumerate() {
            let piece_words = folded_words(piece);
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
        Some(Self { words: loose.into_iter().map(QueryWord::new).collect(), phrases })
    }

    /// Returns the words outside phrases, in the order given.
    pub fn words(&self) -> &[QueryWord] {
        &self.words
    }

    /// Returns a search for one word.
    pub fn for_word(word: &QueryWord) -> Self {
        Self { words: vec![word.clone()], phrases: Vec::new() }
    }

    /// Returns the phrases, as folded words that must be adjacent in one field.
    pub fn phrases(&self) -> &[Vec<Box<str>>] {
        &self.phrases
    }

    /// Returns whether all words occur somewhere, and each phrase in one field.
    pub fn matches(&self, text: &SearchText) -> bool {
        self.words.iter().all(|word| text.has_word(word))
            && self.phrases.iter().all(|phrase| text.phrase(phrase).is_some())
    }

    /// Returns how well a record matches. Returns `None` if it does not.
    ///
    /// A word counts the highest product of a class's weight and a form's weight. A phrase counts the weight of the
    /// heaviest class in which it occurs, for each of its words.
    pub fn score(&self, text: &SearchText) -> Option<f32> {
        self.tenths(text).map(Self::of_tenths)
    }

    /// Like [`Self::score`], but in tenths: whole numbers, whose sums do not depend on the order.
    pub fn tenths(&self, text: &SearchText) -> Option<f32> {
        let words = self.words.iter().map(|word| word_score(text.heaviest(word)));
        let phrases =
            self.phrases.iter().map(|phrase| Some(phrase_score(text.phrase(phrase)?, phrase.len())));
        words.chain(phrases).try_fold(0.0, |sum, score| Some(sum + (score? * 10.0).round()))
    }

    /// Converts a sum of tenths to a score.
    pub fn of_tenths(tenths: f32) -> f32 {
        tenths / 10.0
    }
}

/// Returns what a word counts, given the heaviest class for each form, in the order of [`FORM_WEIGHTS`]. Returns `None`
/// if no class has any.
pub fn word_score(heaviest: [Option<TextClass>; 3]) -> Option<f32> {
    let forms = heaviest.into_iter().zip(FORM_WEIGHTS);
    forms.filter_map(|(class, form)| Some(class?.weight() * form)).reduce(f32::max)
}

/// Returns what a phrase of `words` words counts, given the heaviest class in which it occurs.
pub fn phrase_score(class: TextClass, words: usize) -> f32 {
    class.weight() * words as f32
}

impl QueryWord {
    /// Shorter prefixes match nearly everything.
    const SHORTEST_PREFIX: usize = 3;

    fn new(folded: Box<str>) -> Self {
        Self { stem: stem(&folded), may_be_prefix: folded.chars().count() >= Self::SHORTEST_PREFIX, folded }
    }

    /// Returns whether a folded word is one of its forms.
    pub(super) fn is(&self, folded: &str) -> bool {
        self.folded.as_ref() == folded
            || (self.may_be_prefix && folded.starts_with(&*self.folded))
            || stem(folded) == self.stem
    }
}
