//! Which rows of the lexicon a phrase speaks: the longest wordings first, with other words between theirs.

use super::hearing::Heard;
use super::lexicon::{Lexicon, Row};

/// A wording that was heard.
pub(super) struct Spoken<'l> {
    /// Which of the words that were heard make it.
    pub(super) words: Vec<usize>,
    /// The rows it stands in.
    pub(super) rows: Vec<&'l Row>,
}

/// How many words may stand between two of a wording: "lost *my dear old* mum".
const MOST_BETWEEN: usize = 2;

/// The wordings that a phrase speaks: no word is part of two.
pub(super) fn spoken<'l>(heard: &[Heard], lexicon: &'l Lexicon) -> Vec<Spoken<'l>> {
    let mut all: Vec<(Vec<usize>, &Row)> = Vec::new();
    for (at, first) in heard.iter().enumerate() {
        for form in &first.forms {
            for (row, said) in lexicon.beginning_with(&form.stem) {
                all.extend(follow(heard, at, said).into_iter().map(|words| (words, row)));
            }
        }
    }
    all.sort_by_key(|(words, _)| (usize::MAX - words.len(), width(words), words.first().copied()));
    let mut chosen: Vec<Spoken<'l>> = Vec::new();
    for (words, row) in all {
        if let Some(one) = chosen.iter_mut().find(|one| one.words == words) {
            if !one.rows.iter().any(|is| std::ptr::eq(*is, row)) {
                one.rows.push(row);
            }
        } else if !chosen.iter().any(|one| words.iter().any(|word| one.words.contains(word))) {
            chosen.push(Spoken { words, rows: vec![row] });
        }
    }
    chosen.sort_by_key(|one| one.words.first().copied());
    chosen
}

/// The words that make a wording whose first is at hand; two may also stand the other way round.
fn follow(heard: &[Heard], at: usize, said: &[Box<str>]) -> Option<Vec<usize>> {
    let mut words = vec![at];
    for stem in said.get(1..)? {
        let last = words.last().copied()?;
        let next = (last + 1..heard.len()).take(MOST_BETWEEN + 1).find(|next| is(heard, *next, stem));
        match next {
            Some(next) => words.push(next),
            None => return turned(heard, at, said),
        }
    }
    Some(words)
}

fn turned(heard: &[Heard], at: usize, said: &[Box<str>]) -> Option<Vec<usize>> {
    let [_, second] = said else { return None };
    let before = at.checked_sub(1).filter(|before| is(heard, *before, second));
    before.or_else(|| at.checked_sub(2).filter(|before| is(heard, *before, second))).map(|before| vec![before, at])
}

fn is(heard: &[Heard], at: usize, stem: &str) -> bool {
    heard.get(at).is_some_and(|word| word.may_be(stem))
}

fn width(words: &[usize]) -> usize {
    words.last().copied().unwrap_or(0) - words.first().copied().unwrap_or(0)
}
