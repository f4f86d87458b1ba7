//! What private members, and the flags that make others private, are called.

use serde_json::{Map, Value};

use super::super::lenient::{is_nothing, is_spelling, truth};

/// The flag that hides a place.
pub(super) const HIDDEN: &str = "hide_address";
/// The flag that makes a place coarse.
pub(super) const MASKED: &str = "mask_exact_address";

/// What nested records are called, in whatever dialect.
const RECORDS: [&str; 15] = [
    "service",
    "services",
    "service_collection",
    "organization",
    "organizations",
    "organisation",
    "organisations",
    "organization_collection",
    "service_at_location",
    "service_at_locations",
    "service_at_location_collection",
    "location",
    "locations",
    "location_collection",
    "program",
];
const PLACES: [&str; 3] = ["location", "locations", "location_collection"];
const CONTACTS: [&str; 3] = ["contact", "contacts", "contact_collection"];
const PHONES: [&str; 3] = ["phone", "phones", "phone_collection"];

/// What a flag says of the object it stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flag {
    /// Whoever it is about is not to be named.
    Personal,
    /// Where it is, is not to be known.
    HideAddress,
    /// Where it is, is not to be known exactly.
    MaskExactAddress,
}

/// Every flag, by the letters of its name.
const FLAGS: [(&str, Flag); 4] = [
    ("personaldata", Flag::Personal),
    ("sensitivedata", Flag::Personal),
    ("hideaddress", Flag::HideAddress),
    ("maskexactaddress", Flag::MaskExactAddress),
];
/// What vendors put before a flag's name without changing what it says.
const PREFIXES: [&str; 8] = ["is", "has", "contains", "contact", "data", "datais", "pc", "x"];

/// The flag that a member's name stands for, in any spelling.
pub(super) fn flag(name: &str) -> Option<Flag> {
    let name = without_suffix(name);
    // Every flag ends in one of two letters, and most names are shorter or end otherwise.
    if name.len() < 11 || !matches!(name.as_bytes().last(), Some(b's' | b'S' | b'a' | b'A' | b'_' | b'-')) {
        return None;
    }
    FLAGS.iter().find(|(letters, _)| is_flag(name, letters)).map(|(_, flag)| *flag)
}

// `personal_data_flag` is `personal_data`.
fn without_suffix(name: &str) -> &str {
    const SUFFIX: &str = "flag";
    let before = name.len().checked_sub(SUFFIX.len()).and_then(|at| name.split_at_checked(at));
    before.filter(|(_, last)| last.eq_ignore_ascii_case(SUFFIX)).map_or(name, |(before, _)| before)
}

/// Whether the letters of a name hold one of these, whatever is around.
pub(super) fn has_part(name: &str, parts: &[&str]) -> bool {
    let letters: Vec<u8> = letters_of(name).collect();
    parts.iter().any(|part| letters.windows(part.len()).any(|window| window == part.as_bytes()))
}

fn is_flag(name: &str, letters: &str) -> bool {
    let mut own = letters_of(name).rev();
    if !letters.bytes().rev().all(|letter| own.next() == Some(letter)) {
        return false;
    }
    let mut before = own.rev().peekable();
    before.peek().is_none() || PREFIXES.iter().any(|prefix| before.clone().eq(prefix.bytes()))
}

/// Whether an object has a flag. A flag that cannot be read is taken at its worst.
pub(super) fn is_set(members: &Map<String, Value>, wanted: Flag) -> bool {
    members.iter().any(|(name, value)| flag(name) == Some(wanted) && says_yes(value))
}

/// Whether a flag's value sets it.
pub(super) fn says_yes(value: &Value) -> bool {
    !is_nothing(value) && truth(value) != Some(false)
}

