//! What a record says, apart from where and when it was read: what makes two forms of it equal.

use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use super::AnyRecord;

/// The fingerprint of a record as it was understood, whenever it was read.
///
/// Unlike [`super::ContentHash`] it changes when the same bytes are understood differently.
pub fn fingerprint(record: &AnyRecord) -> [u8; 16] {
    let mut said = record.written();
    within_records(&mut said, &|members| {
        if let Some(Value::Object(provenance)) = members.get_mut("provenance") {
            provenance.retain(|name, _| !matches!(name.as_str(), "fetched_at" | "fresh_until"));
        }
    });
    // A value always serialises.
    let digest = Sha256::digest(serde_json::to_vec(&said).unwrap_or_default());
    digest.first_chunk().copied().unwrap_or_default()
}

/// The members, by their names in the standard, in which two forms of a record differ; provenance is none of them.
pub fn changed_members(before: &AnyRecord, after: &AnyRecord) -> Vec<String> {
    let (before, after) = (members(before), members(after));
    let gone = before.keys().filter(|name| !after.contains_key(*name));
    let changed = after.iter().filter(|(name, value)| before.get(*name) != Some(value));
    changed.map(|(name, _)| name).chain(gone).cloned().collect()
}

fn members(record: &AnyRecord) -> Map<String, Value> {
    let mut said = record.written();
    within_records(&mut said, &|members| {
        members.retain(|name, _| !matches!(name.as_str(), "provenance" | "carried" | "order_key"));
    });
    match said {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}

// A record is whatever has the members that all our records have and no feed's own JSON does.
fn within_records(value: &mut Value, change: &impl Fn(&mut Map<String, Value>)) {
    match value {
        Value::Array(elements) => elements.iter_mut().for_each(|element| within_records(element, change)),
        Value::Object(members) => {
            members.values_mut().for_each(|member| within_records(member, change));
            if ["provenance", "carried", "order_key"].iter().all(|name| members.contains_key(*name)) {
                change(members);
            }
        }
        _ => {}
    }
}
