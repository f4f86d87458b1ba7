//! Terms in the form of 1.0, which calls a term a taxonomy and a taxonomy a vocabulary.

use std::collections::HashSet;
use std::sync::Arc;

use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::super::lenient::{ObjectMembers, RecordHead, id_text, is_spelling, member, read_record};
use super::taxonomy::term;
use crate::model::{RecordKind, TaxonomyTerm};
use crate::source::dialect::ReadingContext;

/// How deep broader terms may be nested. Deeper ones are dropped, so that a feed cannot make this take arbitrarily
/// long.
const MAX_ANCESTORS: usize = 32;

/// Prefixes of the national lists' codes, and the URLs that they stand for. The last letter is missing where feeds also
/// write the plural.
const KNOWN_PREFIXES: [(&str, &str); 3] = [
    ("esdservicetype", "http://id.esd.org.uk/service/"),
    ("esdcircumstance", "http://id.esd.org.uk/circumstance/"),
    ("esdneed", "http://id.esd.org.uk/need/"),
];

/// Reads a term. Broader terms nested in it become terms of its vocabulary.
pub(in crate::source::dialects) fn read(
    row: Value,
    reading: &ReadingContext<'_>,
    outer: Option<&ObjectMembers<'_>>,
) -> Option<TaxonomyTerm> {
    let Value::Object(mut object) = row else { return None };
    let mut ancestors = take_ancestors(&mut object);
    tell_apart(std::iter::once(&mut object).chain(&mut ancestors));
    let mut term = read_alone(object, reading, outer)?;
    let mut ancestors: Vec<_> =
        ancestors.into_iter().filter_map(|object| read_alone(object, reading, outer)).collect();
    cut_cycle(&mut term, &mut ancestors);
    if let Some(taxonomy) = &mut term.taxonomy {
        Arc::make_mut(taxonomy).terms = ancestors.into_iter().map(Arc::new).collect();
    }
    Some(term)
}

// If the chain returns to one of its own terms, only the part before that is kept.
fn cut_cycle(term: &mut TaxonomyTerm, ancestors: &mut Vec<TaxonomyTerm>) {
    let mut seen = HashSet::from([term.id.clone()]);
    let Some(at) = ancestors.iter().position(|ancestor| !seen.insert(ancestor.id.clone())) else { return };
    ancestors.truncate(at);
    let last = ancestors.last_mut().unwrap_or(term);
    last.parent_id = None;
}

/// Returns the id of a vocabulary, made from its name: 1.0 has nothing else to identify one.
pub(in crate::source::dialects) fn vocabulary_id(name: &str) -> String {
    name.trim().to_lowercase()
}

// `22` of one vocabulary is not the term `22` of another. If only the vocabulary distinguishes a term, it becomes part
// of the id, wherever the term occurs. The code stays unchanged.
fn tell_apart<'o>(chain: impl Iterator<Item = &'o mut Map<String, Value>>) {
    let mut narrower: Option<(&mut Map<String, Value>, String)> = None;
    for object in chain {
        let own = member(object, "vocabulary").and_then(Value::as_str).map(vocabulary_id);
        let known = own.or_else(|| narrower.as_ref().map(|(_, vocabulary)| vocabulary.clone()));
        // A nested broader term has its own vocabulary.
        if let (Some((narrower, _)), Some(vocabulary)) = (&mut narrower, &known) {
            qualify(narrower, "parent_id", vocabulary);
        }
        let Some(vocabulary) = known else { return };
        if let Some(code) = qualify(object, "id", &vocabulary)
            && member(object, "code").is_none()
        {
            object.insert("code".to_owned(), code);
        }
        narrower = Some((object, vocabulary));
    }
    if let Some((last, vocabulary)) = narrower {
        qualify(last, "parent_id", &vocabulary);
    }
}

// Returns the previous value, if that alone does not identify a term.
fn qualify(object: &mut Map<String, Value>, name: &str, vocabulary: &str) -> Option<Value> {
    let (_, id) = object.iter_mut().find(|(key, id)| is_spelling(key, name) && is_bare(id))?;
    let qualified = format!("{vocabulary}|{}", id_text(id)?);
    Some(std::mem::replace(id, qualified.into()))
}

