//! One irregularity at a time, by its number in `docs/quirks.md`.

use serde_json::{Value, json};

use super::super::super::reader_laws::with_reading;
use super::{DIALECT, READER, service};
use crate::model::{
    AccessFacts, AccessFilter, AccessText, Frequency, IssueCode, IssueSeverity, Location, RecordIssue,
    RecordKind, Schedule, Service, TextQuery, TriState, is_free,
};
use crate::source::dialect::{AnswerDepth, DialectReader as _};

/// A service with what every service has, and `members`.
fn with(members: Value) -> Service {
    let organisation = json!({"id": 2, "name": "Elm Trust"});
    let mut row = json!({"id": 1, "name": "Tea", "status": "active", "organisation": organisation});
    row.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
    service(row)
}

fn place(location: Value) -> Location {
    let service = with(json!({"locations": [location]}));
    Location::clone(service.service_at_locations[0].location.as_ref().unwrap())
}

fn schedules(slots: Value) -> (Vec<Schedule>, Service) {
    let service = with(json!({"regular_schedules": slots}));
    (service.schedules.iter().map(|one| Schedule::clone(one)).collect(), service)
}

fn has(issues: &[RecordIssue], code: IssueCode, path: &str) -> bool {
    issues.iter().any(|issue| issue.code == code && issue.path == path)
}

#[test]
fn quirk_29_integer_ids_are_decimal_texts() {
    let service = with(json!({"taxonomies": [{"id": 44, "name": "Elm", "parent_id": 31}]}));
    assert_eq!(service.id.upstream(), "1");
    assert_eq!(service.organization_id.as_ref().map(|id| id.upstream()), Some("2"));
    let term = service.attributes[0].taxonomy_term.as_ref().unwrap();
    assert_eq!((term.id.upstream(), term.parent_id.as_ref().map(|id| id.upstream())), ("44", Some("31")));
    assert!(has(&service.provenance.issues, IssueCode::WrongType, "id"));
}

#[test]
fn quirk_33_terms_of_two_lists_with_one_id_are_two() {
    let service = with(json!({
        "send_needs": [{"id": 3, "name": "Autism"}], "suitabilities": [{"id": 3, "name": "Sight loss"}],
    }));
    let terms: Vec<&str> =
        service.attributes.iter().map(|one| one.taxonomy_term_id.as_ref().unwrap().upstream()).collect();
    assert_eq!(terms, ["send_need/3", "suitability/3"]);
}

#[test]
fn quirk_38_the_british_spelling_is_read() {
    let service = with(json!({}));
    assert_eq!(service.organization.as_ref().map(|one| one.name.as_str()), Some("Elm Trust"));
    assert!(has(&service.provenance.issues, IssueCode::MisspelledMember, "organisation"));
}

#[test]
fn quirk_53_prices_as_texts() {
    let service = with(json!({"cost_options": [{"id": 1, "amount": "8.00", "cost_type": "per hour"}]}));
    let price = &service.cost_options[0];
    assert_eq!((price.amount, price.amount_description.as_deref()), (Some(8.0), Some("per hour")));
    assert!(has(&service.provenance.issues, IssueCode::MisspelledMember, "cost_options[0].cost_type"));
}

#[test]
fn quirk_54_free_is_said_denied_or_not_said() {
    let today = chrono::NaiveDate::from_ymd_opt(2026, 6, 1).unwrap();
    let price = json!([{"id": 1, "amount": "0"}]);
    for (free, prices, read) in [
        (json!(true), json!([]), TriState::Yes),
        (json!("false"), price.clone(), TriState::No),
        (json!(null), price, TriState::Yes),
        (json!(null), json!([]), TriState::Unknown),
    ] {
        let service = with(json!({"free": free, "cost_options": prices}));
        assert_eq!(is_free(&service, today), read, "{free}");
    }
    let service = with(json!({"free": true}));
    assert!(service.cost_options.is_empty() && service.fees_description.as_deref() == Some("Free"));
}

