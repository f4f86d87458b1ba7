//! Flags that make the enclosing object private, whatever their spelling.

use serde_json::{Map, Value};

use super::super::lenient::{is_nothing, truth};
use super::flag_words::in_words;
use super::names::{self, is_any, letters_of};
use super::whereabouts::says_where;

/// The flag that hides a place.
pub(in crate::source) const HIDDEN: &str = "hide_address";
/// The flag that masks a place's exact position.
pub(in crate::source) const MASKED: &str = "mask_exact_address";
/// The flag that makes a record personal.
pub(in crate::source) const PERSONAL: &str = "personal_data";

/// What a flag says about the enclosing object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PrivacyFlag {
    /// The person must not be named.
    Personal,
    /// A place or contact must not be shown. Has no effect on other objects: a service may well be confidential.
    Private,
    /// The position must not be shown.
    HideAddress,
    /// The exact position must not be shown.
    MaskExactAddress,
}

/// The standard's flags, by the letters of their names. A member with such a name is a flag, whatever its value.
const FLAGS: [(&str, PrivacyFlag); 4] = [
    ("personaldata", PrivacyFlag::Personal),
    ("sensitivedata", PrivacyFlag::Personal),
    ("hideaddress", PrivacyFlag::HideAddress),
    ("maskexactaddress", PrivacyFlag::MaskExactAddress),
];
/// Prefixes that vendors add without changing the meaning.
const PREFIXES: [&str; 8] = ["is", "has", "contains", "contact", "data", "datais", "pc", "x"];

/// Members with annotations, each of which may be a flag.
const ANNOTATIONS: [&str; 13] = [
    "annotations",
    "attribute",
    "attributes",
    "custom_attributes",
    "custom_fields",
    "flags",
    "labels",
    "options",
    "other_attributes",
    "properties",
    "settings",
    "tags",
    "taxonomy_terms",
];
/// Members with the value of an annotation.
const SAYS: [&str; 5] = ["value", "values", "content", "text", "is"];

/// Returns the flag that a name stands for, in any spelling.
pub(super) fn flag(name: &str) -> Option<PrivacyFlag> {
    if name.len() < SHORTEST || !may_end_a_flag(name) {
        return None;
    }
    let name = without_suffix(name);
    FLAGS.iter().find(|(letters, _)| is_flag(name, letters)).map(|(_, flag)| *flag)
}

/// The length of the shortest flag.
const SHORTEST: usize = "hideaddress".len();

// A fast check, because every text of a feed is tested. Every flag ends in one of three ways, and hardly anything else
// does.
fn may_end_a_flag(name: &str) -> bool {
    let [.., before, last] = name.as_bytes() else { return false };
    let is_separator = |letter: &u8| !letter.is_ascii_alphanumeric();
    match last.to_ascii_lowercase() {
        b's' => before.eq_ignore_ascii_case(&b's') || is_separator(before),
        b'a' => before.eq_ignore_ascii_case(&b't') || is_separator(before),
        b'g' => before.eq_ignore_ascii_case(&b'a') || is_separator(before),
        _ => is_separator(last),
    }
}

// Treats `personal_data_flag` as `personal_data`.
fn without_suffix(name: &str) -> &str {
    const SUFFIX: &str = "flag";
    let before = name.len().checked_sub(SUFFIX.len()).and_then(|at| name.split_at_checked(at));
    before.filter(|(_, last)| last.eq_ignore_ascii_case(SUFFIX)).map_or(name, |(before, _)| before)
}

fn is_flag(name: &str, letters: &str) -> bool {
    let mut own = letters_of(name).rev();
    if !letters.bytes().rev().all(|letter| own.next() == Some(letter)) {
        return false;
    }
    let mut before = own.rev().peekable();
    before.peek().is_none() || PREFIXES.iter().any(|prefix| before.clone().eq(prefix.bytes()))
}

