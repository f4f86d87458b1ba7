//! Splits a text into words for `ask`, with the breaks between them.

use std::collections::HashSet;
use std::ops::Range;
use std::sync::OnceLock;

use foldhash::fast::RandomState;

use crate::model::find::text::each_word;

/// A word of a text.
#[derive(Clone, Debug)]
pub(super) struct PhraseToken {
    /// The word, folded as [`crate::model::folded_words`] does it.
    pub(super) folded: Box<str>,
    /// The byte range in the text.
    pub(super) place: Range<usize>,
    /// What separates it from the word before.
    pub(super) after: WordBreak,
}

/// What separates two words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum WordBreak {
    /// Only spaces.
    None,
    /// A comma, a bracket or a dash.
    Clause,
    /// The end of a sentence or a line.
    Sentence,
}

/// Returns the single word formed by a word and those joined to it by hyphens, and its byte range: `dialaride` for
/// "dial-a-ride".
pub(super) fn joined_by_hyphens(
    text: &str,
    sentence: &[PhraseToken],
    at: usize,
) -> Option<(String, Range<usize>)> {
    let is_joined = |at: usize| {
        let end = sentence.get(at.wrapping_sub(1))?.place.end;
        let gap = text.get(end..sentence.get(at)?.place.start)?;
        (gap == "-" || gap == "\u{2010}" || gap == "\u{2011}").then_some(())
    };
    let last = (at + 1..sentence.len()).take_while(|next| is_joined(*next).is_some()).last()?;
    if is_joined(at).is_some() {
        return None;
    }
    let joined = sentence.get(at..=last)?;
    let place = joined.first()?.place.start..joined.last()?.place.end;
    Some((joined.iter().map(|token| &*token.folded).collect(), place))
}

/// Splits a text into words.
pub(super) fn tokens(text: &str) -> Vec<PhraseToken> {
    let (mut tokens, mut end): (Vec<PhraseToken>, usize) = (Vec::new(), 0);
    each_word(text, |word, place| {
        let after = match tokens.is_empty() {
            true => WordBreak::Sentence,
            false => between(text, end..place.start),
        };
        end = place.end;
        tokens.push(PhraseToken { folded: word.into(), place, after });
    });
    tokens
}

fn between(text: &str, gap: Range<usize>) -> WordBreak {
    let start = gap.end;
    let gap = text.get(gap).unwrap_or_default();
    let begins_anew =
        || text.get(start..).and_then(|rest| rest.chars().next()).is_some_and(char::is_uppercase);
    // A dot within a word (`e.g`, `3.5`) separates nothing.
    let ends_sentence = gap.contains(['!', '?', ';', '•', '·', '●']) || (gap.contains('.') && gap.len() > 1);
    if ends_sentence || gap.contains("\n\n") || (gap.contains('\n') && (gap.len() > 1 || begins_anew())) {
        return WordBreak::Sentence;
    }
    let is_clause = gap.contains([',', '(', ')', '–', '—']) || gap.contains(" - ");
    if is_clause { WordBreak::Clause } else { WordBreak::None }
}

/// Returns the stem of a word for `ask`. Some words keep their ending because their stem means something else.
pub(super) fn stem(folded: &str) -> Box<str> {
    match folded {
        "dying" | "living" | "housing" | "parking" | "training" | "sacked" | "signing" | "overeating" => {
            folded.into()
        }
        _ => crate::model::stem(folded),
    }
}

/// Returns whether a word only joins others. Such words are neither stored for services nor searched for.
pub(super) fn joins(word: &str) -> bool {
    JOINING.has(word)
}

/// Words that join others, including Scots and Welsh ones.
static JOINING: WordList = WordList::of(include_str!("joining.txt"));

/// A set of words, built on first use.
pub(super) struct WordList {
    text: &'static str,
    words: OnceLock<HashSet<&'static str, RandomState>>,
}

impl WordList {
    /// The words of a text, separated by white space.
    pub(super) const fn of(text: &'static str) -> Self {
        Self { text, words: OnceLock::new() }
    }

    /// Returns whether the list has a word.
    pub(super) fn has(&self, word: &str) -> bool {
        self.words.get_or_init(|| self.text.split_whitespace().collect()).contains(word)
    }
}

/// A set of pairs of words, one pair a line, built on first use.
pub(super) struct PairList {
    text: &'static str,
    pairs: OnceLock<HashSet<(&'static str, &'static str), RandomState>>,
}

impl PairList {
    /// The pairs of a text.
    pub(super) const fn of(text: &'static str) -> Self {
        Self { text, pairs: OnceLock::new() }
    }

    /// Returns whether the list has a pair.
    pub(super) fn has(&self, a: &str, b: &str) -> bool {
        let read = || self.text.lines().filter_map(|line| line.split_once(' ')).collect();
        self.pairs.get_or_init(read).contains(&(a, b))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn breaks_are_those_of_the_text() {
        let breaks = |text: &str| tokens(text).into_iter().map(|token| token.after).collect::<Vec<_>>();
        use WordBreak::{Clause, None, Sentence};
        assert_eq!(breaks("Tea, and talk. No dogs"), [Sentence, Clause, None, Sentence, None]);
        assert_eq!(breaks("e.g. tea\nand cake\nTuesdays"), [Sentence, None, Sentence, None, None, Sentence]);
    }
}
