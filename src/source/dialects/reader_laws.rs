//! The laws that every dialect's reader keeps, whatever bytes it gets.

use chrono::{DateTime, Utc};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};
use url::Url;

use super::RepeatedTerms;
use super::description::DialectDescription;
use super::lenient::is_spelling;
use super::{PageNames, oruk3};
use crate::model::{RecordKind, SourceKey};
use crate::source::dialect::{AnswerDepth, DialectReader, ReadingContext, RecordUrl};
use crate::source::kept_back::KeptBack;
use crate::source::onward::OnwardWord;
use crate::source::patience::ReadingPatience;

/// Checks that rows become records with the same ids each time, that no truncated or mutated page makes the reader
/// panic, that a broken row never affects its neighbours, and that nothing in a row is dropped without an issue.
pub(super) fn keeps_the_laws(dialect: &DialectDescription, page: &[u8]) {
    let reader = dialect.reader;
    let rows = dialect.read_envelope(page).expect("the page is whole").rows;
    let records = read_all(reader, &rows);
    for (row, record) in rows.iter().zip(&records) {
        let says_something = row.as_object().is_some_and(|row| row.values().any(|value| !is_blank(value)));
        assert!(
            record.iter().all(|one| one.is_null() != says_something),
            "a row is a record of any kind: {row}"
        );
    }
    assert_eq!(records, read_all(reader, &rows), "reading twice gives the same");
    truncated(dialect, page);
    junk_rows(dialect, &rows, &records);
    mutated(dialect, page);
    broken_rows(dialect, &rows, &records);
    misfits(reader, &rows);
}

