//! Saved pages and what they are read as.

use super::DIALECT;
use crate::model::RecordKind;
use crate::source::dialects::saved::{SavedPages, terms};

const SAVED: SavedPages = SavedPages { folder: "connect-to-support", dialect: &DIALECT };

#[test]
fn pages_become_records() {
    SAVED.check_page("services");
}

#[test]
fn captures_read_whole() {
    let pages = ["services_page1.json", "services_empty.json"];
    SAVED.check_captures("hull-connect-to-support", &pages, &[]);
}

#[test]
fn quirk_5_and_10_an_empty_page_in_lower_case_is_the_end() {
    let envelope = DIALECT.read_envelope(&SAVED.body("services-empty")).unwrap();
    assert_eq!((envelope.rows.len(), envelope.total_items, envelope.total_pages), (0, Some(0), Some(0)));
}

#[test]
fn quirk_37_collections_under_names_of_their_own_are_read() {
    let rows = DIALECT.read_envelope(&SAVED.body("services")).unwrap().rows;
    let service = SAVED.service(rows[0].clone());
    let expected = [("", "Carers support groups"), ("eligibility", "adult"), ("eligibility", "Lonely")];
    assert_eq!(terms(&service), expected);
}

#[test]
fn quirk_53_ages_and_coordinates_as_texts_are_numbers() {
    let rows = DIALECT.read_envelope(&SAVED.body("services")).unwrap().rows;
    let service = SAVED.service(rows[0].clone());
    assert_eq!((service.minimum_age, service.maximum_age), (Some(18.0), None));
    let location = service.service_at_locations[0].location.as_ref().unwrap();
    let point = location.coordinates.unwrap();
    assert_eq!((point.latitude, point.longitude), (53.7443, -0.3325));
}

#[test]
fn only_services_have_a_list() {
    let listed = RecordKind::ALL.into_iter().filter(|kind| DIALECT.endpoints.list(*kind).is_some());
    assert_eq!(listed.collect::<Vec<_>>(), [RecordKind::Service]);
}
