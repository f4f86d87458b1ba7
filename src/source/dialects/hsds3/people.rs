//! Contacts, phones, languages and links.

use std::sync::Arc;

use super::super::lenient::{ObjectMembers, PartKind, PhoneReading, telephone};
use super::languages::languages;
use super::part::parts;
use crate::model::{Contact, Language, Link, NestedMember, Phone, RecordPart};

/// Contacts, with the names of their members.
pub(in crate::source::dialects) const CONTACTS: PartKind = PartKind {
    type_name: "Contact",
    member: Some(NestedMember::Contacts),
    names: &["contacts", "contact"],
    bare: "name",
    key: "contact_id",
};
/// Phones, with the names of their members.
pub(in crate::source::dialects) const PHONES: PartKind = PartKind {
    type_name: "Phone",
    member: Some(NestedMember::Phones),
    names: &["phones", "phone"],
    bare: "number",
    key: "phone_id",
};
/// Languages, with the names of their members.
pub(in crate::source::dialects) const LANGUAGES: PartKind = PartKind {
    type_name: "Language",
    member: Some(NestedMember::Languages),
    names: &["languages"],
    bare: "name",
    key: "language_id",
};

pub(in crate::source::dialects) fn contacts(members: &mut ObjectMembers<'_>) -> Vec<Arc<Contact>> {
    parts(members, &CONTACTS, contact)
}

pub(in crate::source::dialects) fn contact(m: &mut ObjectMembers<'_>, part: RecordPart) -> Contact {
    Contact {
        part,
        name: m.name(&["name"]),
        title: m.line(&["title"]),
        department: m.line(&["department"]),
        email: m.email(&["email"]),
        phones: phones(m),
    }
}

pub(in crate::source::dialects) fn phones(members: &mut ObjectMembers<'_>) -> Vec<Arc<Phone>> {
    parts(members, &PHONES, phone)
}

pub(in crate::source::dialects) fn phone(m: &mut ObjectMembers<'_>, part: RecordPart) -> Phone {
    if m.peek("number").is_none() {
        m.note_missing("number");
    }
    let PhoneReading { number, extension, words } = telephone(m, &["number"]);
    let description = match (m.prose(&["description"]), words) {
        (Some(said), Some(words)) => Some(format!("{said}; {words}")),
        (said, words) => said.or(words),
    };
    Phone {
        part,
        number,
        extension: m.register_number(&["extension"]).or(extension),
        phone_type: m.line(&["type"]),
        description,
        languages: languages(m),
    }
}

pub(in crate::source::dialects) fn language(m: &mut ObjectMembers<'_>, part: RecordPart) -> Language {
    Language {
        part,
        name: m.name(&["name", "language"]),
        code: m.plain_line(&["code"]),
        note: m.prose(&["note"]),
    }
}

/// Takes labelled links. The name of their member differs between records.
pub(in crate::source::dialects) fn links(
    members: &mut ObjectMembers<'_>,
    names: &'static [&'static str],
) -> Vec<Arc<Link>> {
    let kind = PartKind {
        type_name: "Link",
        member: Some(NestedMember::AdditionalLinks),
        names,
        bare: "url",
        key: "url_id",
    };
    parts(members, &kind, |m, part| Link { part, label: m.name(&["label"]), url: m.url(&["url"]) })
}
