//! Checks that reading what `writers::oruk` writes gives the same record, except for its ids, and that it keeps to the
//! standard.

use std::collections::BTreeSet;

use futures_util::FutureExt as _;
use poem::{Endpoint as _, Request};
use serde_json::{Value, json};

use super::description::DialectDescription;
use super::reader_laws::with_reading;
use super::saved::saved_folders;
use super::{description, hsds3};
use crate::demo::{FeedVariety, InventedFeed};
use crate::model::{
    NodeId, OriginLicence, PartId, Record, RecordId, RecordKind, RecordOrigin, RichText, SourceKey,
};
use crate::source::conformance::{
    FeedStandard, RecordDepartures, ValidatorAudit, ValidatorEndpoint, ValidatorProfile,
};
use crate::source::dialect::{AnswerDepth, DialectReader as _};
use crate::writers::oruk;

#[test]
fn every_saved_record_is_read_again_as_it_was() {
    for (dialect, folder) in saved_folders() {
        let of = description(dialect);
        let mut seen = 0;
        for file in std::fs::read_dir(&folder).unwrap() {
            let path = file.unwrap().path();
            if path.extension().is_none_or(|extension| extension != "json") {
                continue;
            }
            for row in rows(of, &std::fs::read(&path).unwrap()) {
                seen += check(of, RecordKind::Service, row, &path.display().to_string());
            }
        }
        assert!(seen > 0, "{folder:?} has no service");
    }
}

#[test]
fn every_variety_of_the_demonstration_is_read_again_as_it_was() {
    for variety in FeedVariety::all() {
        let of = description(variety.dialect());
        let endpoint = InventedFeed::new(*variety).services(25).seed(5).endpoint();
        let get = |target: String| {
            let request = Request::builder().uri(target.parse().unwrap()).finish();
            let response = endpoint.get_response(request).now_or_never().unwrap();
            response.into_body().into_vec().now_or_never().unwrap().unwrap()
        };
        let mut seen = 0;
        for (kind, path) in of.endpoints.lists {
            for row in rows(of, &get(format!("/{path}"))) {
                let id = row.get("id").and_then(Value::as_str).map(str::to_owned);
                let own = of.endpoints.record(*kind).zip(id).map(|(path, id)| get(format!("/{path}/{id}")));
                let own = own.unwrap_or_default();
                let own = of.read_single(&own).ok().flatten();
                let place = format!("{} {path}", variety.name());
                seen += check(of, *kind, own.unwrap_or(row), &place);
            }
        }
        assert!(seen >= 10, "{}: {seen}", variety.name());
    }
}

#[test]
fn the_first_publisher_stays_and_nested_records_have_the_same() {
    let first = publisher("Elmshire");
    let service = json!({
        "id": "s", "name": "Tea", "organization": { "id": "o", "name": "Elm trust" },
        "service_at_locations": [{ "id": "p", "location": { "id": "l", "location_type": "physical" } }],
    });
    let read =
        |row| with_reading(AnswerDepth::Detail, |reading| hsds3::READER.read_service(row, reading)).unwrap();
    let once = read(oruk::service(&read(service), &first));
    let twice = read(oruk::service(&once, &publisher("Another gateway")));
    for one in [&once, &twice] {
        let origin = one.provenance.origin.as_deref().unwrap();
        let expected = RecordOrigin {
            record_id: Some("s".to_owned()),
            record_url: origin.record_url.clone(),
            ..first.clone()
        };
        assert_eq!(origin, &expected);
        let nested = one.organization.as_ref().unwrap().provenance.origin.as_deref();
        assert_eq!(nested, Some(&first));
        let place = one.service_at_locations[0].location.as_ref().unwrap();
        assert_eq!(place.provenance.origin.as_deref(), Some(&first));
    }
    assert!(once.provenance.origin.as_ref().unwrap().record_url.is_some());
}

#[test]
fn a_feed_of_its_own_that_calls_a_member_gateway_keeps_it() {
    let row = json!({ "id": "s", "name": "Tea", "gateway": { "id": "x", "assumed": ["name"] } });
    let read = with_reading(AnswerDepth::Detail, |reading| hsds3::READER.read_service(row, reading)).unwrap();
    assert_eq!(read.extra["gateway"]["id"], "x");
    assert_eq!((read.name.as_str(), read.provenance.origin), ("Tea", None));
}

#[test]
fn a_change_of_the_publishers_name_is_no_change_of_the_record() {
    let row = json!({ "id": "s", "name": "Tea" });
    let read =
        |row| with_reading(AnswerDepth::Detail, |reading| hsds3::READER.read_service(row, reading)).unwrap();
    let service = read(row);
    let hash = |name| read(oruk::service(&service, &publisher(name))).provenance.content_hash;
    assert_eq!(hash("One"), hash("Two"));
}

fn publisher(name: &str) -> RecordOrigin {
    RecordOrigin {
        name: name.to_owned(),
        publisher: Some("Elmshire Council".to_owned()),
        licence: Some(OriginLicence {
            name: "OGL".to_owned(),
            url: "https://licence.example/".parse().ok(),
            spdx_id: Some("OGL-UK-3.0".to_owned()),
        }),
        ..RecordOrigin::default()
    }
}

fn rows(of: &DialectDescription, body: &[u8]) -> Vec<Value> {
    match of.read_envelope(body) {
        Ok(envelope) if !envelope.rows.is_empty() => envelope.rows,
        _ => of.read_single(body).ok().flatten().into_iter().collect(),
    }
}

