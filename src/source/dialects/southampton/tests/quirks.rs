//! One irregularity at a time, by its number in `docs/quirks.md`.

use serde_json::{Value, json};

use super::super::super::reader_laws::with_reading;
use super::{DIALECT, READER, service};
use crate::model::{Frequency, IssueCode, Location, RecordIssue, RecordKind, Service};
use crate::source::dialect::{AnswerDepth, DialectReader as _};

/// A service with what every service has, and `members`.
fn with(members: Value) -> Service {
    let organization = json!({"id": "2", "name": "Elm Trust"});
    let mut row = json!({"id": "1", "name": "Tea", "status": "active", "organization": organization});
    row.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
    service(row)
}

fn place(location: Value) -> Location {
    let service = with(json!({"service_at_locations": [{"id": null, "location": location}]}));
    Location::clone(service.service_at_locations[0].location.as_ref().unwrap())
}

fn has(issues: &[RecordIssue], code: IssueCode, path: &str) -> bool {
    issues.iter().any(|issue| issue.code == code && issue.path == path)
}

#[test]
fn quirk_30_short_numeric_texts_are_ids() {
    assert_eq!(with(json!({"id": "3320"})).id.upstream(), "3320");
}

#[test]
fn quirk_38_an_address_line_without_its_underscore() {
    let read = place(json!({"id": "3", "physical_addresses": [{"id": "4", "address1": "Quay Street"}]}));
    assert_eq!(read.addresses[0].address_1.as_deref(), Some("Quay Street"));
    let path = "physical_addresses[0].address1";
    assert!(has(&read.provenance.issues, IssueCode::MisspelledMember, path));
}

#[test]
fn quirk_41_alerts_in_objects() {
    let read = with(json!({"alert": {"text": "Closed until May"}}));
    assert_eq!(read.alert.as_deref(), Some("Closed until May"));
    assert!(has(&read.provenance.issues, IssueCode::WrongType, "alert"));
}

#[test]
fn quirk_48_what_only_this_publisher_has_is_mapped_or_kept() {
    let read = with(json!({
        "eligible_for2_yo_funding": true, "eligible_for_more": false, "referral_notes": "Ask your school.",
        "ofsted_urn": "EY1", "cqc_location_id": 12, "ofsted_latest_inspection": {"overall_judgement": "Met"},
        "special_needs": [{"id": "4", "name": "Autism"}], "school_pickups": [{"id": "4", "name": "Elm Primary"}],
    }));
    let terms: Vec<&str> =
        read.attributes.iter().map(|one| one.taxonomy_term_id.as_ref().unwrap().upstream()).collect();
    assert_eq!(terms, ["special_need/4", "school_pickup/4", "funding_entitlement/2_yo_funding"]);
    assert_eq!(read.application_process.as_deref(), Some("Ask your school."));
    assert_eq!(read.accreditations.as_deref(), Some("Ofsted URN: EY1; CQC location: 12"));
    assert!(
        read.extra.contains_key("ofsted_latest_inspection") && read.extra.contains_key("eligible_for_more")
    );
}

#[test]
fn quirk_76_weekdays_are_weekly_rules() {
    let slot = json!({"id": "9", "weekday": "Monday", "opens_at": "08:00:00", "closes_at": "18:00:00"});
    let read = with(json!({"regular_schedules": [slot], "schedule_description": "Term time"}));
    assert_eq!((read.schedules.len(), read.schedules[0].freq), (1, Some(Frequency::Weekly)));
    let words = with(json!({"schedule_description": "Term time"}));
    assert_eq!(words.schedules[0].description.as_deref(), Some("Term time"));
}

#[test]
fn languages_and_areas_have_names_alone() {
    let read = with(json!({
        "languages": [{"id": "1", "name": "Urdu"}], "service_areas": [{"id": "5", "name": "Elmshire"}],
    }));
    assert_eq!(read.languages[0].name.as_deref(), Some("Urdu"));
    assert_eq!(read.service_areas[0].name.as_deref(), Some("Elmshire"));
}

#[test]
fn access_is_stated_by_name() {
    let read = place(json!({"id": "3", "accessibilities": [{"id": "2", "name": "Step-free entrance"}]}));
    assert_eq!(read.accessibility[0].description.as_deref(), Some("Step-free entrance"));
}

#[test]
fn a_service_at_a_location_without_an_id_gets_one_that_lasts() {
    let read = |name: &str| {
        let delivery = json!({"id": null, "location": {"id": "3", "name": name}});
        with(json!({"service_at_locations": [delivery]})).service_at_locations[0].clone()
    };
    let (before, after) = (read("Hall"), read("Old Hall"));
    assert_eq!(before.id, after.id);
    assert!(has(&after.provenance.issues, IssueCode::MissingId, "id"));
}

#[test]
fn a_hidden_address_is_nowhere() {
    let hidden = json!({"id": "3", "name": "9 Elm Row", "latitude": 50.9, "longitude": -1.4, "uprn": "100"});
    let read = with(json!({
        "hide_address": "true", "postcode": "SO14 2AB", "distance_away": 0.2,
        "service_at_locations": [{"id": null, "location": hidden}],
    }));
    let location = read.service_at_locations[0].location.as_ref().unwrap();
    assert_eq!((location.coordinates, location.name.as_ref(), location.addresses.len()), (None, None, 0));
    assert!(has(&read.provenance.issues, IssueCode::Withheld, "hide_address"));
    assert!(has(&location.provenance.issues, IssueCode::Withheld, "hide_address"));
    let all = json!(read).to_string();
    for exact in ["9 Elm Row", "SO14", "50.9", "distance_away"] {
        assert!(!all.contains(exact), "{exact}");
    }
    let delivery = json!({"id": "8", "hide_address": true, "location": {"id": "3", "name": "9 Elm Row"}});
    let alone =
        with_reading(AnswerDepth::Detail, |reading| READER.read_service_at_location(delivery, reading));
    assert!(!json!(alone).to_string().contains("9 Elm Row"));
}

#[test]
fn only_services_have_an_endpoint() {
    let offered: Vec<RecordKind> =
        RecordKind::ALL.into_iter().filter(|kind| DIALECT.endpoints.list(*kind).is_some()).collect();
    assert_eq!(offered, [RecordKind::Service]);
}
