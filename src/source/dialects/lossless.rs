//! Checks that nothing of a saved page is lost: removing or changing any scalar must change the record, its issues or
//! its extra.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::description;
use super::description::DialectDescription;
use super::reader_laws::with_reading;
use super::saved::saved_folders;
use crate::model::{Dialect, RecordKind};
use crate::source::dialect::{AnswerDepth, DialectReader};

/// Members whose content other members repeat, and why.
const REDUNDANT: [(&str, &str); 11] = [
    ("weekday", "the day that `byday`, or the date, says too"),
    ("freq", "a weekday alone is a weekly rule"),
    ("currency", "the sign of the price says it too"),
    ("geometry/type", "a place with two coordinates is a point"),
    ("identifier_type", "the name of a scheme that the scheme says too"),
    ("vocabulary", "the prefix of the term's id says it too"),
    ("link_type", "an annotation of an eligibility describes one"),
    ("closed", "a holiday without times is closed, one with times is open"),
    ("assured_date", "the vendor's own member says it too"),
    ("personal_data", "whether a contact is private; one that is shown is not"),
    ("sensitive_data", "likewise"),
];

/// Members that are left out on purpose, and why.
const LEFT_OUT: [(&str, &str); 4] = [
    ("hide_address", "a flag, however it is spelt: what it does not hide is shown"),
    ("widget", "script, of which only that it was there is told"),
    ("ey_funded", "slots that differ in nothing else are one, and funded if any of them is"),
    ("distance_away", "from whoever asked, which would give a masked place away"),
];

#[test]
fn every_scalar_of_every_saved_page_makes_a_difference() {
    let mut lost: Vec<String> = std::thread::scope(|scope| {
        let losses = |(dialect, folder): (Dialect, PathBuf)| scope.spawn(move || losses_in(dialect, &folder));
        let folders: Vec<_> = saved_folders().into_iter().map(losses).collect();
        folders.into_iter().flat_map(|folder| folder.join().unwrap()).collect()
    });
    lost.sort();
    lost.dedup();
    assert!(lost.is_empty(), "{} of them: {lost:#?}", lost.len());
}

fn losses_in(dialect: Dialect, folder: &Path) -> Vec<String> {
    let of = description(dialect);
    let mut lost = Vec::new();
    let pages = pages(folder);
    assert!(!pages.is_empty(), "{folder:?} holds no page");
    for page in pages {
        let rows = rows(of, &std::fs::read(&page).unwrap());
        let losses = rows.iter().flat_map(|row| losses(of.reader, row));
        lost.extend(losses.map(|what| format!("{}: {what}", page.display())));
    }
    lost
}

fn pages(folder: &Path) -> Vec<PathBuf> {
    let files = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    files.filter(|path| path.extension().is_some_and(|extension| extension == "json")).collect()
}

// Returns the rows of a list page, or the record of a detail page.
fn rows(dialect: &DialectDescription, body: &[u8]) -> Vec<Value> {
    match dialect.read_envelope(body) {
        Ok(envelope) if !envelope.rows.is_empty() => envelope.rows,
        _ => dialect.read_single(body).ok().flatten().into_iter().collect(),
    }
}

fn losses(reader: &dyn DialectReader, row: &Value) -> Vec<String> {
    let kind = kind_of(row);
    let before = read(reader, kind, row);
    if before.is_null() {
        return Vec::new();
    }
    let mut scalars = Vec::new();
    scalars_of(row, String::new(), &mut scalars);
    let mut lost = Vec::new();
    for path in scalars {
        let sent = row.pointer(&path).unwrap();
        let is = |(name, _): &(&str, &str)| path.ends_with(&format!("/{name}"));
        if is_withheld(&path, row, &before) || says_nothing(sent) || LEFT_OUT.iter().any(is) {
            continue;
        }
        for (how, other) in
            [("left out", None), ("retyped", Some(retyped(sent))), ("altered", Some(altered(sent)))]
        {
            let mut changed = row.clone();
            match other {
                Some(other) => *changed.pointer_mut(&path).unwrap() = other,
                None => remove(&mut changed, &path),
            }
            let is_redundant = how == "left out" && (is_key(&path) || REDUNDANT.iter().any(is));
            if !is_redundant && read(reader, kind, &changed) == before {
                lost.push(format!("{path} {how}: {sent}"));
            }
        }
    }
    lost
}

