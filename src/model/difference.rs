//! What a record says, apart from where and when it was read: what makes two forms of it equal.

use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use super::AnyRecord;

/// The fingerprint of a record as it was understood, whenever it was read.
///
/// What was read at another time than the record itself, as what is filled in from an older answer, counts with its
/// time. Unlike [`super::ContentHash`] it changes when the same bytes are understood differently.
pub fn fingerprint(record: &AnyRecord) -> [u8; 16] {
    let said = record.said();
    let provenance = record.provenance();
    // A time always serialises, and one to the nanosecond stands for nothing else.
    let [fetched_at, fresh_until] = [provenance.fetched_at, provenance.fresh_until]
        .map(|time| serde_json::to_string(&time).unwrap_or_default());
    let mut digest = Sha256::new();
    for piece in said.split(&fetched_at).flat_map(|piece| piece.split(&fresh_until)) {
        digest.update(piece);
    }
    digest.finalize().first_chunk().copied().unwrap_or_default()
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
