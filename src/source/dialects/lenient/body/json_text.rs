//! Reads the bytes of a response as JSON.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use serde_json::Value;

use crate::model::{IssueCode, RecordIssue};
use crate::source::dialect::{NotAPage, NotJson};
use crate::source::dialects::lenient::body::exact_numbers;
use crate::source::dialects::lenient::body::mend::mend_message;
use crate::source::dialects::lenient::body::page_names::PageNames;
use crate::source::dialects::lenient::body::salvage::{SalvagedPage, salvage};
use crate::source::dialects::lenient::body::wrapping::{UnwrappedValue, unwrap};
use crate::source::patience::ReadingPatience;

/// The beginning of the message about a page in another encoding.
const NOT_UTF_8: &str = "the response is not UTF-8";

/// The JSON of a response.
#[derive(Debug, PartialEq)]
pub(in crate::source::dialects::lenient) struct JsonBody {
    /// The parsed value.
    pub value: Value,
    /// What had to be mended.
    pub issues: Vec<RecordIssue>,
    /// Whether elements of lists were left out, because there are too many.
    pub is_cut: bool,
}

/// Reads the JSON of a response.
pub(in crate::source::dialects::lenient) fn read_body(
    body: &[u8],
    patience: &ReadingPatience,
) -> Result<JsonBody, NotAPage> {
    let mut issues = Vec::new();
    let (text, encoding) = decode(body);
    if let Some(encoding) = encoding {
        issues.push(body_issue(format!("{NOT_UTF_8}; it was read as {encoding}")));
    }
    if text.trim().is_empty() {
        return Err(NotAPage::Empty);
    }
    let UnwrappedValue { value, twice, is_cut, mends } = match unwrap(&text, patience) {
        Ok(unwrapped) => unwrapped,
        Err(_) if patience.is_over() => return Err(NotAPage::GivenUp),
        Err(error) => return Err(NotAPage::NotJson(NotJson::of(&text, &error))),
    };
    issues.extend(mends.issues());
    issues.extend(twice.map(said_twice));
    Ok(JsonBody { value, issues, is_cut })
}

/// Reads the JSON of a response, mended if necessary, or what is left of a broken page. Returns `None` if it is not
/// JSON.
pub(in crate::source) fn json_of(body: &[u8], patience: &ReadingPatience) -> Option<Value> {
    let whole = read_body(body, patience).ok().map(|body| body.value);
    whole.or_else(|| read_broken(body, PageNames::STANDARD, patience).map(|(page, _)| page))
}

/// Reads what is left of a broken page, and returns the number of broken places. Returns `None` if there is no record
/// in it.
pub(in crate::source::dialects::lenient) fn read_broken(
    body: &[u8],
    names: PageNames,
    patience: &ReadingPatience,
) -> Option<(Value, usize)> {
    let (text, _) = decode(body);
    let SalvagedPage { page, lost } = salvage(&text, names, patience)?;
    Some((page, lost))
}

/// Returns what was mended in a page as a whole. The message may be shown, because it contains nothing of the feed.
pub(in crate::source) fn mended_in(issue: &RecordIssue) -> Option<&'static str> {
    let is_page = issue.path.is_empty() && issue.code == IssueCode::Repaired;
    let encoding = issue.message.starts_with(NOT_UTF_8).then_some(NOT_UTF_8);
    if is_page { encoding.or_else(|| mend_message(&issue.message)) } else { None }
}

fn body_issue(message: String) -> RecordIssue {
    RecordIssue { code: IssueCode::Repaired, path: String::new(), message, original: None }
}

fn said_twice(name: String) -> RecordIssue {
    let message = "an object has this member twice; the last one with content was used".to_owned();
    RecordIssue { code: IssueCode::Conflict, path: name, message, original: None }
}

// Returns the text of a body, and the name of its encoding unless it is UTF-8.
fn decode(body: &[u8]) -> (Cow<'_, str>, Option<&'static str>) {
    let (text, encoding) = decoded(body);
    (exact_numbers::marked(text), encoding)
}

