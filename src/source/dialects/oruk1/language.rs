//! Languages, which 1.0 gives by name or code in one member.

use std::sync::Arc;

use super::super::hsds3::part::parts;
use super::super::hsds3::people::{LANGUAGES, language};
use super::super::lenient::Members;
use crate::model::{Language, Part, PartId};

/// Names and ISO 639-1 codes of the languages that services here name most; any other is passed on as it comes.
const KNOWN: [(&str, &str); 36] = [
    ("Albanian", "sq"),
    ("Arabic", "ar"),
    ("Bengali", "bn"),
    ("Bulgarian", "bg"),
    ("Chinese", "zh"),
    ("Czech", "cs"),
    ("Dutch", "nl"),
    ("English", "en"),
    ("French", "fr"),
    ("German", "de"),
    ("Greek", "el"),
    ("Gujarati", "gu"),
    ("Hindi", "hi"),
    ("Hungarian", "hu"),
    ("Irish", "ga"),
    ("Italian", "it"),
    ("Kurdish", "ku"),
    ("Latvian", "lv"),
    ("Lithuanian", "lt"),
    ("Nepali", "ne"),
    ("Pashto", "ps"),
    ("Persian", "fa"),
    ("Polish", "pl"),
    ("Portuguese", "pt"),
    ("Punjabi", "pa"),
    ("Romanian", "ro"),
    ("Russian", "ru"),
    ("Scottish Gaelic", "gd"),
    ("Slovak", "sk"),
    ("Somali", "so"),
    ("Spanish", "es"),
    ("Tamil", "ta"),
    ("Turkish", "tr"),
    ("Ukrainian", "uk"),
    ("Urdu", "ur"),
    ("Welsh", "cy"),
];

/// Takes languages; several in one member are several.
pub(super) fn languages(m: &mut Members<'_>) -> Vec<Arc<Language>> {
    let languages = parts(m, &LANGUAGES, language);
    languages.into_iter().flat_map(|language| each(m, language)).collect()
}

/// The language that a text names.
pub(super) fn one_language(m: &Members<'_>, text: &str) -> Language {
    let id = PartId::derived("Language", m.source(), m.owner("phone_id").unwrap_or_default(), text, 0);
    let part = Part::bare(id);
    known(Language { part, name: Some(text.trim().to_owned()), code: None, note: None })
}

fn each(m: &Members<'_>, language: Arc<Language>) -> Vec<Arc<Language>> {
    let name = language.name.clone().unwrap_or_default();
    let names: Vec<&str> = name.split(',').map(str::trim).filter(|name| !name.is_empty()).collect();
    if names.len() < 2 {
        return vec![Arc::new(known(Language::clone(&language)))];
    }
    let one = |(ordinal, name): (usize, &&str)| {
        let id = PartId::derived("Language", m.source(), language.part.id.as_str(), name, ordinal);
        let part = Part { id, ..language.part.clone() };
        let name = Some((*name).to_owned());
        Arc::new(known(Language { part, name, code: None, note: language.note.clone() }))
    };
    names.iter().enumerate().map(one).collect()
}

// Adds the code to a name, and the name to a code that stands in its place.
fn known(mut language: Language) -> Language {
    let Some(text) = language.name.clone() else { return language };
    let found = KNOWN
        .iter()
        .find(|(name, code)| name.eq_ignore_ascii_case(&text) || code.eq_ignore_ascii_case(&text));
    if let Some((name, code)) = found {
        language.name = Some((*name).to_owned());
        language.code.get_or_insert_with(|| (*code).to_owned());
    } else if matches!(text.len(), 2 | 3) && text.bytes().all(|byte| byte.is_ascii_lowercase()) {
        language.code.get_or_insert(text);
    }
    language
}