/// Reads with the context of a test.
pub(super) fn with_reading<T>(depth: AnswerDepth, read: impl FnOnce(&ReadingContext<'_>) -> T) -> T {
    with_policy(false, depth, read)
}

/// Reads with assurers left out, if `omits_assurers` is set.
pub(super) fn with_policy<T>(
    omits_assurers: bool,
    depth: AnswerDepth,
    read: impl FnOnce(&ReadingContext<'_>) -> T,
) -> T {
    let source = SourceKey::parse("elmshire").unwrap();
    let fetched_at = DateTime::<Utc>::from_timestamp(1_780_000_000, 0).unwrap();
    let fresh_until = fetched_at + chrono::Duration::hours(1);
    read(&ReadingContext {
        source: &source,
        record_url: &WithoutAddresses,
        fetched_at,
        fresh_until,
        depth,
        omits_assurers,
        kept_back: &KeptBack::default(),
        signs: None,
        shape: None,
        max_id_length: 512,
        max_parts: 10_000,
        terms: &RepeatedTerms::default(),
        patience: &ReadingPatience::default(),
    })
}

#[derive(Debug)]
struct WithoutAddresses;

impl RecordUrl for WithoutAddresses {
    fn record_url(&self, kind: RecordKind, upstream_id: &str) -> Option<Url> {
        let base = Url::parse("https://feed.example/").ok()?;
        match kind {
            RecordKind::Service => base.join(&format!("services/{upstream_id}")).ok(),
            RecordKind::Organization => base.join(&format!("organizations/{upstream_id}")).ok(),
            _ => None,
        }
    }
}

// Serialises a record, and checks that reading it back gives the same record.
fn written<T: Serialize + DeserializeOwned>(record: Option<T>) -> Value {
    let written = json!(record);
    let read: Option<T> = serde_json::from_value(written.clone()).unwrap();
    assert_eq!(json!(read), written);
    written
}

// Reads each row as a record of every kind.
fn read_all(reader: &dyn DialectReader, rows: &[Value]) -> Vec<[Value; 6]> {
    with_reading(AnswerDepth::List, |reading| {
        let read = |row: &Value| {
            [
                written(reader.read_service(row.clone(), reading)),
                written(reader.read_organization(row.clone(), reading)),
                written(reader.read_location(row.clone(), reading)),
                written(reader.read_service_at_location(row.clone(), reading)),
                written(reader.read_taxonomy(row.clone(), reading)),
                written(reader.read_taxonomy_term(row.clone(), reading)),
            ]
        };
        rows.iter().map(read).collect()
    })
}

fn is_blank(value: &Value) -> bool {
    matches!(value.to_string().as_str(), "null" | "\"\"" | "[]" | "{}")
}

fn survives(dialect: &DialectDescription, body: &[u8]) {
    if let Ok(envelope) = dialect.read_envelope(body) {
        read_all(dialect.reader, &envelope.rows);
    }
    let single = dialect.read_single(body).ok().flatten();
    read_all(dialect.reader, &single.into_iter().collect::<Vec<_>>());
}

fn truncated(dialect: &DialectDescription, page: &[u8]) {
    let step = (page.len() / 150).max(1);
    for end in (0..page.len()).step_by(step) {
        survives(dialect, &page[..end]);
    }
}

fn junk_rows(dialect: &DialectDescription, rows: &[Value], records: &[[Value; 6]]) {
    let junk =
        [json!(null), json!(""), json!(7), json!([]), json!({}), json!({"id": {"a": [1]}, "phones": 3})];
    for junk in junk {
        let mut page = rows.to_vec();
        page.insert(page.len() / 2, junk);
        let read = read_all(dialect.reader, &listed(dialect, &page));
        assert!(records.iter().all(|record| read.contains(record)), "a junk row costs only itself");
    }
}

// Returns the rows as the dialect extracts them from a page.
fn listed(dialect: &DialectDescription, rows: &[Value]) -> Vec<Value> {
    let page = dialect.write_page(Map::new(), rows).to_string();
    dialect.read_envelope(page.as_bytes()).unwrap().rows
}

fn mutated(dialect: &DialectDescription, page: &[u8]) {
    let rows = dialect.read_envelope(page).unwrap().rows;
    let records = read_all(dialect.reader, &rows);
    let whole = serde_json::from_slice::<Value>(page);
    let is_judged =
        whole.is_err() || whole.is_ok_and(|page| page.is_array() || list_in(dialect, &page).is_some());
    assert!(is_judged, "the list has a name that the dialect's description does not give it");
    let mut runner = TestRunner::new(Config { cases: 150, failure_persistence: None, ..Config::default() });
    let edits = proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6);
    let result = runner.run(&edits, |edits| {
        let mut body = page.to_vec();
        for (index, byte) in edits {
            let at = index.index(body.len());
            body[at] = byte;
        }
        survives(dialect, &body);
        keeps_neighbours(dialect, &body, &rows, &records)
    });
    result.unwrap();
}

// If a mutated page is still a page, its unchanged rows must read as before.
fn keeps_neighbours(
    dialect: &DialectDescription,
    body: &[u8],
    rows: &[Value],
    records: &[[Value; 6]],
) -> Result<(), TestCaseError> {
    let Ok(page) = serde_json::from_slice::<Value>(body) else { return Ok(()) };
    let Some(sent) = list_in(dialect, &page).map(|list| listed(dialect, list)) else { return Ok(()) };
    let read = dialect.read_envelope(body).map_or(Vec::new(), |envelope| envelope.rows);
    let read = read_all(dialect.reader, &read);
    for (row, record) in rows.iter().zip(records) {
        prop_assert!(!sent.contains(row) || read.contains(record), "a row that nobody touched is lost");
    }
    Ok(())
}

// Returns the list of a page, where the dialect has it or under a name that all dialects know.
fn list_in<'p>(dialect: &DialectDescription, page: &'p Value) -> Option<&'p Vec<Value>> {
    let member = |around: &'p Value, name: &str| {
        let mut members = around.as_object()?.iter();
        members.find(|(key, _)| is_spelling(key, name)).map(|(_, value)| value)
    };
    let paths = [dialect.names.list, "contents", "content", "data"];
    paths.iter().find_map(|path| path.split('.').try_fold(page, member)?.as_array())
}

// Rows that are no longer JSON, each between two that are intact.
fn broken_rows(dialect: &DialectDescription, rows: &[Value], records: &[[Value; 6]]) {
    let says_much = |row: &&Value| row.as_object().is_some_and(|row| row.len() > 2);
    let Some(whole) = rows.iter().position(|row| says_much(&row)) else { return };
    let record = &records[whole];
    let mut runner = TestRunner::new(Config { cases: 60, failure_persistence: None, ..Config::default() });
    let edits = proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6);
    let victims: Vec<String> = rows.iter().filter(says_much).map(Value::to_string).collect();
    let cases = (any::<prop::sample::Index>(), edits);
    let (head, tail) = around_victim(dialect, &rows[whole]);
    let result = runner.run(&cases, |(victim, edits)| {
        let mut victim = victims[victim.index(victims.len())].clone().into_bytes();
        for (index, byte) in edits {
            // Spare the enclosing braces. Without them the row would run into its neighbours.
            let at = 1 + index.index(victim.len() - 2);
            victim[at] = byte;
        }
        let body = [&head, &*victim, &tail].concat();
        let envelope =
            dialect.read_envelope(&body).map_err(|fault| TestCaseError::fail(fault.to_string()))?;
        let read = read_all(dialect.reader, &envelope.rows);
        let kept = read.iter().filter(|one| *one == record).count();
        prop_assert!(kept >= 2, "{}: {envelope:?}", String::from_utf8_lossy(&victim));
        prop_assert!(read.len() >= 3 || !envelope.issues.is_empty(), "a row is lost without a word");
        Ok(())
    });
    result.unwrap();
}

