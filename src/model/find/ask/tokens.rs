//! A text cut into words for `ask`: with the breaks between them, and without those that carry no meaning.

use std::collections::HashSet;
use std::ops::Range;
use std::sync::OnceLock;

use foldhash::fast::RandomState;

use crate::model::find::text::each_word;

/// A word of a text.
#[derive(Clone, Debug)]
pub(super) struct PhraseToken {
    /// As [`crate::model::folded_words`] gives it.
    pub(super) folded: Box<str>,
    /// The bytes of the text that it stands in.
    pub(super) place: Range<usize>,
    /// What separates it from the word before.
    pub(super) after: WordBreak,
}

/// What separates two words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum WordBreak {
    /// Nothing but blanks.
    None,
    /// A comma, a bracket, a dash.
    Clause,
    /// The end of a sentence or a line.
    Sentence,
}

/// The one word that begins at a word which hyphens join to the next: `dialaride` for "dial-a-ride"; and where it stands.
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

/// The words of a text.
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

/// The stem of a word, as `ask` compares words. Some words share a stem with others that mean something else.
pub(super) fn stem(folded: &str) -> Box<str> {
    match folded {
        "dying" | "living" | "housing" | "parking" | "training" | "sacked" | "signing" | "overeating" => {
            folded.into()
        }
        _ => crate::model::stem(folded),
    }
}

/// Whether a word only joins others: it is neither kept of services nor looked for.
pub(super) fn joins(word: &str) -> bool {
    JOINING.has(word)
}

/// Words that join others; those of Scots and Welsh with them.
static JOINING: WordList = WordList::of(include_str!("joining.txt"));

/// Words, made ready to be looked up when first asked for.
pub(super) struct WordList {
    text: &'static str,
    words: OnceLock<HashSet<&'static str, RandomState>>,
}

impl WordList {
    /// The words of a text.
    pub(super) const fn of(text: &'static str) -> Self {
        Self { text, words: OnceLock::new() }
    }

    /// Whether it holds a word.
    pub(super) fn has(&self, word: &str) -> bool {
        self.words.get_or_init(|| self.text.split_whitespace().collect()).contains(word)
    }
}

/// Pairs of words, one a line, made ready to be looked up when first asked for.
pub(super) struct PairList {
    text: &'static str,
    pairs: OnceLock<HashSet<(&'static str, &'static str), RandomState>>,
}

impl PairList {
    /// The pairs of a text.
    pub(super) const fn of(text: &'static str) -> Self {
        Self { text, pairs: OnceLock::new() }
    }

    /// Whether it holds a pair.
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
