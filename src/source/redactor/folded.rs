//! What is left of a text when everything is folded that readers, indexes and addresses fold.

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

const APOSTROPHE: char = '\'';

/// A text in plain small letters, digits and signs: wide, mathematical, circled and accented ones as the plain ones they
/// stand for, and without all that is none, such as invisible characters and the line ends that addresses drop. Nor are
/// apostrophes left, which searching drops.
pub(super) fn folded(text: &str) -> String {
    let bare = text.nfkd().filter(|c| !is_combining_mark(*c));
    // By way of capitals, as texts are folded to be searched: `ſ` is `s`, and `ı` is `i`.
    let small = bare.flat_map(char::to_uppercase).flat_map(char::to_lowercase);
    small.filter(|c| matches!(c, ' '..='~') && *c != APOSTROPHE).collect()
}

/// Whether folding changes nothing but the size of letters.
pub(super) fn is_plain(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b' '..=b'~')) && !text.contains(APOSTROPHE)
}
