//! In what two forms of a record differ, apart from where and when they were read.

use serde::Serialize;
use serde_json::{Map, Value};

use crate::model::{AnyRecord, RecordId};

/// The members, by their names in the standard, in which two forms of a record differ; provenance is none of them.
pub fn changed_members(before: &AnyRecord, after: &AnyRecord) -> Vec<String> {
    let (before, after) = (members(before), members(after));
    let gone = before.keys().filter(|name| !after.contains_key(*name));
    let changed = after.iter().filter(|(name, value)| before.get(*name) != Some(value));
    changed.map(|(name, _)| name).chain(gone).cloned().collect()
}

/// Of what is written of a record in an issue, at most so many bytes.
const MOST_WRITTEN: usize = 32 << 10;

/// Returns what a record says, in the standard's terms and with its feed's own ids, without what says nothing. Of a very
/// large record it returns only its own texts and numbers.
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

// Ids as the feed writes them, and no members that say nothing.
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

/// Whether any member that said something says nothing any more, by the same names.
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

// A record is whatever has the members that all our records have and no feed's own JSON does.
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
