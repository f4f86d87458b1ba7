//! Vocabularies, terms, annotations, and change history.

use std::sync::Arc;

use serde_json::Value;

use super::super::lenient::{Head, Members, PartKind, read_record};
use super::part::{inside, reference};
use crate::model::{
    Attribute, Member, Metadata, OrderKey, PartId, Record as _, RecordKind, Taxonomy, TaxonomyTerm,
};
use crate::source::dialect::Reading;

const ATTRIBUTES: PartKind = PartKind {
    type_name: "Attribute",
    member: Member::Attributes,
    names: &["attributes"],
    bare: "",
    key: "attribute_id",
};
const METADATA: PartKind = PartKind {
    type_name: "Metadata",
    member: Member::Metadata,
    names: &["metadata"],
    bare: "",
    key: "metadata_id",
};

pub(super) fn read(row: Value, reading: &Reading<'_>, outer: Option<&Members<'_>>) -> Option<Taxonomy> {
    read_record(row, RecordKind::Taxonomy, "taxonomy_id", reading, outer, taxonomy)
}

pub(super) fn read_term(
    row: Value,
    reading: &Reading<'_>,
    outer: Option<&Members<'_>>,
) -> Option<TaxonomyTerm> {
    read_record(row, RecordKind::TaxonomyTerm, "taxonomy_term_id", reading, outer, term)
}

fn taxonomy(m: &mut Members<'_>, head: &Head<'_>) -> Taxonomy {
    let name = m.required_name(&["name"]);
    Taxonomy {
        id: head.id.clone(),
        order_key: OrderKey::of(&name),
        name,
        description: m.prose(&["description"]),
        uri: m.uri(&["uri"]),
        version: m.code(&["version"]),
        terms: m.list(Member::Attributes, &["taxonomy_terms", "terms"], "name", |outer, _, object| {
            read_term(Value::Object(object), outer.reading(), Some(outer))
        }),
        metadata: metadata(m),
        carried: m.carried(),
        provenance: head.provenance(m),
        extra: head.extra(),
    }
}

fn term(m: &mut Members<'_>, head: &Head<'_>) -> TaxonomyTerm {
    let name = m.required_name(&["name", "term"]);
    let taxonomy = detail(m);
    let nested = taxonomy.as_ref().map(|taxonomy| taxonomy.id());
    TaxonomyTerm {
        id: head.id.clone(),
        order_key: OrderKey::of(&name),
        code: m.code(&["code"]),
        name,
        description: m.prose(&["description"]),
        language: m.line(&["language"]),
        term_uri: m.uri(&["term_uri"]),
        taxonomy_name: m.line(&["taxonomy"]),
        taxonomy_id: reference(m, &["taxonomy_id"], RecordKind::Taxonomy, nested).or_else(|| around(m)),
        taxonomy,
        parent_id: reference(m, &["parent_id"], RecordKind::TaxonomyTerm, None),
        metadata: metadata(m),
        carried: m.carried(),
        provenance: head.provenance(m),
        extra: head.extra(),
    }
}

// Some feeds send the vocabulary itself where the standard has its name.
fn detail(m: &mut Members<'_>) -> Option<Arc<Taxonomy>> {
    let names: &[&str] = match m.peek("taxonomy") {
        Some(Value::Object(_)) => &["taxonomy_detail", "taxonomy"],
        _ => &["taxonomy_detail"],
    };
    m.one(Member::Attributes, names, "name", |outer, _, object| {
        read(Value::Object(object), outer.reading(), Some(outer))
    })
}

fn around(m: &Members<'_>) -> Option<crate::model::RecordId> {
    m.owner("taxonomy_id").map(|id| crate::model::RecordId::new(RecordKind::Taxonomy, m.source(), id))
}

pub(super) fn attributes(members: &mut Members<'_>) -> Vec<Arc<Attribute>> {
    members.list(ATTRIBUTES.member, ATTRIBUTES.names, ATTRIBUTES.bare, |outer, step, object| {
        Some(inside(outer, step, object, &ATTRIBUTES, attribute))
    })
}

fn attribute(m: &mut Members<'_>, id: PartId) -> Attribute {
    let term = m.one(Member::Attributes, &["taxonomy_term"], "name", |outer, _, object| {
        read_term(Value::Object(object), outer.reading(), Some(outer))
    });
    let nested = term.as_ref().map(|term| term.id());
    Attribute {
        id,
        label: m.name(&["label"]),
        value: m.code(&["value"]),
        link_type: m.line(&["link_type"]),
        link_entity: m.line(&["link_entity"]),
        taxonomy_term_id: reference(m, &["taxonomy_term_id"], RecordKind::TaxonomyTerm, nested),
        taxonomy_term: term,
        metadata: metadata(m),
    }
}

pub(super) fn metadata(members: &mut Members<'_>) -> Vec<Arc<Metadata>> {
    members.list(METADATA.member, METADATA.names, METADATA.bare, |outer, step, object| {
        Some(inside(outer, step, object, &METADATA, history_line))
    })
}

fn history_line(m: &mut Members<'_>, id: PartId) -> Metadata {
    Metadata {
        id,
        resource_type: m.line(&["resource_type"]),
        last_action_date: m.date(&["last_action_date"]),
        last_action_type: m.line(&["last_action_type"]),
        field_name: m.line(&["field_name"]),
        previous_value: m.code(&["previous_value"]),
        replacement_value: m.code(&["replacement_value"]),
        updated_by: m.line(&["updated_by"]),
    }
}