fn decoded(body: &[u8]) -> (Cow<'_, str>, Option<&'static str>) {
    if let Some(text) = utf32(body) {
        return (Cow::Owned(text), Some("UTF-32"));
    }
    let (encoding, body) = match Encoding::for_bom(body) {
        Some((encoding, length)) => (encoding, body.get(length..).unwrap_or_default()),
        None => (without_mark(body), body),
    };
    let (text, malformed) = encoding.decode_without_bom_handling(body);
    if encoding == UTF_8 && malformed {
        return (Cow::Owned(decode_mixed(body)), Some(WINDOWS_1252.name()));
    }
    (text, (encoding != UTF_8).then(|| encoding.name()))
}

// A few stray bytes must not garble every other character. A page that is entirely Windows-1252 hardly ever contains
// valid UTF-8 beyond ASCII.
fn decode_mixed(body: &[u8]) -> String {
    if body.utf8_chunks().all(|chunk| chunk.valid().is_ascii()) {
        return WINDOWS_1252.decode_without_bom_handling(body).0.into_owned();
    }
    let mut text = String::with_capacity(body.len());
    for chunk in body.utf8_chunks() {
        text.push_str(chunk.valid());
        text.push_str(&WINDOWS_1252.decode_without_bom_handling(chunk.invalid()).0);
    }
    text
}

// UTF-32 has three zero bytes in each character of JSON's syntax. No other encoding begins like that.
fn utf32(body: &[u8]) -> Option<String> {
    let unmarked = match body {
        [0xFF, 0xFE, 0, 0, rest @ ..] | [0, 0, 0xFE, 0xFF, rest @ ..] => rest,
        _ => body,
    };
    let units = |read: fn([u8; 4]) -> u32| {
        let (units, rest) = unmarked.as_chunks::<4>();
        let c = |unit: &[u8; 4]| char::from_u32(read(*unit)).unwrap_or(char::REPLACEMENT_CHARACTER);
        rest.is_empty().then(|| units.iter().map(c).collect())
    };
    match unmarked {
        [first, 0, 0, 0, ..] if *first != 0 => units(u32::from_le_bytes),
        [0, 0, 0, last, ..] if *last != 0 => units(u32::from_be_bytes),
        _ => None,
    }
}

// JSON begins with ASCII characters, so zero bytes beside two of them mean UTF-16. A single one may be a stray.
fn without_mark(body: &[u8]) -> &'static Encoding {
    match body {
        [0, second, 0, fourth, ..] if *second != 0 && *fourth != 0 => UTF_16BE,
        [first, 0, third, 0, ..] if *first != 0 && *third != 0 => UTF_16LE,
        _ => UTF_8,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(body: &[u8]) -> (Value, usize) {
        let JsonBody { value, issues, .. } = read_body(body, &ReadingPatience::default()).unwrap();
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
        let utf32 = "[\"£5\"]".chars().map(u32::from);
        assert_eq!(read(&utf32.clone().flat_map(u32::to_le_bytes).collect::<Vec<_>>()), (json!(["£5"]), 1));
        assert_eq!(read(&utf32.flat_map(u32::to_be_bytes).collect::<Vec<_>>()), (json!(["£5"]), 1));
    }

    #[test]
    fn quirk_27_a_stray_byte_costs_no_other_character() {
        assert_eq!(read(b"[\"Caf\xC3\xA9, 5 \xE2\x82\xAC or \xA35\"]"), (json!(["Café, 5 € or £5"]), 1));
        assert_eq!(read(b"[\"Caf\xE9 \xA35\"]"), (json!(["Café £5"]), 1));
    }

    #[test]
    fn quirk_22_other_things_than_json() {
        let read_body = |body| read_body(body, &ReadingPatience::default());
        for (body, what) in [
            ("\n<!doctype html><p>Invalid key: secret", "it looks like HTML"),
            ("<?xml version=\"1.0\"?><secret/>", "it looks like XML"),
            ("Invalid API key: secret", "it looks like plain text"),
            ("{\"secret\": [1, 2", "it ends early at line 1, column 16"),
            ("{\"secret\": secret}", "it is invalid at line 1, column 12"),
        ] {
            let message = read_body(body.as_bytes()).unwrap_err().to_string();
            assert_eq!(message, format!("the response is not JSON: {what}"));
        }
        assert_eq!(read_body(b" \n"), Err(NotAPage::Empty));
        assert_eq!(read_body(b""), Err(NotAPage::Empty));
    }
}
