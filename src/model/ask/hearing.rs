//! Hearing a phrase: its words, each in the forms that it may be meant in.

use strsim::osa_distance;

use super::counts::Counts;
use super::lexicon::{Lexicon, tells};
use super::tokens::{Token, joins, tokens};
use crate::model::stem;

/// A word of a phrase.
#[derive(Debug)]
pub(super) struct Heard {
    pub(super) token: Token,
    /// How many words of the phrase stand before it.
    pub(super) nth: usize,
    /// What it may be, by stems: the word itself first.
    pub(super) forms: Vec<Form>,
}

/// What a word of a phrase may be.
#[derive(Clone, Debug)]
pub(super) struct Form {
    pub(super) stem: Box<str>,
    /// How much of the word itself it is, in per cent.
    pub(super) percent: u32,
}

/// What a slip counts of the word that was meant.
const OF_SLIP: u32 = 70;

/// The most words that one slip is taken for.
const MOST_MEANT: usize = 3;

/// Shorter words are too like each other.
const SHORTEST_MENDED: usize = 5;

/// The telling words of a phrase.
pub(super) fn hear(phrase: &str, lexicon: &Lexicon, counts: &dyn Counts) -> Vec<Heard> {
    let words = tokens(phrase).into_iter().enumerate();
    let telling = words.filter(|(_, token)| tells(&token.folded));
    telling.map(|(nth, token)| Heard { forms: forms(&token.folded, lexicon, counts), nth, token }).collect()
}

impl Heard {
    /// The stem of the word itself.
    pub(super) fn stem(&self) -> &str {
        self.forms.first().map_or("", |form| &form.stem)
    }

    /// Whether it may be the word with this stem.
    pub(super) fn may_be(&self, stem: &str) -> bool {
        self.forms.iter().any(|form| *form.stem == *stem)
    }
}

fn forms(folded: &str, lexicon: &Lexicon, counts: &dyn Counts) -> Vec<Form> {
    let own = stem(folded);
    let mut forms = vec![Form { stem: own.clone(), percent: 100 }];
    let other_ways = written_otherwise(folded).into_iter().map(|other| stem(&other));
    forms.extend(other_ways.filter(|other| *other != own).map(|stem| Form { stem, percent: 100 }));
    let is_known = |stem: &str| counts.knows(stem);
    if !joins(folded) && !lexicon.knows(folded) && !forms.iter().any(|form| is_known(&form.stem)) {
        forms.extend(meant(folded, lexicon, counts).into_iter().map(|stem| Form { stem, percent: OF_SLIP }));
    }
    forms
}

/// The ways of American and of older British spelling.
fn written_otherwise(folded: &str) -> Vec<String> {
    const WAYS: [(&str, &str); 9] = [
        ("ise", "ize"), ("isa", "iza"), ("isi", "izi"), ("our", "or"), ("tre", "ter"), ("ae", "e"), ("oe", "e"), ("ogue", "og"),
        ("gramme", "gram"),
    ];
    let each = WAYS.into_iter().flat_map(|(british, other)| [(british, other), (other, british)]);
    let ways = each.filter(|(from, _)| folded.len() > 4 && folded.len() > from.len() + 1 && folded.contains(from));
    let ways = ways.filter(|(from, _)| match *from {
        // These are in words of every kind.
        "e" => false,
        "or" => folded.ends_with("or"),
        _ => true,
    });
    ways.map(|(from, to)| folded.replacen(from, to, 1)).collect()
}

/// The stems of the known words that are nearest to one that nobody knows.
fn meant(folded: &str, lexicon: &Lexicon, counts: &dyn Counts) -> Vec<Box<str>> {
    let length = folded.chars().count();
    if length < SHORTEST_MENDED || folded.chars().any(|c| c.is_ascii_digit()) {
        return Vec::new();
    }
    let most = if length < 8 { 1 } else { 2 };
    let own = stem(folded);
    let mut near: Vec<(usize, Box<str>)> = Vec::new();
    for word in lexicon.words().filter(|word| begins_alike(word, folded)) {
        let distance = osa_distance(word, folded);
        if distance <= most {
            near.push((distance, stem(word)));
        }
    }
    near.extend(counts.alike(&own, most));
    near.sort_unstable();
    let nearest = near.first().map_or(0, |(distance, _)| *distance);
    let mut stems: Vec<Box<str>> = Vec::new();
    for (distance, stem) in near {
        if distance == nearest && !stems.contains(&stem) && stems.len() < MOST_MEANT {
            stems.push(stem);
        }
    }
    stems
}

/// Whether two words begin with one letter, or with two in another order: slips spare beginnings.
pub(super) fn begins_alike(a: &str, b: &str) -> bool {
    let first_two = |word: &str| {
        let mut letters = word.chars();
        (letters.next(), letters.next())
    };
    let ((a, then_a), (b, then_b)) = (first_two(a), first_two(b));
    a == b || (a == then_b && b == then_a)
}