// CURIEs, URLs and UUIDs are unique by themselves.
fn is_bare(id: &Value) -> bool {
    id_text(id).is_some_and(|id| !id.contains([':', '/', '|']) && Uuid::try_parse(&id).is_err())
}

// Terms without an object for their vocabulary get one, so that the vocabulary can be found.
fn read_alone(
    object: Map<String, Value>,
    reading: &ReadingContext<'_>,
    outer: Option<&ObjectMembers<'_>>,
) -> Option<TaxonomyTerm> {
    let kind = RecordKind::TaxonomyTerm;
    let has_id = object.keys().any(|key| key.eq_ignore_ascii_case("id"));
    read_record(Value::Object(object), kind, "taxonomy_term_id", reading, outer, |m, head| {
        concept(m, head, has_id)
    })
}

fn concept(m: &mut ObjectMembers<'_>, head: &RecordHead<'_>, has_id: bool) -> TaxonomyTerm {
    let code = m.peek("code").and_then(id_text).unwrap_or_else(|| head.id.upstream().to_owned());
    let code = code.as_str();
    if has_id && m.peek("code").is_none() {
        m.put("code", json!(code));
    }
    if let Some(uri) = uri_of(code).filter(|_| m.peek("term_uri").is_none()) {
        m.put("term_uri", json!(uri));
    }
    if let Some(vocabulary) = m.line(&["vocabulary"]).or_else(|| prefix(code).map(ToOwned::to_owned)) {
        let id = vocabulary_id(&vocabulary);
        m.put("taxonomy", json!(vocabulary));
        m.put("taxonomy_id", json!(id));
        m.put("taxonomy_detail", json!({"id": id, "name": vocabulary}));
    }
    term(m, head)
}

// Returns `esdServiceType` for `esdServiceType:298`. Returns `None` if the code is a URL.
fn prefix(code: &str) -> Option<&str> {
    let (prefix, local) = code.split_once(':')?;
    (!prefix.is_empty() && !local.is_empty() && !local.starts_with("//")).then_some(prefix)
}

fn uri_of(code: &str) -> Option<String> {
    if code.starts_with("http://") || code.starts_with("https://") {
        return Some(code.to_owned());
    }
    let prefix = prefix(code)?;
    let local = code.get(prefix.len() + 1..)?.trim();
    let folded = prefix.to_ascii_lowercase();
    let singular = folded.strip_suffix('s').unwrap_or(&folded);
    let (_, base) = KNOWN_PREFIXES.iter().find(|(known, _)| *known == singular)?;
    Some(format!("{base}{local}"))
}

// Splits the chain of broader terms. Each keeps the id of the next.
fn take_ancestors(object: &mut Map<String, Value>) -> Vec<Map<String, Value>> {
    let mut ancestors = Vec::new();
    let mut next = take_parent(object);
    while let Some(mut ancestor) = next.take().filter(|_| ancestors.len() < MAX_ANCESTORS) {
        next = take_parent(&mut ancestor);
        ancestors.push(ancestor);
    }
    ancestors
}

fn take_parent(object: &mut Map<String, Value>) -> Option<Map<String, Value>> {
    let parent = match object.remove("parent")? {
        Value::Object(parent) => parent,
        Value::Null => return None,
        other => {
            object.insert("parent".to_owned(), other);
            return None;
        }
    };
    if let Some(id) = parent.get("id").filter(|_| object.get("parent_id").is_none_or(Value::is_null)) {
        object.insert("parent_id".to_owned(), id.clone());
    }
    Some(parent)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_of_the_national_lists_have_addresses() {
        let cases = [
            ("esdServiceType:298", Some("http://id.esd.org.uk/service/298")),
            ("esdCircumstances:Age_Older", Some("http://id.esd.org.uk/circumstance/Age_Older")),
            ("esdNeed:4", Some("http://id.esd.org.uk/need/4")),
            ("https://terms.example/1", Some("https://terms.example/1")),
            ("bccservicetype:78", None),
            ("298", None),
            ("esdServiceType:", None),
        ];
        for (code, uri) in cases {
            assert_eq!(uri_of(code).as_deref(), uri, "{code}");
        }
        assert_eq!(prefix("bccservicetype:78"), Some("bccservicetype"));
        assert_eq!(prefix("https://terms.example/1"), None);
    }
}
