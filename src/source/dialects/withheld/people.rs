//! Removes contacts whose publisher says that they are personal or sensitive, and everything attached to them.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::super::lenient::{id_text, member};
use super::WithheldItem;
use super::addresses::{AddressSearch, collect};
use super::flags::{self, PrivacyFlag, any_object, is_set};
use super::names;
use super::private::{PrivateRow, own_name};
use super::walk::{ObjectPath, ObjectVerdict, prune};
use crate::model::RecordKind;
use crate::source::kept_back::{PrivacyLevel, PrivateKind};

const IS_PRIVATE: &str = "is marked as personal or sensitive, and was left out";
const HANGS_ON_PRIVATE: &str = "belongs to a contact that was left out";
const RECORD_IS_PRIVATE: &str =
    "the record is marked as personal or sensitive, so contact details were left out";
const HAS_ADDRESS: &str = "contained the address of a contact that was left out";

/// Parts of a contact have this member, by which they are found. It is kept until then.
const REFERENCE: [&str; 1] = ["contact_id"];
/// The ways to reach people, as members of a record that is itself personal.
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

/// Removes personal or sensitive contacts at every depth, then everything that refers to them, and their email
/// addresses wherever else they occur.
pub(super) fn withhold(
    kind: RecordKind,
    row: &mut Map<String, Value>,
    private: &PrivateRow<'_>,
    withheld: &mut Vec<WithheldItem>,
) {
    let mut addresses = BTreeSet::new();
    // A row is always a record, whatever it says about itself.
    if is_set(row, PrivacyFlag::Personal) {
        strip(row, &ObjectPath::default(), withheld);
    }
    prune(row, &mut ObjectPath::default(), &mut |name, object, path| {
        if names::is_record(name) {
            if is_set(object, PrivacyFlag::Personal) {
                strip(object, path, withheld);
            }
            return ObjectVerdict::Stays;
        }
        let is_own = is_private_contact(name, object);
        if !is_own && !is_meant(private, name, object) {
            return ObjectVerdict::Stays;
        }
        object.values().for_each(|value| collect(value, &mut addresses));
        let message = if is_own { IS_PRIVATE } else { HANGS_ON_PRIVATE };
        withheld.push(WithheldItem { path: path.text(), message });
        ObjectVerdict::Goes
    });
    if let Some(addresses) = AddressSearch::of(&addresses, HAS_ADDRESS) {
        addresses.clear_row(own_name(kind), row, withheld);
    }
}

/// Returns whether an object that is not a record is a person who must not be named. An object inside a contact may say
/// so, too: `{"policy": {"personal_data": true}}`.
pub(super) fn is_private_contact(name: &str, object: &Map<String, Value>) -> bool {
    let inside =
        || object.values().any(|value| any_object(value, &|inner| is_private_contact("contact", inner)));
    is_set(object, PrivacyFlag::Personal)
        || (names::is_of_people(name) && is_set(object, PrivacyFlag::Private))
        || (names::is_contact(name) && inside())
}

/// Returns whether an object is private, or belongs to something private, according to the rest of the record or the
/// feed.
fn is_meant(private: &PrivateRow<'_>, name: &str, object: &Map<String, Value>) -> bool {
    let id = |key: &str| member(object, key).and_then(id_text);
    let is_contact = |id: String| private.says(PrivateKind::Contact, PrivacyLevel::Personal, &id);
    if contacts_named(id).any(is_contact) {
        return true;
    }
    if names::is_contact(name) && id("id").is_some_and(is_contact) {
        return true;
    }
    names::is_phone(name)
        && id("id").is_some_and(|id| private.says(PrivateKind::Phone, PrivacyLevel::Personal, &id))
}

/// Returns the ids of the contacts that an object is attached to. `id` reads one of its members.
pub(in crate::source::dialects) fn contacts_named(
    id: impl Fn(&str) -> Option<String>,
) -> impl Iterator<Item = String> {
    let linked = ["resource_id", "link_id"].map(&id);
    let is_linked = linked.iter().any(Option::is_some)
        && ["resource_type", "link_entity", "link_type"]
            .iter()
            .any(|key| id(key).is_some_and(|kind| names::is_contact(&kind)));
    id("contact_id").into_iter().chain(linked.into_iter().flatten().filter(move |_| is_linked))
}

/// Removes the ways to reach people from a record that is itself personal.
fn strip(record: &mut Map<String, Value>, path: &ObjectPath, withheld: &mut Vec<WithheldItem>) {
    let before = record.len();
    flags::make_plain(record);
    record.retain(|name, _| !names::is_any(name, &REFERENCE));
    if strip_within(record) | (record.len() < before) {
        withheld.push(WithheldItem { path: path.text(), message: RECORD_IS_PRIVATE });
    }
}

// The same applies to everything nested in the record. Returns whether anything was removed.
fn strip_within(members: &mut Map<String, Value>) -> bool {
    let before = members.len();
    members.retain(|name, value| !is_way_to_reach(name, value));
    let mut has_stripped = members.len() < before;
    members.values_mut().for_each(|value| has_stripped |= strip_value(value));
    has_stripped
}

fn strip_value(value: &mut Value) -> bool {
    match value {
        Value::Object(members) => strip_within(members),
        Value::Array(elements) => {
            elements.iter_mut().fold(false, |stripped, element| strip_value(element) | stripped)
        }
        _ => false,
    }
}

// Vendors have their own names for such members: `manager_email`, `phone_no`, `Primary Contact`.
fn is_way_to_reach(name: &str, value: &Value) -> bool {
    const PARTS: [&str; 6] = ["contact", "email", "fax", "mobile", "phone", "telephone"];
    flags::flag(name).is_none()
        && !flags::is_plain_flag(name, value)
        && !names::is_any(name, &REFERENCE)
        && (names::is_any(name, &REACHED_BY) || names::has_part(name, &PARTS))
}
