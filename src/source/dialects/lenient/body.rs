//! From the bytes of an answer to JSON.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use serde_json::Value;

use super::mend::mend;
use super::texts;
use crate::model::{IssueCode, RecordIssue};
use crate::source::dialect::NotAPage;

/// Reads the JSON of an answer, and says what had to be mended on the way.
pub(super) fn read_body(body: &[u8]) -> Result<(Value, Vec<RecordIssue>), NotAPage> {
    let mut issues = Vec::new();
    let (text, encoding) = decode(body);
    if encoding != UTF_8 {
        let message = format!("the answer is not UTF-8; it was read as {}", encoding.name());
        issues.push(body_issue(message));
    }
    if text.trim().is_empty() {
        return Err(NotAPage::Empty);
    }
    let strict = match serde_json::from_str(&text) {
        Ok(value) => return Ok((value, issues)),
        Err(error) => error,
    };
    if let Some(Ok(value)) = mend(&text).map(|text| serde_json::from_str(&text)) {
        issues.push(body_issue("the answer is not strict JSON; it was mended".to_owned()));
        return Ok((value, issues));
    }
    let start = texts::excerpt(text.trim_start());
    Err(NotAPage::NotJson(format!("{strict}; it starts with `{start}`")))
}

/// The JSON of an answer, mended where need be; none where it is no JSON.
pub(in crate::source::dialects) fn json_of(body: &[u8]) -> Option<Value> {
    read_body(body).ok().map(|(value, _)| value)
}

fn body_issue(message: String) -> RecordIssue {
    RecordIssue { code: IssueCode::Repaired, path: String::new(), message, original: None }
}

fn decode(body: &[u8]) -> (Cow<'_, str>, &'static Encoding) {
    let (encoding, body) = match Encoding::for_bom(body) {
        Some((encoding, length)) => (encoding, body.get(length..).unwrap_or_default()),
        None => (without_mark(body), body),
    };
    let (text, malformed) = encoding.decode_without_bom_handling(body);
    if encoding == UTF_8 && malformed {
        return (WINDOWS_1252.decode_without_bom_handling(body).0, WINDOWS_1252);
    }
    (text, encoding)
}

// JSON starts with an ASCII character, so a NUL beside it gives UTF-16 away.
fn without_mark(body: &[u8]) -> &'static Encoding {
    match body {
        [0, second, ..] if *second != 0 => UTF_16BE,
        [first, 0, ..] if *first != 0 => UTF_16LE,
        _ => UTF_8,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(body: &[u8]) -> (Value, usize) {
        let (value, issues) = read_body(body).unwrap();
        (value, issues.len())
    }

    #[test]
    fn quirk_27_encodings() {
        assert_eq!(read(b"\xEF\xBB\xBF{\"a\":1}"), (json!({"a": 1}), 0));
        assert_eq!(read(b"[\"\xA35\"]"), (json!(["£5"]), 1));
        let utf16: Vec<u8> = "[\"£5\"]".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(read(&utf16), (json!(["£5"]), 1));
        let marked: Vec<u8> =
            [0xFE, 0xFF].into_iter().chain("[1]".encode_utf16().flat_map(u16::to_be_bytes)).collect();
        assert_eq!(read(&marked), (json!([1]), 1));
    }

    #[test]
    fn quirk_22_other_things_than_json() {
        let html = format!("<!doctype html>{}", "secret ".repeat(100));
        let Err(NotAPage::NotJson(message)) = read_body(html.as_bytes()) else { panic!("HTML is not JSON") };
        assert!(message.len() < 160 && message.contains("<!doctype html>"), "{message}");
        assert_eq!(read_body(b" \n"), Err(NotAPage::Empty));
        assert_eq!(read_body(b""), Err(NotAPage::Empty));
    }
}
