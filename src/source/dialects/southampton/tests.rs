//! A saved page and what it is read as.

mod quirks;

use serde_json::{Value, json};

use super::super::reader_laws::with_reading;
use super::super::saved::{SavedPages, beside};
use super::{DIALECT, READER};
use crate::model::Service;
use crate::source::dialect::{AnswerDepth, DialectReader as _, ReadingContext};

const SAVED: SavedPages = SavedPages { folder: "southampton", dialect: &DIALECT };

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
fn nothing_of_a_hidden_place_is_anywhere() {
    let rows = DIALECT.read_envelope(&page()).unwrap().rows;
    let read = json!(services(rows)).to_string();
    for exact in ["Secret", "SO14 2AB", "50.9123", "1.4123"] {
        assert!(!read.contains(exact), "{exact}");
    }
    assert!(read.contains("SO14 2AQ"), "places that are not hidden are whole");
}

// The captures are kept beside the repository, not in it.
#[test]
fn captures_read_whole() {
    let Some(captures) = beside("domain/captures/southampton-etch") else {
        eprintln!("SKIPPED: no captures beside this repository, so none of their rows was read");
        return;
    };
    let body = std::fs::read(captures.join("services_page1.json")).unwrap();
    let rows = DIALECT.read_envelope(&body).unwrap().rows;
    let read = services(rows.clone());
    assert_eq!((rows.len(), read.len()), (1, 1));
    assert_eq!(read[0].service_at_locations.len(), 1);
}
