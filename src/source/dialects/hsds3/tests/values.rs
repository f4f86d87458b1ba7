//! More irregularities, by their numbers in `docs/quirks.md`: values, costs and areas.

use serde_json::{Value, json};

use super::super::super::reader_laws::with_policy;
use super::{DIALECT, READER, detail};
use crate::model::{GeoJson, IssueCode, Service};
use crate::source::dialect::{AnswerDepth, DialectReader as _, ReadingContext};

/// A service with the required members and `members`.
fn service(members: Value) -> Service {
    detail(row(members))
}

fn row(members: Value) -> Value {
    let mut row = json!({"id": "3c8f5f0a-0000-4000-8000-000000000001", "name": "Tea", "status": "active", "organization_id": "o"});
    row.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
    row
}

/// Reads the service with assurers left out.
fn with_omitted_assurers(members: Value) -> Service {
    with_policy(true, AnswerDepth::Detail, |reading| READER.read_service(row(members), reading))
        .expect("it is a service")
}

fn has(service: &Service, code: IssueCode, path: &str) -> bool {
    service.provenance.issues.iter().any(|issue| issue.code == code && issue.path == path)
}

fn only<T>(items: &[T]) -> &T {
    assert_eq!(items.len(), 1);
    &items[0]
}

#[test]
fn quirk_7_an_envelope_as_frameworks_write_it() {
    let body = br#"{"data":[{"id":"1"}],"links":{"next":null},"current_page":2,"total":11,"count":1}"#;
    let envelope = DIALECT.read_envelope(body).unwrap();
    assert_eq!((envelope.rows.len(), envelope.total_items, envelope.page_number), (1, Some(11), Some(2)));
    assert_eq!(envelope.onward, None);
}

#[test]
fn quirk_122_a_list_in_the_element_that_xml_has_around_it() {
    let body = br##"{"contents":{"service":[{"id":["1"],"name":{"#text":"Tea"}},{"id":["2"]}]}}"##;
    let envelope = DIALECT.read_envelope(body).unwrap();
    assert_eq!((envelope.rows.len(), &envelope.rows[0]["name"]), (2, &json!("Tea")));
}

