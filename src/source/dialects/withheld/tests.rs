//! Nothing private leaves any dialect, wherever in a record it is.

mod disguises;
mod elsewhere;

use serde_json::{Map, Value, json};

use super::super::descriptions;
use super::super::reader_laws::with_policy;
use super::{WithheldItem, WithholdingRules};
use crate::model::RecordKind;
use crate::source::dialect::{AnswerDepth, DialectReader, ReadingContext};
use crate::source::kept_back::KeptBack;

/// A text that occurs only in private members.
const MARKER: &str = "zqprivate";

fn withhold(kind: RecordKind, row: &mut Map<String, Value>, omits_assurers: bool) -> Vec<WithheldItem> {
    let known = KeptBack::default();
    super::withhold(kind, row, WithholdingRules { omits_assurers, known: &known }, None)
}

/// Private members, each with the marker.
fn private() -> Map<String, Value> {
    let members = json!({
        "assurer_email": "zqprivate@check.example",
        "Assurer-Name": "Zqprivate Person",
        "pc_metadata": {"assured_by": "Zqprivate Person", "note": "kept"},
        "curator": "ask ZQPRIVATE@check.example or zqprivate%40check.example",
        "updated_by": "zqprivate@check.example",
        "metadata": [
            {"id": "m1", "field_name": "assurer_email", "previous_value": "zqprivate@old.example", "replacement_value": "x"},
            {"id": "m2", "resource_type": "contact", "resource_id": "c-zq", "previous_value": "zqprivate"},
            {"id": "m3", "field_name": "name", "updated_by": "zqprivate@check.example"},
        ],
        "contacts": [
            {"id": "c-zq", "name": "zqprivate", "personal_data": "aye", "phones": [{"id": "p-zq", "number": "zqprivate"}]},
            {"id": "c-open", "name": "Front desk", "email": "desk@open.example", "personal_data": false},
        ],
        "contact_collection": [{"id": "c-zq2", "name": "zqprivate", "Sensitive-Data": 1, "email": "zqprivate@home.example"}],
        "phones": [
            {"id": "p1", "number": "0117 zqprivate", "contact_id": "c-zq"},
            {"id": "p-zq", "number": "0117 zqprivate"},
            {"id": "p2", "number": "0117 496 0123"},
        ],
        "assured": {"by": "zqprivate", "date": "2026-01-01", "people": [{"name": "kept"}]},
        "contact": {"id": "c-zq3", "name": "zqprivate", "policy": {"personal_data": true}},
        "vendor": {"people": [[{"name": "zqprivate", "personalData": {"is": "odd"}}]], "note": "kept"},
        "zqprivate@check.example": {"name": "under an address", "assurer": "zqprivate"},
        "place": [[{"hideAddress": true, "address_1": "zqprivate", "line": "zqprivate"}]],
    });
    members.as_object().cloned().unwrap_or_default()
}

/// A hidden address, and a masked one.
fn places() -> Value {
    json!([
        {"id": "l-hidden", "hide_address": "yes", "name": "zqprivate", "latitude": 51.987_654, "addresses": [{"address_1": "zqprivate"}]},
        {"id": "l-masked", "mask_exact_address": true, "name": "zqprivate", "latitude": 51.987_654, "longitude": -2.123_456,
         "addresses": [{"id": "a", "address_1": "zqprivate", "city": "Elmford", "postal_code": "EX1 1AB"}],
         "physical_addresses": [{"address_1": "zqprivate", "postal_code": "EX1 1AB"}]},
    ])
}

fn with(mut record: Value, members: Map<String, Value>) -> Value {
    record.as_object_mut().unwrap().extend(members);
    record
}

