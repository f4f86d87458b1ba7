//! How texts are cut into words, and what makes two words the same: the one rule for records, questions and indexes.

use std::ops::Range;

use rust_stemmers::{Algorithm, Stemmer};
use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// The words of a text, folded: without case, accents and width. Apostrophes are dropped, so that `women's` and
/// `womens` are one word; everything else that is no letter or digit separates.
pub fn folded_words(text: &str) -> Vec<Box<str>> {
    let mut words = Vec::new();
    each_word(text, |word, _| words.push(word.into()));
    words
}

/// The stem of a folded word, by the rules of English.
pub fn stem(word: &str) -> Box<str> {
    Stemmer::create(Algorithm::English).stem(word).into()
}

/// Hands over each folded word with the bytes of the text that it stands in.
pub(super) fn each_word(text: &str, mut take: impl FnMut(&str, Range<usize>)) {
    let (mut word, mut begins, mut ends) = (String::new(), 0, 0);
    for (at, original) in text.char_indices() {
        for c in fold_char(original) {
            if c.is_alphanumeric() {
                if word.is_empty() {
                    begins = at;
                }
                word.push(c);
                ends = at + original.len_utf8();
            } else if !matches!(c, '\'' | '’' | '‘' | 'ʼ') && !word.is_empty() {
                take(&word, begins..ends);
                word.clear();
            }
        }
    }
    if !word.is_empty() {
        take(&word, begins..ends);
    }
}

/// A text without case, accents and width.
pub(super) fn fold(text: &str) -> impl Iterator<Item = char> {
    text.chars().flat_map(fold_char)
}

// What folding makes of a letter does not depend on its neighbours: the marks whose order would are left out.
fn fold_char(c: char) -> impl Iterator<Item = char> {
    let (ascii, other) = if c.is_ascii() { (Some(c.to_ascii_lowercase()), None) } else { (None, Some(c)) };
    let decomposed = other.into_iter().nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase);
    ascii.into_iter().chain(decomposed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stand_where_they_were_found() {
        let text = "Women’s CAFÉ, ½ ﬁne-day";
        let mut found = Vec::new();
        each_word(text, |word, place| found.push((word.to_owned(), &text[place])));
        let expected = [
            ("womens", "Women’s"),
            ("cafe", "CAFÉ"),
            ("1", "½"),
            ("2", "½"),
            ("fine", "ﬁne"),
            ("day", "day"),
        ];
        assert_eq!(found, expected.map(|(word, text)| (word.to_owned(), text)));
    }

    proptest::proptest! {
        #[test]
        fn folding_letter_by_letter_is_folding_the_whole(text in "\\PC*") {
            let whole: String =
                text.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase).collect();
            proptest::prop_assert_eq!(fold(&text).collect::<String>(), whole);
        }
    }
}
