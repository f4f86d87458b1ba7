//! Recognises vendors' own flags by the words in their names.

use super::flags::PrivacyFlag;
use super::names::letters_of;

/// The meaning of a word in a flag's name.
#[derive(Clone, Copy, PartialEq, Eq)]
enum FlagWord {
    Hides,
    Masks,
    Shows,
    Place,
    Nothing,
}

const WORDS: [(FlagWord, &[&str]); 5] = [
    (
        FlagWord::Hides,
        &[
            "hidden",
            "hide",
            "confidential",
            "private",
            "undisclosed",
            "suppressed",
            "suppress",
            "withheld",
            "withhold",
            "secret",
            "redacted",
            "redact",
            "donotpublish",
            "donotshow",
            "donotdisplay",
            "donotshare",
            "dontshow",
            "dontpublish",
            "notpublic",
            "nonpublic",
            "notforpublication",
            "unlisted",
            "unpublished",
            "personal",
            "sensitive",
        ],
    ),
    (
        FlagWord::Masks,
        &["masked", "mask", "obscured", "obscure", "blurred", "blur", "obfuscated", "obfuscate"],
    ),
    (
        FlagWord::Shows,
        &[
            "show",
            "shown",
            "display",
            "displayed",
            "publish",
            "published",
            "publicly",
            "public",
            "visible",
            "disclose",
            "disclosed",
            "share",
            "shared",
            "shareable",
            "listed",
        ],
    ),
    (
        FlagWord::Place,
        &["address", "addresses", "location", "place", "postcode", "venue", "coordinates", "map"],
    ),
    (
        FlagWord::Nothing,
        &[
            "is",
            "has",
            "the",
            "to",
            "on",
            "in",
            "from",
            "of",
            "be",
            "should",
            "for",
            "full",
            "exact",
            "web",
            "website",
            "site",
            "directory",
            "flag",
            "pc",
            "x",
            "record",
            "physical",
            "postal",
            "contact",
            "person",
            "email",
            "phone",
            "details",
            "detail",
            "data",
            "info",
            "information",
            "name",
            "this",
        ],
    ),
];

/// Returns the flag that a vendor's name stands for, if its value is `holds`: `is_confidential`, `address_hidden`, or
/// `show_address` with the value no. Names with any other word are not flags.
pub(super) fn in_words(name: &str, holds: bool) -> Option<PrivacyFlag> {
    const LONGEST: usize = 48;
    if name.len() > LONGEST {
        return None;
    }
    let letters: Vec<u8> = letters_of(name).collect();
    let (mut rest, mut said) = (letters.as_slice(), Vec::new());
    while !rest.is_empty() {
        let words = WORDS.iter().flat_map(|(says, words)| words.iter().map(|word| (*says, *word)));
        let (says, word) =
            words.filter(|(_, word)| rest.starts_with(word.as_bytes())).max_by_key(|(_, word)| word.len())?;
        said.push(says);
        rest = rest.get(word.len()..).unwrap_or_default();
    }
    let says = |word| said.contains(&word);
    match (says(FlagWord::Hides), says(FlagWord::Masks), says(FlagWord::Shows)) {
        (true, false, false) if holds => Some(hiding(says(FlagWord::Place))),
        (false, false, true) if !holds => Some(hiding(says(FlagWord::Place))),
        (false, true, false) if holds => Some(PrivacyFlag::MaskExactAddress),
        _ => None,
    }
}

fn hiding(is_of_place: bool) -> PrivacyFlag {
    if is_of_place { PrivacyFlag::HideAddress } else { PrivacyFlag::Private }
}
