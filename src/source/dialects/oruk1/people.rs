//! Contacts and their phones.

use std::sync::Arc;

use super::super::hsds3::part::{part, parts};
use super::super::hsds3::people::{CONTACTS, PHONES, contact, phone};
use super::super::lenient::{ObjectMembers, PartKind};
use super::language::one_language;
use crate::model::{Contact, Phone, RecordPart};

const NUMBERS: PartKind = PartKind { names: &["phones", "phone", "phone_collection"], ..PHONES };
const PEOPLE: PartKind = PartKind { names: &["contacts", "contact", "contact_collection"], ..CONTACTS };

/// Takes contacts. Private ones have already been removed.
pub(super) fn contacts(m: &mut ObjectMembers<'_>) -> Vec<Arc<Contact>> {
    m.list(PEOPLE.member, PEOPLE.names, PEOPLE.bare, |outer, step, object| {
        Some(part(outer, step, object, &PEOPLE, |m, part| {
            // The remaining contacts may be shown, so their flags are dropped.
            m.value(&["personal_data"]);
            m.value(&["sensitive_data"]);
            let phones = phones(m);
            Contact { phones, ..contact(m, part) }
        }))
    })
}

pub(super) fn phones(m: &mut ObjectMembers<'_>) -> Vec<Arc<Phone>> {
    parts(m, &NUMBERS, number)
}

fn number(m: &mut ObjectMembers<'_>, part: RecordPart) -> Phone {
    let department = m.line(&["department"]);
    let spoken = m.line(&["language"]).map(|language| Arc::new(one_language(m, &language)));
    let mut phone = phone(m, part);
    phone.languages.extend(spoken);
    phone.description = match (phone.description, department) {
        (Some(said), Some(department)) => Some(format!("{said}; {department}")),
        (said, department) => said.or(department),
    };
    phone
}
