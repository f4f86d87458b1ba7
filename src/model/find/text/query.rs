//! What somebody searches for, which records match it, and how well.
//!
//! A score needs nothing but the record at hand: no frequencies and no lengths, so that it is the same whether a
//! record is searched by itself or through an index, and whatever else there is.

use super::search_text::{SearchText, TextClass};
use super::tokens::{folded_words, stem};

/// What somebody searches for: words that must all occur, and quoted phrases.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TextQuery {
    words: Vec<QueryWord>,
    phrases: Vec<Vec<Box<str>>>,
}

/// A word that must occur, in one of its forms.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct QueryWord {
    /// As [`folded_words`] gives it.
    pub folded: Box<str>,
    /// As [`stem`] gives it.
    pub stem: Box<str>,
    /// Whether longer words that begin with it will do.
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

    /// The words outside phrases, in the order they were asked in.
    pub fn words(&self) -> &[QueryWord] {
        &self.words
    }

    /// A search for one of its words alone.
    pub fn for_word(word: &QueryWord) -> Self {
        Self { words: vec![word.clone()], phrases: Vec::new() }
    }

    /// The phrases, as folded words that must stand side by side in one field.
    pub fn phrases(&self) -> &[Vec<Box<str>>] {
        &self.phrases
    }

    /// Whether all words occur somewhere and every phrase in one field.
    pub fn matches(&self, text: &SearchText) -> bool {
        self.words.iter().all(|word| text.has_word(word))
            && self.phrases.iter().all(|phrase| text.phrase(phrase).is_some())
    }

    /// How well it matches; none where it does not.
    ///
    /// A word counts the most that any class and form of it make: the class's weight times the form's. A phrase
    /// counts the weight of the heaviest class with a field that holds it, for each of its words.
    pub fn score(&self, text: &SearchText) -> Option<f32> {
        self.tenths(text).map(Self::of_tenths)
    }

    /// The same in tenths: a whole number, so that sums are the same in whatever order they are made.
    pub fn tenths(&self, text: &SearchText) -> Option<f32> {
        let words = self.words.iter().map(|word| word_score(text.heaviest(word)));
        let phrases =
            self.phrases.iter().map(|phrase| Some(phrase_score(text.phrase(phrase)?, phrase.len())));
        words.chain(phrases).try_fold(0.0, |sum, score| Some(sum + (score? * 10.0).round()))
    }

    /// The score of a sum of tenths.
    pub fn of_tenths(tenths: f32) -> f32 {
        tenths / 10.0
    }
}

/// What a word counts, by the heaviest class that holds each of its forms, in the order of [`FORM_WEIGHTS`]; none
/// where no class holds any.
pub fn word_score(heaviest: [Option<TextClass>; 3]) -> Option<f32> {
    let forms = heaviest.into_iter().zip(FORM_WEIGHTS);
    forms.filter_map(|(class, form)| Some(class?.weight() * form)).reduce(f32::max)
}

/// What a phrase of so many words counts, by the heaviest class that holds it.
pub fn phrase_score(class: TextClass, words: usize) -> f32 {
    class.weight() * words as f32
}

impl QueryWord {
    /// Shorter beginnings match nearly everything.
    const SHORTEST_PREFIX: usize = 3;

    fn new(folded: Box<str>) -> Self {
        Self { stem: stem(&folded), may_be_prefix: folded.chars().count() >= Self::SHORTEST_PREFIX, folded }
    }

    /// Whether a folded word is one of its forms.
    pub(super) fn is(&self, folded: &str) -> bool {
        self.folded.as_ref() == folded
            || (self.may_be_prefix && folded.starts_with(&*self.folded))
            || stem(folded) == self.stem
    }
}
