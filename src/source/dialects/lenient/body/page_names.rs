//! The names that pages give to their lists, and records to their ids.

use serde_json::{Map, Value, json};

use crate::source::dialects::descriptions;
use crate::source::dialects::lenient::members::names::same_name;
use crate::source::dialects::lenient::members::object::is_nothing;

/// The names of lists of records in all feeds, the standard's first.
const LISTS: [&str; 6] = ["contents", "content", "data", "items", "results", "value"];
/// The standard name of an id.
const ID: &str = "id";

/// The names of the list and of ids in the pages of a dialect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct PageNames {
    /// The member of a page with the records, with the names of the objects around it if it is nested: `data.results`.
    pub list: &'static str,
    /// The member with a record's id, at any depth.
    pub id: &'static str,
}

impl PageNames {
    /// The standard's names.
    pub(in crate::source) const STANDARD: Self = Self { list: "contents", id: ID };
    /// The names of 1.0.
    pub(in crate::source) const OF_1: Self = Self { list: "content", id: ID };

    /// Returns the names that the list may have, this dialect's own first. Those of nested lists are paths.
    pub(in crate::source::dialects::lenient) fn lists(self) -> impl Iterator<Item = &'static str> {
        [self.list].into_iter().chain(list_names())
    }

    /// Renames ids to the standard's name at every depth. This comes first, because private records are recognised by
    /// their ids.
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

/// Returns the paths of lists that are nested in objects, in any dialect.
pub(in crate::source::dialects::lenient) fn nested_lists() -> impl Iterator<Item = &'static str> {
    list_names().filter(|name| name.contains('.'))
}

/// Adds a member at a path such as `data.results`, in the objects that are there or in new ones.
pub(in crate::source::dialects) fn put_at(members: &mut Map<String, Value>, path: &str, value: Value) {
    match path.split_once('.') {
        None => {
            members.insert(path.to_owned(), value);
        }
        Some((outer, rest)) => {
            if let Value::Object(inner) = members.entry(outer).or_insert_with(|| json!({})) {
                put_at(inner, rest, value);
            }
        }
    }
}

/// Returns the names that a list may have in any dialect, those of nested lists as paths.
pub(in crate::source::dialects::lenient) fn list_names() -> impl Iterator<Item = &'static str> {
    let own = descriptions().map(|(_, dialect)| dialect.names.list);
    LISTS.into_iter().chain(own.filter(|name| !LISTS.contains(name)))
}

/// Returns the names that an id may have in any dialect.
pub(in crate::source) fn id_names() -> impl Iterator<Item = &'static str> {
    let own = descriptions().map(|(_, dialect)| dialect.names.id);
    [ID].into_iter().chain(own.filter(|name| *name != ID))
}

/// Returns whether a record has an id in any dialect.
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