#[test]
fn quirk_57_eleven_at_night_in_summer_is_the_next_day() {
    let slot = json!({"id": 1, "dtstart": "2026-06-30T23:00:00.000Z", "freq": "week", "byday": "WE"});
    let (schedules, _) = schedules(json!([slot]));
    assert_eq!(schedules[0].dtstart, chrono::NaiveDate::from_ymd_opt(2026, 7, 1));
}

#[test]
fn quirk_60_masked_places_stay_coarse() {
    let sent = json!({
        "id": 5, "mask_exact_address": true, "address_1": "3 Elm Lane", "postal_code": "HP5 1AG",
        "geometry": {"type": "Point", "coordinates": [-0.61234, 51.71234]},
    });
    let read = place(sent.clone());
    assert_eq!(read.coordinates.map(|point| (point.latitude, point.longitude)), Some((51.71, -0.61)));
    assert_eq!(read.addresses[0].address_1, None);
    assert_eq!((read.addresses[0].postal_code.as_deref(), &read.addresses[0].postcode), (Some("HP5"), &None));
    assert!(has(&read.provenance.issues, IssueCode::Withheld, "mask_exact_address"));
    assert_eq!(IssueCode::Withheld.severity(), IssueSeverity::Info);
    let alone = with_reading(AnswerDepth::Detail, |reading| READER.read_location(sent, reading)).unwrap();
    assert!(!json!(alone).to_string().contains("3 Elm Lane"));
}

#[test]
fn features_of_a_place_are_found_by_word_and_by_code() {
    let features = json!([{"id": 7, "name": "Hearing loop", "slug": "loop-t"}, {"id": 8, "name": "No step-free access"}]);
    let service = with(json!({"locations": [{"id": 5, "name": "Hall", "accessibilities": features}]}));
    for (text, found) in
        [("hearing loops", TriState::Yes), ("LOOP_T", TriState::Yes), ("step free", TriState::No)]
    {
        let asked = AccessFilter { wheelchair: None, text: AccessText::parse(text) };
        assert_eq!(AccessFacts::of(&service).matches(&asked), found, "{text}");
    }
    let asked = AccessFilter { wheelchair: Some(false), text: None };
    assert_eq!(AccessFacts::of(&service).matches(&asked), TriState::Yes);
}

#[test]
fn words_of_names_weigh_more_than_words_about_places() {
    let place = json!({"id": 5, "name": "Elm Hall", "postal_code": "HP5 1AG", "city": "Teaford"});
    let service = with(json!({"description": "<p>Company</p>", "locations": [place]}));
    let score = |text| TextQuery::parse(text).unwrap().score(service.search_text());
    assert_eq!((score("tea"), score("elm"), score("company teaford")), (Some(5.0), Some(3.0), Some(2.0)));
    let found = TextQuery::parse("elm").unwrap().snippets(service.text_fields());
    let found: Vec<_> = found.iter().map(|found| (found.field, found.snippet.as_str())).collect();
    assert_eq!(found, [("organization.name", "Elm Trust"), ("locations.name", "Elm Hall")]);
}

#[test]
fn a_mask_counts_wherever_it_is_said() {
    let delivery = json!({"id": 6, "location_id": 5, "location": {"id": 5, "name": "3 Elm Lane", "postal_code": "HP5 1AG"}});
    let masked = json!({"id": 5, "mask_exact_address": true, "city": "Elmford"});
    let service = with(json!({"service_at_locations": [delivery], "locations": [masked]}));
    assert_eq!(service.service_at_locations.len(), 1);
    let read = json!(service).to_string();
    assert!(!read.contains("3 Elm Lane") && !read.contains("1AG"), "{read}");
}

#[test]
fn quirk_61_outcodes_are_no_postcodes() {
    let read = place(json!({"id": 5, "postal_code": "HP5", "city": "Elmford"}));
    assert_eq!((read.addresses[0].postal_code.as_deref(), &read.addresses[0].postcode), (Some("HP5"), &None));
    assert!(has(&read.provenance.issues, IssueCode::NonStandardFormat, "postal_code"));
}

#[test]
fn quirk_67_spaces_and_line_ends_are_tidied_in_silence() {
    let service =
        with(json!({"taxonomies": [{"id": 1, "name": "Day nurseries "}], "description": "a\r\nb "}));
    assert_eq!(service.attributes[0].taxonomy_term.as_ref().unwrap().name, "Day nurseries");
    assert_eq!(service.description.as_ref().unwrap().text(), "a\nb");
}

