//! Turns lists of terms, and flags, into annotations of the standard.

use serde_json::{Map, Value, json};

use super::super::lenient::{MovedObject, ShapedMembers, id_text, is_spelling, member, truth};
use crate::model::IssueCode;

/// A vocabulary that a publisher's system has without naming it.
#[derive(Clone, Copy)]
pub(in crate::source::dialects) struct PublisherVocabulary {
    /// Its id. It also qualifies the ids of its terms, because most systems count these from 1 in each vocabulary.
    pub id: &'static str,
    /// The name of the vocabulary.
    pub name: &'static str,
    /// Which aspect of a record the terms describe, if any.
    pub link_type: Option<&'static str>,
    /// Whether terms keep their ids, without the vocabulary's id before them.
    pub plain_ids: bool,
}

// The members that identify a term, the feed's own id first.
const KEYS: [&str; 5] = ["id", "slug", "label", "key", "name"];
// The members with a term's code in its vocabulary.
const CODES: [&str; 3] = ["slug", "label", "key"];
const PARENT: &str = "parent_id";

/// Turns a list of terms into annotations of the record. `entity` is the standard's name for the record's kind.
pub(in crate::source::dialects) fn annotate_list(
    shaping: &mut ShapedMembers<'_>,
    entity: &str,
    list: &str,
    vocabulary: &PublisherVocabulary,
) {
    for MovedObject { from, members } in shaping.take_objects(list) {
        note_unreadable(shaping, &from, &members);
        match term(members, vocabulary) {
            Ok(term) => {
                let attribute = attribute(shaping, entity, vocabulary, term);
                shaping.push("attributes", attribute, Some(&from));
            }
            Err(nameless) => shaping.push(list, Value::Object(nameless), None),
        }
    }
}

// Unreadable members that would identify a term are taken as well, so they need an issue.
fn note_unreadable(shaping: &ShapedMembers<'_>, from: &str, members: &Map<String, Value>) {
    for key in KEYS.into_iter().chain([PARENT]) {
        if member(members, key).is_some_and(|value| id_text(value).is_none()) {
            shaping.note(IssueCode::Unreadable, &format!("{from}.{key}"), "is neither a string nor a number");
        }
    }
}

/// Turns a flag that is set into an annotation of the service. Other flags stay where they are.
pub(in crate::source::dialects) fn annotate_flag(
    shaping: &mut ShapedMembers<'_>,
    flag: &str,
    id: &str,
    name: &str,
    vocabulary: &PublisherVocabulary,
) {
    if shaping.peek(flag).and_then(truth) != Some(true) {
        return;
    }
    let Some((key, _)) = shaping.take(flag) else { return };
    let named = [("id", id), ("slug", id), ("name", name)].map(|(key, text)| (key.to_owned(), text.into()));
    if let Ok(term) = term(Map::from_iter(named), vocabulary) {
        let attribute = attribute(shaping, "service", vocabulary, term);
        shaping.push("attributes", attribute, Some(&key));
    }
}

/// Returns an annotation of the record with a term.
pub(in crate::source::dialects) fn attribute(
    shaping: &ShapedMembers<'_>,
    entity: &str,
    vocabulary: &PublisherVocabulary,
    term: Map<String, Value>,
) -> Value {
    let mut attribute = Map::new();
    if let (Some(on), Some(Value::String(term))) = (shaping.peek("id").and_then(id_text), term.get("id")) {
        attribute.insert("id".to_owned(), format!("{on}/{term}").into());
    }
    attribute.insert("link_entity".to_owned(), entity.into());
    attribute.extend(vocabulary.link_type.map(|kind| ("link_type".to_owned(), kind.into())));
    attribute.insert("taxonomy_term".to_owned(), Value::Object(term));
    Value::Object(attribute)
}

/// Brings a term to the standard's shape.
///
/// # Errors
/// The unchanged members, if none of them identifies the term.
pub(super) fn term(
    mut members: Map<String, Value>,
    vocabulary: &PublisherVocabulary,
) -> Result<Map<String, Value>, Map<String, Value>> {
    let prefixed = |id: String| match vocabulary.plain_ids {
        true => id,
        false => format!("{}/{id}", vocabulary.id),
    };
    let told =
        |keys: &[&'static str]| keys.iter().find_map(|key| Some((*key, id_text(member(&members, key)?)?)));
    let Some((by_id, id)) = told(&KEYS) else { return Err(members) };
    let code = if member(&members, "code").is_some() { None } else { told(&CODES) };
    let by_name = ["name", "label"].into_iter().find(|key| member(&members, key).is_some());
    let name = by_name.and_then(|key| member(&members, key)).cloned();
    let parent = told(&[PARENT]);
    // The remaining members go to the term's extra.
    let taken = [Some(by_id), code.as_ref().map(|(key, _)| *key), by_name, parent.as_ref().map(|_| PARENT)];
    members.retain(|key, _| !taken.iter().flatten().any(|taken| is_spelling(key, taken)));
    members.insert("id".to_owned(), prefixed(id).into());
    members.extend(name.map(|name| ("name".to_owned(), name)));
    members.extend(code.map(|(_, code)| ("code".to_owned(), code.into())));
    members.extend(parent.map(|(_, parent)| ("parent_id".to_owned(), prefixed(parent).into())));
    let detail = json!({"id": vocabulary.id, "name": vocabulary.name});
    for (key, value) in [("taxonomy", vocabulary.name.into()), ("taxonomy_detail", detail)] {
        if member(&members, key).is_none() {
            members.insert(key.to_owned(), value);
        }
    }
    Ok(members)
}
