//! Picking and changing the members of a record.

use serde_json::{Map, Value};

/// The named members a record has, in the order asked for.
pub(super) fn only(record: &Value, members: &[&str]) -> Map<String, Value> {
    let present = members.iter().filter_map(|name| Some(((*name).to_owned(), record.get(*name)?.clone())));
    present.collect()
}

pub(super) fn set(record: &mut Map<String, Value>, name: &str, value: impl Into<Value>) {
    record.insert(name.to_owned(), value.into());
}

/// A member's text, or nothing where it has none.
pub(super) fn text<'a>(record: &'a Value, name: &str) -> &'a str {
    record.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// A member, or null.
pub(super) fn member(record: &Value, name: &str) -> Value {
    record.get(name).cloned().unwrap_or_default()
}

/// What is in a list that is a member of a record.
pub(super) fn list<'a>(record: &'a Value, name: &str) -> impl Iterator<Item = &'a Value> {
    record.get(name).and_then(Value::as_array).into_iter().flatten()
}

/// The objects in a list that is a member of a record, to be changed.
pub(super) fn each<'a>(
    record: &'a mut Map<String, Value>,
    name: &str,
) -> impl Iterator<Item = &'a mut Map<String, Value>> {
    record.get_mut(name).and_then(Value::as_array_mut).into_iter().flatten().filter_map(Value::as_object_mut)
}

/// An object that is a member of a record, to be changed.
pub(super) fn inner<'a>(
    record: &'a mut Map<String, Value>,
    name: &str,
) -> Option<&'a mut Map<String, Value>> {
    record.get_mut(name).and_then(Value::as_object_mut)
}

/// Gives a member another name, in its place.
pub(super) fn rename(record: &mut Map<String, Value>, from: &str, to: &str) {
    let members = std::mem::take(record);
    record.extend(
        members.into_iter().map(|(name, value)| (if name == from { to.to_owned() } else { name }, value)),
    );
}

/// The members of an object; none of anything else.
pub(super) fn members(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}

/// Turns every value in a record, objects and lists with what is in them already turned.
pub(super) fn everywhere(value: &mut Value, turn: &mut impl FnMut(&mut Value)) {
    match value {
        Value::Object(members) => members.values_mut().for_each(|member| everywhere(member, turn)),
        Value::Array(list) => list.iter_mut().for_each(|item| everywhere(item, turn)),
        _ => {}
    }
    turn(value);
}
