//! A way of saying something: which of its words distinguish it, and how they must be arranged.

use super::requests::{names_people, only_requests, says_little};
use super::tokens::{PhraseToken, joins, stem, tokens};

/// One way of saying something.
#[derive(Debug)]
pub(super) struct AskWording {
    /// The stems of its telling words, or of all words if those say too little.
    pub(super) stems: Box<[Box<str>]>,
    /// Whether the words must be adjacent: "do myself in" is not "in".
    pub(super) is_whole: bool,
    /// Whether the words may be in reverse order: "debt letters" matches "letters about debt", but "want to end" does
    /// not match "the end that we want".
    pub(super) may_turn: bool,
    /// Whether it does not match if a harmless continuation follows: "can't go on" does not match "can't go on
    /// holiday".
    pub(super) is_last: bool,
}

impl AskWording {
    /// Reads a wording from a row.
    pub(super) fn of(written: &str) -> Self {
        let words = tokens(written);
        let telling = telling(&words);
        let is_plain = |word: &&str| !joins(word) && !only_requests(word) && !says_little(word);
        // "Hits me" is not "hits": a single verb is only meant together with its object.
        let is_verb = match telling.as_slice() {
            [_] => true,
            [doer, _] => names_people(doer),
            _ => false,
        };
        let is_done = is_verb && words.last().is_some_and(|last| stands_for_somebody(&last.folded));
        // "End it all" is not "end".
        let is_idiom =
            telling.len() == 1 && words.iter().any(|word| !tells(&word.folded) && !is_idle(&word.folded));
        let is_whole = words.len() > 1 && (is_done || is_idiom || !telling.iter().any(is_plain));
        let stems = match is_whole {
            true if is_done => stems(folded(&words).skip_while(|word| stands_for_somebody(word))),
            // Whose mum it is does not matter.
            true => {
                stems(folded(&words).filter(|word| !ARTICLES.contains(word) && !stands_for_somebody(word)))
            }
            false => stems(telling.iter().copied()),
        };
        let may_turn = !is_whole && telling.len() == 2 && telling.iter().all(is_plain);
        Self { stems, is_whole, may_turn, is_last: gives_up(&words) }
    }
}

fn folded(words: &[PhraseToken]) -> impl Iterator<Item = &str> {
    words.iter().map(|token| &*token.folded)
}

fn stems<'w>(words: impl Iterator<Item = &'w str>) -> Box<[Box<str>]> {
    words.map(compared_as).collect()
}

/// Returns the words that distinguish a wording from others.
fn telling(words: &[PhraseToken]) -> Vec<&str> {
    let mut telling = Vec::new();
    let (mut before, mut words) = (None, folded(words).peekable());
    while let Some(word) = words.next() {
        if tells_between(before, word, words.peek().copied()) {
            telling.push(word);
        }
        before = Some(word);
    }
    telling
}

/// Returns whether a word distinguishes a wording there. Small words do at the end of some wordings: "can't carry on" is
/// not "can't carry", "want to end it" not "want to end", "nothing to live for" not "nothing to live on", and "kids left
/// on their own" not "kids left". They also do in "my life", which is not "life", in "all my tablets", and in "being
/// hit", which is not "hit".
fn tells_between(before: Option<&str>, word: &str, after: Option<&str>) -> bool {
    match (before, word, after) {
        (Some(_), "it" | "on" | "own", None) | (Some("live"), "for", None) => true,
        (_, whose, Some("life")) if may_own(whose) => true,
        (_, "all", Some(whose)) if whose == "the" || may_own(whose) => true,
        (Some(_), "being", Some(_)) => true,
        _ => tells(word),
    }
}

/// Returns whether a wording is about giving up: "can't go on", as opposed to "can't go on holiday".
fn gives_up(words: &[PhraseToken]) -> bool {
    let last_two = words.iter().rev().map(|token| &*token.folded).take(2);
    matches!(&last_two.collect::<Vec<_>>()[..], ["on", "go" | "going" | "carry" | "carrying"])
}

/// Returns whether a word may follow such a wording without changing its meaning.
pub(super) fn follows_who_gives_up(word: &str) -> bool {
    const FOLLOWING: [&str; 17] = [
        "and", "any", "anymore", "because", "but", "cos", "feeling", "i", "im", "like", "living", "much",
        "now", "since", "so", "today", "without",
    ];
    FOLLOWING.contains(&word)
}

/// Returns whether a word distinguishes wordings. Small words only do if they reverse the meaning of others.
pub(super) fn tells(word: &str) -> bool {
    !joins(word) || turns(in_english(word))
}

