//! Rows with the record in a member, as in JSON:API, GraphQL, search engines and tables.

use serde_json::{Map, Value};

use crate::source::dialects::lenient::members::names::same_name;
use crate::source::dialects::lenient::members::object::is_nothing;

/// The members that may have a row's record.
const HOLDERS: [&str; 14] = [
    "_source",
    "attributes",
    "data",
    "doc",
    "document",
    "entity",
    "entry",
    "fields",
    "item",
    "node",
    "properties",
    "record",
    "resource",
    "row",
];

/// Returns whether the record of a row is in a member.
pub(in crate::source::dialects::lenient) fn is_wrapped(row: &Value) -> bool {
    row.as_object().is_some_and(|members| holder(members).is_some())
}

/// Flattens a row such as `{"service": {…}}`, `{"node": {…}, "cursor": "a"}` or `{"type", "id", "attributes": {…}}`
/// into one object. Returns other rows unchanged.
///
/// If the row and the record have a member of the same name, the row's is used, and the record's stays where it was.
pub(in crate::source::dialects::lenient) fn flattened(row: Value) -> Value {
    let Value::Object(mut members) = row else { return row };
    let Some(key) = holder(&members) else { return Value::Object(members) };
    let Some(Value::Object(record)) = members.remove(&key) else { return Value::Object(members) };
    if key == "attributes" && members.get("type").is_some_and(Value::is_string) {
        members.remove("type");
    }
    let mut left = Map::new();
    for (name, value) in record {
        match members.get(&name) {
            Some(own) if *own == value => {}
            Some(own) if !is_nothing(own) => drop(left.insert(name, value)),
            _ => drop(members.insert(name, value)),
        }
    }
    if key == "attributes" {
        members.values_mut().for_each(|value| take_out_of_relation(value, MOST_RELATIONS));
    }
    if !left.is_empty() {
        members.insert(key, Value::Object(left));
    }
    Value::Object(members)
}

/// How deep records wrapped like their row may be nested.
const MOST_RELATIONS: u8 = 8;

/// Takes records out of `{"data": {"id", "attributes"}}`, as Strapi nests them, at every depth.
fn take_out_of_relation(value: &mut Value, depth: u8) {
    let Some(depth) = depth.checked_sub(1) else { return };
    let is_wrapped = |one: &Value| one.get("attributes").is_some_and(Value::is_object);
    let is_relation = |members: &Map<String, Value>| {
        members.keys().all(|key| matches!(key.as_str(), "data" | "meta" | "links"))
            && match members.get("data") {
                Some(Value::Array(all)) => all.iter().all(is_wrapped),
                Some(one) => one.is_null() || is_wrapped(one),
                None => false,
            }
    };
    let Some(data) = value
        .as_object_mut()
        .filter(|members| is_relation(members))
        .and_then(|members| members.remove("data"))
    else {
        return;
    };
    *value = match data {
        Value::Array(all) => all.into_iter().map(|one| unwrapped(one, depth)).collect(),
        one => unwrapped(one, depth),
    };
}

fn unwrapped(record: Value, depth: u8) -> Value {
    let Value::Object(mut members) = record else { return record };
    if let Some(Value::Object(attributes)) = members.remove("attributes") {
        for (name, mut value) in attributes {
            take_out_of_relation(&mut value, depth);
            members.entry(name).or_insert(value);
        }
    }
    Value::Object(members)
}

/// Returns the member with the record: the only object of a row without a name.
fn holder(members: &Map<String, Value>) -> Option<String> {
    let has = |members: &Map<String, Value>, name: &str| {
        members.iter().any(|(key, value)| same_name(key, name) && !is_nothing(value))
    };
    if has(members, "name") {
        return None;
    }
    let mut objects = members.iter().filter(|(_, value)| value.is_object());
    let (Some((key, Value::Object(inner))), None) = (objects.next(), objects.next()) else {
        return holder_among_others(members);
    };
    let is_of_json_api = key == "attributes" && members.get("type").is_some_and(Value::is_string);
    let is_record = has(inner, "name") || (has(inner, "id") && !has(members, "id"));
    let is_holder = members.len() == 1 || HOLDERS.contains(&key.as_str());
    (is_of_json_api || (is_holder && is_record)).then(|| key.clone())
}

/// The same if there are other objects beside it, such as `relationships`, `links` or `geometry`.
fn holder_among_others(members: &Map<String, Value>) -> Option<String> {
    let names_itself = |value: &Value| {
        let inner = value.as_object();
        inner.is_some_and(|inner| {
            inner.iter().any(|(key, value)| same_name(key, "name") && !is_nothing(value))
        })
    };
    let mut named = HOLDERS.iter().filter(|name| members.get(**name).is_some_and(names_itself));
    let is_of_json_api = members.get("type").is_some_and(Value::is_string)
        && members.get("attributes").is_some_and(Value::is_object);
    named.next().copied().or(is_of_json_api.then_some("attributes")).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_record_is_taken_out_of_what_its_row_is_wrapped_in() {
        let record = json!({"id": "s1", "name": "Club"});
        for row in [
            json!({"service": record}),
            json!({"node": record}),
            json!({"data": record}),
            json!({"_source": record}),
            json!({"id": "s1", "attributes": {"name": "Club"}}),
            json!({"type": "services", "id": "s1", "attributes": {"name": "Club"}}),
            json!({"id": "s1", "fields": {"id": "s1", "name": "Club"}}),
        ] {
            assert!(is_wrapped(&row), "{row}");
            assert_eq!(flattened(row.clone()), record, "{row}");
        }
        let row = json!({"_id": "x", "_score": 1.5, "_source": {"id": "s1", "name": "Club"}});
        assert_eq!(flattened(row), json!({"_id": "x", "_score": 1.5, "id": "s1", "name": "Club"}));
        let row = json!({"id": "7", "links": {"self": "x"}, "attributes": {"id": "s1", "name": "Club"}});
        let read = json!({"id": "7", "links": {"self": "x"}, "attributes": {"id": "s1"}, "name": "Club"});
        assert_eq!(flattened(row), read);
    }

    #[test]
    fn records_nested_like_their_row_are_taken_out_too() {
        let row = json!({"id": 1, "attributes": {
            "name": "Club",
            "organization": {"data": {"id": 4, "attributes": {
                "name": "Trust", "phones": {"data": [{"id": 9, "attributes": {"number": "0117 496 0123"}}]},
            }}},
            "contacts": {"data": [], "meta": {}}, "program": {"data": null}, "notes": {"data": "kept"},
        }});
        let read = json!({
            "id": 1, "name": "Club",
            "organization": {"id": 4, "name": "Trust", "phones": [{"id": 9, "number": "0117 496 0123"}]},
            "contacts": [], "program": null, "notes": {"data": "kept"},
        });
        assert_eq!(flattened(row), read);
    }

    #[test]
    fn a_record_that_holds_others_is_no_wrapping() {
        for row in [
            json!({"id": "sal", "service": {"id": "s1", "name": "Club"}}),
            json!({"service": {"id": "s1", "name": "Club"}, "location": {"id": "l1", "name": "Hall"}}),
            json!({"name": "Club", "organization": {"id": "o1", "name": "Trust"}}),
            json!({"service": {"href": "x"}}),
            json!({"id": "s1", "organization": {"name": "Trust"}}),
            json!({"id": "s1", "name": "Club", "attributes": {"name": "x"}}),
        ] {
            assert!(!is_wrapped(&row), "{row}");
            assert_eq!(flattened(row.clone()), row);
        }
    }
}
