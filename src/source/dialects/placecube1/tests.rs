//! Saved pages and what they are read as.

use serde_json::json;

use super::DIALECT;
use crate::model::IssueCode;
use crate::source::dialects::saved::{SavedPages, issues, terms};

const SAVED: SavedPages = SavedPages { folder: "placecube-1", dialect: &DIALECT };

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
    SAVED.check_captures(
        "placecube-v2",
        &["services_page1.json", "services_page1_raw_control_chars.txt"],
        &["services_by_id.json"],
    );
}

#[test]
fn quirk_26_raw_control_characters_cost_no_page() {
    let body = b"{\"totalElements\":1,\"content\":[{\"id\":\"1\",\"name\":\"a\nb\"}]}";
    let envelope = DIALECT.read_envelope(body).unwrap();
    assert_eq!(envelope.rows, [json!({"id": "1", "name": "a\nb"})]);
    assert_eq!(envelope.issues.len(), 1);
}

#[test]
fn quirk_31_a_place_without_an_id_is_told_by_service_and_location() {
    let place = json!([{"location": {"id": "77", "name": "Hall"}, "regular_schedule": [{"byday": "MO"}]}]);
    let one = SAVED.service_with(json!({"service_at_locations": place}));
    let other = SAVED.service_with(json!({"id": "other", "service_at_locations": place}));
    let id = |service: &crate::model::Service| service.service_at_locations[0].id.upstream().to_owned();
    assert_eq!(id(&other), "other-77");
    assert_ne!(id(&one), id(&other));
    assert!(one.service_at_locations[0].provenance.issues.iter().any(|one| one.code == IssueCode::MissingId));
}

#[test]
fn quirk_38_open_at_is_opens_at() {
    let holiday = json!([{"id": "h", "closed": "false", "open_at": "10:00", "closes_at": "12:00",
        "start_date": "2026-12-28", "end_date": "2026-12-28"}]);
    let service = SAVED.service_with(json!({"holiday_schedules": holiday}));
    assert_eq!(service.schedules[0].opens_at.map(|time| time.to_string()).as_deref(), Some("10:00:00"));
    assert_eq!(service.schedules[0].byday, ["MO"]);
    assert!(issues(&service).contains(&(IssueCode::MisspelledMember, "holiday_schedules[0].open_at")));
}

#[test]
fn quirk_48_what_the_vendor_adds_has_its_places() {
    let service = SAVED.service_with(json!({
        "pc_attendingAccess_additionalInfo": "Ring first",
        "attending_access": "Appointment",
        "pc_metadata": {"date_modified": "2024-03-11", "date_assured": "2024-03-10", "assured_by": "desk@curator.example"},
        "pc_targetAudience": [{"id": "1", "audienceType": "Carers"}],
    }));
    assert_eq!(service.application_process.as_deref(), Some("Ring first"));
    assert_eq!(service.last_modified.unwrap().to_rfc3339(), "2024-03-11T00:00:00+00:00");
    assert_eq!(service.provenance.assured_date.unwrap().to_string(), "2024-03-10");
    assert_eq!(service.provenance.assurer_email.as_deref(), Some("desk@curator.example"));
    assert_eq!(terms(&service), [("attending_access", "appointment"), ("intended_audience", "Carers")]);
}

#[test]
fn quirk_48_a_name_is_no_email_address() {
    let service = SAVED.service_with(json!({"pc_metadata": {"assured_by": "A curator"}}));
    assert_eq!(service.assurer_email, None);
    assert!(issues(&service).is_empty());
}
