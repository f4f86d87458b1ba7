//! Builds queries for words.

use std::ops::Bound;

use tantivy::Term;
use tantivy::query::{
    BooleanQuery, ConstScoreQuery, DisjunctionMaxQuery, InvertedIndexRangeQuery, PhraseQuery, Query,
    TermQuery,
};
use tantivy::schema::{Field, IndexRecordOption};

use super::schema::{ByClass, IndexFields};
use crate::model::{FORM_WEIGHTS, QueryWord, TextQuery, phrase_score};

/// The factor by which scores are multiplied inside the index, so that they are whole numbers and sums are exact in any
/// order.
pub(super) const SCALE: f32 = 10.0;

/// Builds the query for words and phrases that must all occur.
pub(super) fn words_query(text: &TextQuery, fields: &IndexFields) -> Box<dyn Query> {
    let words = text.words().iter().map(|word| best(fields, |field| forms(word, field)));
    let phrases = text.phrases().iter().map(|words| best(fields, |field| vec![phrase(words, field)]));
    all(words.chain(phrases).collect())
}

/// Builds a query that scores the heaviest match in the fields of any class.
fn best(fields: &IndexFields, forms: impl Fn(&ByClass) -> Vec<(Box<dyn Query>, f32)>) -> Box<dyn Query> {
    let scored = fields.by_class().iter().flat_map(|field| {
        forms(field).into_iter().map(|(query, score)| {
            Box::new(ConstScoreQuery::new(query, (score * SCALE).round())) as Box<dyn Query>
        })
    });
    Box::new(DisjunctionMaxQuery::new(scored.collect()))
}

/// Returns the queries for a word with their scores: for the word itself, for other words of its stem, and for words
/// that begin with it.
fn forms(word: &QueryWord, field: &ByClass) -> Vec<(Box<dyn Query>, f32)> {
    let [exact, stem, prefix] = FORM_WEIGHTS.map(|form| form * field.class.weight());
    let mut forms: Vec<(Box<dyn Query>, f32)> = vec![
        (Box::new(term(field.words, &word.folded)), exact),
        (Box::new(term(field.stems, &word.stem)), stem),
    ];
    if word.may_be_prefix {
        forms.push((Box::new(beginning(field.words, &word.folded)), prefix));
    }
    forms
}

fn phrase(words: &[Box<str>], field: &ByClass) -> (Box<dyn Query>, f32) {
    let terms = || words.iter().map(|word| Term::from_field_text(field.words, word)).collect();
    let query: Box<dyn Query> = match words {
        [word] => Box::new(term(field.words, word)),
        _ => Box::new(PhraseQuery::new(terms())),
    };
    (query, phrase_score(field.class, words.len()))
}

fn beginning(field: Field, prefix: &str) -> InvertedIndexRangeQuery {
    let from = Bound::Included(Term::from_field_text(field, prefix));
    let to =
        behind(prefix).map_or(Bound::Unbounded, |end| Bound::Excluded(Term::from_field_text(field, &end)));
    InvertedIndexRangeQuery::new(from, to)
}

/// Returns the first text after all texts that begin with `prefix`. `None` if there is none.
fn behind(prefix: &str) -> Option<String> {
    let mut end: Vec<char> = prefix.chars().collect();
    while let Some(last) = end.pop() {
        // Ranges of `char` leave out the code points that are no characters.
        if let Some(next) = (last..=char::MAX).nth(1) {
            end.push(next);
            return Some(end.into_iter().collect());
        }
    }
    None
}

fn term(field: Field, text: &str) -> TermQuery {
    TermQuery::new(Term::from_field_text(field, text), IndexRecordOption::Basic)
}

fn all(parts: Vec<Box<dyn Query>>) -> Box<dyn Query> {
    Box::new(BooleanQuery::intersection(parts))
}
