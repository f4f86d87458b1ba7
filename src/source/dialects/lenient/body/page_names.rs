//! What pages call their lists, and records their ids.

use serde_json::{Map, Value};

use crate::source::dialects::descriptions;
use crate::source::dialects::lenient::members::names::same_name;
use crate::source::dialects::lenient::members::object::is_nothing;

/// What lists of records are called, whoever sends them, the standard's name first.
const LISTS: [&str; 6] = ["contents", "content", "data", "items", "results", "value"];
/// What an id is called wherever records are read.
const ID: &str = "id";

/// What the pages of a dialect call their list, and its records their ids.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct PageNames {
    /// The member of a page that holds its records.
    pub list: &'static str,
    /// The member of a record, at any depth, that holds its id.
    pub id: &'static str,
}

impl PageNames {
    /// The standard's.
    pub(in crate::source) const STANDARD: Self = Self { list: "contents", id: ID };
    /// Those of 1.0.
    pub(in crate::source) const OF_1: Self = Self { list: "content", id: ID };

    /// The names that the list may have, this dialect's own first.
    pub(in crate::source::dialects::lenient) fn lists(self) -> impl Iterator<Item = &'static str> {
        [self.list].into_iter().chain(list_names())
    }

    /// Calls ids what the rest of the gateway calls them, at every depth: what is private is known by its id, so this
    /// comes before anything else is done with a record.
    pub(in crate::source::dialects::lenient) fn with_standard_ids(self, mut record: Value) -> Value {
        if self.id != ID {
            self.rename_ids(&mut record);
        }
        record
    }

    fn rename_ids(self, value: &mut Value) {
        match value {
            Value::Object(members) => {
                let has_id = has(members, ID);
                let own = members.iter().find(|(key, value)| same_name(key, self.id) && is_id(value));
                if let Some(key) = own.map(|(key, _)| key.clone()).filter(|_| !has_id) {
                    let members_in_order = std::mem::take(members).into_iter();
                    let renamed = |name: String| if name == key { ID.to_owned() } else { name };
                    members.extend(members_in_order.map(|(name, value)| (renamed(name), value)));
                }
                members.values_mut().for_each(|value| self.rename_ids(value));
            }
            Value::Array(elements) => elements.iter_mut().for_each(|element| self.rename_ids(element)),
            _ => {}
        }
    }
}

/// The names that a list may have while nothing is known of the dialect it is in.
pub(in crate::source::dialects::lenient) fn list_names() -> impl Iterator<Item = &'static str> {
    let own = descriptions().map(|(_, dialect)| dialect.names.list);
    LISTS.into_iter().chain(own.filter(|name| !LISTS.contains(name)))
}

/// The names that an id may have while nothing is known of the dialect it is in.
pub(in crate::source) fn id_names() -> impl Iterator<Item = &'static str> {
    let own = descriptions().map(|(_, dialect)| dialect.names.id);
    [ID].into_iter().chain(own.filter(|name| *name != ID))
}

/// Whether a record has an id in any dialect.
pub(in crate::source::dialects::lenient) fn has_id(members: &Map<String, Value>) -> bool {
    id_names().any(|name| has(members, name))
}

fn has(members: &Map<String, Value>, name: &str) -> bool {
    members.iter().any(|(key, value)| same_name(key, name) && !is_nothing(value))
}

fn is_id(value: &Value) -> bool {
    (value.is_string() || value.is_number()) && !is_nothing(value)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn ids_of_every_record_are_called_ids() {
        let names = PageNames { list: "entries", id: "ref" };
        let record =
            json!({"title": "Tea", "ref": "s", "place": [{"ref": 7}, {"id": 1, "ref": 2}, {"ref": ""}]});
        let renamed =
            json!({"title": "Tea", "id": "s", "place": [{"id": 7}, {"id": 1, "ref": 2}, {"ref": ""}]});
        assert_eq!(names.with_standard_ids(record).to_string(), renamed.to_string());
        assert_eq!(names.lists().take(2).collect::<Vec<_>>(), ["entries", "contents"]);
    }
}
