//! Saved pages and what they are read as.

mod quirks;

use serde_json::{Value, json};

use super::super::reader_laws::with_reading;
use super::super::saved::{SavedPages, beside};
use super::{DIALECT, READER};
use crate::model::Service;
use crate::source::dialect::{AnswerDepth, DialectReader as _, NotAPage, ReadingContext};

const SAVED: SavedPages = SavedPages { folder: "outpost", dialect: &DIALECT };

fn page() -> Vec<u8> {
    SAVED.body("services")
}

fn services(rows: Vec<Value>) -> Vec<Service> {
    let read = |reading: &ReadingContext<'_>| {
        rows.into_iter().filter_map(|row| READER.read_service(row, reading)).collect()
    };
    with_reading(AnswerDepth::List, read)
}

fn service(row: Value) -> Service {
    services(vec![row]).pop().expect("it is a service")
}

#[test]
fn pages_become_records() {
    SAVED.check_page("services");
}

#[test]
fn nothing_of_a_masked_place_is_anywhere() {
    let rows = DIALECT.read_envelope(&page()).unwrap().rows;
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
    assert_eq!(DIALECT.read_single(missing), Ok(None));
    assert_eq!(DIALECT.read_single(down), Err(NotAPage::ErrorMessage));
    assert_eq!(DIALECT.read_envelope(down), Err(NotAPage::ErrorMessage));
}

// The captures are kept beside the repository, not in it.
#[test]
fn captures_read_whole() {
    let Some(captures) = beside("domain/captures/outpost") else {
        eprintln!("SKIPPED: no captures beside this repository, so none of their rows was read");
        return;
    };
    let body = |name: &str| std::fs::read(captures.join(name)).unwrap();
    for (name, rows) in
        [("services_page1.json", 2), ("services_near_page1.json", 1), ("services_empty.json", 0)]
    {
        let envelope = DIALECT.read_envelope(&body(name)).unwrap();
        assert_eq!((envelope.rows.len(), services(envelope.rows).len()), (rows, rows), "{name}");
    }
    for name in ["services_by_id.json", "services_by_id_older_release.json"] {
        let row = DIALECT.read_single(&body(name)).unwrap().expect("a record");
        assert_eq!(service(row).id.upstream(), "12345");
    }
    assert_eq!(DIALECT.read_single(&body("services_by_id_404.json")), Ok(None));
    assert_eq!(DIALECT.read_single(&body("error_500.json")), Err(NotAPage::ErrorMessage));
    assert!(DIALECT.read_envelope(&body("unknown_route_404.json")).is_err());
    assert!(DIALECT.read_envelope(&body("rate_limited_429.txt")).is_err());
}
