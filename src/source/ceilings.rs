//! Limits on the size of texts, records and lists. What exceeds a limit is left out and reported, never truncated.

use std::any::Any;
use std::collections::BTreeMap;
use std::io::{self, Write};
use std::sync::{Mutex, PoisonError};

use serde_json::Value;

use super::collection::FromRow;
use crate::config;
use crate::model::{IssueCode, RecordIssue, RecordKind, Service};

/// The limits on one record, in bytes unless stated otherwise.
#[derive(Clone, Copy, Debug)]
pub(super) struct RecordCeilings {
    record: usize,
    text: usize,
    /// The longest id, in bytes.
    pub id_length: usize,
    /// The most parts (nested records).
    pub parts: usize,
}

/// The size of each list of one source when it was last read, in bytes of JSON.
#[derive(Debug, Default)]
pub(super) struct ListSizes(Mutex<BTreeMap<RecordKind, usize>>);

impl ListSizes {
    /// Returns the size of all other lists together.
    pub(super) fn beside(&self, kind: RecordKind) -> usize {
        let sizes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        sizes.iter().filter(|(other, _)| **other != kind).map(|(_, bytes)| bytes).sum()
    }

    /// Returns the size of a list. Returns 0 if it has not been read.
    pub(super) fn of(&self, kind: RecordKind) -> usize {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&kind).copied().unwrap_or(0)
    }

    /// Stores the size of a list.
    pub(super) fn note(&self, kind: RecordKind, bytes: usize) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(kind, bytes);
    }
}

/// How many records of one list are stored, and how many bytes of all lists of its source.
#[derive(Clone, Copy, Debug)]
pub(super) struct ListRoom {
    most_records: usize,
    most_bytes: usize,
    records: usize,
    bytes: usize,
}

impl ListRoom {
    pub(super) fn of(limits: &config::SourceLimits) -> Self {
        Self { most_records: limits.max_records, most_bytes: limits.max_kept, records: 0, bytes: 0 }
    }

    pub(super) fn endless() -> Self {
        Self { most_records: usize::MAX, most_bytes: usize::MAX, records: 0, bytes: 0 }
    }

    /// Starts from these counts: records and bytes that are already stored.
    pub(super) fn with(self, records: usize, bytes: usize) -> Self {
        Self { records, bytes, ..self }
    }

    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }

    /// Counts another record of this many bytes. Returns the reason, for the log and for reports, if there is no room
    /// for it.
    pub(super) fn take(&mut self, bytes: usize) -> Result<(), String> {
        if self.records >= self.most_records {
            return Err(too_many(self.most_records));
        }
        self.bytes = self.bytes.saturating_add(bytes);
        if self.bytes > self.most_bytes {
            let most = bytesize::ByteSize::b(self.most_bytes as u64);
            return Err(format!(
                "sends more than {most} in all its lists; the rest is not stored. If that is right, raise its `max_kept`"
            ));
        }
        self.records += 1;
        Ok(())
    }
}

/// The least that a part of a record counts for, in bytes: even an empty part takes memory.
const LEAST_OF_A_PART: usize = 256;

/// Returns how many bytes a record counts for: the bytes of its JSON or, if it has many nearly empty parts, a minimum
/// for each part. In memory a record takes several times as much.
pub(super) fn counted<T: FromRow>(record: &T) -> usize {
    let parts = (record as &dyn Any).downcast_ref::<Service>().map_or(0, Service::parts);
    record.provenance().read_bytes.max(parts.saturating_mul(LEAST_OF_A_PART))
}

/// Returns the message for a list with more records than are stored.
pub(crate) fn too_many(most: usize) -> String {
    format!(
        "lists more than {most} records; the rest are not stored. If that is right, raise its `max_records`"
    )
}

/// An error: the row is larger than a record may be.
#[derive(Debug)]
pub(super) struct TooLarge {
    /// Says what was exceeded, and how to change the limit.
    pub message: String,
}

/// The most values in one record: members and elements at any depth.
const MOST_VALUES: usize = 250_000;
/// How many omitted texts of one record are reported.
const MOST_NAMED: usize = 20;

impl RecordCeilings {
    pub(super) fn of(limits: &config::SourceLimits) -> Self {
        Self {
            record: limits.max_record,
            text: limits.max_text,
            id_length: limits.max_id_length,
            parts: limits.max_parts,
        }
    }