// Returns whether a member such as `service_id` only repeats the nesting.
fn is_key(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default().replace('_', "").to_lowercase();
    name.len() > 2 && name.ends_with("id")
}

fn kind_of(row: &Value) -> RecordKind {
    let has = |name: &str| row.get(name).is_some();
    match () {
        () if has("service_id") && has("location") || has("location") && has("service") => {
            RecordKind::ServiceAtLocation
        }
        () if has("vocabulary") || has("taxonomy_detail") || has("parent_id") => RecordKind::TaxonomyTerm,
        () => RecordKind::Service,
    }
}

// Reads a row as the graph shows it, without values that are derived from the whole record.
fn read(reader: &dyn DialectReader, kind: RecordKind, row: &Value) -> Value {
    let row = row.clone();
    let mut read = with_reading(AnswerDepth::Detail, |reading| match kind {
        RecordKind::ServiceAtLocation => json!(reader.read_service_at_location(row, reading)),
        RecordKind::TaxonomyTerm => json!(reader.read_taxonomy_term(row, reading)),
        _ => json!(reader.read_service(row, reading)),
    });
    forget(&mut read);
    read
}

fn forget(value: &mut Value) {
    match value {
        Value::Object(members) => {
            members.retain(|name, _| {
                !matches!(name.as_str(), "content_hash" | "read_bytes" | "order_key" | "carried")
            });
            members.values_mut().for_each(forget);
        }
        Value::Array(elements) => elements.iter_mut().for_each(forget),
        _ => {}
    }
}

fn scalars_of(value: &Value, path: String, scalars: &mut Vec<String>) {
    let mut go_on = |step: String, value: &Value| {
        let step = step.replace('~', "~0").replace('/', "~1");
        scalars_of(value, format!("{path}/{step}"), scalars);
    };
    match value {
        Value::Object(members) => members.iter().for_each(|(name, value)| go_on(name.clone(), value)),
        Value::Array(elements) => {
            elements.iter().enumerate().for_each(|(index, value)| go_on(index.to_string(), value));
        }
        _ => scalars.push(path),
    }
}

fn remove(row: &mut Value, path: &str) {
    let (parent, last) = path.rsplit_once('/').unwrap();
    let last = last.replace("~1", "/").replace("~0", "~");
    match row.pointer_mut(parent).unwrap() {
        Value::Object(members) => drop(members.shift_remove(&last)),
        Value::Array(elements) => drop(elements.remove(last.parse().unwrap())),
        _ => {}
    }
}

// `null` and placeholder texts have no content that could be lost.
fn says_nothing(value: &Value) -> bool {
    super::lenient::is_nothing(value)
}

fn retyped(value: &Value) -> Value {
    match value {
        Value::String(_) => json!(-987_654),
        Value::Number(_) => json!("\u{fffd}misfit"),
        _ => json!([["misfit"]]),
    }
}

fn altered(value: &Value) -> Value {
    match value {
        Value::String(text) => json!(format!("altered {text}")),
        Value::Number(number) => json!(number.as_f64().unwrap() + 7.0),
        Value::Bool(flag) => json!(!flag),
        other => other.clone(),
    }
}

// What a publisher withholds is removed on purpose.
fn is_withheld(path: &str, row: &Value, read: &Value) -> bool {
    let (sent, read) = (row.to_string(), read.to_string());
    (path.contains("contact") && sent.contains("personal_data"))
        || (path.contains("location") && read.contains("WITHHELD"))
}
