//! A saved page and what becomes of it.

mod quirks;

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::super::conformance::{conforms, with_reading};
use super::SouthamptonReader;
use crate::model::Service;
use crate::source::dialect::{Depth, DialectReader as _, Reading};

const READER: SouthamptonReader = SouthamptonReader;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/feeds/southampton")
}

fn page() -> Vec<u8> {
    std::fs::read(folder().join("services.json")).unwrap()
}

fn services(rows: Vec<Value>) -> Vec<Service> {
    let read = |reading: &Reading<'_>| {
        rows.into_iter().filter_map(|row| READER.read_service(row, reading)).collect()
    };
    with_reading(Depth::List, read)
}

fn service(row: Value) -> Service {
    services(vec![row]).pop().expect("it is a service")
}

#[test]
fn pages_become_records() {
    let envelope = READER.read_envelope(&page()).unwrap();
    let claims = json!({
        "total_items": envelope.total_items,
        "total_pages": envelope.total_pages,
        "page_number": envelope.page_number,
        "next": envelope.next,
        "issues": envelope.issues,
    });
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(folder());
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    let read = json!({"envelope": claims, "services": services(envelope.rows)});
    settings.bind(|| insta::assert_json_snapshot!("services", read));
}

#[test]
fn the_page_conforms() {
    conforms(&READER, &page());
}

#[test]
fn nothing_of_a_hidden_place_is_anywhere() {
    let rows = READER.read_envelope(&page()).unwrap().rows;
    let read = json!(services(rows)).to_string();
    for exact in ["Secret", "SO14 2AB", "50.9123", "1.4123"] {
        assert!(!read.contains(exact), "{exact}");
    }
    assert!(read.contains("SO14 2AQ"), "places that are not hidden are whole");
}

// The captures are kept beside the repository where it is developed, not in it.
#[test]
fn captures_read_whole() {
    let around = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().skip(1);
    let mut captures = around.map(|folder| folder.join("shared/domain/captures/southampton-etch"));
    let Some(captures) = captures.find(|path| path.exists()) else {
        eprintln!("SKIPPED: no captures beside this repository, so none of their rows was read");
        return;
    };
    let body = std::fs::read(captures.join("services_page1.json")).unwrap();
    let rows = READER.read_envelope(&body).unwrap().rows;
    let read = services(rows.clone());
    assert_eq!((rows.len(), read.len()), (1, 1));
    assert_eq!(read[0].service_at_locations.len(), 1);
}
