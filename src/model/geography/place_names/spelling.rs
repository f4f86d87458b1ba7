//! How names of places are compared: without case, accents and punctuation, and with short words normalised.

use crate::model::find::text::folded_words;

/// Words before a part of a name that people usually leave out: Newcastle (upon Tyne).
const USUALLY_LEFT_OUT: [&str; 4] = ["on", "under", "in", "super"];
/// The same, for parts that people sometimes leave out.
const SOMETIMES_LEFT_OUT: [&str; 6] = ["le", "by", "next", "cum", "juxta", "near"];

/// A name in the form in which it is compared.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct NameSpelling {
    words: Vec<String>,
    /// The words without separators, so that `Weston super mare` equals `Weston-super-Mare`.
    joined: String,
}

/// How a name begins with another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum NameBeginning {
    /// The rest says where the place lies, and is usually left out.
    Short,
    /// The rest says where the place lies.
    Head,
    /// The rest is more words.
    Words,
    /// The rest begins within a word.
    Letters,
}

impl NameSpelling {
    pub(super) fn of(name: &str) -> Self {
        let words = folded_words(&name.replace('&', " and "));
        let words: Vec<String> =
            words.iter().filter(|word| &***word != "the").map(|word| as_said(word)).collect();
        Self { joined: words.concat(), words }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.joined.is_empty()
    }

    /// Returns the key: equal for two spellings of one name.
    pub(super) fn key(&self) -> &str {
        &self.joined
    }

    pub(super) fn into_key(self) -> Box<str> {
        self.joined.into()
    }

    /// Returns the name without the word "Royal", which is often left out: Royal Tunbridge Wells.
    pub(super) fn without_honour(&self) -> Option<String> {
        let (first, rest) = self.words.split_first()?;
        (first == "royal" && !rest.is_empty()).then(|| rest.concat())
    }

    /// Returns how this name begins with another. Returns `None` if it does not, or if they are equal.
    pub(super) fn beginning(&self, other: &Self) -> Option<NameBeginning> {
        let rest = self.joined.strip_prefix(&other.joined)?;
        if rest.is_empty() {
            return None;
        }
        let Some(rest) = self.words.strip_prefix(other.words.as_slice()) else {
            return Some(NameBeginning::Letters);
        };
        let next = rest.first().map(String::as_str).unwrap_or_default();
        Some(if rest.len() > 1 && USUALLY_LEFT_OUT.contains(&next) {
            NameBeginning::Short
        } else if rest.len() > 1 && SOMETIMES_LEFT_OUT.contains(&next) {
            NameBeginning::Head
        } else {
            NameBeginning::Words
        })
    }
}

fn as_said(word: &str) -> String {
    match word {
        "saint" => "st",
        "upon" => "on",
        "mount" => "mt",
        "gt" => "great",
        "lt" => "little",
        word => word,
    }
    .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_one_however_they_are_written() {
        for (one, other) in [
            ("Bury St Edmunds", "bury st. edmund's"),
            ("Newcastle upon Tyne", "NEWCASTLE-ON-TYNE"),
            ("King's Lynn", "Kings Lynn"),
            ("Weston-super-Mare", "weston supermare"),
            ("Saint Ives", "St Ives"),
            ("The Boldons", "boldons"),
            ("Bo’ness", "boness"),
        ] {
            assert_eq!(NameSpelling::of(one).key(), NameSpelling::of(other).key(), "{one} {other}");
        }
        assert_ne!(NameSpelling::of("Ash").key(), NameSpelling::of("Bath").key());
    }

    #[test]
    fn beginnings_are_told_apart() {
        let beginning = |name: &str, other: &str| NameSpelling::of(name).beginning(&NameSpelling::of(other));
        assert_eq!(beginning("Newcastle upon Tyne", "newcastle"), Some(NameBeginning::Short));
        assert_eq!(beginning("Chester-le-Street", "Chester"), Some(NameBeginning::Head));
        assert_eq!(beginning("Newport Pagnell", "Newport"), Some(NameBeginning::Words));
        assert_eq!(beginning("Bathgate", "Bath"), Some(NameBeginning::Letters));
        assert_eq!(beginning("Bath", "Bath"), None);
        assert_eq!(beginning("Bath", "Leeds"), None);
    }
}
