//! Folds a text in every way in which readers, indexes and URLs fold texts.

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

const APOSTROPHE: char = '\'';

/// Folds a text to small plain letters, digits and signs. Wide, mathematical, circled and accented characters become
/// the plain ones that they stand for. Everything else is dropped, such as invisible characters and the line ends that
/// URLs drop, and apostrophes, which searches drop.
pub(super) fn folded(text: &str) -> String {
    let bare = text.nfkd().filter(|c| !is_combining_mark(*c));
    // Via capitals, as searches fold texts: `ſ` is `s`, and `ı` is `i`.
    let small = bare.flat_map(char::to_uppercase).flat_map(char::to_lowercase);
    small.filter(|c| matches!(c, ' '..='~') && *c != APOSTROPHE).collect()
}

/// Returns whether folding changes nothing but the case of letters.
pub(super) fn is_plain(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b' '..=b'~')) && !text.contains(APOSTROPHE)
}
