//! Saved pages and what they are read as.

mod opening;
mod quirks;
mod readings;
mod values;

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::super::reader_laws::{keeps_the_laws, with_reading};
use super::super::saved::as_shown;
use super::{DIALECT, READER};
use crate::model::Service;
use crate::source::dialect::{AnswerDepth, DialectReader as _, ListEnvelope, ReadingContext};
use crate::source::onward::OnwardWord;

fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(folder().join(name)).unwrap()
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/feeds/hsds-3")
}

// Compares with a snapshot beside the page.
fn snapshot(name: &str, read: &impl serde::Serialize) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(folder());
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_json_snapshot!(name, as_shown(&json!(read))));
}

fn services(name: &str) -> (ListEnvelope, Vec<Service>) {
    let mut envelope = DIALECT.read_envelope(&fixture(name)).unwrap();
    let rows = std::mem::take(&mut envelope.rows);
    let read = |reading: &ReadingContext<'_>| {
        rows.into_iter().filter_map(|row| READER.read_service(row, reading)).collect()
    };
    (envelope, with_reading(AnswerDepth::List, read))
}

fn detail(service: Value) -> Service {
    with_reading(AnswerDepth::Detail, |reading| READER.read_service(service, reading))
        .expect("it is a service")
}

#[test]
fn pages_become_records() {
    for name in ["oruk-3-services", "aggregator-services", "hsds-3.2-services", "worst-services"] {
        let (envelope, services) = services(&format!("{name}.json"));
        let next = match &envelope.onward {
            Some(OnwardWord::Link(link)) => Some(link),
            _ => None,
        };
        let claims = json!({
            "total_items": envelope.total_items,
            "total_pages": envelope.total_pages,
            "page_number": envelope.page_number,
            "next": next,
            "issues": envelope.issues,
        });
        snapshot(name, &json!({"envelope": claims, "services": services}));
    }
}

#[test]
fn details_become_records() {
    let row = DIALECT.read_single(&fixture("oruk-3-service.json")).unwrap().unwrap();
    snapshot("oruk-3-service", &detail(row));
}

#[test]
fn services_at_locations_carry_both_sides() {
    let rows = DIALECT.read_envelope(&fixture("hsds-3.0-service_at_locations.json")).unwrap().rows;
    let read = |reading: &ReadingContext<'_>| {
        rows.into_iter().filter_map(|row| READER.read_service_at_location(row, reading)).collect::<Vec<_>>()
    };
    snapshot("hsds-3.0-service_at_locations", &with_reading(AnswerDepth::List, read));
}

#[test]
fn every_page_is_read_by_the_laws() {
    for name in [
        "oruk-3-services",
        "aggregator-services",
        "hsds-3.2-services",
        "hsds-3.0-service_at_locations",
        "worst-services",
    ] {
        keeps_the_laws(&DIALECT, &fixture(&format!("{name}.json")));
    }
}

// The page has each property of HSDS 3.1 at least once, each with a distinct value.
#[test]
fn no_property_of_the_standard_is_lost() {
    let sent: Value = serde_json::from_slice(&fixture("hsds-3.1-service-whole.json")).unwrap();
    let read = json!(detail(sent.clone()));
    let mut departures = Vec::new();
    collect(&read, &mut |key, value| {
        if matches!(key, "issues" | "extra") && !matches!(value.to_string().as_str(), "[]" | "{}") {
            departures.push(value.to_string());
        }
    });
    assert_eq!(departures, Vec::<String>::new());
    let kept: Vec<String> = leaves(&read);
    let pieces = leaves(&sent).into_iter().flat_map(|leaf| {
        let is_list = leaf.len() < 12 && leaf.contains(',');
        let pieces: Vec<String> =
            leaf.split(if is_list { ',' } else { '\0' }).map(ToOwned::to_owned).collect();
        pieces
    });
    let lost: Vec<String> = pieces.filter(|piece| !kept.iter().any(|leaf| leaf.contains(piece))).collect();
    assert_eq!(lost, Vec::<String>::new());
}

fn collect(value: &Value, seen: &mut impl FnMut(&str, &Value)) {
    match value {
        Value::Object(members) => members.iter().for_each(|(key, value)| {
            seen(key, value);
            collect(value, seen);
        }),
        Value::Array(elements) => elements.iter().for_each(|element| collect(element, seen)),
        _ => {}
    }
}

// Every scalar as text, with the spelling of enumerations adjusted.
fn leaves(value: &Value) -> Vec<String> {
    match value {
        Value::Object(members) => members.values().flat_map(leaves).collect(),
        Value::Array(elements) => elements.iter().flat_map(leaves).collect(),
        Value::String(text) => vec![text.to_lowercase().replace("temporarily closed", "temporarilyclosed")],
        other => vec![other.to_string()],
    }
}

// The captures are kept beside the repository, not in it.
#[test]
fn captures_read_whole() {
    let around = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().skip(1);
    let mut captures = around.map(|folder| folder.join("shared/domain/captures"));
    let Some(captures) = captures.find(|path| path.exists()) else {
        eprintln!("SKIPPED: no captures beside this repository, so none of their rows was read");
        return;
    };
    let folders =
        ["placecube-v3", "dorset-aggregator", "hsds-3.0", "hsds-3.1", "hsds-3.2-server", "oruk3-profile"];
    let mocks = ["default", "fail", "warn", "test"].map(|name| format!("oruk-validator/{name}"));
    let folders = folders.into_iter().map(ToOwned::to_owned).chain(mocks);
    let read: usize = folders.map(|folder| capture_folder(&captures.join(folder))).sum();
    assert!(read > 50, "{read} rows read");
}

fn capture_folder(folder: &Path) -> usize {
    let Ok(files) = std::fs::read_dir(folder) else { return 0 };
    let files: Vec<PathBuf> = files.map(|file| file.unwrap().path()).collect();
    let wanted = |file: &&PathBuf| {
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        name.ends_with(".json") && !name.starts_with("root") && !name.starts_with("dashboard")
    };
    files.iter().filter(wanted).map(|file| capture(file)).sum()
}

fn capture(file: &Path) -> usize {
    let body = std::fs::read(file).unwrap();
    let name = file.file_name().unwrap().to_string_lossy().into_owned();
    if name.contains("_by_id") {
        let row = DIALECT.read_single(&body).unwrap().expect("a record");
        return usize::from(with_reading(AnswerDepth::Detail, |reading| is_read(&name, row, reading)));
    }
    let sent: Value = serde_json::from_slice(&body).unwrap();
    let sent = ["contents", "data"].iter().find_map(|key| sent[*key].as_array().map(Vec::len)).unwrap_or(0);
    let rows = DIALECT.read_envelope(&body).unwrap_or_else(|error| panic!("{file:?}: {error}")).rows;
    assert_eq!(rows.len(), sent, "{file:?}");
    let read = with_reading(AnswerDepth::List, |reading| {
        rows.into_iter().filter(|row| is_read(&name, row.clone(), reading)).count()
    });
    assert_eq!(read, sent, "{file:?}");
    read
}

fn is_read(name: &str, row: Value, reading: &ReadingContext<'_>) -> bool {
    let record = match name.split(['.', '_']).next().unwrap() {
        "organizations" => json!(READER.read_organization(row, reading)),
        "taxonomies" => json!(READER.read_taxonomy(row, reading)),
        "taxonomy" => json!(READER.read_taxonomy_term(row, reading)),
        "service" => json!(READER.read_service_at_location(row, reading)),
        _ => json!(READER.read_service(row, reading)),
    };
    !record.is_null()
}