/// Returns the flag that a member sets: a standard flag unless its value means no, or a vendor's flag if its value is a
/// plain Boolean. An unreadable value counts as yes.
pub(super) fn set_by(name: &str, value: &Value) -> Option<PrivacyFlag> {
    match flag(name) {
        Some(flag) => says_yes(value).then_some(flag),
        None => in_words(name, plain_truth(value)?),
    }
}

/// Returns whether a flag's value sets it.
pub(super) fn says_yes(value: &Value) -> bool {
    !is_nothing(value) && truth(value) != Some(false)
}

/// Returns whether a member is a flag with a plain Boolean value. Such a member may stay, because it says nothing more.
pub(super) fn is_plain_flag(name: &str, value: &Value) -> bool {
    let is_named = flag(name).is_some() || in_words(name, true).or(in_words(name, false)).is_some();
    is_named && plain_truth(value).is_some()
}

/// The longest text that may be a plain Boolean, in bytes.
const LONGEST_TRUTH: usize = 8;

fn plain_truth(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(truth) => Some(*truth),
        Value::Number(number) if matches!(number.as_f64(), Some(0.0 | 1.0)) => truth(value),
        Value::String(text) if text.len() <= LONGEST_TRUTH => {
            let begins = matches!(
                text.trim_start().as_bytes().first()?,
                b'0' | b'1' | b't' | b'T' | b'y' | b'Y' | b'f' | b'F' | b'n' | b'N'
            );
            if begins { truth(value) } else { None }
        }
        _ => None,
    }
}

/// Returns whether an object has a flag, as a member or as an annotation.
pub(super) fn is_set(members: &Map<String, Value>, wanted: PrivacyFlag) -> bool {
    members
        .iter()
        .any(|(name, value)| set_by(name, value) == Some(wanted) || is_annotated(name, value, wanted))
}

fn is_annotated(name: &str, value: &Value, wanted: PrivacyFlag) -> bool {
    let elements = match value {
        Value::Array(elements) => elements.as_slice(),
        Value::Object(_) => std::slice::from_ref(value),
        _ => return false,
    };
    let is_wanted = |element: &Value| annotation(element) == Some(wanted);
    is_any(name, &ANNOTATIONS) && elements.iter().any(is_wanted)
}

/// Returns the flag that an annotation sets: a tag, or an object that names a flag or whose term does.
fn annotation(annotation: &Value) -> Option<PrivacyFlag> {
    match annotation {
        Value::String(tag) => flag(tag),
        Value::Object(members) => {
            let (flag, names_only) = named_by(members)?;
            let said = members.iter().find(|(name, _)| is_any(name, &SAYS)).map(|(_, value)| value);
            said.map_or(names_only, says_yes).then_some(flag)
        }
        _ => None,
    }
}

fn named_by(members: &Map<String, Value>) -> Option<(PrivacyFlag, bool)> {
    members.iter().find_map(|(name, value)| match value {
        // Hardly any text is the name of a flag, and that check is faster than the one of the member's name.
        Value::String(text) => Some((flag(text).filter(|_| names::is_naming(name))?, true)),
        Value::Object(term) if names::is_term(name) => named_by(term),
        _ => None,
    })
}

/// Returns whether a place is hidden, by itself or by an object in it that is not a record.
pub(super) fn is_hidden_place(members: &Map<String, Value>) -> bool {
    let says = |flag| is_set(members, flag);
    says(PrivacyFlag::HideAddress)
        || says(PrivacyFlag::Personal)
        || says(PrivacyFlag::Private)
        || hides_inside(members)
}

fn hides_inside(members: &Map<String, Value>) -> bool {
    any_inside(members, &|name, inner| {
        let is_address = says_where(name);
        is_set(inner, PrivacyFlag::HideAddress)
            || (is_address && (is_set(inner, PrivacyFlag::Personal) || is_set(inner, PrivacyFlag::Private)))
            || hides_inside(inner)
    })
}

/// Reduces the values of flags to `true`.
pub(super) fn make_plain(members: &mut Map<String, Value>) {
    let odd = members
        .iter_mut()
        .filter(|(name, value)| flag(name).is_some() && says_yes(value) && plain_truth(value).is_none());
    odd.for_each(|(_, value)| *value = Value::Bool(true));
}

