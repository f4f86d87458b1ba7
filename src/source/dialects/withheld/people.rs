//! Contacts whose publisher says that they are personal or sensitive, and what hangs on them.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::super::lenient::{id_text, member};
use super::Withheld;
use super::names::{self, Flag};
use super::walk::{Path, Verdict, prune};

const IS_PRIVATE: &str = "is said to be personal or sensitive, and left out";
const HANGS_ON_PRIVATE: &str = "hangs on a contact that is left out";
const RECORD_IS_PRIVATE: &str =
    "the record is said to be personal or sensitive, so how to reach people is left out";

/// What hangs on a contact has this, and is found by it: it stays until that has been done.
const REFERENCE: [&str; 1] = ["contact_id"];
/// How people are reached, as members of a record that is itself said to be personal.
const REACHED_BY: [&str; 15] = [
    "contact",
    "contacts",
    "contact_collection",
    "contact_name",
    "email",
    "emails",
    "fax",
    "mobile",
    "phone",
    "phones",
    "phone_collection",
    "phone_number",
    "tel",
    "telephone",
    "telephones",
];

/// What has been left out so far, by the feed's own ids.
#[derive(Default)]
struct LeftOut {
    contacts: BTreeSet<String>,
    phones: BTreeSet<String>,
}

/// Takes out contacts that are said to be personal or sensitive, at every depth, then all that refers to them.
pub(super) fn withhold(row: &mut Map<String, Value>, withheld: &mut Vec<Withheld>) {
    let mut left_out = LeftOut::default();
    // A row is a record, whatever it says of itself.
    if names::is_set(row, Flag::Personal) {
        left_out.strip(row, &Path::default(), withheld);
    }
    prune(row, &mut Path::default(), &mut |name, object, path| {
        if !is_private(name, object) {
            return Verdict::Stays;
        }
        if names::is_record(name) {
            left_out.strip(object, path, withheld);
            return Verdict::Stays;
        }
        left_out.note(object);
        withheld.push(Withheld { path: path.text(), message: IS_PRIVATE });
        Verdict::Goes
    });
    if left_out.contacts.is_empty() && left_out.phones.is_empty() {
        return;
    }
    prune(row, &mut Path::default(), &mut |name, object, path| {
        if names::is_record(name) || !left_out.is_meant_by(name, object) {
            return Verdict::Stays;
        }
        withheld.push(Withheld { path: path.text(), message: HANGS_ON_PRIVATE });
        Verdict::Goes
    });
}

// Of a contact, an object inside it may say so, too: `{"policy": {"personal_data": true}}`.
fn is_private(name: &str, object: &Map<String, Value>) -> bool {
    let inside = || object.values().any(|value| any_object(value, &|inner| is_private("contact", inner)));
    names::is_set(object, Flag::Personal) || (names::is_contact(name) && inside())
}

fn any_object(value: &Value, is_meant: &dyn Fn(&Map<String, Value>) -> bool) -> bool {
    match value {
        Value::Object(members) => is_meant(members),
        Value::Array(elements) => elements.iter().any(|element| any_object(element, is_meant)),
        _ => false,
    }
}

impl LeftOut {
    /// Notes a contact that is left out, and its phones.
    fn note(&mut self, contact: &Map<String, Value>) {
        self.contacts.extend(member(contact, "id").and_then(id_text));
        let phones = contact.iter().filter(|(name, _)| names::is_phone(name)).map(|(_, phones)| phones);
        phones.for_each(|phones| note_ids(phones, &mut self.phones));
    }

    /// Leaves a record that is itself said to be personal without the ways to reach people.
    fn strip(&mut self, record: &mut Map<String, Value>, path: &Path, withheld: &mut Vec<Withheld>) {
        let reference = record.len();
        record.retain(|name, _| !names::is_any(name, &REFERENCE));
        if self.strip_within(record) | (record.len() < reference) {
            withheld.push(Withheld { path: path.text(), message: RECORD_IS_PRIVATE });
        }
    }

    // Whoever is private is so in what the record nests, too. Returns whether anything was taken out.
    fn strip_within(&mut self, members: &mut Map<String, Value>) -> bool {
        let before = members.len();
        members.retain(|name, value| {
            if names::is_contact(name) {
                note_ids(value, &mut self.contacts);
            }
            !is_way_to_reach(name)
        });
        let mut has_stripped = members.len() < before;
        members.values_mut().for_each(|value| has_stripped |= self.strip_value(value));
        has_stripped
    }

    fn strip_value(&mut self, value: &mut Value) -> bool {
        match value {
            Value::Object(members) => self.strip_within(members),
            Value::Array(elements) => {
                elements.iter_mut().fold(false, |stripped, element| self.strip_value(element) | stripped)
            }
            _ => false,
        }
    }

    /// Whether an object is, or belongs to, what was left out elsewhere in the record.
    fn is_meant_by(&self, name: &str, object: &Map<String, Value>) -> bool {
        let id = |key: &str| member(object, key).and_then(id_text);
        let is_contact = |id: String| self.contacts.contains(&id);
        if id("contact_id").is_some_and(is_contact) {
            return true;
        }
        if names::is_contact(name) && id("id").is_some_and(is_contact) {
            return true;
        }
        if names::is_phone(name) && id("id").is_some_and(|id| self.phones.contains(&id)) {
            return true;
        }
        let speaks_of_contacts = ["resource_type", "link_entity", "link_type"]
            .iter()
            .any(|key| id(key).is_some_and(|kind| names::is_contact(&kind)));
        speaks_of_contacts && ["resource_id", "link_id"].iter().any(|key| id(key).is_some_and(is_contact))
    }
}

// Vendors have names of their own for such members: `manager_email`, `phone_no`, `Primary Contact`.
fn is_way_to_reach(name: &str) -> bool {
    const PARTS: [&str; 6] = ["contact", "email", "fax", "mobile", "phone", "telephone"];
    names::flag(name).is_none()
        && !names::is_any(name, &REFERENCE)
        && (names::is_any(name, &REACHED_BY) || names::has_part(name, &PARTS))
}

fn note_ids(value: &Value, ids: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => ids.extend(member(members, "id").and_then(id_text)),
        Value::Array(elements) => elements.iter().for_each(|element| note_ids(element, ids)),
        _ => {}
    }
}
