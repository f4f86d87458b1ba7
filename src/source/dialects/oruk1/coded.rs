//! Words of 1.0's code lists that 3.0 has no member for, read as annotations.

use std::sync::Arc;

use serde_json::json;
use uuid::Uuid;

use super::super::hsds3::taxonomy::read_term;
use super::super::lenient::ObjectMembers;
use crate::model::{Attribute, PartId, Record as _};

/// A code list.
#[derive(Clone, Copy)]
pub(in crate::source::dialects) struct CodeList {
    /// The aspect that the words describe.
    pub link_type: &'static str,
    /// The vocabulary that the words form in the graph.
    pub vocabulary: &'static str,
    /// The words listed by the standard, if it lists any.
    pub listed: &'static [&'static str],
}

impl CodeList {
    /// Returns the listed spelling of a word that differs only in case, or else the word itself.
    pub(super) fn spelling<'w>(&self, word: &'w str) -> &'w str {
        self.listed.iter().find(|listed| listed.eq_ignore_ascii_case(word)).copied().unwrap_or(word)
    }
}

/// A word of a code list.
pub(in crate::source::dialects) struct CodeWord<'a> {
    /// The word, as published.
    pub text: &'a str,
    /// The feed's own id of the annotation, if it has one.
    pub id: Option<&'a str>,
}

/// What a service offers.
pub(super) const DELIVERABLE_TYPE: CodeList = CodeList {
    link_type: "deliverable_type",
    vocabulary: "ORUK v1 deliverable type",
    listed: &[
        "Advice",
        "Assessment",
        "Counselling",
        "Equipment",
        "Financial Support",
        "Information",
        "Permission",
        "Training",
    ],
};
/// How people take part.
pub(super) const ATTENDING_TYPE: CodeList = CodeList {
    link_type: "attending_type",
    vocabulary: "ORUK v1 attending type",
    listed: &["phone", "online", "venue", "home visit"],
};
/// How people get access.
pub(super) const ATTENDING_ACCESS: CodeList = CodeList {
    link_type: "attending_access",
    vocabulary: "ORUK v1 attending access",
    listed: &["referral", "appointment", "membership", "drop-in"],
};
/// Who the service is for.
pub(super) const ELIGIBILITY: CodeList = CodeList {
    link_type: "eligibility",
    vocabulary: "ORUK v1 eligibility",
    listed: &["adult", "child", "teen", "family", "female", "male"],
};

/// Returns the words of a list separated by commas or semicolons.
pub(super) fn words(text: Option<&str>) -> impl Iterator<Item = &str> {
    text.into_iter().flat_map(|text| text.split([',', ';'])).map(str::trim).filter(|word| !word.is_empty())
}

/// Returns an annotation of the record being read. Listed words get the listed spelling, and words outside the list are
/// accepted unchanged.
pub(in crate::source::dialects) fn coded(
    members: &ObjectMembers<'_>,
    list: CodeList,
    word: &CodeWord<'_>,
) -> Option<Arc<Attribute>> {
    let owner = members.owner("service_id").unwrap_or_default();
    let text = list.spelling(word.text);
    let id = match word.id {
        Some(id) => PartId::given("Attribute", members.source(), id),
        None => {
            let content = format!("{}\n{}", list.link_type, text);
            PartId::derived("Attribute", members.source(), owner, &content, 0)
        }
    };
    let taxonomy = derived_id(list.vocabulary);
    let term = json!({
        "id": derived_id(&format!("{}|{}", list.vocabulary, text.to_lowercase())),
        "code": text,
        "name": text,
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
        of_contact: None,
        metadata: Vec::new(),
    }))
}

/// Returns a text of one word in the listed spelling. A text of several words is returned unchanged.
pub(super) fn spelled(text: &str, list: CodeList) -> String {
    match words(Some(text)).map(|word| list.spelling(word)).collect::<Vec<_>>().as_slice() {
        [one] => (*one).to_owned(),
        _ => text.to_owned(),
    }
}

fn derived_id(name: &str) -> String {
    Uuid::new_v5(&Uuid::NAMESPACE_URL, name.as_bytes()).to_string()
}
