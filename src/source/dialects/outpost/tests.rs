//! Saved pages and what becomes of them.

mod quirks;

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::super::conformance::{conforms, with_reading};
use super::OutpostReader;
use crate::model::Service;
use crate::source::dialect::{Depth, DialectReader as _, NotAPage, Reading};

const READER: OutpostReader = OutpostReader;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/feeds/outpost")
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
fn nothing_of_a_masked_place_is_anywhere() {
    let rows = READER.read_envelope(&page()).unwrap().rows;
    let read = json!(services(rows)).to_string();
    for exact in ["Quarry", "quarry", "EX1 1AB", "3.5312", "50.7212"] {
        assert!(!read.contains(exact), "{exact}");
    }
    assert!(read.contains("EX1 1AE"), "places that are not masked are whole");
}

#[test]
fn errors_are_no_pages_and_no_records() {
    let missing = br#"{"error":"No matching document"}"#;
    let down = br#"{"error":"There was an internal server error. Please try again later"}"#;
    assert_eq!(READER.read_single(missing), Ok(None));
    assert_eq!(READER.read_single(down), Err(NotAPage::ErrorMessage));
    assert_eq!(READER.read_envelope(down), Err(NotAPage::ErrorMessage));
}

// The captures are kept beside the repository where it is developed, not in it.
#[test]
fn captures_read_whole() {
    let around = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().skip(1);
    let mut captures = around.map(|folder| folder.join("shared/domain/captures/outpost"));
    let Some(captures) = captures.find(|path| path.exists()) else {
        eprintln!("SKIPPED: no captures beside this repository, so none of their rows was read");
        return;
    };
    let body = |name: &str| std::fs::read(captures.join(name)).unwrap();
    for (name, rows) in
        [("services_page1.json", 2), ("services_near_page1.json", 1), ("services_empty.json", 0)]
    {
        let envelope = READER.read_envelope(&body(name)).unwrap();
        assert_eq!((envelope.rows.len(), services(envelope.rows).len()), (rows, rows), "{name}");
    }
    for name in ["services_by_id.json", "services_by_id_older_release.json"] {
        let row = READER.read_single(&body(name)).unwrap().expect("a record");
        assert_eq!(service(row).id.upstream(), "12345");
    }
    assert_eq!(READER.read_single(&body("services_by_id_404.json")), Ok(None));
    assert_eq!(READER.read_single(&body("error_500.json")), Err(NotAPage::ErrorMessage));
    assert!(READER.read_envelope(&body("unknown_route_404.json")).is_err());
    assert!(READER.read_envelope(&body("rate_limited_429.txt")).is_err());
}