/// A record of every kind, with private members in itself and in everything nested in it.
fn rows() -> Vec<(RecordKind, Value)> {
    let location = || with(json!({"id": "l-1", "name": "Hall", "location_type": "physical"}), private());
    // The same two places again, without their flags.
    let again = json!([
        {"id": "d1", "location": {"id": "l-hidden", "name": "zqprivate", "latitude": 51.987_654}},
        {"id": "d2", "location_id": "l-masked", "location": {"name": "zqprivate", "address_1": "zqprivate"}},
        with(json!({"id": "d3", "location": location()}), private()),
    ]);
    let delivered = || {
        let nested =
            json!({"id": "s-1", "name": "Tea", "locations": places(), "service_at_locations": again});
        with(nested, private())
    };
    let organization = |services: Value| {
        let nested = json!({"id": "o-1", "name": "Elm", "locations": [location()], "services": services});
        with(nested, private())
    };
    let service = || {
        let around = json!({"id": "s-2", "organization": organization(json!([delivered()]))});
        with(delivered(), around.as_object().cloned().unwrap_or_default())
    };
    let term = json!({"id": "t-1", "name": "Tea", "vocabulary": "Drinks"});
    vec![
        (RecordKind::Service, service()),
        (RecordKind::Organization, organization(json!([[service()]]))),
        (RecordKind::Location, location()),
        (
            RecordKind::ServiceAtLocation,
            with(json!({"id": "d", "location": location(), "service": service()}), private()),
        ),
        (RecordKind::Taxonomy, with(term.clone(), private())),
        (RecordKind::TaxonomyTerm, with(term, private())),
    ]
}

fn read(reader: &dyn DialectReader, kind: RecordKind, row: Value, reading: &ReadingContext<'_>) -> Value {
    match kind {
        RecordKind::Service => json!(reader.read_service(row, reading)),
        RecordKind::Organization => json!(reader.read_organization(row, reading)),
        RecordKind::Location => json!(reader.read_location(row, reading)),
        RecordKind::ServiceAtLocation => json!(reader.read_service_at_location(row, reading)),
        RecordKind::Taxonomy => json!(reader.read_taxonomy(row, reading)),
        RecordKind::TaxonomyTerm => json!(reader.read_taxonomy_term(row, reading)),
    }
}

#[test]
fn nothing_private_leaves_any_dialect_from_any_depth_of_any_record() {
    for (dialect, of) in descriptions() {
        let reader = of.reader;
        for (kind, row) in rows() {
            let sent = row.to_string();
            let record = with_policy(true, AnswerDepth::Detail, |reading| read(reader, kind, row, reading));
            let text = record.to_string();
            let at = text.to_lowercase().find(MARKER);
            let around = at.map(|at| text.get(at.saturating_sub(90)..(at + 60).min(text.len())));
            assert_eq!(around, None, "{dialect:?} {kind:?}");
            for exact in ["51.987654", "2.123456", "EX1 1AB"] {
                assert!(!text.contains(exact), "{dialect:?} {kind:?}: {exact}");
            }
            assert!(
                sent.to_lowercase().contains(MARKER) && text.contains("WITHHELD"),
                "{dialect:?} {kind:?}"
            );
            for kept in ["Front desk", "desk@open.example", "0117 496 0123", "\"note\":\"kept\""] {
                assert!(text.contains(kept), "{dialect:?} {kind:?}: {kept} is gone");
            }
        }
    }
}

#[test]
fn quirk_71_who_checked_a_record_leaves_no_trace_whether_named_or_by_address() {
    for by in ["Sample Person", "sample.person@curator.example"] {
        let mut row = json!({
            "id": "1", "name": "Assurer training", "pc_metadata": {"assured_by": by, "note": "kept"}, "Assurer-Name": by,
            "review": {"by": "sample.person@curator.example"}, "email": "sample.person@curator.example",
        });
        let withheld = withhold(RecordKind::Service, row.as_object_mut().unwrap(), true);
        assert!(withheld.iter().any(|one| one.path == "pc_metadata.assured_by"), "{withheld:?}");
        assert!(withheld.iter().all(|one| !one.path.contains('@')), "{withheld:?}");
        let is_known = by.contains('@');
        assert_eq!(row["review"].get("by").is_none(), is_known, "{row}");
        assert!(!row.to_string().contains("Sample Person"), "{row}");
        assert_eq!(row["pc_metadata"], json!({"note": "kept"}));
        assert_eq!(row["name"], "Assurer training");
        assert_eq!(row["email"], "sample.person@curator.example", "what is published to be written to stays");
    }
}

#[test]
fn assurers_stay_where_the_operator_serves_them() {
    let sent = json!({"id": "1", "assurer_email": "a@b.example", "note": "a@b.example"});
    let mut row = sent.clone();
    assert_eq!(withhold(RecordKind::Service, row.as_object_mut().unwrap(), false), []);
    assert_eq!(row, sent);
}

