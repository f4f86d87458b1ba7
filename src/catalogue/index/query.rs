//! How the index is asked: our conditions in its words.

use std::ops::Bound;

use tantivy::Term;
use tantivy::query::{
    AllQuery, BooleanQuery, ConstScoreQuery, DisjunctionMaxQuery, EmptyQuery, InvertedIndexRangeQuery,
    PhraseQuery, Query, TermQuery, TermSetQuery,
};
use tantivy::schema::{Field, IndexRecordOption};

use super::document::cut;
use super::narrow::Narrow;
use super::schema::{ByWeight, Fields};
use crate::catalogue::standin::{Sought, SoughtWord, Weight};

/// What a score is multiplied by inside the index, so that sums are of whole numbers and thus exact in any order.
pub(super) const SCALE: f32 = 10.0;

/// The query of a condition.
pub(super) fn query(narrow: &Narrow, fields: &Fields) -> Box<dyn Query> {
    match narrow {
        Narrow::All => unscored(AllQuery),
        Narrow::None => Box::new(EmptyQuery),
        Narrow::Tag(tag) => unscored(term(fields.tags, cut(tag))),
        Narrow::AnyTag(tags) => {
            unscored(TermSetQuery::new(tags.iter().map(|tag| Term::from_field_text(fields.tags, cut(tag)))))
        }
        Narrow::And(parts) if parts.is_empty() => unscored(AllQuery),
        Narrow::And(parts) => all(parts.iter().map(|part| query(part, fields)).collect()),
        Narrow::Or(parts) => {
            Box::new(BooleanQuery::union(parts.iter().map(|part| query(part, fields)).collect()))
        }
        Narrow::Text(sought) => text(sought, fields),
    }
}

fn text(sought: &Sought, fields: &Fields) -> Box<dyn Query> {
    let words = sought.words.iter().map(|sought| best(fields, |field| forms(sought, field)));
    let phrases = sought.phrases.iter().map(|words| best(fields, |field| vec![phrase(words, field)]));
    all(words.chain(phrases).collect())
}

/// The heaviest of what is found in the fields of any weight.
fn best(fields: &Fields, forms: impl Fn(&ByWeight) -> Vec<(Box<dyn Query>, f32)>) -> Box<dyn Query> {
    let scored = fields.by_weight().iter().flat_map(|field| {
        let weight = match field.weight {
            Weight::Name => 5.0,
            Weight::Term => 3.0,
            Weight::Rest => 1.0,
        };
        forms(field).into_iter().map(move |(query, form)| {
            Box::new(ConstScoreQuery::new(query, (form * weight * SCALE).round())) as Box<dyn Query>
        })
    });
    Box::new(DisjunctionMaxQuery::new(scored.collect()))
}

/// A word as it is, as another word of its stem, as the beginning of one; and what each counts.
fn forms(sought: &SoughtWord, field: &ByWeight) -> Vec<(Box<dyn Query>, f32)> {
    let mut forms: Vec<(Box<dyn Query>, f32)> = vec![
        (Box::new(term(field.words, &sought.folded)), 1.0),
        (Box::new(term(field.stems, &sought.stem)), 0.8),
    ];
    if sought.may_be_prefix {
        forms.push((Box::new(beginning(field.words, &sought.folded)), 0.6));
    }
    forms
}

#[expect(clippy::cast_precision_loss, reason = "nobody asks for a phrase of so many words")]
fn phrase(words: &[Box<str>], field: &ByWeight) -> (Box<dyn Query>, f32) {
    let terms = || words.iter().map(|word| Term::from_field_text(field.words, word)).collect();
    let query: Box<dyn Query> = match words {
        [word] => Box::new(term(field.words, word)),
        _ => Box::new(PhraseQuery::new(terms())),
    };
    (query, words.len() as f32)
}

fn beginning(field: Field, prefix: &str) -> InvertedIndexRangeQuery {
    let from = Bound::Included(Term::from_field_text(field, prefix));
    let to =
        behind(prefix).map_or(Bound::Unbounded, |end| Bound::Excluded(Term::from_field_text(field, &end)));
    InvertedIndexRangeQuery::new(from, to)
}

/// The first text behind all that begin with `prefix`; none where there is none.
fn behind(prefix: &str) -> Option<String> {
    let mut end: Vec<char> = prefix.chars().collect();
    while let Some(last) = end.pop() {
        // Ranges of characters leap over what is none.
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

fn unscored(query: impl Query) -> Box<dyn Query> {
    Box::new(ConstScoreQuery::new(Box::new(query), 0.0))
}