    /// Removes texts that are too long from a row, and returns an issue for each. `answer` is the size of the whole
    /// response in bytes, and `values` the number of values in the row.
    ///
    /// # Errors
    /// If the row is larger than a record may be.
    pub(super) fn apply(
        &self,
        row: &mut Value,
        answer: usize,
        values: usize,
    ) -> Result<Vec<RecordIssue>, TooLarge> {
        let mut left_out = Vec::new();
        // Most responses are small, and then nothing in them can be too large.
        if answer > self.text && holds_longer_text(row, self.text) {
            self.take_texts(row, &mut String::new(), &mut left_out);
        }
        if values > MOST_VALUES {
            let message = format!("a record with more than {MOST_VALUES} values was left out");
            return Err(TooLarge { message });
        }
        if answer > self.record && size(row) > self.record {
            let most = bytesize::ByteSize::b(self.record as u64);
            let message = format!("a record larger than {most} was left out (`max_record`)");
            return Err(TooLarge { message });
        }
        Ok(left_out)
    }

    fn take_texts(&self, value: &mut Value, path: &mut String, left_out: &mut Vec<RecordIssue>) {
        let length = path.len();
        match value {
            Value::String(text) if text.len() > self.text => {
                if left_out.len() < MOST_NAMED {
                    let most = bytesize::ByteSize::b(self.text as u64);
                    let message = format!("is a text longer than {most}, and was left out (`max_text`)");
                    let (code, path) = (IssueCode::Unreadable, path.clone());
                    left_out.push(RecordIssue { code, path, message, original: None });
                }
                *value = Value::Null;
            }
            Value::Array(elements) => {
                for (index, element) in elements.iter_mut().enumerate() {
                    path.extend(["[", &index.to_string(), "]"]);
                    self.take_texts(element, path, left_out);
                    path.truncate(length);
                }
            }
            Value::Object(members) => {
                // Names of members are limited like texts.
                members.retain(|name, _| name.len() <= self.text);
                for (name, member) in members.iter_mut() {
                    if length > 0 {
                        path.push('.');
                    }
                    path.push_str(name);
                    self.take_texts(member, path, left_out);
                    path.truncate(length);
                }
            }
            Value::String(_) | Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }
}

fn holds_longer_text(value: &Value, most: usize) -> bool {
    match value {
        Value::String(text) => text.len() > most,
        Value::Array(elements) => elements.iter().any(|element| holds_longer_text(element, most)),
        Value::Object(members) => {
            members.iter().any(|(name, member)| name.len() > most || holds_longer_text(member, most))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

/// Returns the length of a value as JSON, in bytes.
fn size(value: &Value) -> usize {
    let mut counted = CountedBytes(0);
    // Values always serialise, and counting cannot fail.
    let _ = serde_json::to_writer(&mut counted, value);
    counted.0
}

struct CountedBytes(usize);

impl Write for CountedBytes {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const SMALL: RecordCeilings = RecordCeilings { record: 200, text: 50, id_length: 512, parts: 100 };

    #[test]
    fn a_text_that_is_too_long_is_left_out_and_named() {
        let mut row = json!({"id": "1", "name": "Tea", "urls": [{"url": "x".repeat(60)}, {"url": "y"}]});
        let left_out = SMALL.apply(&mut row, 1000, 8).unwrap();
        assert_eq!(row, json!({"id": "1", "name": "Tea", "urls": [{"url": null}, {"url": "y"}]}));
        let named: Vec<_> = left_out.iter().map(|issue| (issue.code, issue.path.as_str())).collect();
        assert_eq!(named, [(IssueCode::Unreadable, "urls[0].url")]);
    }

    #[test]
    fn there_is_room_for_as_many_records_and_bytes_as_configured() {
        let room = ListRoom { most_records: 2, most_bytes: 100, records: 0, bytes: 0 };
        let mut by_count = room;
        assert_eq!((by_count.take(10), by_count.take(10)), (Ok(()), Ok(())));
        assert!(by_count.take(10).is_err_and(|reason| reason.contains("`max_records`")));
        let mut by_size = room;
        assert!(by_size.take(101).is_err_and(|reason| reason.contains("`max_kept`")));
    }

    #[test]
    fn a_record_that_is_too_large_is_none() {
        let many: Vec<_> = (0..100).map(|at| json!({"id": at})).collect();
        let refused = SMALL.apply(&mut json!({"id": "1", "schedules": many}), 2000, 200).unwrap_err();
        assert!(refused.message.contains("`max_record`"), "{refused:?}");
    }
}
