//! What is noted while one record is read: its issues, and the members nobody read.

use std::collections::HashMap;

use serde_json::{Map, Value};

use crate::model::{IssueCode, RecordIssue};

/// Notes on one record.
#[derive(Debug, Default)]
pub(super) struct Notes {
    /// What departed from the standard.
    pub issues: Vec<RecordIssue>,
    /// What no reader read.
    pub extra: Map<String, Value>,
    // How often a part without an id occurred with this owner and content.
    seen_parts: HashMap<String, usize>,
    // What was moved before it was read: where the feed has it, and where it is read.
    moved: Vec<(String, String)>,
}

impl Notes {
    /// Notes one departure.
    pub(super) fn issue(&mut self, code: IssueCode, path: String, message: String, original: Option<Value>) {
        let path = self.sent_path(path);
        let original = original.map(without_nul);
        self.issues.push(RecordIssue { code, path, message, original });
    }

    /// Keeps what nobody read.
    pub(super) fn keep(&mut self, path: String, value: Value) {
        let path = self.sent_path(path);
        self.extra.insert(path, without_nul(value));
    }

    /// Tells equal parts apart: 0 for the first with this seed, 1 for the second …
    pub(super) fn ordinal(&mut self, seed: String) -> usize {
        let next = self.seen_parts.entry(seed).or_insert(0);
        let ordinal = *next;
        *next += 1;
        ordinal
    }

    /// Remembers that what is read at `to` stands at `from` in the feed's own JSON.
    pub(super) fn moved(&mut self, from: String, to: String) {
        self.moved.push((from, to));
    }

    // The path in the feed's own JSON; the nearest move counts.
    fn sent_path(&self, path: String) -> String {
        let within =
            |to: &str| path.strip_prefix(to).filter(|rest| rest.is_empty() || rest.starts_with(['.', '[']));
        let moves = self.moved.iter().filter_map(|(from, to)| Some((from, to.len(), within(to)?)));
        match moves.max_by_key(|(_, length, _)| *length) {
            Some((from, _, rest)) if from.is_empty() => rest.trim_start_matches('.').to_owned(),
            Some((from, _, rest)) => format!("{from}{rest}"),
            None => path,
        }
    }
}

// No client's database takes U+0000 in a text.
fn without_nul(value: Value) -> Value {
    if !has_nul(&value) {
        return value;
    }
    match value {
        Value::String(text) => Value::String(text.replace('\0', "")),
        Value::Array(elements) => elements.into_iter().map(without_nul).collect(),
        Value::Object(members) => {
            members.into_iter().map(|(key, value)| (key.replace('\0', ""), without_nul(value))).collect()
        }
        scalar => scalar,
    }
}

fn has_nul(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains('\0'),
        Value::Array(elements) => elements.iter().any(has_nul),
        Value::Object(members) => members.iter().any(|(key, value)| key.contains('\0') || has_nul(value)),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}
