//! Tests that write whole documents of invented records.

use std::collections::HashMap;
use std::sync::Arc;

use serde_json::{Value, json};

use super::*;
use crate::model::{PostcodePlaces, Service, SourceKey, sample};

fn context() -> Arc<RowContext> {
    let publication = SourcePublication {
        name: "Elmshire".to_owned(),
        attribution: Some("Contains Elmshire data".to_owned()),
        ..SourcePublication::default()
    };
    Arc::new(RowContext {
        publications: HashMap::from([(SourceKey::parse("elmshire").unwrap(), publication)]),
        postcodes: Arc::new(PostcodePlaces::default()),
        today: "2026-11-30".parse().unwrap(),
    })
}

fn written<T>(document: impl ExportDocument<T>, records: &[Arc<T>]) -> String {
    let head = ExportHead { incomplete: Vec::new(), data_version: "v1".to_owned() };
    let pieces = [document.begin(&head), document.records(records, true), document.end()];
    String::from_utf8(pieces.concat()).unwrap()
}

fn place(number: usize, point: Value) -> Value {
    let record = |kind: &str| {
        json!({
            "id": format!("{kind}(elmshire/{number})"), "order_key": "a", "carried": 0, "extra": {}, "phones": [],
            "contacts": [], "schedules": [], "attributes": [], "metadata": [],
            "provenance": sample::service(&json!({})).provenance,
        })
    };
    let with = |mut record: Value, members: Value| {
        record.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
        record
    };
    let location = with(
        record("Location"),
        json!({ "location_type": "Physical", "name": format!("Hall {number}"), "coordinates": point,
            "addresses": [], "accessibility": [], "languages": [] }),
    );
    with(record("ServiceAtLocation"), json!({ "service_areas": [], "location": location }))
}

fn service() -> Arc<Service> {
    let schedule = json!({
        "part": { "id": "t" }, "freq": "Weekly", "byday": ["TU"], "bymonthday": [], "byweekno": [],
        "byyearday": [], "dtstart": "2026-01-06", "opens_at": "09:30:00", "closes_at": "11:00:00",
    });
    let point = json!({ "latitude": 51.5, "longitude": -0.12 });
    Arc::new(sample::service(&json!({
        "name": "Tea; \"hot\", strong", "last_modified": "2026-05-01T09:00:00Z", "schedules": [schedule],
        "service_at_locations": [place(1, point), place(2, Value::Null)],
    })))
}

#[test]
fn a_row_is_a_service_or_one_of_its_places() {
    let columns = || chosen_columns::<ServiceRow>("name,locations,longitude,place_count").unwrap();
    let table = |of| written(CsvTable::new(columns(), of, context(), false), &[service()]);
    let name = "\"Tea; \"\"hot\"\", strong\"";
    assert_eq!(
        table(RowsOf::Records),
        format!("name,locations,longitude,place_count\r\n{name},Hall 1; Hall 2,-0.12,2\r\n")
    );
    assert_eq!(
        table(RowsOf::Places),
        format!("name,locations,longitude,place_count\r\n{name},Hall 1,-0.12,2\r\n{name},Hall 2,,2\r\n")
    );
    let homeless = Arc::new(sample::service(&json!({})));
    let table = written(CsvTable::new(columns(), RowsOf::Places, context(), true), &[homeless]);
    assert_eq!(table, "\u{feff}name,locations,longitude,place_count\r\nA,,,0\r\n");
}

#[test]
fn a_feature_is_a_place_and_has_no_geometry_where_none_is_known() {
    let columns = chosen_columns::<ServiceRow>("name").unwrap();
    let text = written(
        GeoJsonFeatures::new(columns, context()),
        &[service(), Arc::new(sample::service(&json!({})))],
    );
    let collection: Value = serde_json::from_str(&text).unwrap();
    let features = collection["features"].as_array().unwrap();
    let geometries: Vec<&Value> = features.iter().map(|feature| &feature["geometry"]).collect();
    let point = json!({ "type": "Point", "coordinates": [-0.12, 51.5] });
    assert_eq!(geometries, [&point, &Value::Null, &Value::Null]);
    assert_eq!(collection["sources"][0]["attribution"], "Contains Elmshire data");
    let none = written(GeoJsonFeatures::new(chosen_columns::<ServiceRow>("").unwrap(), context()), &[]);
    assert_eq!(serde_json::from_str::<Value>(&none).unwrap()["features"], json!([]));
}

#[test]
fn an_event_is_a_schedule_and_keeps_its_id() {
    let text = written(CalendarEvents::new(context()), &[service()]).replace("\r\n ", "");
    let lines: Vec<&str> = text.split("\r\n").skip_while(|line| *line != "BEGIN:VEVENT").collect();
    let starts = |beginning: &str| lines.iter().find(|line| line.starts_with(beginning)).copied();
    assert_eq!(starts("UID"), Some("UID:a76f12b4-e6bb-55b7-8b20-0990b9792ecc"));
    for line in [
        "DTSTAMP:20260501T090000Z",
        "DTSTART;TZID=Europe/London:20260106T093000",
        "DTEND;TZID=Europe/London:20260106T110000",
        "RRULE:FREQ=WEEKLY;BYDAY=TU",
        "SUMMARY:Tea\\; \"hot\"\\, strong",
        "STATUS:CONFIRMED",
    ] {
        assert!(lines.contains(&line), "{line} is not in {text}");
    }
    assert_eq!(starts("LOCATION"), None, "it has two places, and the schedule is of neither");
}

#[test]
fn a_schedule_that_no_event_can_say_is_in_a_journal() {
    let schedule = json!({
        "part": { "id": "t" }, "byday": [], "bymonthday": [], "byweekno": [], "byyearday": [],
        "description": "Most mornings",
    });
    let service = Arc::new(sample::service(&json!({ "schedules": [schedule] })));
    let text = written(CalendarEvents::new(context()), &[service]).replace("\r\n ", "");
    assert!(!text.contains("BEGIN:VEVENT") && text.contains("\r\nX-ORUK-LEFT-OUT:IN-WORDS\r\n"), "{text}");
    assert!(text.contains("\\nMost mornings"), "{text}");
}

#[test]
fn unknown_columns_are_refused_with_near_names() {
    let unknown = chosen_columns::<ServiceRow>("name, postcde").unwrap_err();
    assert_eq!((unknown.name.as_str(), unknown.near.as_slice()), ("postcde", &["postcodes"][..]));
    let names = |list| -> Vec<&str> {
        chosen_columns::<ServiceRow>(list).unwrap().iter().map(|one| one.name).collect()
    };
    assert_eq!(names("Post-Codes,name,,postcodes"), ["postcodes", "name"]);
    assert_eq!(names(" ").len(), all_columns::<ServiceRow>().count());
    let all: std::collections::BTreeSet<&str> =
        all_columns::<ServiceRow>().map(|column| column.name).collect();
    assert_eq!(all.len(), all_columns::<ServiceRow>().count(), "each name once");
}