/// Returns whether a small word reverses the meaning of others.
fn turns(word: &str) -> bool {
    TURNING.contains(&word)
}

/// Words that wordings may omit.
const ARTICLES: [&str; 6] = ["a", "an", "the", "i", "im", "ive"];

/// Returns the stem by which a word of a phrase is compared. All pronouns for people have the same stem: "my mum", "his
/// mum".
pub(super) fn heard_as(folded: &str) -> Box<str> {
    let folded = in_english(folded);
    match folded {
        _ if stands_for_somebody(folded) => SOMEBODY.into(),
        // Not stemmed: "overeating" has the stem "over".
        _ if joins(folded) => format!("{SMALL}{folded}").into(),
        _ => stem(folded),
    }
}

/// Returns the stem by which a word of a row is compared with words of phrases. Synonyms have the same stem, so that
/// rows need not list "nan" and "gran".
pub(super) fn compared_as(folded: &str) -> Box<str> {
    heard_as(one_for_all(in_english(folded)))
}

/// Returns the word that stands for all its synonyms.
fn one_for_all(word: &str) -> &str {
    match word {
        "granny" | "grannie" | "nan" | "nana" | "nanna" | "grandma" | "grandmother" | "nain" | "mamgu" => {
            "gran"
        }
        "granda" | "grandpa" | "grandfather" | "gramps" | "taid" | "tadcu" => "grandad",
        "mummy" | "mother" => "mum",
        "daddy" | "father" | "faither" | "da" => "dad",
        "hubby" | "hubbie" => "husband",
        "missus" | "wifey" => "wife",
        "lad" | "laddie" => "son",
        "lass" | "lassie" => "daughter",
        "kid" | "kids" | "children" | "kiddies" => "child",
        "grandkid" | "grandkids" | "grandchildren" | "grandbairns" | "grandweans" => "grandchild",
        "mate" | "mates" | "pal" | "pals" => "friend",
        "bf" => "boyfriend",
        "gf" => "girlfriend",
        "teen" | "teens" => "teenager",
        "hosp" => "hospital",
        "appt" | "appts" => "appointment",
        "doc" | "docs" => "doctor",
        "polis" | "cops" => "police",
        "nowt" | "nuthin" | "nothin" => "nothing",
        "owt" => "anything",
        "summat" => "something",
        "gonna" => "going",
        other => other,
    }
}

/// Returns the standard English for an everyday word in Scots or another dialect.
fn in_english(folded: &str) -> &str {
    match folded {
        "nae" => "no",
        "cannae" | "canna" | "cannot" => "cant",
        "dinnae" | "dinna" => "dont",
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

/// Returns whether a stem is that of a small word that reverses the meaning of others.
pub(super) fn turns_the_sense(heard_as: &str) -> bool {
    heard_as.strip_prefix(SMALL).is_some_and(turns)
}

pub(super) const SOMEBODY: &str = "~";
const SMALL: char = '=';

fn stands_for_somebody(word: &str) -> bool {
    matches!(word, "me" | "my" | "him" | "his" | "her" | "us" | "our" | "them" | "their" | "you" | "your")
}

/// Returns whether a word may be a possessive of the next: in "hit *his* head" nobody else is hit.
pub(super) fn may_own(word: &str) -> bool {
    matches!(in_english(word), "my" | "his" | "her" | "our" | "their" | "your")
}

/// Returns whether a small word may be omitted.
fn is_idle(word: &str) -> bool {
    const IDLE: [&str; 29] = [
        "a", "am", "an", "and", "are", "at", "be", "been", "being", "by", "do", "does", "for", "from", "had",
        "has", "have", "having", "i", "im", "is", "ive", "of", "some", "the", "to", "was", "were", "with",
    ];
    IDLE.contains(&word) || stands_for_somebody(word)
}

/// Small words that reverse or change the meaning of others: "pack *in*", "*no* one", "*can't* cope".
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
            let wording = AskWording::of(written);
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
            ("can't carry on", "=cant carri =on", true),
            ("on the horses", "=on hors", true),
            ("leave the gas on", "leav gas =on", false),
            ("on my own all day", "=on =own =all day", true),
            ("end my life", "end ~ life", false),
            ("took all my tablets", "took =all tablet", false),
            ("my dad hits me", "dad hit ~", true),
            ("nan lost her hubby", "gran lost husband", false),
        ] {
            assert_eq!(stems(written), (expected.to_owned(), is_whole), "{written}");
        }
    }
}
