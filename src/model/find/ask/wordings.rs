//! One way of saying something: which of its words tell, and how they must stand.

use super::requests::{names_people, only_requests, says_little};
use super::tokens::{PhraseToken, joins, stem, tokens};

/// One way of saying something.
#[derive(Debug)]
pub(super) struct AskWording {
    /// The stems of its telling words, or of all words where those tell too little.
    pub(super) stems: Box<[Box<str>]>,
    /// Whether they must stand side by side: "do myself in" is not "in".
    pub(super) is_whole: bool,
    /// Whether it may stand the other way round: "debt letters" is "letters about debt", but "want to end" is not "the end
    /// that we want".
    pub(super) may_turn: bool,
    /// Whether nothing may follow that makes it harmless: "can't go on" is not "can't go on holiday".
    pub(super) is_last: bool,
}

impl AskWording {
    /// Reads a wording as a row has it.
    pub(super) fn of(written: &str) -> Self {
        let words = tokens(written);
        let telling = telling(&words);
        let is_plain = |word: &&str| !joins(word) && !only_requests(word) && !says_little(word);
        // "Hits me" is not "hits": where one word tells, whom it is done to tells, too.
        let is_verb = |telling: &[&str]| match telling {
            [_] => true,
            [doer, _] => names_people(doer),
            _ => false,
        };
        let is_done = is_verb(&telling) && words.last().is_some_and(|last| stands_for_somebody(&last.folded));
        // "End it all" is not "end".
        let is_idiom =
            telling.len() == 1 && words.iter().any(|word| !tells(&word.folded) && !is_idle(&word.folded));
        let is_whole = words.len() > 1 && (is_done || is_idiom || !telling.iter().any(is_plain));
        let stems = match is_whole {
            true if is_done => stems(folded(&words).skip_while(|word| stands_for_somebody(word))),
            // Whose mum it is may be left out.
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

/// The words of a wording that tell it apart from others. Some small ones do at its end: "can't carry on" is not "can't
/// carry", nor "want to end it" "want to end", nor "nothing to live for" "nothing to live on", nor "kids left on their
/// own" "kids left". And "my life" is not "life", "all my tablets" not "my tablets", and a child "being hit" none that
/// hits.
fn telling(words: &[PhraseToken]) -> Vec<&str> {
    let word = |at: usize| words.get(at).map_or("", |token| &*token.folded);
    let turns_at_end = |at: usize| {
        let Some(before) = at.checked_sub(1).map(word).filter(|_| at + 1 == words.len()) else {
            return false;
        };
        ["it", "on", "own"].contains(&word(at)) || (before, word(at)) == ("live", "for")
    };
    let says_whose = |at: usize| may_own(word(at)) && word(at + 1) == "life";
    let says_all = |at: usize| word(at) == "all" && (may_own(word(at + 1)) || word(at + 1) == "the");
    let is_done_to = |at: usize| word(at) == "being" && at > 0 && at + 1 < words.len();
    let counts =
        |at: usize| tells(word(at)) || turns_at_end(at) || says_whose(at) || says_all(at) || is_done_to(at);
    folded(words).enumerate().filter(|(at, _)| counts(*at)).map(|(_, word)| word).collect()
}

/// Whether a wording gives up: "can't go on", which is not "can't go on holiday".
fn gives_up(words: &[PhraseToken]) -> bool {
    let last_two = words.iter().rev().map(|token| &*token.folded).take(2);
    matches!(&last_two.collect::<Vec<_>>()[..], ["on", "go" | "going" | "carry" | "carrying"])
}

/// Whether a word may follow one who gives up.
pub(super) fn follows_who_gives_up(word: &str) -> bool {
    const FOLLOWING: [&str; 17] = [
        "and", "any", "anymore", "because", "but", "cos", "feeling", "i", "im", "like", "living", "much",
        "now", "since", "so", "today", "without",
    ];
    FOLLOWING.contains(&word)
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

/// The stem by which a word of a row is compared with those of phrases: whoever says "nan" says it of a grandmother, and
/// rows need not list them all.
pub(super) fn compared_as(folded: &str) -> Box<str> {
    heard_as(one_for_all(in_english(folded)))
}

/// The one word that stands for others of its meaning.
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

/// The English of an everyday word of Scots, or of another part of the country.
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

/// Whether a word, by what it is compared by, turns the sense of others.
pub(super) fn turns_the_sense(heard_as: &str) -> bool {
    heard_as.strip_prefix(SMALL).is_some_and(turns)
}

pub(super) const SOMEBODY: &str = "~";
const SMALL: char = '=';

fn stands_for_somebody(word: &str) -> bool {
    matches!(word, "me" | "my" | "him" | "his" | "her" | "us" | "our" | "them" | "their" | "you" | "your")
}

/// Whether a word may say whose the next one is: "hit *his* head" is done to nobody.
pub(super) fn may_own(word: &str) -> bool {
    matches!(in_english(word), "my" | "his" | "her" | "our" | "their" | "your")
}

/// Whether a small word may as well be left out.
fn is_idle(word: &str) -> bool {
    const IDLE: [&str; 29] = [
        "a", "am", "an", "and", "are", "at", "be", "been", "being", "by", "do", "does", "for", "from", "had",
        "has", "have", "having", "i", "im", "is", "ive", "of", "some", "the", "to", "was", "were", "with",
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
