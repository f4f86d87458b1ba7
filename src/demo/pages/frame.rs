//! The JSON around the records of a page, or around a single record.

use bytes::{Bytes, BytesMut};
use serde_json::{Map, Value, json};

/// The text before and after what is put into a member.
pub(in crate::demo) struct PageFrame {
    head: String,
    tail: String,
}

/// Stands in the JSON where records go.
const RECORDS: &str = "\u{E001}";

impl PageFrame {
    /// Frames a list at a path such as `contents` or `data.results`. It is the last member of its object.
    pub(super) fn of_list(members: Map<String, Value>, path: &str) -> Self {
        Self::of(members, path, json!([RECORDS]))
    }

    /// Frames a single record at a path.
    pub(in crate::demo) fn of_record(path: &str) -> Self {
        Self::of(Map::new(), path, json!(RECORDS))
    }

    fn of(mut members: Map<String, Value>, path: &str, place: Value) -> Self {
        put(&mut members, path, place);
        let text = Value::Object(members).to_string();
        let (head, tail) = text.split_once(&format!("\"{RECORDS}\"")).unwrap_or((&text, ""));
        Self { head: head.to_owned(), tail: tail.to_owned() }
    }

    /// Returns the JSON with these records in it.
    pub(in crate::demo) fn around(&self, records: &[impl AsRef<[u8]>]) -> Bytes {
        let length: usize = records.iter().map(|record| record.as_ref().len() + 1).sum();
        let mut body = BytesMut::with_capacity(self.head.len() + length + self.tail.len());
        body.extend_from_slice(self.head.as_bytes());
        for (n, record) in records.iter().enumerate() {
            body.extend_from_slice(if n == 0 { b"" } else { b"," });
            body.extend_from_slice(record.as_ref());
        }
        body.extend_from_slice(self.tail.as_bytes());
        body.freeze()
    }
}

/// Adds a member at a path, in the objects that are there or in new ones.
fn put(members: &mut Map<String, Value>, path: &str, value: Value) {
    match path.split_once('.') {
        None => {
            members.insert(path.to_owned(), value);
        }
        Some((outer, rest)) => {
            if let Value::Object(inner) = members.entry(outer).or_insert_with(|| json!({})) {
                put(inner, rest, value);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_put_beside_the_members_that_are_there() {
        let members = |value: Value| value.as_object().cloned().unwrap();
        let text = |frame: PageFrame| String::from_utf8(frame.around(&["1", "2"]).to_vec()).unwrap();
        let cases = [
            (json!({ "total": 2 }), "contents", r#"{"total":2,"contents":[1,2]}"#),
            (json!({}), "contents", r#"{"contents":[1,2]}"#),
            (
                json!({ "data": { "next": "x" }, "ok": true }),
                "data.rows",
                r#"{"data":{"next":"x","rows":[1,2]},"ok":true}"#,
            ),
            (json!({ "ok": true }), "a.b.c", r#"{"ok":true,"a":{"b":{"c":[1,2]}}}"#),
        ];
        for (around, path, expected) in cases {
            assert_eq!(text(PageFrame::of_list(members(around), path)), expected);
        }
        assert_eq!(PageFrame::of_record("data.one").around(&["{}"]), r#"{"data":{"one":{}}}"#);
    }
}
