//! Splits texts into words, and decides when two words are the same. Used for records, queries and indexes.

use std::ops::Range;

use rust_stemmers::{Algorithm, Stemmer};
use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// Returns the words of a text, folded: without case, accents and width. Drops apostrophes and soft hyphens, so that
/// `women's` equals `womens`. All other characters except letters and digits separate words.
pub fn folded_words(text: &str) -> Vec<Box<str>> {
    let mut words = Vec::new();
    each_word(text, |word, _| words.push(word.into()));
    words
}

/// The longest word that is stemmed, in bytes. No English word is longer, and stemming takes time proportional to the
/// square of the length.
const LONGEST_STEMMED: usize = 64;

/// Returns the stem of a folded word by the rules of English. A word of more than 64 bytes is its own stem.
pub fn stem(word: &str) -> Box<str> {
    if word.len() > LONGEST_STEMMED {
        return word.into();
    }
    Stemmer::create(Algorithm::English).stem(word).into()
}

/// Calls `take` with each folded word and its byte range in the text.
pub(in crate::model) fn each_word(text: &str, mut take: impl FnMut(&str, Range<usize>)) {
    let (mut word, mut place) = (String::new(), 0..0);
    let mut read = |c: char, at: Range<usize>| {
        if c.is_alphanumeric() {
            place = if word.is_empty() { at } else { place.start..at.end };
            word.push(c);
        } else if !is_dropped(c) && !word.is_empty() {
            take(&word, place.clone());
            word.clear();
        }
    };
    // Characters can be folded individually: only combining marks depend on their neighbours, and these are dropped.
    for (at, c) in text.char_indices() {
        let at = at..at + c.len_utf8();
        if c.is_ascii() {
            read(c.to_ascii_lowercase(), at);
        } else {
            fold(c.encode_utf8(&mut [0; 4])).for_each(|c| read(c, at.clone()));
        }
    }
    // Any separator ends the last word.
    read(' ', text.len()..text.len());
}

// Returns whether a character is dropped: apostrophes, soft hyphens and invisible characters.
fn is_dropped(c: char) -> bool {
    matches!(c, '\'' | '’' | '‘' | 'ʼ' | '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}')
}

/// Folds case, accents and width.
pub(super) fn fold(text: &str) -> impl Iterator<Item = char> {
    let bare = text.nfkd().filter(|c| !is_combining_mark(*c));
    // By way of upper case, because some lower-case letters have variants: ß becomes ss, and ς becomes σ.
    bare.flat_map(char::to_uppercase).flat_map(char::to_lowercase)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stand_where_they_were_found() {
        let text = "Women’s CAFÉ, ½ ﬁne-day Straße";
        let mut found = Vec::new();
        each_word(text, |word, place| found.push((word.to_owned(), text.get(place).unwrap())));
        let expected = [
            ("womens", "Women’s"),
            ("cafe", "CAFÉ"),
            ("1", "½"),
            ("2", "½"),
            ("fine", "ﬁne"),
            ("day", "day"),
            ("strasse", "Straße"),
        ];
        assert_eq!(found, expected.map(|(word, text)| (word.to_owned(), text)));
    }

    #[test]
    fn what_is_not_seen_does_not_part_words() {
        assert_eq!(folded_words("Wo\u{ad}men\u{200b} meet\u{feff}"), ["women", "meet"].map(Box::from));
    }

    /// If the stemmer changes, stored indexes find something else: raise `index::FORMAT` then.
    #[test]
    fn stems_are_those_of_kept_indexes() {
        let stems = [
            ("running", "run"),
            ("families", "famili"),
            ("counselling", "counsel"),
            ("generously", "generous"),
            ("skies", "sky"),
            ("news", "news"),
            ("communities", "communiti"),
            ("happily", "happili"),
            ("national", "nation"),
            ("dying", "die"),
            ("youth", "youth"),
            ("saying", "say"),
            ("cafe", "cafe"),
            ("ysgol", "ysgol"),
        ];
        for (word, expected) in stems {
            assert_eq!(*stem(word), *expected, "{word}");
        }
    }

    #[test]
    fn a_word_that_nobody_says_costs_nothing() {
        let word = "ay".repeat(4 << 20);
        assert_eq!(*stem(&word), *word);
    }

    proptest::proptest! {
        #[test]
        fn every_word_has_a_stem(word in "\\PC{0,16}", english in "[aeiouy's]{0,3}[a-z']{0,12}(ing|ed|ly|ies|'s|s)?") {
            proptest::prop_assert!(stem(&word).len() <= word.len() + 1);
            proptest::prop_assert!(stem(&english).len() <= english.len() + 1);
        }

        #[test]
        fn folding_letter_by_letter_is_folding_the_whole(text in "\\PC*") {
            let whole: String = fold(&text).filter(|c| !is_dropped(*c)).collect();
            let words = whole.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
            proptest::prop_assert_eq!(folded_words(&text), words.map(Into::into).collect::<Vec<Box<str>>>());
        }
    }
}
