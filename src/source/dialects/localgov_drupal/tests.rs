//! Saved pages and what they are read as.

use serde_json::json;

use super::{DIALECT, READER};
use crate::model::{IssueCode, RecordKind};
use crate::source::dialect::{AnswerDepth, DialectReader as _, NotAPage};
use crate::source::dialects::reader_laws::with_reading;
use crate::source::dialects::saved::{SavedPages, issues};

const SAVED: SavedPages = SavedPages { folder: "localgov-drupal", dialect: &DIALECT };

#[test]
fn pages_become_records() {
    SAVED.check_page("services");
}

#[test]
fn details_become_records() {
    SAVED.check_detail("service");
}

#[test]
fn captures_read_whole() {
    SAVED.check_captures("localgov-drupal", &["services_page1.json"], &["services_by_id.json"]);
}

#[test]
fn vocabularies_are_names_alone() {
    let rows = DIALECT.read_envelope(&SAVED.body("vocabulary")).unwrap().rows;
    let names = with_reading(AnswerDepth::List, |reading| {
        let read = |row| READER.read_taxonomy(row, reading).map(|taxonomy| taxonomy.name);
        rows.into_iter().filter_map(read).collect::<Vec<_>>()
    });
    assert_eq!(names, ["service_types", "accessibility"]);
}

#[test]
fn records_are_at_singular_paths() {
    let paths =
        [RecordKind::Service, RecordKind::Organization, RecordKind::Location, RecordKind::TaxonomyTerm]
            .map(|kind| DIALECT.endpoints.record(kind));
    assert_eq!(paths, [Some("services"), Some("organization"), Some("location"), None]);
}

#[test]
fn quirk_17_the_number_of_pages_may_be_a_float() {
    assert_eq!(DIALECT.read_envelope(&SAVED.body("services")).unwrap().total_pages, Some(1));
}

#[test]
fn quirk_22_an_unpublished_record_is_an_error_message() {
    let message = br#"{"message":"The requested resource is not accessible."}"#;
    assert_eq!(DIALECT.read_single(message), Err(NotAPage::ErrorMessage));
}

#[test]
fn quirk_39_one_object_is_a_list_of_one() {
    let contact = json!({"id": "c", "name": "Desk", "phones": {"id": "p", "number": "01632 960222"}});
    let service = SAVED.service_with(json!({"contacts": contact}));
    assert_eq!(service.contacts[0].phones[0].number.as_deref(), Some("01632 960222"));
    assert_eq!(
        issues(&service),
        [(IssueCode::WrongType, "contacts"), (IssueCode::WrongType, "contacts[0].phones")]
    );
}

#[test]
fn quirk_40_an_empty_list_is_no_value() {
    let service = SAVED.service_with(json!({"url": [], "organization": [], "description": []}));
    assert!(service.url.is_none() && service.organization.is_none() && service.description.is_none());
    assert!(service.organization_id.is_some() && service.extra.is_empty());
}

#[test]
fn quirk_41_the_readable_form_of_a_text_is_read() {
    let text = json!({"value": "a *b*", "format": "markdown", "processed": "<p>a <em>b</em></p>"});
    let service = SAVED.service_with(json!({"description": text}));
    assert_eq!(service.description.unwrap().raw(), "<p>a <em>b</em></p>");
}

#[test]
fn deep_records_cut_to_their_ids_are_references() {
    let service = SAVED.service_with(json!({
        "organization_id": null,
        "organization": {"id": "o-7"},
        "service_at_locations": [{"id": "s", "location": {"id": "l-7"}}],
    }));
    assert_eq!(service.organization_id.as_ref().map(|id| id.upstream()), Some("o-7"));
    let place = &service.service_at_locations[0];
    assert!(service.organization.is_none() && place.location.is_none());
    assert_eq!(place.location_id.as_ref().map(|id| id.upstream()), Some("l-7"));
}
