//! Removes people who have become private from a record that was read before: the people, what is attached to them,
//! what `extra` says about either, and their addresses elsewhere in the record. The rules are those for reading rows.

use memchr::memmem;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::{KeptBack, PrivacyLevel, PrivateKind};
use crate::model::{PartId, RecordKind};
use crate::source::dialects::clear_addresses;

/// The member by which a part says which contact it belongs to; see [`crate::model::RecordPart::of_contact`].
const OF_CONTACT: &str = "of_contact";

/// Removes people who are private by now from a record. Returns `None` if it contains none. With `is_touched`,
/// something else in the record is known to be private.
pub(super) fn without_people<R: Serialize + DeserializeOwned>(
    kind: RecordKind,
    record: &R,
    is_touched: bool,
    known: &KeptBack,
) -> Option<R> {
    if !known.knows_people() || !(is_touched || names_contacts(record)) {
        return None;
    }
    let Ok(Value::Object(mut members)) = serde_json::to_value(record) else { return None };
    let mut gone = PeopleGone { known, people: Vec::new(), lists: Vec::new() };
    gone.take_from(&mut members);
    if gone.people.is_empty() {
        return None;
    }
    gone.clear_extra(&mut members);
    // Members that a record requires are kept without the address, if the record cannot be read without them.
    [false, true].into_iter().find_map(|keeps_members| {
        let mut members = members.clone();
        clear_addresses(kind, &mut members, &gone.people, keeps_members);
        serde_json::from_value(Value::Object(members)).ok()
    })
}

// Searching the bytes takes a fraction of the time of searching the members.
fn names_contacts(record: &impl Serialize) -> bool {
    serde_json::to_vec(record).is_ok_and(|bytes| memmem::find(&bytes, OF_CONTACT.as_bytes()).is_some())
}

/// The people and parts that were removed.
struct PeopleGone<'k> {
    known: &'k KeptBack,
    people: Vec<Value>,
    /// The names of the lists that they were in.
    lists: Vec<String>,
}

impl PeopleGone<'_> {
    fn take_from(&mut self, members: &mut Map<String, Value>) {
        for (name, value) in members.iter_mut() {
            match value {
                Value::Array(elements) => self.take_from_list(name, elements),
                Value::Object(inner) => self.take_from(inner),
                _ => {}
            }
        }
    }

    fn take_from_list(&mut self, name: &str, elements: &mut Vec<Value>) {
        let gone: Vec<Value> = elements.extract_if(.., |element| self.is_private(name, element)).collect();
        if !gone.is_empty() {
            self.lists.push(name.to_owned());
            self.people.extend(gone);
        }
        for element in elements {
            match element {
                Value::Object(inner) => self.take_from(inner),
                Value::Array(inner) => self.take_from_list(name, inner),
                _ => {}
            }
        }
    }

    fn is_private(&self, list: &str, element: &Value) -> bool {
        let part = element.get("part").unwrap_or(element);
        let hangs_on = part.get(OF_CONTACT).and_then(Value::as_str);
        if hangs_on
            .is_some_and(|contact| self.known.says(PrivateKind::Contact, PrivacyLevel::Personal, contact))
        {
            return true;
        }
        let class = match list {
            "contacts" => PrivateKind::Contact,
            "phones" => PrivateKind::Phone,
            _ => return false,
        };
        let id = part.get("id").and_then(|id| serde_json::from_value::<PartId>(id.clone()).ok()?.upstream());
        id.is_some_and(|id| self.known.says(class, PrivacyLevel::Personal, id_in_feed(&id)))
    }

    /// Drops the unreadable members of lists from which elements were removed, because nothing shows whose they were.
    fn clear_extra(&self, members: &mut Map<String, Value>) {
        for (name, value) in members.iter_mut() {
            match value {
                Value::Object(extra) if name == "extra" => extra.retain(|path, _| !self.is_of_list(path)),
                Value::Object(inner) => self.clear_extra(inner),
                Value::Array(elements) => {
                    let inner = elements.iter_mut().filter_map(Value::as_object_mut);
                    inner.for_each(|inner| self.clear_extra(inner));
                }
                _ => {}
            }
        }
    }

    // A feed may spell the name differently, and in the singular.
    fn is_of_list(&self, path: &str) -> bool {
        let letters = |text: &str| -> String {
            text.chars().filter(char::is_ascii_alphabetic).map(|c| c.to_ascii_lowercase()).collect()
        };
        let path = letters(path);
        self.lists.iter().any(|list| path.contains(letters(list).trim_end_matches('s')))
    }
}

/// Returns the feed's own id of a part. If several parts were made of one, their ids have a number after `#`.
pub(super) fn id_in_feed(id: &str) -> &str {
    let is_number = |text: &&str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    id.rsplit_once('#').filter(|(_, nth)| is_number(nth)).map_or(id, |(before, _)| before)
}
