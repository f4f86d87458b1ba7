//! Splits a phrase into words, each in the forms that it may have.

use super::counts::WordRarity;
use super::lexicon::AskLexicon;
use super::requests::{only_requests, says_little};
use super::slips::slips;
use super::tokens::{PhraseToken, joins, stem, tokens};
use super::wordings::{compared_as, heard_as, tells};

/// A word of a phrase.
#[derive(Debug)]
pub(super) struct HeardWord {
    pub(super) token: PhraseToken,
    /// Its index among the words of the phrase.
    pub(super) nth: usize,
    /// Whether the word distinguishes wordings: see `tells`.
    pub(super) tells: bool,
    /// The possible stems; the word's own first.
    pub(super) forms: Vec<HeardForm>,
}

/// A possible form of a word.
#[derive(Clone, Debug)]
pub(super) struct HeardForm {
    pub(super) stem: Box<str>,
    /// How likely the form is, in per cent of the word itself.
    pub(super) percent: u32,
}

/// The likelihoods of corrections of a misspelled word, the likeliest first, in per cent.
const OF_SLIP: [u32; 3] = [70, 35, 25];

/// The most words of a phrase that are read, and the most that are corrected. Phrases need fewer.
const MOST_HEARD: usize = 60;
const MOST_MENDED: usize = 6;

/// Shorter words are too similar to each other to correct.
const SHORTEST_MENDED: usize = 4;
const SHORTEST_STEM: usize = 5;

/// Reads the words of a phrase.
pub(super) fn hear(phrase: &str, lexicon: &AskLexicon, counts: &dyn WordRarity) -> Vec<HeardWord> {
    let words = tokens(phrase).into_iter().take(MOST_HEARD).enumerate();
    let mut left_to_mend = MOST_MENDED;
    let each = words.map(|(nth, token)| HeardWord {
        forms: forms(&token.folded, lexicon, counts, &mut left_to_mend),
        tells: tells(&token.folded),
        nth,
        token,
    });
    each.collect()
}

impl HeardWord {
    /// Returns the stem of the word itself.
    pub(super) fn stem(&self) -> &str {
        self.forms.first().map_or("", |form| &form.stem)
    }

    /// Returns the index of the likeliest corrected form, or the number of forms if none is corrected.
    pub(super) fn likeliest(&self) -> usize {
        self.forms.iter().position(|form| form.percent < 100).unwrap_or(self.forms.len())
    }

    /// Returns whether the word may have this stem.
    pub(super) fn may_be(&self, stem: &str) -> bool {
        self.forms.iter().any(|form| *form.stem == *stem)
    }
}

fn forms(
    folded: &str,
    lexicon: &AskLexicon,
    counts: &dyn WordRarity,
    left_to_mend: &mut usize,
) -> Vec<HeardForm> {
    let own = heard_as(folded);
    let mut forms = vec![HeardForm { stem: own.clone(), percent: 100 }];
    if joins(folded) {
        return forms;
    }
    let other_ways = written_otherwise(folded).into_iter().map(|other| stem(&other));
    let other_ways = other_ways.chain([compared_as(folded)]);
    forms.extend(other_ways.filter(|other| *other != own).map(|stem| HeardForm { stem, percent: 100 }));
    let is_known = |stem: &str| counts.knows(stem);
    let is_plain = !only_requests(folded) && !says_little(folded);
    let is_strange = is_plain && !lexicon.knows(folded) && !forms.iter().any(|form| is_known(&form.stem));
    if is_strange && *left_to_mend > 0 {
        *left_to_mend -= 1;
        let meant = meant(folded, lexicon, counts).into_iter().zip(OF_SLIP);
        forms.extend(meant.map(|(stem, percent)| HeardForm { stem, percent }));
    }
    forms
}

/// Returns other spellings: American and older British ones.
fn written_otherwise(folded: &str) -> Vec<String> {
    const WAYS: [(&str, &str); 9] = [
        ("ise", "ize"),
        ("isa", "iza"),
        ("isi", "izi"),
        ("our", "or"),
        ("tre", "ter"),
        ("ae", "e"),
        ("oe", "e"),
        ("ogue", "og"),
        ("gramme", "gram"),
    ];
    let each = WAYS.into_iter().flat_map(|(british, other)| [(british, other), (other, british)]);
    let ways =
        each.filter(|(from, _)| folded.len() > 4 && folded.len() > from.len() + 1 && folded.contains(from));
    let ways = ways.filter(|(from, _)| match *from {
        // These occur in words of every kind.
        "e" => false,
        "or" => folded.ends_with("or"),
        _ => true,
    });
    ways.map(|(from, to)| folded.replacen(from, to, 1)).collect()
}

/// Returns the stems of the known words that are nearest to an unknown one.
fn meant(folded: &str, lexicon: &AskLexicon, counts: &dyn WordRarity) -> Vec<Box<str>> {
    let length = folded.chars().count();
    if length < SHORTEST_MENDED || folded.chars().any(|c| c.is_ascii_digit()) {
        return Vec::new();
    }
    let most = if length < 8 { 1 } else { 2 };
    let own = stem(folded);
    let mut near: Vec<(usize, Box<str>)> = Vec::new();
    near.extend(lexicon.words().filter_map(|word| Some((slips(word, folded, most)?, stem(word)))));
    // Among equally many slips, prefer words of similar length.
    let longer = |stem: &str| stem.len().abs_diff(own.len());
    if own.len() >= SHORTEST_STEM {
        near.extend(counts.alike(&own, most));
    }
    near.sort_unstable_by(|(a, one), (b, other)| (a, longer(one), one).cmp(&(b, longer(other), other)));
    let nearest = near.first().map_or(0, |(slips, _)| *slips);
    let mut stems: Vec<Box<str>> = Vec::new();
    for (slips, stem) in near {
        if slips == nearest && !stems.contains(&stem) && stems.len() < OF_SLIP.len() {
            stems.push(stem);
        }
    }
    stems
}
