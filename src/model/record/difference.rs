//! How two forms of a record differ, apart from where and when they were read.

use serde::Serialize;
use serde_json::{Map, Value};

use crate::model::{AnyRecord, RecordId};

/// Returns the members, by their names in the standard, in which two forms of a record differ. Ignores provenance.
pub fn changed_members(before: &AnyRecord, after: &AnyRecord) -> Vec<String> {
    let (before, after) = (members(before), members(after));
    let gone = before.keys().filter(|name| !after.contains_key(*name));
    let changed = after.iter().filter(|(name, value)| before.get(*name) != Some(value));
    changed.map(|(name, _)| name).chain(gone).cloned().collect()
}

/// The largest record, in bytes, that an issue shows in full.
const MOST_WRITTEN: usize = 32 << 10;

/// Returns a record's content in the standard's terms, with the feed's own ids and without empty members. If the
/// content is larger than [`MOST_WRITTEN`], returns only its numbers, booleans and short texts.
pub(crate) fn said(record: &impl Serialize) -> Value {
    let mut said = serde_json::to_value(record).unwrap_or_default();
    strip(&mut said);
    to_feed(&mut said);
    if serde_json::to_vec(&said).is_ok_and(|bytes| bytes.len() <= MOST_WRITTEN) {
        return said;
    }
    if let Value::Object(members) = &mut said {
        let is_short = |text: &str| text.len() <= MOST_WRITTEN / 64;
        members.retain(|_, value| value.as_str().map_or(value.is_number() || value.is_boolean(), is_short));
    }
    said
}

// Turns the gateway's ids into the feed's own ids, and drops empty members.
fn to_feed(value: &mut Value) {
    match value {
        Value::String(text) => {
            if let Some(id) = RecordId::read(text) {
                *text = id.upstream().to_owned();
            }
        }
        Value::Array(elements) => elements.iter_mut().for_each(to_feed),
        Value::Object(members) => {
            members.values_mut().for_each(to_feed);
            members.retain(|_, value| !is_empty(value));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Returns whether a member that `before` has is empty or missing in `after`.
pub fn has_lost_members(before: &AnyRecord, after: &AnyRecord) -> bool {
    let (before, after) = (members(before), members(after));
    let is_lost = |(name, value): (&String, &Value)| !is_empty(value) && after.get(name).is_none_or(is_empty);
    before.iter().any(is_lost)
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(elements) => elements.is_empty(),
        Value::Object(members) => members.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

fn members(record: &AnyRecord) -> Map<String, Value> {
    let mut said = record.written();
    strip(&mut said);
    match said {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}

// An object counts as a record if it has all members that every record has: a feed's own JSON never does.
fn strip(value: &mut Value) {
    const OURS: [&str; 3] = ["provenance", "carried", "order_key"];
    match value {
        Value::Array(elements) => elements.iter_mut().for_each(strip),
        Value::Object(members) => {
            if OURS.iter().all(|name| members.contains_key(*name)) {
                members.retain(|name, _| !OURS.contains(&name.as_str()));
            }
            members.values_mut().for_each(strip);
        }
        _ => {}
    }
}