#[test]
fn a_record_that_is_said_to_be_personal_stays_without_the_ways_to_reach_people() {
    let mut row = json!({
        "id": "1", "name": "Tea", "email": "zqprivate", "organization": {"id": "2", "name": "Elm", "personal_data": true, "phones": ["zqprivate"]},
        "sensitive_data": "true", "contacts": [{"id": "c", "name": "zqprivate"}], "metadata": [{"contact_id": "c", "old": "zqprivate"}],
        "location": {"id": "3", "personal_data": true, "address_1": "zqprivate"},
    });
    withhold(RecordKind::Service, row.as_object_mut().unwrap(), false);
    let read = json!({
        "id": "1", "name": "Tea", "organization": {"id": "2", "name": "Elm", "personal_data": true},
        "sensitive_data": "true", "metadata": [], "location": {"id": "3", "hide_address": true},
    });
    assert_eq!(row, read);
}

#[test]
fn a_service_that_masks_its_address_stays_a_service() {
    let mut row = json!({
        "id": "1", "name": "Tea", "mask_exact_address": true, "postal_code": "HP5 1AG", "address_1": "3 Elm Lane", "uprn": 1,
        "service_at_locations": [{"location": {"id": "2", "name": "3 Elm Lane", "latitude": 51.71234}}],
    });
    withhold(RecordKind::Service, row.as_object_mut().unwrap(), false);
    let place = json!({"id": "2", "latitude": 51.71, "mask_exact_address": true});
    let read = json!({
        "id": "1", "name": "Tea", "mask_exact_address": true, "postal_code": "HP5",
        "service_at_locations": [{"location": place}],
    });
    assert_eq!(row, read);
}

#[test]
fn a_hidden_place_is_hidden_by_whatever_words_a_vendor_speaks_of_it() {
    let mut row = json!({
        "id": "1", "name": "Tea", "hide_address": true, "email": "desk@elm.example", "full_address": "zqprivate",
        "Address Line 1": "zqprivate", "venue_name": "zqprivate", "latlng": "zqprivate", "town": "zqprivate",
        "google_maps_url": "zqprivate", "nearest": {"directions": "zqprivate"}, "email_address": "desk@elm.example",
    });
    withhold(RecordKind::Service, row.as_object_mut().unwrap(), false);
    let read = json!({
        "id": "1", "name": "Tea", "hide_address": true, "email": "desk@elm.example", "nearest": {},
        "email_address": "desk@elm.example",
    });
    assert_eq!(row, read);
}

#[test]
fn a_hidden_place_is_hidden_wherever_the_record_gives_its_address() {
    let mut row = json!({
        "id": "1", "name": "Tea", "locations": [{"id": "X", "hide_address": true}],
        "addresses": [{"id": "7", "location_id": "X", "address_1": "zqprivate"}],
        "venue": {"id": "X", "name": "zqprivate", "latitude": 51.1},
        "service_at_locations": [{"id": "8", "location_id": "X", "physical_addresses": [{"address_1": "zqprivate"}]}],
        "schedules": [{"id": "X", "byday": "MO"}],
    });
    withhold(RecordKind::Service, row.as_object_mut().unwrap(), false);
    assert!(!row.to_string().contains("zqprivate"), "{row}");
    assert_eq!(row["schedules"], json!([{"id": "X", "byday": "MO"}]), "ids of other kinds may be equal");
}

#[test]
fn flags_and_assurers_are_known_by_more_than_one_name() {
    let mut row = json!({
        "id": "1", "name": "Tea", "assured_name": "zqprivate", "assurance": {"officer": "zqprivate"},
        "assuror_email": "zqprivate@elm.example", "assured_date": "2026-01-02",
        "contacts": [
            {"id": "a", "name": "zqprivate", "policy": [{"personal_data": true}]},
            {"id": "b", "name": "zqprivate", "personal_data_flag": true},
            {"id": "c", "name": "Desk"},
        ],
    });
    withhold(RecordKind::Service, row.as_object_mut().unwrap(), true);
    assert!(!row.to_string().contains("zqprivate"), "{row}");
    assert_eq!(
        (&row["contacts"], &row["assured_date"]),
        (&json!([{"id": "c", "name": "Desk"}]), &json!("2026-01-02"))
    );
}

#[test]
fn a_path_that_a_feed_makes_long_is_noted_by_its_beginning() {
    let name = "é".repeat(5000);
    let mut row = json!({"id": "1", &name: [{"hide_address": true}, {"hide_address": true}]});
    let withheld = withhold(RecordKind::Service, row.as_object_mut().unwrap(), false);
    assert_eq!(withheld.len(), 2);
    assert!(withheld.iter().all(|one| one.path.len() < 300 && one.path.ends_with('…')), "{withheld:?}");
}