#[test]
fn quirk_76_and_77_weekdays_and_everyday_words() {
    let (read, _) = schedules(json!([
        {"id": 1, "weekday": "Monday", "freq": null, "byday": null},
        {"id": 2, "weekday": "Thursday", "freq": "week", "byday": "TH"},
    ]));
    let rules: Vec<_> = read.iter().map(|one| (one.freq, one.byday.join(","))).collect();
    assert_eq!(
        rules,
        [(Some(Frequency::Weekly), "MO".to_owned()), (Some(Frequency::Weekly), "TH".to_owned())]
    );
}

#[test]
fn quirk_78_slots_that_differ_in_funding_are_one() {
    let slot = |id: u32, funded: Value| json!({"id": id, "weekday": "Monday", "opens_at": "07:30", "ey_funded": funded});
    let (read, service) = schedules(
        json!([slot(1, json!(false)), slot(2, json!(true)), slot(3, json!(null)), {"id": 4, "weekday": "Friday", "fancy": 1}]),
    );
    assert_eq!(read.len(), 2);
    assert_eq!(read[0].notes.as_deref(), Some("Early years funded"));
    assert!(has(&service.provenance.issues, IssueCode::Repaired, "regular_schedules[1]"));
    // Paths are those of the feed, even after merging.
    assert!(service.extra.contains_key("regular_schedules[3].fancy"), "{:?}", service.extra);
}

#[test]
fn quirk_79_a_date_without_a_rule_is_one_day() {
    let (read, service) = schedules(json!([
        {"id": 1, "dtstart": "2026-09-10", "freq": null, "byday": null, "weekday": "Thursday"},
        {"id": 2, "dtstart": "2026-09-10", "freq": null, "byday": null, "weekday": "Monday"},
    ]));
    assert_eq!((read[0].freq, read[0].byday.len()), (None, 0));
    assert!(has(&service.provenance.issues, IssueCode::NonStandardFormat, "regular_schedules[0].dtstart"));
    assert_eq!(read[1].freq, Some(Frequency::Weekly), "a Monday that starts on a Thursday recurs");
}

#[test]
fn quirk_87_currency_inside_the_price() {
    let service = with(json!({"cost_options": [{"id": 1, "amount": "£8.00"}]}));
    let price = &service.cost_options[0];
    assert_eq!((price.amount, price.currency.as_deref()), (Some(8.0), Some("GBP")));
}

#[test]
fn quirk_88_points_are_longitude_first() {
    let read = place(json!({"id": 5, "geometry": {"type": "Point", "coordinates": [-0.61, 51.71]}}));
    assert_eq!(read.coordinates.map(|point| (point.latitude, point.longitude)), Some((51.71, -0.61)));
    assert!(has(&read.provenance.issues, IssueCode::NonStandardFormat, "geometry"));
}

#[test]
fn places_without_a_service_at_location_get_one_that_lasts() {
    let read = |name: &str| {
        let service = with(json!({"locations": [{"id": 5, "name": name, "city": "Elmford"}]}));
        service.service_at_locations[0].clone()
    };
    let (before, after) = (read("Hall"), read("Old Hall"));
    assert_eq!(before.id, after.id);
    assert_eq!(after.location_id.as_ref().map(|id| id.upstream()), Some("5"));
    assert_eq!(after.service_id.as_ref().map(|id| id.upstream()), Some("1"));
    assert!(has(&after.provenance.issues, IssueCode::MissingId, "id"));
}

#[test]
fn miles_are_never_read() {
    let service = with(json!({"distance_away": 0.83}));
    assert_eq!(service.extra.get("distance_away"), Some(&json!(0.83)));
}

#[test]
fn only_services_have_an_endpoint() {
    let offered: Vec<RecordKind> =
        RecordKind::ALL.into_iter().filter(|kind| DIALECT.endpoints.list(*kind).is_some()).collect();
    assert_eq!(offered, [RecordKind::Service]);
}
