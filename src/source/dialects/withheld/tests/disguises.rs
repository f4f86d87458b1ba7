//! Nothing private leaves any dialect in other forms either: in JSON texts, annotations, links, or under a vendor's own
//! flags.

use serde_json::{Map, Value, json};

use super::super::super::descriptions;
use super::super::super::reader_laws::with_policy;
use super::{MARKER, read, with, withhold};
use crate::model::RecordKind;
use crate::source::dialect::AnswerDepth;

fn text(value: &Value) -> String {
    value.to_string()
}

/// Members that may occur in any object.
fn disguised() -> Map<String, Value> {
    let assurer = json!({"assurer_email": "zqprivate@check.example", "note": "kept in a text"});
    let personal = json!({"contacts": [{"name": "zqprivate", "personal_data": true}]});
    let place = json!({"location": {"id": "l-text", "hide_address": true, "name": "zqprivate"}});
    let members = json!({
        "texts": [text(&assurer), text(&personal), text(&place), text(&json!([assurer])), text(&json!(text(&assurer)))],
        "escaped": "{\"\\u0061ssurer_name\": \"zqprivate\"}",
        "no_json": [
            "{'assurer': 'zqprivate'}", "assurer_email=zqprivate@check.example", "{\"hide_address\": true, \"line\": \"zqprivate\"",
            "<assurerEmail>zqprivate@check.example</assurerEmail>", "a:1:{s:13:\"assurer_email\";s:9:\"zqprivate\";}",
            "{&quot;assurer_email&quot;:&quot;zqprivate@check.example&quot;}",
        ],
        "assured": "zqprivate@check.example",
        "quality_assurance": ["2026-01-02", "by zqprivate@check.example"],
        "date_assured": "2026-01-02 by zqprivate@check.example",
        "attributes": [
            {"id": "x1", "label": "Assurer email", "value": "zqprivate"},
            {"id": "x2", "taxonomy_term": {"id": "t1", "name": "assurer", "code": "assurer"}, "value": "zqprivate"},
            {"id": "x3", "label": "kept", "value": "as it is"},
        ],
        "links": [{"label": "Assured by", "url": "mailto:zqprivate@check.example"}, {"rel": "assurer", "href": "zqprivate"}],
        "people": [{"name": "zqprivate", "role": "Assurer"}, {"name": "zqprivate", "is_confidential": true}],
        "contacts": [
            {"id": "c1", "name": "zqprivate", "private": "yes"},
            {"id": "c2", "name": "zqprivate", "attributes": [{"label": "personal_data", "value": "true"}]},
            {"id": "c3", "name": "zqprivate", "tags": ["Personal data"], "email": "zqprivate@home.example"},
            {"id": "c4", "name": "zqprivate", "show_contact": false},
            {"id": "c5", "name": "Front desk", "email": "desk@open.example", "confidential": false},
        ],
        "phones": [{"id": "p1", "number": "zqprivate", "publish": "no"}, {"id": "p2", "number": "0117 496 0123"}],
        "further": "Or write to zqprivate@home.example",
        "metadata": [
            {"id": "m1", "resource_type": "location", "resource_id": "l-flag", "field_name": "name", "previous_value": "zqprivate"},
        ],
    });
    members.as_object().cloned().unwrap_or_default()
}

fn places() -> Value {
    json!([
        {"id": "l-flag", "name": "zqprivate", "confidential": true, "latitude": 51.987_654},
        {"id": "l-show", "name": "zqprivate", "show_address": false, "address_1": "zqprivate"},
        {"id": "l-term", "name": "zqprivate", "attributes": [{"taxonomy_term": {"name": "Hide address"}}]},
        {"id": "l-inside", "name": "zqprivate", "settings": {"privacy": {"hideAddress": "Y"}}},
        {"id": "l-line", "name": "zqprivate", "addresses": [{"address_1": "zqprivate", "is_private": 1}], "latitude": 51.987_654},
        {"id": "l-mask", "name": "zqprivate", "mask_location": true, "latitude": 51.987_654, "longitude": -2.123_456},
    ])
}

