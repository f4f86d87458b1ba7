//! Values in several languages where one is expected. English is used, and the issue quotes all.

use serde_json::{Map, Value};

use crate::source::dialects::lenient::members::object::is_nothing;

/// The names of members with the language of an element.
const LANGUAGE: [&str; 14] = [
    "lang",
    "language",
    "@language",
    "languageCode",
    "language_code",
    "locale",
    "langcode",
    "xml:lang",
    "@xml:lang",
    "@lang",
    "languages_code",
    "languagesCode",
    "lang_code",
    "language_id",
];

/// Returns the English value of an object with languages as names, or another one if there is no English.
pub(in crate::source::dialects::lenient) fn english(members: &Map<String, Value>) -> Option<&Value> {
    let is_said = |(key, value): (&String, &Value)| {
        key.starts_with('@')
            || (key != "id" && is_language(key) && !matches!(value, Value::Number(_) | Value::Bool(_)))
    };
    if members.is_empty() || !members.iter().all(is_said) {
        return None;
    }
    let said = || members.iter().filter(|(key, value)| is_language(key) && !is_nothing(value));
    let english = said().find(|(key, _)| is_english(key));
    english.or_else(|| said().next()).map(|(_, value)| value)
}

/// Returns the English one of elements that each state their language, or another one if there is no English.
pub(in crate::source::dialects::lenient) fn english_of(elements: &[Value]) -> Option<&Value> {
    let language = |element: &Value| {
        let named = LANGUAGE.iter().find_map(|name| {
            let language = element.get(*name)?;
            language.as_str().or_else(|| language.get("code")?.as_str())
        });
        named.map(ToOwned::to_owned).or_else(|| only_key(element))
    };
    if elements.is_empty()
        || !elements.iter().all(|element| language(element).is_some_and(|one| is_language(&one)))
    {
        return None;
    }
    let english = elements.iter().find(|element| language(element).is_some_and(|one| is_english(&one)));
    english.or_else(|| elements.first())
}

/// Returns the only text of an object that states its language, such as `{"lang": "en", "description": "…"}`.
pub(in crate::source::dialects::lenient) fn only_text_of(members: &Map<String, Value>) -> Option<&Value> {
    if !LANGUAGE.iter().any(|name| members.contains_key(*name)) {
        return None;
    }
    let is_said = |(key, value): &(&String, &Value)| {
        !LANGUAGE.contains(&key.as_str()) && !key.to_ascii_lowercase().ends_with("id") && !is_nothing(value)
    };
    let mut said = members.iter().filter(is_said);
    let (_, text) = said.next().filter(|(_, value)| value.is_string())?;
    said.next().is_none().then_some(text)
}

// Reads `[{"en": "…"}, {"cy": "…"}]`.
fn only_key(element: &Value) -> Option<String> {
    let members = element.as_object()?;
    (members.len() == 1).then(|| members.keys().next().cloned())?
}

fn is_english(code: &str) -> bool {
    let code = code.to_ascii_lowercase();
    matches!(code.as_str(), "en" | "eng" | "english" | "saesneg")
        || code.starts_with("en-")
        || code.starts_with("en_")
}

// Accepts codes of two and three letters, with or without a country, and the names of the two usual languages.
fn is_language(code: &str) -> bool {
    let code = code.to_ascii_lowercase();
    if is_english(&code) || matches!(code.as_str(), "welsh" | "cymraeg" | "und" | "cym" | "wel") {
        return true;
    }
    let language = code.split(['-', '_']).next().unwrap_or_default();
    isolang::Language::from_639_1(language).is_some()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn quirk_97_english_of_several_languages() {
        for value in [
            json!({"cy": "Clwb Cinio", "en": "Lunch Club"}),
            json!({"cy-GB": "Clwb Cinio", "en-GB": "Lunch Club"}),
            json!({"Welsh": "Clwb Cinio", "English": "Lunch Club"}),
            json!({"cym": "Clwb Cinio", "eng": "Lunch Club"}),
            json!({"en": "Lunch Club"}),
        ] {
            let read = english(value.as_object().unwrap());
            assert_eq!(read, Some(&json!("Lunch Club")), "{value}");
        }
        let welsh_alone = json!({"cy": "Clwb Cinio", "en": ""});
        assert_eq!(english(welsh_alone.as_object().unwrap()), Some(&json!("Clwb Cinio")));
        for value in [
            json!({}),
            json!({"name": "a"}),
            json!({"en": "a", "id": 1}),
            json!({"value": "a", "format": "b"}),
        ] {
            assert_eq!(english(value.as_object().unwrap()), None, "{value}");
        }
        let second = json!({"lang": "en", "value": "Lunch"});
        for list in [
            json!([{"lang": "cy", "value": "Cinio"}, second]),
            json!([{"@language": "cy", "@value": "Cinio"}, {"@language": "en", "@value": "Lunch"}]),
            json!([{"cy": "Cinio"}, {"en": "Lunch"}]),
            json!([{"languages_code": "cy-GB", "value": "Cinio"}, {"languages_code": "en-GB", "value": "Lunch"}]),
            json!([{"languages_code": {"code": "cy-GB"}, "name": "Cinio"}, {"languages_code": {"code": "en-GB"}, "name": "Lunch"}]),
            json!([{"@xml:lang": "cy", "#text": "Cinio"}, {"@xml:lang": "en", "#text": "Lunch"}]),
        ] {
            let elements = list.as_array().unwrap();
            assert_eq!(english_of(elements), elements.last(), "{list}");
        }
        assert_eq!(english_of(&[json!("a"), json!("b")]), None);
        assert_eq!(english_of(&[json!({"name": "a"}), json!({"name": "b"})]), None);
    }
}