/// Reads a row, writes it, and reads it again. Returns how many records were checked.
fn check(of: &DialectDescription, kind: RecordKind, row: Value, place: &str) -> usize {
    macro_rules! again {
        ($read:ident, $write:ident) => {{
            let record = with_reading(AnswerDepth::Detail, |reading| of.reader.$read(row, reading));
            let Some(record) = record else { return 0 };
            let written = oruk::$write(&record, &publisher("Elmshire"));
            let read =
                with_reading(AnswerDepth::Detail, |reading| hsds3::READER.$read(written.clone(), reading));
            compare(&record, &read.expect(place), &written, place);
        }};
    }
    match kind {
        RecordKind::Service => again!(read_service, service),
        RecordKind::Organization => again!(read_organization, organization),
        RecordKind::Location => again!(read_location, location),
        RecordKind::ServiceAtLocation => again!(read_service_at_location, service_at_location),
        RecordKind::Taxonomy => again!(read_taxonomy, taxonomy),
        RecordKind::TaxonomyTerm => again!(read_taxonomy_term, taxonomy_term),
    }
    1
}

fn compare<R: Record + serde::Serialize>(record: &R, read: &R, written: &Value, place: &str) {
    let kind = record.id().kind();
    let mut audit = ValidatorAudit::new(ValidatorProfile::Uk3);
    audit.departs(
        ValidatorEndpoint::List(kind),
        &RecordDepartures::by_schema(Some(FeedStandard::Oruk3), kind, written),
    );
    let verdict = audit.verdict();
    assert!(verdict.reasons.is_empty(), "{place}: {verdict:?}: {written:#}");
    assert!(!has_null(written), "{place}: a null in {written}");
    let id = NodeId::parse(record.id().as_str()).unwrap();
    assert_eq!(id, NodeId::Record(record.id().clone()));
    let (before, after) = (gist(json!(record), true), gist(json!(read), false));
    if before != after {
        let mut differences = Vec::new();
        differ("", &before, &after, &mut differences);
        panic!("{place}: {differences:#?}");
    }
}

/// Returns whether there is a `null`, except in what publishers sent beyond the standard.
fn has_null(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => items.iter().any(has_null),
        Value::Object(members) => {
            members.iter().any(|(name, value)| name != oruk::GATEWAY && has_null(value))
        }
        _ => false,
    }
}

/// Returns a record as both gateways should show it: with published ids, and without what differs between readings.
fn gist(value: Value, is_first: bool) -> Value {
    const OF_ONE_READING: [&str; 7] =
        ["provenance", "order_key", "carried", "of_contact", "geojson_note", "issues", "postcode"];
    match value {
        Value::Object(members) if members.contains_key("raw") && members.len() <= 3 => {
            let text: RichText = serde_json::from_value(Value::Object(members)).unwrap();
            json!(text.text())
        }
        Value::Object(members) => members
            .into_iter()
            .filter(|(name, _)| !OF_ONE_READING.contains(&name.as_str()))
            .map(|(name, value)| {
                let value = if name == "extra" { beside(value) } else { gist(value, is_first) };
                (name, value)
            })
            .collect(),
        Value::Array(items) => items.into_iter().map(|item| gist(item, is_first)).collect(),
        Value::String(text) if is_first => published(&text).map_or(Value::String(text), Value::String),
        Value::String(text) => Value::String(bare_id(&text).unwrap_or(text)),
        other => other,
    }
}

/// Returns the members beyond the standard, without the flag of a hidden place, which every reading withholds.
fn beside(extra: Value) -> Value {
    if extra.get("hide_address") == Some(&json!(true)) { Value::Null } else { extra }
}

/// Returns the id under which the record with this stored id is published.
fn published(text: &str) -> Option<String> {
    if let Ok(id) = serde_json::from_value::<RecordId>(json!(text)) {
        return Some(id.published().to_string());
    }
    is_part_id(text).then(|| serde_json::from_value::<PartId>(json!(text)).unwrap().published().to_string())
}

/// Returns the feed's own id of the record with this stored id.
fn bare_id(text: &str) -> Option<String> {
    if let Ok(id) = serde_json::from_value::<RecordId>(json!(text)) {
        return Some(id.upstream().to_owned());
    }
    is_part_id(text).then(|| serde_json::from_value::<PartId>(json!(text)).unwrap().upstream().unwrap())
}

fn is_part_id(text: &str) -> bool {
    let mut pieces = text.splitn(3, ':');
    let source = SourceKey::parse("elmshire").unwrap();
    pieces.next().is_some_and(|kind| kind.starts_with(|c: char| c.is_ascii_uppercase()) && kind.len() < 25)
        && pieces.next() == Some(source.as_str())
        && pieces.next().is_some()
}

fn differ(path: &str, before: &Value, after: &Value, differences: &mut Vec<String>) {
    match (before, after) {
        (Value::Object(one), Value::Object(other)) => {
            let names: BTreeSet<&String> = one.keys().chain(other.keys()).collect();
            for name in names {
                let member = |of: &serde_json::Map<String, Value>| of.get(name).cloned().unwrap_or_default();
                differ(&format!("{path}.{name}"), &member(one), &member(other), differences);
            }
        }
        (Value::Array(one), Value::Array(other)) if one.len() == other.len() => {
            let pairs = one.iter().zip(other).enumerate();
            pairs.for_each(|(at, (one, other))| differ(&format!("{path}[{at}]"), one, other, differences));
        }
        (one, other) if one == other => {}
        (one, other) => differences.push(format!("{path}: {one} became {other}")),
    }
}

#[test]
fn an_id_of_the_feed_is_a_uuid_that_anybody_can_make_again() {
    let id = RecordId::new(RecordKind::Service, &SourceKey::parse("elmshire").unwrap(), "17");
    let name = format!("urn:oruk-gateway:{}", id.as_str());
    assert_eq!(id.published(), uuid::Uuid::new_v5(&uuid::Uuid::NAMESPACE_URL, name.as_bytes()));
}
