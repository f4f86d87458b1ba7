//! Decides what may be said about a hidden or masked place: access and languages, in words that cannot name the place.

use serde_json::{Map, Value};

use super::super::names::is_any;
use crate::model::LanguageCode;

const ACCESS: [&str; 3] = ["accessibility", "accessibilities", "accessibility_for_disabilities"];
const LANGUAGES: [&str; 2] = ["languages", "language"];
/// The words that short statements about access use. Any other word may be part of a name or an address.
const WORDS: [&str; 68] = [
    "a",
    "access",
    "accessible",
    "adapted",
    "adult",
    "all",
    "allowed",
    "and",
    "assistance",
    "available",
    "baby",
    "badge",
    "bathroom",
    "bathrooms",
    "blue",
    "braille",
    "british",
    "bsl",
    "chair",
    "changing",
    "disabled",
    "dog",
    "dogs",
    "door",
    "doors",
    "entrance",
    "facilities",
    "facility",
    "floor",
    "floors",
    "for",
    "free",
    "guide",
    "handrail",
    "hearing",
    "hoist",
    "induction",
    "interpreter",
    "is",
    "language",
    "large",
    "level",
    "lift",
    "loop",
    "no",
    "not",
    "of",
    "on",
    "parking",
    "place",
    "places",
    "print",
    "ramp",
    "ramps",
    "sign",
    "signage",
    "site",
    "space",
    "spaces",
    "step",
    "steps",
    "the",
    "to",
    "toilet",
    "toilets",
    "user",
    "wheelchair",
    "with",
];

/// Returns whether a statement about access uses only these words.
pub(in crate::source) fn is_plain_access(text: &str) -> bool {
    let mut words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.all(|word| WORDS.iter().any(|known| word.eq_ignore_ascii_case(known)))
}

/// Returns whether a text is the name or code of a language.
pub(in crate::source) fn is_plain_language(text: &str) -> bool {
    LanguageCode::read(text).is_ok()
}

/// Reduces a place's access statements and languages to what cannot name the place.
pub(super) fn make_plain(place: &mut Map<String, Value>) {
    for (name, value) in place.iter_mut() {
        if is_any(name, &ACCESS) {
            strip(value, &["description", "accessibility", "name", "label", "slug"], is_plain_access);
        } else if is_any(name, &LANGUAGES) {
            strip(value, &["name", "language", "code"], is_plain_language);
        }
    }
}

fn strip(value: &mut Value, texts: &[&str], is_plain: fn(&str) -> bool) {
    match value {
        Value::Array(elements) => elements.iter_mut().for_each(|element| strip(element, texts, is_plain)),
        Value::Object(members) => members.retain(|name, value| {
            is_any(name, &["id"]) || (is_any(name, texts) && value.as_str().is_some_and(is_plain))
        }),
        Value::String(text) if is_plain(text.as_str()) => {}
        other => *other = Value::Null,
    }
}
