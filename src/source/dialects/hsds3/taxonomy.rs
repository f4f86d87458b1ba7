//! Vocabularies, terms, and change history.

use std::sync::Arc;

use serde_json::{Value, json};
use url::Url;

use super::super::lenient::{ObjectMembers, PartKind, RecordHead, read_record};
use super::part::{inside, reference};
use crate::model::{
    IssueCode, Metadata, NestedMember, OrderKey, PartId, Record as _, RecordId, RecordKind, Taxonomy,
    TaxonomyTerm,
};
use crate::source::dialect::ReadingContext;

const METADATA: PartKind = PartKind {
    type_name: "Metadata",
    member: Some(NestedMember::Metadata),
    names: &["metadata"],
    bare: "",
    key: "metadata_id",
};

pub(in crate::source::dialects) fn read(
    row: Value,
    reading: &ReadingContext<'_>,
    outer: Option<&ObjectMembers<'_>>,
) -> Option<Taxonomy> {
    read_record(row, RecordKind::Taxonomy, "taxonomy_id", reading, outer, taxonomy)
}

pub(in crate::source::dialects) fn read_term(
    row: Value,
    reading: &ReadingContext<'_>,
    outer: Option<&ObjectMembers<'_>>,
) -> Option<TaxonomyTerm> {
    read_record(row, RecordKind::TaxonomyTerm, "taxonomy_term_id", reading, outer, term)
}

/// Takes the members of a taxonomy.
pub(in crate::source::dialects) fn taxonomy(m: &mut ObjectMembers<'_>, head: &RecordHead<'_>) -> Taxonomy {
    let name = m.required_name(&["name"]);
    Taxonomy {
        id: head.id.clone(),
        order_key: OrderKey::of(&name),
        name,
        description: m.prose(&["description"]),
        uri: m.uri(&["uri"]),
        version: m.code(&["version"]),
        terms: m.list(None, &["taxonomy_terms", "terms"], "name", |outer, _, object| {
            read_term(Value::Object(object), outer.reading(), Some(outer))
        }),
        metadata: metadata(m),
        carried: m.carried(),
        provenance: head.provenance(m),
        extra: head.extra(),
    }
}

/// Takes the members of a term.
pub(in crate::source::dialects) fn term(m: &mut ObjectMembers<'_>, head: &RecordHead<'_>) -> TaxonomyTerm {
    let name = m.required_name(&["name", "term"]);
    let (term_uri, code) = uri_and_code(m);
    let taxonomy = detail(m);
    let nested = taxonomy.as_ref().map(|taxonomy| taxonomy.id());
    TaxonomyTerm {
        id: head.id.clone(),
        order_key: OrderKey::of(&name),
        code,
        name,
        description: m.prose(&["description"]),
        language: m.line(&["language"]),
        term_uri,
        taxonomy_name: m.line(&["taxonomy"]),
        taxonomy_id: reference(m, &["taxonomy_id"], RecordKind::Taxonomy, nested).or_else(|| around(m)),
        taxonomy,
        parent_id: parent(m, &head.id),
        metadata: metadata(m),
        carried: m.carried(),
        provenance: head.provenance(m),
        extra: head.extra(),
    }
}

// Codes such as `esdServiceType:298` look like URIs, but parsing them as URIs would change their spelling.
fn uri_and_code(m: &mut ObjectMembers<'_>) -> (Option<Url>, Option<String>) {
    let code = m.code(&["code"]);
    let is_code = |text: &str| text.contains(':') && !text.contains("//") && !text.starts_with("urn:");
    if code.is_some() || !m.peek("term_uri").and_then(Value::as_str).is_some_and(is_code) {
        return (m.uri(&["term_uri"]), code);
    }
    let key = m.spelled(&["term_uri"]);
    let code = m.line(&["term_uri"]);
    m.note(IssueCode::Repaired, &key, "is a code, and was read as one", code.clone().map(Value::String));
    (None, code)
}

// Some feeds send the vocabulary itself where the standard has its name.
fn detail(m: &mut ObjectMembers<'_>) -> Option<Arc<Taxonomy>> {
    let names = object_names(m, &["taxonomy_detail", "taxonomy"]);
    m.one(None, names, "name", |outer, _, object| read(Value::Object(object), outer.reading(), Some(outer)))
}

// In the standard, `taxonomy` is a text. It counts here only if it is an object.
fn object_names<'n>(m: &ObjectMembers<'_>, names: &'n [&'n str; 2]) -> &'n [&'n str] {
    let [standard, _] = names;
    if m.peek("taxonomy").is_some_and(Value::is_object) { names } else { std::slice::from_ref(standard) }
}

// A term is not its own parent, whatever a feed's test data says.
fn parent(m: &mut ObjectMembers<'_>, own: &RecordId) -> Option<RecordId> {
    let key = m.spelled(&["parent_id"]);
    let parent = reference(m, &["parent_id"], RecordKind::TaxonomyTerm, None)?;
    if parent == *own {
        m.note(IssueCode::Conflict, &key, "refers to the term itself", Some(json!(parent.upstream())));
        return None;
    }
    Some(parent)
}

fn around(m: &ObjectMembers<'_>) -> Option<RecordId> {
    m.owner("taxonomy_id").map(|id| RecordId::new(RecordKind::Taxonomy, m.source(), id))
}

pub(in crate::source::dialects) fn metadata(members: &mut ObjectMembers<'_>) -> Vec<Arc<Metadata>> {
    members.list(METADATA.member, METADATA.names, METADATA.bare, |outer, step, object| {
        Some(inside(outer, step, object, &METADATA, history_line))
    })
}

fn history_line(m: &mut ObjectMembers<'_>, id: PartId) -> Metadata {
    let of_contact = m.of_contact();
    Metadata {
        id,
        of_contact,
        resource_type: m.line(&["resource_type"]),
        last_action_date: m.date(&["last_action_date"]),
        last_action_type: m.line(&["last_action_type"]),
        field_name: m.line(&["field_name"]),
        previous_value: m.code(&["previous_value"]),
        replacement_value: m.code(&["replacement_value"]),
        updated_by: m.line(&["updated_by"]),
    }
}