// Returns the bytes of a page before and after the row that is between two neighbours.
fn around_victim(dialect: &DialectDescription, neighbour: &Value) -> (Vec<u8>, Vec<u8>) {
    const VICTIM: &str = "the row that is broken";
    let members = Map::from_iter([("total_items".to_owned(), json!(3))]);
    let mut page = dialect.write_page(members, &[neighbour.clone(), json!(VICTIM), neighbour.clone()]);
    page["content_type"] = Value::Null;
    let page = page.to_string();
    let (head, tail) = page.split_once(&json!(VICTIM).to_string()).unwrap();
    (head.into(), tail.into())
}

// Replaces each member of the largest row, at any depth, by a value of the wrong type. The value must be noted or kept,
// unless the publisher withholds the member.
fn misfits(reader: &dyn DialectReader, rows: &[Value]) {
    let size = |row: &&Value| row.as_object().map_or(0, serde_json::Map::len);
    let Some(row) = rows.iter().max_by_key(size) else { return };
    let mut paths = Vec::new();
    paths_into(row, String::new(), &mut paths);
    let misfits =
        [json!(-987_654), json!("\u{1}\u{fffd}misfit"), json!([[7]]), json!({"misfit": {"misfit": 7}})];
    for path in paths {
        let nothing = read_with(reader, row, &path, &Value::Null);
        if is_kept_back(&path, row, &nothing) {
            continue;
        }
        for misfit in &misfits {
            assert_ne!(
                read_with(reader, row, &path, misfit),
                nothing,
                "{misfit} at {path} goes without a word"
            );
        }
    }
}

// Private contacts, masked places, and the ids of slots that were merged with others.
fn is_kept_back(path: &str, row: &Value, read: &Value) -> bool {
    let (sent, read) = (row.to_string(), read.to_string());
    (path.contains("contact") && sent.contains("personal_data"))
        || (path.contains("location") && read.contains("WITHHELD"))
        || (path.ends_with("/id") && read.contains("merged with it"))
}

// Reads a row with another value at a path, without the derived values that always differ.
fn read_with(reader: &dyn DialectReader, row: &Value, path: &str, value: &Value) -> Value {
    let mut row = row.clone();
    *row.pointer_mut(path).unwrap() = value.clone();
    let mut read = json!(with_reading(AnswerDepth::Detail, |reading| reader.read_service(row, reading)));
    for derived in ["content_hash", "read_bytes"] {
        read["provenance"][derived] = Value::Null;
    }
    read
}

fn paths_into(value: &Value, path: String, paths: &mut Vec<String>) {
    let inside: Vec<(String, &Value)> = match value {
        Value::Object(members) => members.iter().map(|(key, value)| (key.clone(), value)).collect(),
        Value::Array(elements) => {
            elements.iter().enumerate().map(|(index, value)| (index.to_string(), value)).collect()
        }
        _ => Vec::new(),
    };
    for (step, value) in inside {
        let path = format!("{path}/{}", step.replace('~', "~0").replace('/', "~1"));
        paths_into(value, path.clone(), paths);
        paths.push(path);
    }
}

#[test]
fn a_dialect_with_its_own_names_keeps_the_laws() {
    let names = PageNames { list: "answer.page.entries", id: "ref" };
    let dialect = DialectDescription { names, ..oruk3::DIALECT };
    let row = |id: &str| {
        json!({
            "ref": id, "name": "Tea", "status": "active", "organization": {"ref": "o", "name": "Hall Trust"},
            "contacts": [{"ref": "c", "name": "Desk"}], "languages": [{"ref": "l", "name": "Welsh"}],
        })
    };
    let around = json!({"answer": {"page": {"next": "b"}, "total": 9}});
    let page = dialect.write_page(around.as_object().unwrap().clone(), &["a", "b", "c"].map(row));
    let body = page.to_string();
    let envelope = dialect.read_envelope(body.as_bytes()).unwrap();
    assert_eq!((envelope.total_items, envelope.issues.as_slice()), (Some(9), &[][..]));
    assert!(matches!(envelope.onward, Some(OnwardWord::Given(_))));
    keeps_the_laws(&dialect, body.as_bytes());
    let last = dialect.write_page(Map::new(), &[]).to_string();
    assert_eq!(dialect.read_envelope(last.as_bytes()).unwrap().rows, Vec::<Value>::new());
}
