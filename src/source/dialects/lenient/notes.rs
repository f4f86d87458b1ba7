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
}

impl Notes {
    /// Notes one departure.
    pub(super) fn issue(&mut self, code: IssueCode, path: String, message: String, original: Option<Value>) {
        self.issues.push(RecordIssue { code, path, message, original });
    }

    /// Tells equal parts apart: 0 for the first with this seed, 1 for the second …
    pub(super) fn ordinal(&mut self, seed: String) -> usize {
        let next = self.seen_parts.entry(seed).or_insert(0);
        let ordinal = *next;
        *next += 1;
        ordinal
    }
}