/// Returns whether a place is masked, by itself or by an object in it that is not a record.
pub(super) fn is_masked_place(members: &Map<String, Value>) -> bool {
    is_set(members, PrivacyFlag::MaskExactAddress) || any_inside(members, &|_, inner| is_masked_place(inner))
}

// Only looks into objects such as policies: others may be places of their own.
fn any_inside(members: &Map<String, Value>, is_meant: &dyn Fn(&str, &Map<String, Value>) -> bool) -> bool {
    const PARTS: [&str; 10] = [
        "consent",
        "display",
        "flag",
        "option",
        "permission",
        "policy",
        "privacy",
        "publication",
        "setting",
        "visib",
    ];
    let is_of_place =
        |name: &str| says_where(name) || is_any(name, &ANNOTATIONS) || names::has_part(name, &PARTS);
    let inner = members.iter().filter(|(name, _)| !names::is_record(name) && is_of_place(name));
    inner.into_iter().any(|(name, value)| any_object(value, &|object| is_meant(name, object)))
}

/// Returns whether any object in a value passes the test, through any number of nested lists.
pub(super) fn any_object(value: &Value, is_meant: &dyn Fn(&Map<String, Value>) -> bool) -> bool {
    match value {
        Value::Object(members) => is_meant(members),
        Value::Array(elements) => elements.iter().any(|element| any_object(element, is_meant)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn flags_are_known_in_every_spelling_and_by_nothing_else() {
        for name in
            ["personal_data", "PersonalData", "sensitive-data", "is_personal_data", "pc_sensitiveData"]
        {
            assert_eq!(flag(name), Some(PrivacyFlag::Personal), "{name}");
        }
        assert_eq!(flag("hideaddress"), Some(PrivacyFlag::HideAddress));
        assert_eq!(flag("maskExactAddress"), Some(PrivacyFlag::MaskExactAddress));
        for name in
            ["consent_to_share_personal_data", "address", "data", "personal_datas", "show_hide_address"]
        {
            assert_eq!(flag(name), None, "{name}");
        }
    }

    #[test]
    fn vendors_flags_are_known_by_their_words_if_they_say_so_plainly() {
        use PrivacyFlag::{HideAddress, MaskExactAddress, Private};
        for (name, value, read) in [
            ("is_confidential", json!(true), Some(Private)),
            ("confidential", json!("Y"), Some(Private)),
            ("private", json!(1), Some(Private)),
            ("do-not-publish", json!("true"), Some(Private)),
            ("hidden", json!(false), None),
            ("addressHidden", json!(true), Some(HideAddress)),
            ("location_confidential", json!("yes"), Some(HideAddress)),
            ("show_address", json!(false), Some(HideAddress)),
            ("show_address", json!(true), None),
            ("publish_full_address", json!("no"), Some(HideAddress)),
            ("is_public", json!(false), Some(Private)),
            ("mask_location", json!(true), Some(MaskExactAddress)),
            ("private", json!("sector"), None),
            ("hide_show_address", json!(true), None),
            ("free", json!(false), None),
            ("public_transport", json!(false), None),
            ("confidential_helpline", json!(true), None),
            ("address", json!(true), None),
        ] {
            assert_eq!(set_by(name, &value), read, "{name}: {value}");
        }
    }

    #[test]
    fn annotations_are_flags_if_they_name_one() {
        for (annotated, read) in [
            (json!({"attributes": [{"label": "hide_address", "value": "yes"}]}), true),
            (json!({"attributes": [{"taxonomy_term": {"name": "Hide address"}}]}), true),
            (json!({"tags": ["hide-address"]}), true),
            (json!({"properties": {"name": "hide_address", "value": true}}), true),
            (json!({"attributes": [{"label": "hide_address", "value": "no"}]}), false),
            (json!({"attributes": [{"label": "address", "value": "yes"}]}), false),
        ] {
            assert_eq!(is_set(annotated.as_object().unwrap(), PrivacyFlag::HideAddress), read, "{annotated}");
        }
    }
}