/// Whether a member's name says that it is about whoever checked the record: `assurer_email`, `Assurer-Name`,
/// `assuredBy`, `pc_assured_by_email` and the like. `assured_date` is not such a name.
pub(super) fn names_assurer(name: &str) -> bool {
    const STEM: usize = "assur".len();
    if name.len() < STEM {
        return false;
    }
    let starts = name.bytes().enumerate().filter(|(_, byte)| byte.eq_ignore_ascii_case(&b'a'));
    starts.filter_map(|(at, _)| name.get(at..)).any(|rest| {
        const BEGINNINGS: [&str; 12] = [
            "assurer",
            "assuror",
            "assuredby",
            "assuredemail",
            "assuredname",
            "assureduser",
            "assuredcontact",
            "assuranceby",
            "assuranceemail",
            "assurancename",
            "assurancecontact",
            "assuranceofficer",
        ];
        BEGINNINGS.iter().any(|beginning| starts_with(rest, beginning))
    })
}

/// Whether a member holds all there is to say of how a record was checked, as in `{"assured": {"by": "…", "date": "…"}}`.
pub(super) fn is_assurance(name: &str) -> bool {
    const NAMES: [&str; 5] = ["assured", "assurance", "pc_assured", "pc_assurance", "quality_assurance"];
    is_any(name, &NAMES)
}

/// Whether a member of such an object says who it was.
pub(super) fn says_who(name: &str) -> bool {
    const NAMES: [&str; 11] = [
        "by", "by_email", "by_name", "contact", "details", "email", "name", "officer", "person", "user",
        "who",
    ];
    is_any(name, &NAMES)
}

/// Whether a text is the name of a member that is about whoever checked the record, as lists of changes have it. One
/// that only mentions assurers is none: a service may be called "Assurer training".
pub(super) fn is_assurers_name(text: &str) -> bool {
    const LONGEST: usize = 40;
    const SPACED: [&str; 4] = ["assured by", "assurer", "assurer email", "assurer name"];
    text.len() <= LONGEST
        && names_assurer(text)
        && (!text.trim().contains(' ') || SPACED.iter().any(|known| text.trim().eq_ignore_ascii_case(known)))
}

fn starts_with(name: &str, letters: &str) -> bool {
    let mut own = letters_of(name);
    letters.bytes().all(|letter| own.next() == Some(letter))
}

/// Whether a nested member is a record of its own, which is never left out as a whole.
pub(super) fn is_record(name: &str) -> bool {
    is_any(name, &RECORDS)
}

/// Whether a member holds places.
pub(super) fn is_place(name: &str) -> bool {
    is_any(name, &PLACES)
}

/// Whether a member holds contacts.
pub(super) fn is_contact(name: &str) -> bool {
    is_any(name, &CONTACTS)
}

/// Whether a member holds phones.
pub(super) fn is_phone(name: &str) -> bool {
    is_any(name, &PHONES)
}

/// Whether a name is a spelling of one of these.
pub(super) fn is_any(name: &str, names: &[&str]) -> bool {
    names.iter().any(|known| is_spelling(name, known))
}

fn letters_of(name: &str) -> impl DoubleEndedIterator<Item = u8> + Clone + '_ {
    name.bytes().filter(u8::is_ascii_alphabetic).map(|byte| byte.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_are_known_in_every_spelling_and_by_nothing_else() {
        for name in
            ["personal_data", "PersonalData", "sensitive-data", "is_personal_data", "pc_sensitiveData"]
        {
            assert_eq!(flag(name), Some(Flag::Personal), "{name}");
        }
        assert_eq!(flag("hideaddress"), Some(Flag::HideAddress));
        assert_eq!(flag("maskExactAddress"), Some(Flag::MaskExactAddress));
        for name in
            ["consent_to_share_personal_data", "address", "data", "personal_datas", "show_hide_address"]
        {
            assert_eq!(flag(name), None, "{name}");
        }
    }

    #[test]
    fn assurers_are_known_in_every_spelling_and_by_nothing_else() {
        for name in
            ["assurer_email", "Assurer-Name", "assuredBy", "pc_assured_by", "last assurer", "a_assurer"]
        {
            assert!(names_assurer(name), "{name}");
        }
        for name in ["assured_date", "dateAssured", "assurance", "insured_by", "assure", "ssurer"] {
            assert!(!names_assurer(name), "{name}");
        }
    }
}
