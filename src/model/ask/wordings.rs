//! One way of saying something: which of its words tell, and how they must stand.

use super::requests::{only_requests, says_little};
use super::tokens::{Token, joins, stem, tokens};

/// One way of saying something.
#[derive(Debug)]
pub(super) struct Wording {
    /// The stems of its telling words, or of all words where those tell too little.
    pub(super) stems: Box<[Box<str>]>,
    /// Whether they must stand side by side: "do myself in" is not "in".
    pub(super) is_whole: bool,
    /// Whether it may stand the other way round: "debt letters" is "letters about debt", but "want to end" is not "the end
    /// that we want".
    pub(super) may_turn: bool,
}

impl Wording {
    /// Reads a wording as a row has it.
    pub(super) fn of(written: &str) -> Self {
        let words = tokens(written);
        let telling: Vec<&str> =
            words.iter().map(|token| &*token.folded).filter(|word| tells(word)).collect();
        let is_plain = |word: &&str| !joins(word) && !only_requests(word) && !says_little(word);
        // "Hits me" is not "hits": where one word tells, whom it is done to tells, too.
        let is_done =
            telling.len() == 1 && words.last().is_some_and(|last| stands_for_somebody(&last.folded));
        // "End it all" is not "end".
        let is_idiom =
            telling.len() == 1 && words.iter().any(|word| !tells(&word.folded) && !is_idle(&word.folded));
        let is_whole = words.len() > 1 && (is_done || is_idiom || !telling.iter().any(is_plain));
        let stems = match is_whole {
            true if is_done => stems(&words, |_| true),
            // Whose mum it is may be left out.
            true => stems(&words, |word| !ARTICLES.contains(&word) && !stands_for_somebody(word)),
            false => stems(&words, tells),
        };
        let may_turn = !is_whole && telling.len() == 2 && telling.iter().all(is_plain);
        Self { stems, is_whole, may_turn }
    }
}

fn stems(words: &[Token], counts: fn(&str) -> bool) -> Box<[Box<str>]> {
    words.iter().filter(|token| counts(&token.folded)).map(|token| heard_as(&token.folded)).collect()
}

/// Whether a word tells wordings apart: small words do where they turn the sense.
pub(super) fn tells(word: &str) -> bool {
    !joins(word) || turns(in_english(word))
}

/// Whether a small word turns the sense of others.
fn turns(word: &str) -> bool {
    TURNING.contains(&word)
}

/// Words that wordings may leave out.
const ARTICLES: [&str; 6] = ["a", "an", "the", "i", "im", "ive"];

/// The stem that a word of a phrase is compared by. Whoever is spoken of is somebody: "my mum", "his mum".
pub(super) fn heard_as(folded: &str) -> Box<str> {
    let folded = in_english(folded);
    match folded {
        _ if stands_for_somebody(folded) => SOMEBODY.into(),
        // As it is: the stem of "overeating" is "over".
        _ if joins(folded) => format!("{SMALL}{folded}").into(),
        _ => stem(folded),
    }
}

/// The English of an everyday word of Scots, or of another part of the country.
fn in_english(folded: &str) -> &str {
    match folded {
        "nae" => "no",
        "cannae" | "cannot" => "cant",
        "dinnae" => "dont",
        "doesnae" => "doesnt",
        "willnae" => "wont",
        "oot" => "out",
        "doon" => "down",
        "aff" => "off",
        "ma" => "my",
        "yer" => "your",
        "hame" => "home",
        "hoose" => "house",
        "heid" => "head",
        "bairn" | "wean" => "child",
        "bairns" | "weans" => "children",
        "mammy" | "mam" | "mom" | "maw" => "mum",
        other => other,
    }
}

/// Whether a word, by what it is compared by, turns the sense of others.
pub(super) fn turns_the_sense(heard_as: &str) -> bool {
    heard_as.strip_prefix(SMALL).is_some_and(turns)
}

const SOMEBODY: &str = "~";
const SMALL: char = '=';

fn stands_for_somebody(word: &str) -> bool {
    matches!(word, "me" | "my" | "him" | "his" | "her" | "us" | "our" | "them" | "their" | "you" | "your")
}

/// Whether a small word may as well be left out.
fn is_idle(word: &str) -> bool {
    const IDLE: [&str; 30] = [
        "a", "am", "an", "and", "are", "at", "be", "been", "being", "by", "do", "does", "for", "from", "had",
        "has", "have", "having", "i", "im", "is", "ive", "of", "on", "some", "the", "to", "was", "were",
        "with",
    ];
    IDLE.contains(&word) || stands_for_somebody(word)
}

/// Small words that turn the sense of others: "pack *in*", "*no* one", "*can't* cope".
const TURNING: [&str; 23] = [
    "no",
    "not",
    "cant",
    "cannot",
    "dont",
    "doesnt",
    "wont",
    "without",
    "in",
    "out",
    "up",
    "off",
    "down",
    "over",
    "after",
    "again",
    "before",
    "under",
    "myself",
    "herself",
    "himself",
    "yourself",
    "themselves",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_words_count_where_nothing_else_tells() {
        let stems = |written: &str| {
            let wording = Wording::of(written);
            (wording.stems.join(" "), wording.is_whole)
        };
        for (written, expected, is_whole) in [
            ("no one to talk to", "=no one talk", false),
            ("the blues", "blue", false),
            ("end it all", "end =it =all", true),
            ("do myself in", "=do =myself =in", true),
            ("hits me", "hit ~", true),
            ("looking after my mum", "look =after mum", true),
            ("pack in smoking", "pack =in smoke", false),
        ] {
            assert_eq!(stems(written), (expected.to_owned(), is_whole), "{written}");
        }
    }
}
