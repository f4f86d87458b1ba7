//! Words of 1.0's code lists, for which 3.0 has no member, as annotations.

use std::sync::Arc;

use serde_json::json;
use uuid::Uuid;

use super::super::hsds3::taxonomy::read_term;
use super::super::lenient::Members;
use crate::model::{Attribute, PartId, Record as _};

/// A code list.
#[derive(Clone, Copy)]
pub(in crate::source::dialects) struct CodeList {
    /// What aspect its words describe.
    pub link_type: &'static str,
    /// The vocabulary that its words make up in the graph.
    pub vocabulary: &'static str,
}

/// A word of a code list.
pub(in crate::source::dialects) struct Word<'a> {
    /// The word, as published.
    pub text: &'a str,
    /// The feed's own id of the annotation, where it has one.
    pub id: Option<&'a str>,
}

/// What a service offers.
pub(super) const DELIVERABLE_TYPE: CodeList =
    CodeList { link_type: "deliverable_type", vocabulary: "ORUK v1 deliverable type" };
/// How people attend.
pub(super) const ATTENDING_TYPE: CodeList =
    CodeList { link_type: "attending_type", vocabulary: "ORUK v1 attending type" };
/// How people come to it.
pub(super) const ATTENDING_ACCESS: CodeList =
    CodeList { link_type: "attending_access", vocabulary: "ORUK v1 attending access" };
/// Who it is for.
pub(super) const ELIGIBILITY: CodeList =
    CodeList { link_type: "eligibility", vocabulary: "ORUK v1 eligibility" };

/// The words of a list separated by commas, or of one of its values.
pub(super) fn words(text: Option<&str>) -> impl Iterator<Item = &str> {
    text.into_iter().flat_map(|text| text.split([',', ';'])).map(str::trim).filter(|word| !word.is_empty())
}

/// An annotation of the record being read. Words in another case, or outside the list, are as good as others.
pub(in crate::source::dialects) fn coded(
    members: &Members<'_>,
    list: CodeList,
    word: &Word<'_>,
) -> Option<Arc<Attribute>> {
    let owner = members.owner("service_id").unwrap_or_default();
    let id = match word.id {
        Some(id) => PartId::given("Attribute", members.source(), id),
        None => {
            let content = format!("{}\n{}", list.link_type, word.text);
            PartId::derived("Attribute", members.source(), owner, &content, 0)
        }
    };
    let taxonomy = derived_id(list.vocabulary);
    let term = json!({
        "id": derived_id(&format!("{}|{}", list.vocabulary, word.text.to_lowercase())),
        "code": word.text,
        "name": word.text,
        "taxonomy": list.vocabulary,
        "taxonomy_detail": {"id": taxonomy, "name": list.vocabulary},
    });
    let term = read_term(term, members.reading(), Some(members))?;
    Some(Arc::new(Attribute {
        id,
        label: None,
        value: None,
        link_type: Some(list.link_type.to_owned()),
        link_entity: Some("service".to_owned()),
        taxonomy_term_id: Some(term.id().clone()),
        taxonomy_term: Some(Arc::new(term)),
        metadata: Vec::new(),
    }))
}

fn derived_id(name: &str) -> String {
    Uuid::new_v5(&Uuid::NAMESPACE_URL, name.as_bytes()).to_string()
}
