//! Finds the wordings of the lexicon in a phrase: the longest first, allowing other words in between.

use super::hearing::HeardWord;
use super::lexicon::{AskLexicon, LexiconRow};
use super::requests::{names_people, only_requests};
use super::tokens::{WordBreak, joins, stem};
use super::wordings::{AskWording, SOMEBODY, follows_who_gives_up, may_own, turns_the_sense};

/// A wording found in a phrase.
pub(super) struct HeardWording<'l> {
    /// The indices of its words in the phrase.
    pub(super) words: Vec<usize>,
    /// The rows that contain it.
    pub(super) rows: Vec<&'l LexiconRow>,
}

/// The most telling words between two words of a wording: "lost *my dear old* mum". For wordings of two words fewer,
/// since they are less specific. Words that reverse the meaning must be adjacent.
const MOST_BETWEEN: usize = 2;
const MOST_BETWEEN_TWO: usize = 1;

/// The most words of any kind between two words of a wording that must match as a whole.
const MOST_WITHIN: usize = 1;

/// Returns the wordings in a phrase. No word belongs to two of them.
pub(super) fn spoken<'l>(heard: &[HeardWord], lexicon: &'l AskLexicon) -> Vec<HeardWording<'l>> {
    let mut all: Vec<(Vec<usize>, &LexiconRow)> = Vec::new();
    let mut stems: Vec<&str> = heard.iter().flat_map(|word| &word.forms).map(|form| &*form.stem).collect();
    stems.sort_unstable();
    stems.dedup();
    for (at, first) in heard.iter().enumerate() {
        for (nth, form) in first.forms.iter().enumerate() {
            // Of several corrections of a misspelling, only the likeliest may be a wording by itself.
            let alone = lexicon.of_one(&form.stem).filter(|_| nth <= first.likeliest());
            let more = stems.iter().flat_map(|second| lexicon.of_more(&form.stem, second));
            all.extend(alone.chain(more).filter_map(|(row, said)| Some((follow(heard, at, said)?, row))));
        }
        all.extend(written_apart(heard, at, lexicon));
        all.extend(written_as_one(first, lexicon).map(|row| (vec![at], row)));
    }
    all.sort_by_key(|(words, _)| (usize::MAX - words.len(), width(words), words.first().copied()));
    let mut chosen: Vec<HeardWording<'l>> = Vec::new();
    for (words, row) in all {
        if let Some(one) = chosen.iter_mut().find(|one| one.words == words) {
            if !one.rows.iter().any(|is| std::ptr::eq(*is, row)) {
                one.rows.push(row);
            }
        } else if !chosen.iter().any(|one| words.iter().any(|word| one.words.contains(word))) {
            chosen.push(HeardWording { words, rows: vec![row] });
        }
    }
    chosen.sort_by_key(|one| one.words.first().copied());
    chosen
}

/// Returns the rows for the single word that two adjacent words form: "handy man".
fn written_apart<'l>(
    heard: &[HeardWord],
    at: usize,
    lexicon: &'l AskLexicon,
) -> Vec<(Vec<usize>, &'l LexiconRow)> {
    let [a, b] = heard.get(at..at + 2).unwrap_or_default() else { return Vec::new() };
    // "A bus" is not "abuse".
    if joins(&a.token.folded) || joins(&b.token.folded) {
        return Vec::new();
    }
    let one = stem(&format!("{}{}", a.token.folded, b.token.folded));
    lexicon.of_one(&one).map(|(row, _)| (vec![at, at + 1], row)).collect()
}

/// Returns the rows for the two words that one word contains: "foodbank".
fn written_as_one<'l>(heard: &HeardWord, lexicon: &'l AskLexicon) -> impl Iterator<Item = &'l LexiconRow> {
    let word = &heard.token.folded;
    let halves = word.char_indices().skip(3).filter_map(|(cut, _)| word.split_at_checked(cut));
    let halves: Vec<_> = halves.filter(|(_, b)| b.len() > 2).map(|(a, b)| (stem(a), stem(b))).collect();
    halves.into_iter().flat_map(|(a, b)| {
        let both = lexicon.of_more(&a, &b).filter(|(_, said)| said.stems.len() == 2);
        both.map(|(row, _)| row).collect::<Vec<_>>()
    })
}

/// Returns the words that form a wording beginning at `at`. Wordings of two words may also be in reverse order.
fn follow(heard: &[HeardWord], at: usize, said: &AskWording) -> Option<Vec<usize>> {
    let mut words = vec![at];
    for stem in said.stems.get(1..)? {
        let last = words.last().copied()?;
        let is_last = words.len() + 1 == said.stems.len();
        match next(heard, last, stem, said)
            .filter(|at| !is_last || **stem != *SOMEBODY || is_somebody(heard, *at))
        {
            Some(next) => words.push(next),
            None => return turned(heard, at, said),
        }
    }
    let after = words.last().and_then(|last| heard.get(last + 1)).filter(|_| said.is_last);
    let is_harmless = after.is_some_and(|after| {
        after.token.after == WordBreak::None && !follows_who_gives_up(&after.token.folded)
    });
    (!is_harmless).then_some(words)
}

/// Returns the next word with this stem, if it is near enough.
fn next(heard: &[HeardWord], last: usize, stem: &str, said: &AskWording) -> Option<usize> {
    let most = match said.stems.len() {
        // "End my life" is not "the end of my life".
        _ if *stem == *SOMEBODY && !said.is_whole => 0,
        _ if said.is_whole => MOST_WITHIN,
        _ if turns_the_sense(stem) => 0,
        2 => MOST_BETWEEN_TWO,
        _ => MOST_BETWEEN,
    };
    let mut between = 0;
    for (at, word) in heard.iter().enumerate().skip(last + 1) {
        if word.may_be(stem) {
            return Some(at);
        }
        between += usize::from(said.is_whole || word.tells || *stem == *SOMEBODY);
        if between > most {
            return None;
        }
    }
    None
}

/// Returns whether the word stands for a person: "hit her" and "hit my mum", but not "hit her head".
fn is_somebody(heard: &[HeardWord], at: usize) -> bool {
    let [word, rest @ ..] = heard.get(at..).unwrap_or_default() else { return false };
    let Some(next) = rest.first().filter(|_| may_own(&word.token.folded)) else { return true };
    let next = &*next.token.folded;
    names_people(next) || (&*word.token.folded == "her" && (joins(next) || only_requests(next)))
}

fn turned(heard: &[HeardWord], at: usize, said: &AskWording) -> Option<Vec<usize>> {
    let [_, second] = &said.stems[..] else { return None };
    let before = heard.get(..at).filter(|_| said.may_turn)?;
    let close = before.iter().enumerate().rev().filter(|(_, word)| word.tells).take(2);
    close.filter(|(_, word)| word.may_be(second)).map(|(before, _)| vec![before, at]).next()
}

fn width(words: &[usize]) -> usize {
    words.last().copied().unwrap_or(0) - words.first().copied().unwrap_or(0)
}
