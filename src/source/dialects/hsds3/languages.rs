//! Languages: lists of them in one text, and codes instead of names.

use std::sync::Arc;

use super::super::lenient::ObjectMembers;
use super::part::parts;
use super::people::{LANGUAGES, language};
use crate::model::{Language, PartId, RecordPart};

/// Names and ISO 639-1 codes of the most frequent languages. All others are passed on unchanged.
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

/// What separates the languages in a text.
const BETWEEN: &str = ",;/|&\n";
/// Words after a comma that belong to the language before it, as in "Greek, Modern".
const KINDS: [&str; 8] =
    ["ancient", "classical", "mandarin", "middle", "modern", "old", "simplified", "traditional"];

/// Takes languages. A text that lists several becomes several, and a code instead of a name becomes a code.
pub(in crate::source::dialects) fn languages(m: &mut ObjectMembers<'_>) -> Vec<Arc<Language>> {
    let languages = parts(m, &LANGUAGES, language);
    let each = |language: Arc<Language>| {
        if language.name.as_deref().is_some_and(is_list) && language.code.is_none() {
            return several(m, &language, BETWEEN);
        }
        let is_code =
            |name: &str| matches!(name.len(), 2 | 3) && name.bytes().all(|byte| byte.is_ascii_lowercase());
        match language.name.as_deref() {
            Some(name) if is_code(name) => vec![Arc::new(known(Language::clone(&language)))],
            _ => vec![language],
        }
    };
    languages.into_iter().flat_map(each).collect()
}

fn pieces<'t>(text: &'t str, between: &str) -> Vec<&'t str> {
    let pieces = text.split(|c: char| between.contains(c)).flat_map(|piece| piece.split(" and "));
    pieces.map(str::trim).filter(|piece| !piece.is_empty()).collect()
}

// Several names of up to three words, at least one of them known.
fn is_list(text: &str) -> bool {
    let pieces = pieces(text, BETWEEN);
    let is_name = |piece: &&str| {
        piece.split_whitespace().count() <= 3
            && !piece.contains(|c: char| c.is_ascii_digit() || matches!(c, '(' | ')'))
            && !KINDS.contains(&piece.to_lowercase().as_str())
    };
    pieces.len() > 1 && pieces.iter().all(is_name) && pieces.iter().any(|piece| entry(piece).is_some())
}

/// Returns the languages that a name lists. Returns an empty list if it lists fewer than two.
pub(in crate::source::dialects) fn several(
    m: &ObjectMembers<'_>,
    language: &Language,
    between: &str,
) -> Vec<Arc<Language>> {
    let names = pieces(language.name.as_deref().unwrap_or_default(), between);
    if names.len() < 2 {
        return Vec::new();
    }
    let one = |(ordinal, name): (usize, &&str)| {
        let id = PartId::derived("Language", m.source(), language.part.id.as_str(), name, ordinal);
        let part = RecordPart { id, ..language.part.clone() };
        let name = Some((*name).to_owned());
        Arc::new(known(Language { part, name, code: None, note: language.note.clone() }))
    };
    names.iter().enumerate().map(one).collect()
}

/// Adds the code to a known name, or the name to a known code.
pub(in crate::source::dialects) fn known(mut language: Language) -> Language {
    let Some(text) = language.name.clone() else { return language };
    if let Some((name, code)) = entry(&text) {
        language.name = Some(name.to_owned());
        language.code.get_or_insert_with(|| code.to_owned());
    } else if matches!(text.len(), 2 | 3) && text.bytes().all(|byte| byte.is_ascii_lowercase()) {
        language.code.get_or_insert(text);
    }
    language
}

fn entry(text: &str) -> Option<(&'static str, &'static str)> {
    let is_meant =
        |(name, code): &&(&str, &str)| name.eq_ignore_ascii_case(text) || code.eq_ignore_ascii_case(text);
    KNOWN.iter().find(is_meant).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_lists_languages_is_taken_apart() {
        for text in ["English, Welsh, Polish", "English/Welsh", "English and Sylheti", "en, cy"] {
            assert!(is_list(text), "{text}");
        }
        for text in
            ["Greek, Modern", "English", "Chinese, Mandarin", "Welsh (spoken, not written)", "Kru, Grebo"]
        {
            assert!(!is_list(text), "{text}");
        }
    }
}
