//! Languages, which 1.0 states by name or code in one member.

use std::sync::Arc;

use super::super::hsds3::languages::{known, several};
use super::super::hsds3::part::parts;
use super::super::hsds3::people::{LANGUAGES, language};
use super::super::lenient::ObjectMembers;
use crate::model::{Language, PartId, RecordPart};

/// Takes languages. A member that lists several becomes several.
pub(super) fn languages(m: &mut ObjectMembers<'_>) -> Vec<Arc<Language>> {
    let languages = parts(m, &LANGUAGES, language);
    let each = |language: Arc<Language>| match several(m, &language, ",") {
        languages if languages.is_empty() => vec![Arc::new(known(Language::clone(&language)))],
        languages => languages,
    };
    languages.into_iter().flat_map(each).collect()
}

/// Returns the language that a text names.
pub(super) fn one_language(m: &ObjectMembers<'_>, text: &str) -> Language {
    let id = PartId::derived("Language", m.source(), m.owner("phone_id").unwrap_or_default(), text, 0);
    let part = RecordPart::bare(id);
    known(Language { part, name: Some(text.trim().to_owned()), code: None, note: None })
}