fn service(id: &str) -> Value {
    let nested: Vec<Value> = places()
        .as_array()
        .unwrap()
        .iter()
        .map(|place| json!({"id": format!("d-{}", place["id"]), "location": place}))
        .collect();
    with(
        json!({"id": id, "name": "Tea", "status": "active", "service_at_locations": nested, "locations": places()}),
        disguised(),
    )
}

#[test]
fn nothing_private_leaves_any_dialect_in_disguise() {
    let hidden = with(
        service("s-3"),
        json!({"hide_address": true, "service_areas": [
            {"id": "a1", "name": "Elmshire", "address": "zqprivate", "location": {"name": "zqprivate"}, "postcode": "EX1 1AB"},
        ]})
        .as_object()
        .cloned()
        .unwrap(),
    );
    let organization = with(
        json!({"id": "o-1", "name": "Elm", "services": [service("s-2")], "locations": places()}),
        disguised(),
    );
    let mut location = with(json!({"id": "l", "name": "Hall", "location_type": "physical"}), disguised());
    // About a place that is not in the row.
    location.as_object_mut().unwrap().remove("metadata");
    let rows = [
        (
            RecordKind::Service,
            with(service("s-1"), Map::from_iter([("organization".to_owned(), organization.clone())])),
        ),
        (RecordKind::Service, hidden),
        (RecordKind::Organization, organization),
        (RecordKind::ServiceAtLocation, with(json!({"id": "d", "service": service("s-1")}), disguised())),
        (RecordKind::Location, location),
    ];
    for (dialect, of) in descriptions() {
        let reader = of.reader;
        for (kind, row) in rows.clone() {
            let record = with_policy(true, AnswerDepth::Detail, |reading| read(reader, kind, row, reading));
            let text = record.to_string();
            let at = text.to_lowercase().find(MARKER);
            let around = at.map(|at| text.get(at.saturating_sub(160)..(at + 60).min(text.len())));
            assert_eq!(around, None, "{dialect:?} {kind:?}");
            for exact in ["51.987654", "2.123456", "EX1 1AB"] {
                assert!(!text.contains(exact), "{dialect:?} {kind:?}: {exact}");
            }
            for kept in [
                "Front desk",
                "desk@open.example",
                "0117 496 0123",
                "kept in a text",
                "as it is",
                "2026-01-02",
            ] {
                assert!(text.contains(kept), "{dialect:?} {kind:?}: {kept} is gone");
            }
        }
    }
}

#[test]
fn texts_that_hold_nothing_private_stay_to_the_letter() {
    let sent = json!({
        "id": "1", "name": "Tea",
        "a": "{ \"public\":  [1.50, \"show\"], \"assured_date\" : \"2026-01-02\" }",
        "b": "[ broken, hide_address: false ]", "c": "Our assurer_training is on Mondays, see ?assured_by",
        "d": "\"quoted\" words", "e": "{\"personal_data\": false, \"hide_address\": \"no\"}", "f": "\u{0}0",
        "g": ["\u{0}0", "x"], "h": "We keep personal_data safe.", "assured": "yes", "assurance": "Gold",
    });
    let mut row = sent.clone();
    assert_eq!(withhold(RecordKind::Service, row.as_object_mut().unwrap(), true), []);
    assert_eq!(row, sent);
}

#[test]
fn what_a_text_hides_is_hidden_around_it_and_the_other_way_round() {
    let mut row = json!({
        "id": "1", "name": "Tea",
        "first": "{\"location\": {\"id\": \"A\", \"hide_address\": true}}", "locations": [{"id": "A", "name": "zqprivate"}],
        "service_at_locations": [{"location": {"id": "B", "is_confidential": true}}],
        "second": "{\"locations\": [{\"id\": \"B\", \"name\": \"zqprivate\"}], \"kept\": \"zqkept\"}",
        "third": "{\"assurer_email\": \"zqprivate@check.example\"}", "curator": "zqprivate@check.example",
    });
    withhold(RecordKind::Service, row.as_object_mut().unwrap(), true);
    let text = row.to_string();
    assert!(!text.contains(MARKER) && text.contains("zqkept"), "{text}");
    assert!(row["second"].is_string() && row["first"].is_string(), "{text}");
}
