//! Words that occur in any request: those that carry no weight, and those that say little about the need.

use super::tokens::WordList;

/// Returns whether a word only makes a request: "need", "help with", "near me".
pub(super) fn only_requests(word: &str) -> bool {
    is_one_of(&REQUESTING, word) || is_number(word)
}

/// Returns whether a word is a number, an age or a time: "16", "85yo", "9am".
pub(super) fn is_number(word: &str) -> bool {
    const UNITS: [&str; 9] = ["", "am", "pm", "st", "th", "yo", "yr", "yrs", "yro"];
    UNITS.contains(&word.trim_start_matches(|c: char| c.is_ascii_digit()))
        && word.starts_with(|c: char| c.is_ascii_digit())
}

/// Returns whether a word says who asks, or how, rather than what for.
pub(super) fn says_little(word: &str) -> bool {
    is_one_of(&SAYING_LITTLE, word) || names_people(word)
}

/// Returns whether a word only says who the service is for. A service named after them may do anything.
pub(super) fn names_people(word: &str) -> bool {
    is_one_of(&NAMING_PEOPLE, word)
}

/// Returns whether a word, or its singular, is in a list.
fn is_one_of(words: &WordList, word: &str) -> bool {
    let singular = word.strip_suffix('s').filter(|singular| singular.len() > 2);
    words.has(word) || singular.is_some_and(|singular| words.has(singular))
}

/// The lists contain no plurals.
static REQUESTING: WordList = WordList::of(include_str!("requesting.txt"));

static SAYING_LITTLE: WordList = WordList::of(include_str!("saying_little.txt"));

static NAMING_PEOPLE: WordList = WordList::of(include_str!("naming_people.txt"));
