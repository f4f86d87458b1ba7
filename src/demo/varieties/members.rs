//! Functions to read and change the members of a record.

use serde_json::{Map, Value};

/// Returns the named members that a record has, in the given order.
pub(super) fn only(record: &Value, members: &[&str]) -> Map<String, Value> {
    let present = members.iter().filter_map(|name| Some(((*name).to_owned(), record.get(*name)?.clone())));
    present.collect()
}

pub(super) fn set(record: &mut Map<String, Value>, name: &str, value: impl Into<Value>) {
    record.insert(name.to_owned(), value.into());
}

/// Returns the text of a member. Empty if the member is missing or not a text.
pub(super) fn text<'a>(record: &'a Value, name: &str) -> &'a str {
    record.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// Returns a member. Null if it is missing.
pub(super) fn member(record: &Value, name: &str) -> Value {
    record.get(name).cloned().unwrap_or_default()
}

/// Returns the elements of a list member. Empty if the member is missing or not a list.
pub(super) fn list<'a>(record: &'a Value, name: &str) -> impl Iterator<Item = &'a Value> {
    record.get(name).and_then(Value::as_array).into_iter().flatten()
}

/// Returns the objects in a list member, to change them.
pub(super) fn each<'a>(
    record: &'a mut Map<String, Value>,
    name: &str,
) -> impl Iterator<Item = &'a mut Map<String, Value>> {
    record.get_mut(name).and_then(Value::as_array_mut).into_iter().flatten().filter_map(Value::as_object_mut)
}

/// Returns an object member, to change it.
pub(super) fn inner<'a>(
    record: &'a mut Map<String, Value>,
    name: &str,
) -> Option<&'a mut Map<String, Value>> {
    record.get_mut(name).and_then(Value::as_object_mut)
}

/// Renames a member and keeps its position.
pub(super) fn rename(record: &mut Map<String, Value>, from: &str, to: &str) {
    let members = std::mem::take(record);
    record.extend(
        members.into_iter().map(|(name, value)| (if name == from { to.to_owned() } else { name }, value)),
    );
}

/// Returns the members of an object. Empty for any other value.
pub(super) fn members(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}

/// Applies a function to every value in a record. Objects and lists come after the values inside them.
pub(super) fn everywhere(value: &mut Value, turn: &mut impl FnMut(&mut Value)) {
    match value {
        Value::Object(members) => members.values_mut().for_each(|member| everywhere(member, turn)),
        Value::Array(list) => list.iter_mut().for_each(|item| everywhere(item, turn)),
        _ => {}
    }
    turn(value);
}
