//! Saved pages and what they are read as.

mod mapping;
mod quirks;
mod same_truth;

use serde_json::json;

use super::{DIALECT, READER};
use crate::source::dialect::{AnswerDepth, DialectReader as _};
use crate::source::dialects::reader_laws::{keeps_the_laws, with_reading};
use crate::source::dialects::saved::SavedPages;

const SAVED: SavedPages = SavedPages { folder: "oruk-1", dialect: &DIALECT };

#[test]
fn pages_become_records() {
    SAVED.check_page("services");
    SAVED.check_page("services-include");
}

#[test]
fn details_become_records() {
    SAVED.check_detail("service");
}

#[test]
fn terms_and_vocabularies_become_terms_and_taxonomies() {
    let terms = SAVED.body("taxonomies");
    let rows = DIALECT.read_envelope(&terms).unwrap().rows;
    let names = DIALECT.read_envelope(&SAVED.body("vocabularies")).unwrap().rows;
    let read = with_reading(AnswerDepth::List, |reading| {
        let terms: Vec<_> = rows.into_iter().map(|row| READER.read_taxonomy_term(row, reading)).collect();
        let taxonomies: Vec<_> = names.into_iter().map(|row| READER.read_taxonomy(row, reading)).collect();
        json!({"terms": terms, "taxonomies": taxonomies})
    });
    SAVED.snapshot("taxonomies", &read);
    keeps_the_laws(&DIALECT, &terms);
}

#[test]
fn captures_read_whole() {
    let pages = ["services_page1.json", "services_include_contacts_page1.json"];
    SAVED.check_captures("porism-v1", &pages, &["services_by_id.json"]);
}
