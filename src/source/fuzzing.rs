//! Checks that must hold when a response is read, whatever its bytes are.

use std::collections::BTreeSet;

use serde::de::DeserializeOwned;
use serde::{Deserialize as _, Serialize};
use serde_json::{Value, json};
use url::Url;

use super::collection::FromRow;
use super::dialects::{self, DetectionAnswers, PageNames};
use super::feed::FuzzedBytes;
use super::patience::ReadingPatience;
use crate::config::{self, SourceLimits};
use crate::model::{
    Dialect, Location, Organization, Service, ServiceAtLocation, SourceKey, Taxonomy, TaxonomyTerm,
};

/// The most bytes that a record may take for each byte of its response. Eight bytes can nest a record, which takes a
/// few kilobytes of empty members.
const MOST_GROWTH: usize = 1024;
/// The longest text in which records are searched for: the search is quadratic.
const MOST_SEARCHED: usize = 16 << 10;

/// Reads bytes as a page and as a detail page of every kind, in the dialect that the first byte names.
///
/// # Panics
/// If reading breaks one of its promises.
pub fn page(input: &[u8]) {
    let Some((number, body)) = input.split_first() else { return };
    let dialect = Dialect::ALL.get(usize::from(*number) % Dialect::ALL.len());
    let Some(bytes) = dialect.and_then(|dialect| FuzzedBytes::of(&source(*dialect)?)) else { return };
    let patience = ReadingPatience::default();
    dialects::detect(&DetectionAnswers {
        page: body,
        detail: Some(body),
        root: Some(body),
        patience: &patience,
    });
    read::<Service>(&bytes, body);
    read::<Organization>(&bytes, body);
    read::<Location>(&bytes, body);
    read::<ServiceAtLocation>(&bytes, body);
    read::<Taxonomy>(&bytes, body);
    read::<TaxonomyTerm>(&bytes, body);
}

// The limits are low enough for small inputs to reach.
fn source(dialect: Dialect) -> Option<config::SourceSettings> {
    let key = SourceKey::parse("elmshire").ok()?;
    let url = Url::parse("https://feed.example/").ok()?;
    let limits = SourceLimits { max_record: 64 << 10, max_text: 2 << 10, ..SourceLimits::default() };
    Some(config::SourceSettings { dialect: Some(dialect), limits, ..config::SourceSettings::new(key, url) })
}

fn read<T: FromRow + Serialize + DeserializeOwned>(bytes: &FuzzedBytes, body: &[u8]) {
    let patience = ReadingPatience::default();
    if let Ok(page) = bytes.page::<T>(body, &patience) {
        let braces = braces(body);
        assert!(
            page.records.len() <= page.rows && page.rows <= braces,
            "there are more records than objects"
        );
        let written: usize = page.records.iter().map(written).sum();
        assert!(written <= MOST_GROWTH * body.len(), "{} bytes became {written}", body.len());
    }
    if let Some(record) = bytes.record::<T>(body, &patience) {
        written(&record);
    }
    drop(patience.while_waiting());
    let records = bytes.page::<T>(body, &patience).map_or(0, |page| page.records.len());
    assert_eq!(records, 0, "reading goes on after it was given up");
}

/// Counts what may be a brace. In nested texts and in HTML, braces have other spellings.
fn braces(body: &[u8]) -> usize {
    let text = String::from_utf8_lossy(body).to_ascii_lowercase();
    ["{", "7b", "&#123", "&lcub", "&lbrace"].iter().map(|brace| text.matches(brace).count()).sum()
}

/// Stores and restores a record, and returns its stored length in bytes.
fn written<T: Serialize + DeserializeOwned>(record: &T) -> usize {
    let written = json!(record);
    let read = T::deserialize(&written).map(|read| json!(read));
    assert!(read.is_ok_and(|read| read == written), "a kept record is read as another: {written}");
    written.to_string().len()
}

/// Mends a page that is almost JSON.
///
/// # Panics
/// If what it becomes is not JSON, or far longer than it was.
pub fn mend(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    let Some(json) = dialects::mended(&text, &ReadingPatience::default()) else { return };
    // A control character becomes up to six characters, and a missing value four.
    assert!(json.len() <= 6 * text.len() + 16, "{} bytes became {}", text.len(), json.len());
    let mut read = serde_json::Deserializer::from_str(&json);
    // JSON may be nested too deeply, or have numbers too large, for a reader. It is still JSON.
    let is_json = serde::de::IgnoredAny::deserialize(&mut read).is_ok() && read.end().is_ok();
    assert!(is_json, "not JSON: {json}");
}

/// Looks for the records of a broken page.
///
/// # Panics
/// If a record is found that is not in the page.
pub fn salvage(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    let Some(salvaged) = dialects::salvage(&text, PageNames::STANDARD, &ReadingPatience::default()) else {
        return;
    };
    let list =
        salvaged.page.as_array().or_else(|| salvaged.page.as_object()?.values().find_map(Value::as_array));
    let rows = list.map_or(&[][..], Vec::as_slice);
    assert!(salvaged.lost > 0, "a page that is broken nowhere was salvaged");
    if text.len() <= MOST_SEARCHED {
        let objects = objects(&text);
        assert!(rows.len() <= objects.len(), "more records than objects: {}", salvaged.page);
        for row in rows {
            assert!(objects.iter().any(|object| is_read_of(row, object)), "not in the page: {row}");
        }
    }
}

/// Returns every object in a text, mended if necessary.
fn objects(text: &str) -> Vec<Value> {
    text.match_indices('{').filter_map(|(at, _)| first_object(text.get(at..)?)).collect()
}

fn first_object(text: &str) -> Option<Value> {
    if let Some(Ok(object)) = serde_json::Deserializer::from_str(text).into_iter().next() {
        return Some(object);
    }
    serde_json::from_str(&dialects::mended_first(text, &ReadingPatience::default())?).ok()
}

// If an object has a member twice, readers differ in which one they take.
fn is_read_of(row: &Value, object: &Value) -> bool {
    let names = |value: &Value| -> BTreeSet<String> {
        value.as_object().into_iter().flatten().map(|(name, _)| name.clone()).collect()
    };
    row == object || names(row) == names(object)
}
