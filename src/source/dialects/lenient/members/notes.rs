//! What is noted while a record is read: its issues and its unread members.

use std::collections::HashMap;
use std::hash::{BuildHasher as _, RandomState};

use serde_json::{Map, Value};

use crate::model::{IssueCode, RecordIssue};

/// The most issues that are listed for a record. Further ones are only counted.
const MOST_ISSUES: usize = 1000;

/// The notes about one record.
#[derive(Debug, Default)]
pub(in crate::source::dialects::lenient) struct RecordNotes {
    /// The issues.
    pub issues: Vec<RecordIssue>,
    /// The unread members, by path.
    pub extra: Map<String, Value>,
    // The code of the first issue beyond the limit, and the number of such issues.
    unlisted: Option<(IssueCode, usize)>,
    // How often a part without an id occurred with the same owner and content, by a hash of both.
    seen_parts: HashMap<u64, u32>,
    hasher: RandomState,
    // What was moved before it was read: its path in the feed, and the path at which it is read.
    moved: Vec<(String, String)>,
}

impl RecordNotes {
    /// Adds an issue.
    pub(in crate::source::dialects::lenient) fn issue(
        &mut self,
        code: IssueCode,
        path: String,
        message: String,
        original: Option<Value>,
    ) {
        if self.issues.len() >= MOST_ISSUES {
            self.unlisted.get_or_insert((code, 0)).1 += 1;
            return;
        }
        let path = self.sent_path(path);
        let original = original.map(without_nul);
        self.issues.push(RecordIssue { code, path, message, original });
    }

    /// Takes the issues. The last one says so if there are more.
    pub(in crate::source::dialects::lenient) fn take_issues(&mut self) -> Vec<RecordIssue> {
        if let Some((code, more)) = self.unlisted.take() {
            let message = format!("the record has {more} more issues, which are not listed");
            self.issues.push(RecordIssue { code, path: String::new(), message, original: None });
        }
        let mut issues = std::mem::take(&mut self.issues);
        issues.shrink_to_fit();
        issues
    }

    /// Adds an unread member.
    pub(in crate::source::dialects::lenient) fn keep(&mut self, path: String, value: Value) {
        let path = self.sent_path(path);
        self.extra.insert(path, without_nul(value));
    }

    /// Distinguishes equal parts: 0 for the first with this seed, 1 for the second, and so on.
    pub(in crate::source::dialects::lenient) fn ordinal(&mut self, seed: &str) -> usize {
        let next = self.seen_parts.entry(self.hasher.hash_one(seed)).or_insert(0);
        let ordinal = *next;
        *next += 1;
        ordinal as usize
    }

    /// Remembers that what is read at `to` is at `from` in the feed's own JSON.
    pub(in crate::source::dialects::lenient) fn moved(&mut self, from: String, to: String) {
        self.moved.push((from, to));
    }

    // Returns the path in the feed's own JSON. The nearest move counts.
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

// Removes U+0000, which databases of clients do not accept in texts.
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
