//! Annotations, in the form of 3.0 and in that of 1.0, which feeds of 3.0 send as well.

use std::sync::Arc;

use serde_json::Value;

use super::super::lenient::{ObjectMembers, PartKind, id_text};
use super::concept;
use super::part::{inside, reference};
use super::taxonomy::{metadata, read_term};
use crate::model::{Attribute, NestedMember, PartId, Record as _, RecordKind, TaxonomyTerm};

const ATTRIBUTES: PartKind = PartKind {
    type_name: "Attribute",
    member: Some(NestedMember::Attributes),
    names: &["attributes", "service_taxonomys", "service_taxonomies", "link_taxonomies"],
    bare: "",
    key: "attribute_id",
};

pub(in crate::source::dialects) fn attributes(members: &mut ObjectMembers<'_>) -> Vec<Arc<Attribute>> {
    attributes_named(members, ATTRIBUTES.names, None)
}

/// Takes annotations from members with other names. `link_type` is what they describe if they do not say it.
pub(in crate::source::dialects) fn attributes_named(
    members: &mut ObjectMembers<'_>,
    names: &[&str],
    link_type: Option<&str>,
) -> Vec<Arc<Attribute>> {
    members.list(ATTRIBUTES.member, names, ATTRIBUTES.bare, |outer, step, object| {
        Some(inside(outer, step, object, &ATTRIBUTES, |m, id| attribute(m, id, link_type)))
    })
}

fn attribute(m: &mut ObjectMembers<'_>, id: PartId, link_type: Option<&str>) -> Attribute {
    let term = m.one_shared(None, &["taxonomy_term"], "name", |outer, _, object| {
        let read = |object| read_term(Value::Object(object), outer.reading(), Some(outer));
        outer.reading().terms.read(outer, object, read)
    });
    let term = term.or_else(|| term_of_1(m));
    drop_code(m, term.as_deref());
    let nested = term.as_ref().map(|term| term.id());
    // In 1.0, a term that qualifies an eligibility has the eligibility's id.
    let of_contact = m.of_contact();
    let of_eligibility = m.peek("eligibility_id").map(|_| "eligibility");
    let link_type = of_eligibility.or(link_type).map(ToOwned::to_owned);
    Attribute {
        id,
        label: m.name(&["label"]),
        value: m.code(&["value", "taxonomy_detail"]),
        link_type: m.line(&["link_type"]).or(link_type),
        link_entity: m.line(&["link_entity"]),
        taxonomy_term_id: reference(
            m,
            &["taxonomy_term_id", "taxonomy_id"],
            RecordKind::TaxonomyTerm,
            nested,
        ),
        taxonomy_term: term,
        of_contact,
        metadata: metadata(m),
    }
}

// In 1.0, the key is the term's own code, which may be only part of its id.
fn drop_code(m: &mut ObjectMembers<'_>, term: Option<&TaxonomyTerm>) {
    let code = term.filter(|term| term.id.upstream().contains('|')).and_then(|term| term.code.as_deref());
    if code.is_some() && m.peek("taxonomy_id").and_then(id_text).as_deref() == code {
        m.value(&["taxonomy_id"]);
    }
}

// In 3.0, `taxonomy` is a text beside the term. In 1.0, it is the term itself.
fn term_of_1(m: &mut ObjectMembers<'_>) -> Option<Arc<TaxonomyTerm>> {
    if !m.peek("taxonomy").is_some_and(|taxonomy| taxonomy.is_object() || taxonomy.is_array()) {
        return None;
    }
    m.one(None, &["taxonomy"], "name", |outer, _, object| {
        concept::read(Value::Object(object), outer.reading(), Some(outer))
    })
}
