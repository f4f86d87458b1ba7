//! Shortens the longest lists of records with too many parts, and reports it.

use serde_json::{Map, Value};

use crate::model::IssueCode;
use crate::source::dialects::lenient::members::notes::RecordNotes;

/// How many shortened lists are reported.
const MOST_NAMED: usize = 20;
/// The longest path that is reported in full, in bytes.
const LONGEST_PATH: usize = 256;

/// Shortens the lists of a record with more than `most` nested objects. All are cut to the same length, so short lists
/// stay complete, and lists without objects are not cut.
pub(in crate::source::dialects::lenient) fn cut_parts(
    record: &mut Map<String, Value>,
    most: usize,
    notes: &mut RecordNotes,
) {
    if objects_in(record) <= most {
        return;
    }
    let length = longest_that_fits(record, most);
    let mut cut = CutLists { most, length, path: String::new(), lists: Vec::new() };
    cut.members(record);
    let more = cut.lists.len().saturating_sub(MOST_NAMED);
    for (path, message) in cut.lists.into_iter().take(MOST_NAMED) {
        notes.issue(IssueCode::Unreadable, path, message, None);
    }
    if more > 0 {
        let message = format!("{more} more lists were also cut (`max_parts`)");
        notes.issue(IssueCode::Unreadable, String::new(), message, None);
    }
}

/// Returns the number of objects nested in a record, at any depth.
fn objects_in(record: &Map<String, Value>) -> usize {
    objects_within(record, usize::MAX)
}

/// Returns the number of nested objects if every list had at most `length` elements.
fn objects_within(record: &Map<String, Value>, length: usize) -> usize {
    let (mut waiting, mut count): (Vec<&Value>, usize) = (record.values().collect(), 0);
    while let Some(value) = waiting.pop() {
        match value {
            Value::Array(elements) => {
                waiting.extend(elements.iter().take(length).filter(|one| is_nested(one)))
            }
            Value::Object(members) => {
                count += 1;
                waiting.extend(members.values().filter(|one| is_nested(one)));
            }
            _ => {}
        }
    }
    count
}

fn is_nested(value: &Value) -> bool {
    value.is_object() || value.is_array()
}

// Halving keeps at least half of what is allowed if only one list is too long.
fn longest_that_fits(record: &Map<String, Value>, most: usize) -> usize {
    let mut length = most;
    while length > 1 && objects_within(record, length) > most {
        length /= 2;
    }
    length
}

struct CutLists {
    most: usize,
    length: usize,
    path: String,
    /// The paths of the lists that were cut, with their messages.
    lists: Vec<(String, String)>,
}

impl CutLists {
    fn members(&mut self, members: &mut Map<String, Value>) {
        let length = self.path.len();
        for (name, value) in members.iter_mut().filter(|(_, value)| is_nested(value)) {
            if length > 0 {
                self.path.push('.');
            }
            self.path.push_str(name);
            self.value(value);
            self.path.truncate(length);
        }
    }

    fn value(&mut self, value: &mut Value) {
        match value {
            Value::Object(members) => self.members(members),
            Value::Array(elements) => {
                let (had, length) = (elements.len(), self.path.len());
                if had > self.length && elements.iter().any(is_nested) {
                    elements.truncate(self.length);
                    self.note(had);
                }
                for (index, element) in elements.iter_mut().enumerate().filter(|(_, one)| is_nested(one)) {
                    self.path.extend(["[", &index.to_string(), "]"]);
                    self.value(element);
                    self.path.truncate(length);
                }
            }
            _ => {}
        }
    }

    fn note(&mut self, had: usize) {
        let (kept, most) = (self.length, self.most);
        let message = format!(
            "only the first {kept} of {had} were read, because the record has more than {most} parts (`max_parts`)"
        );
        let path = self.path.get(..self.path.floor_char_boundary(LONGEST_PATH)).unwrap_or_default();
        self.lists.push((path.to_owned(), message));
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn cut(record: Value, most: usize) -> (Value, RecordNotes) {
        let Value::Object(mut record) = record else { panic!("{record}") };
        let mut notes = RecordNotes::default();
        cut_parts(&mut record, most, &mut notes);
        (Value::Object(record), notes)
    }

    #[test]
    fn a_record_within_the_ceiling_stays_as_it_is() {
        let record = json!({"id": "1", "schedules": [{"id": "a"}, {"id": "b"}], "tags": ["a", "b", "c"]});
        let (kept, notes) = cut(record.clone(), 2);
        assert_eq!((kept, notes.issues.len()), (record, 0));
    }

    #[test]
    fn long_lists_are_cut_and_named_and_short_ones_stay_whole() {
        let many: Vec<_> = (0..100).map(|at| json!({"id": at})).collect();
        let record = json!({"id": "1", "schedules": many, "contacts": [{"id": "a", "phones": [{"id": "b"}]}],
            "tags": vec!["a"; 100]});
        let (kept, notes) = cut(record, 20);
        assert_eq!(kept["schedules"].as_array().map(Vec::len), Some(10));
        assert_eq!((&kept["contacts"][0]["phones"][0]["id"], &kept["tags"][99]), (&json!("b"), &json!("a")));
        let said: Vec<_> = notes.issues.iter().map(|issue| (issue.path.as_str(), &*issue.message)).collect();
        let message =
            "only the first 10 of 100 were read, because the record has more than 20 parts (`max_parts`)";
        assert_eq!(said, [("schedules", message)]);
    }
}