#[test]
fn quirk_15_size_is_nobodys_count() {
    let envelope = DIALECT.read_envelope(br#"{"size":50,"content":[{"id":"1"},{"id":"2"}]}"#).unwrap();
    assert_eq!((envelope.rows.len(), envelope.total_items), (2, None));
}

#[test]
fn quirk_49_an_empty_text_is_none() {
    let service = service(json!({"fees": "", "email": " ", "url": ""}));
    assert_eq!((service.fees, service.email, service.url), (None, None, None));
}

#[test]
fn quirk_62_countries_by_name() {
    for sent in ["United Kingdom", "england", "GBR", "GB"] {
        let address = json!({"id": "a", "address_1": "1 Elm Road", "country": sent});
        let location = json!({"id": "l", "location_type": "physical", "addresses": [address]});
        let service = service(json!({"service_at_locations": [{"id": "x", "location": location}]}));
        let location = only(&service.service_at_locations).location.as_ref().unwrap();
        assert_eq!(only(&location.addresses).country.as_deref(), Some("GB"), "{sent}");
    }
}

#[test]
fn quirk_64_markup_in_names_and_descriptions() {
    let service = service(
        json!({"name": "Tea &amp; Talk", "description": "<h1>Tea</h1><p>Caf&eacute;&nbsp;&amp; talk"}),
    );
    assert_eq!(service.name, "Tea & Talk");
    assert_eq!(service.description.unwrap().text(), "Tea\n\nCafé & talk");
}

#[test]
fn quirk_69_an_examples_address_is_none() {
    let area = json!({"id": "a", "name": "South Gloucestershire", "uri": "http://www.example.com"});
    let service = service(json!({"service_areas": [area]}));
    assert_eq!(only(&service.service_areas).uri, None);
    assert!(has(&service, IssueCode::PlaceholderValue, "service_areas[0].uri"));
}

#[test]
fn quirk_71_assurers_can_be_left_out() {
    let members = json!({"assurer_email": "desk@elm.example", "curator": "ask desk@elm.example"});
    let served = service(members.clone());
    assert_eq!(served.assurer_email.as_deref(), Some("desk@elm.example"));
    let omitted = with_omitted_assurers(members);
    assert_eq!((&omitted.assurer_email, &omitted.provenance.assurer_email), (&None, &None));
    assert_eq!(omitted.extra["curator"], "ask [withheld]");
    assert!(has(&omitted, IssueCode::Withheld, "assurer_email"));
    assert!(!json!(omitted).to_string().contains("desk@elm.example"));
}

#[test]
fn services_that_an_organization_nests_are_read_as_services() {
    let nested = json!([{
        "id": "s-1", "name": "Tea", "status": "Active", "assurer_email": "desk@elm.example",
        "service_at_locations": [{"id": "d", "location": {"id": "l", "name": "Hall", "location_type": "physical"}}],
    }]);
    let row = json!({"id": "o-1", "name": "Elm", "description": "d", "services": nested});
    let read = |reading: &ReadingContext<'_>| READER.read_organization(row, reading);
    let organization = with_policy(true, AnswerDepth::Detail, read).unwrap();
    let service = only(&organization.services);
    assert_eq!((service.id.upstream(), &*service.name), ("s-1", "Tea"));
    assert_eq!(service.organization_id.as_ref(), Some(&organization.id));
    assert_eq!(service.service_at_locations[0].location.as_ref().unwrap().name.as_deref(), Some("Hall"));
    assert_eq!((&service.assurer_email, organization.extra.len()), (&None, 0));
    let withheld = &organization.provenance.issues[..];
    assert!(withheld.iter().any(|issue| issue.path == "services[0].assurer_email"), "{withheld:?}");
}

#[test]
fn quirk_73_registers_under_other_codes() {
    let number = json!({"id": "reg-12345", "identifier_scheme": "UK-CHTY", "identifier": "1122334"});
    let organization =
        json!({"id": "o", "name": "Elm", "description": "d", "organization_identifiers": [number]});
    let service = service(json!({"organization": organization}));
    let number = only(&service.organization.as_ref().unwrap().identifiers);
    assert_eq!((number.scheme.as_deref(), number.value.as_deref()), (Some("GB-CHC"), Some("1122334")));
    assert!(number.identifier_type.as_deref().is_some_and(|name| name.starts_with("Charity")));
}

#[test]
fn quirk_81_closing_before_opening_is_past_midnight() {
    let slot = json!({"id": "s", "freq": "WEEKLY", "byday": "FR", "opens_at": "22:00", "closes_at": "06:00"});
    let service = service(json!({"schedules": [slot]}));
    let slot = only(&service.schedules);
    assert!(slot.closes_at.unwrap() < slot.opens_at.unwrap(), "kept as it is meant");
}

#[test]
fn quirk_82_example_dates_are_reported_and_hide_nothing() {
    let slot = json!({"id": "s", "valid_from": "2005-01-01", "valid_to": "2005-01-01"});
    let service = service(json!({"schedules": [slot]}));
    assert_eq!(service.schedules.len(), 1);
    assert!(has(&service, IssueCode::PlaceholderValue, "schedules[0].valid_from"));
}

#[test]
fn quirk_83_an_extent_that_is_not_what_its_type_says() {
    let service =
        service(json!({"service_areas": [{"id": "a", "extent": "extent", "extent_type": "geojson"}]}));
    let area = only(&service.service_areas);
    assert_eq!((area.extent.as_deref(), &area.geojson), (Some("extent"), &None));
    assert!(has(&service, IssueCode::Unreadable, "service_areas[0].extent"));
}

#[test]
fn quirk_84_geojson_in_every_wrapping() {
    let polygon =
        json!({"type": "Polygon", "coordinates": [[[-2.6, 51.4], [-2.5, 51.4], [-2.5, 51.5], [-2.6, 51.4]]]});
    let once = Value::String(polygon.to_string());
    let twice = Value::String(once.to_string());
    for extent in [polygon.clone(), once, twice] {
        let service =
            service(json!({"service_areas": [{"id": "a", "extent": extent, "extent_type": "geojson"}]}));
        assert_eq!(
            only(&service.service_areas).geojson.as_ref().map(GeoJson::value).as_ref(),
            Some(&polygon)
        );
    }
}

#[test]
fn quirk_85_latitude_first_is_changed_over() {
    let sent =
        json!({"type": "Polygon", "coordinates": [[[51.4, -2.6], [51.4, -2.5], [51.5, -2.5], [51.4, -2.6]]]});
    let service = service(json!({"service_areas": [{"id": "a", "extent": sent, "extent_type": "geojson"}]}));
    let geojson = only(&service.service_areas).geojson.as_ref().unwrap().value();
    assert_eq!(geojson["coordinates"][0][0], json!([-2.6, 51.4]));
    assert!(has(&service, IssueCode::Repaired, "service_areas[0].extent"));
}

#[test]
fn quirk_86_an_area_by_name_only_has_no_shape() {
    let service = service(json!({"service_areas": [{"id": "a", "name": "South Gloucestershire"}]}));
    let area = only(&service.service_areas);
    assert_eq!((area.name.as_deref(), &area.geojson), (Some("South Gloucestershire"), &None));
}
