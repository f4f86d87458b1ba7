//! One irregularity at a time, by its number in `docs/quirks.md`.

use serde_json::{Value, json};

use super::super::super::reader_laws::with_reading;
use super::{DIALECT, READER, detail};
use crate::model::{DayOfWeek, Frequency, IssueCode, NestedMember, Service, ServiceStatus};
use crate::source::dialect::{AnswerDepth, DialectReader as _, NotAPage};
use crate::source::onward::OnwardWord;

/// A service with the required members and `members`.
pub(super) fn service(members: Value) -> Service {
    let mut row = json!({"id": "3c8f5f0a-0000-4000-8000-000000000001", "name": "Tea", "status": "active", "organization_id": "o"});
    row.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
    detail(row)
}

pub(super) fn issues(service: &Service) -> Vec<(IssueCode, &str)> {
    service.provenance.issues.iter().map(|issue| (issue.code, issue.path.as_str())).collect()
}

#[test]
fn quirk_8_bare_lists_are_pages() {
    let envelope = DIALECT.read_envelope(br#"[{"id":"1"},{"id":"2"}]"#).unwrap();
    assert_eq!((envelope.rows.len(), envelope.issues.len()), (2, 1));
}

#[test]
fn records_are_found_in_whatever_their_rows_and_lists_are_wrapped() {
    let record = json!({"id": "1", "name": "Club"});
    for page in [
        json!({"contents": [{"service": record}], "total_items": 7}),
        json!({"data": {"services": {"edges": [{"node": record}], "totalCount": 7}}}),
        json!({"hits": {"total": {"value": 7, "relation": "eq"}, "hits": [{"_source": record}]}}),
        json!({"contents": record, "total_items": 7}),
        json!({"contents": {"service": record}, "total_items": 7}),
    ] {
        let envelope = DIALECT.read_envelope(page.to_string().as_bytes()).unwrap();
        assert_eq!((&*envelope.rows, envelope.total_items), (&[record.clone()][..], Some(7)), "{page}");
        assert!(!envelope.issues.is_empty(), "{page}");
    }
    let own = json!({"service": record}).to_string();
    assert_eq!(DIALECT.read_single(own.as_bytes()), Ok(Some(record)));
    assert!(DIALECT.read_envelope(br#"{"contents":{"text":"none"}}"#).is_err());
}

#[test]
fn quirk_9_empty_pages_need_no_list() {
    for body in [r#"{"empty":true}"#, r#"{"total_items":0}"#, r#"{"contents":[]}"#, "[]"] {
        assert_eq!(DIALECT.read_envelope(body.as_bytes()).map(|page| page.rows.len()), Ok(0), "{body}");
    }
}

#[test]
fn quirk_11_next_links_in_every_place() {
    for body in [
        r#"{"contents":[],"next":"/p2"}"#,
        r#"{"contents":[],"next_url":"/p2"}"#,
        r#"{"data":[],"links":{"next":"/p2","prev":null}}"#,
        r#"{"data":[],"_links":{"next":{"href":"/p2"}}}"#,
    ] {
        let next = Some(OnwardWord::Link("/p2".to_owned()));
        assert_eq!(DIALECT.read_envelope(body.as_bytes()).unwrap().onward, next, "{body}");
    }
    assert_eq!(
        DIALECT.read_envelope(br#"{"contents":[],"next":null,"links":{"next":""}}"#).unwrap().onward,
        None
    );
}

#[test]
fn quirk_17_counts_as_floats_and_texts_and_inside_other_objects() {
    for body in [
        r#"{"contents":[],"totalPages":3.0}"#,
        r#"{"contents":[],"total_pages":"3"}"#,
        r#"{"contents":[],"pagination":{"total_pages":3}}"#,
        r#"{"contents":[],"meta":{"total_pages":3},"last_page":false}"#,
    ] {
        assert_eq!(DIALECT.read_envelope(body.as_bytes()).unwrap().total_pages, Some(3), "{body}");
    }
}

#[test]
fn quirk_18_totals_below_what_was_sent_are_reported() {
    let envelope = DIALECT.read_envelope(br#"{"total_items":1,"contents":[{"id":"a"},{"id":"b"}]}"#).unwrap();
    assert_eq!(envelope.issues.first().map(|issue| issue.code), Some(IssueCode::Conflict));
}

#[test]
fn quirk_22_errors_are_no_pages() {
    for body in [r#"{"error":"down"}"#, r#"{"message":"forbidden"}"#, r#"{"error":"down","contents":[]}"#] {
        assert_eq!(DIALECT.read_envelope(body.as_bytes()), Err(NotAPage::ErrorMessage), "{body}");
    }
    assert!(matches!(DIALECT.read_envelope(b"<!doctype html>"), Err(NotAPage::NotJson(_))));
    assert!(matches!(DIALECT.read_envelope(br#""fine""#), Err(NotAPage::NoList { .. })));
    assert!(matches!(DIALECT.read_envelope(br#"{"id":"1","name":"a"}"#), Err(NotAPage::NoList { .. })));
}

#[test]
fn quirk_23_no_such_record_in_every_way() {
    for body in [
        "",
        " ",
        "null",
        "{}",
        "[]",
        r#"{"error":"No matching document"}"#,
        r#"{"contents":[]}"#,
        "Item Not Found",
    ] {
        assert_eq!(DIALECT.read_single(body.as_bytes()), Ok(None), "{body}");
    }
    assert_eq!(DIALECT.read_single(br#"{"error":"down"}"#), Err(NotAPage::ErrorMessage));
    for body in [r#"{"id":"1"}"#, r#"[{"id":"1"}]"#, r#"{"data":{"id":"1"}}"#] {
        assert_eq!(DIALECT.read_single(body.as_bytes()), Ok(Some(json!({"id": "1"}))), "{body}");
    }
}

#[test]
fn quirk_29_integer_ids_are_texts() {
    let service = service(json!({"id": 12345}));
    assert_eq!(service.id.upstream(), "12345");
    assert!(issues(&service).contains(&(IssueCode::WrongType, "id")));
}

#[test]
fn quirk_31_parts_without_ids_get_stable_ones() {
    let phones = json!({"phones": [{"number": "01632 960001"}, {"number": "01632 960001"}, {}]});
    let (first, again) = (service(phones.clone()), service(phones));
    let ids =
        |service: &Service| service.phones.iter().map(|phone| phone.part.id.clone()).collect::<Vec<_>>();
    assert_eq!(ids(&first), ids(&again));
    assert_eq!(first.phones.len(), 2);
    assert_ne!(first.phones[0].part.id, first.phones[1].part.id);
}

#[test]
fn quirk_34_the_nested_record_wins() {
    let service = service(json!({"organization_id": "A", "organization": {"id": "B", "name": "Elm"}}));
    assert_eq!(service.organization_id.as_ref().map(|id| id.upstream()), Some("B"));
    assert_eq!(issues(&service), [(IssueCode::Conflict, "organization_id")]);
    assert_eq!(service.extra.get("organization_id"), Some(&json!("A")));
}

#[test]
fn quirk_35_camel_case_keys_that_repeat_the_owner_are_dropped() {
    let area = json!({"id": "a", "name": "Elmshire", "serviceId": "3c8f5f0a-0000-4000-8000-000000000001"});
    let service = service(json!({"service_areas": [area]}));
    assert!(service.extra.is_empty() && service.provenance.issues.is_empty());
}

#[test]
fn quirk_38_the_standards_own_name_wins() {
    let schedule = json!({"id": "s", "opens_at": "09:00", "open_at": "10:00", "closingTime": "17:00"});
    let service = service(json!({"schedules": [schedule]}));
    assert_eq!(service.schedules[0].opens_at.map(|time| time.to_string()).as_deref(), Some("09:00:00"));
    assert_eq!(issues(&service), [(IssueCode::MisspelledMember, "schedules[0].closingTime")]);
    assert_eq!(service.extra.get("schedules[0].open_at"), Some(&json!("10:00")));
}

#[test]
fn quirk_42_nothing_is_no_record() {
    for row in [json!(null), json!(""), json!(7), json!([]), json!({}), json!({"id": null, "name": ""})] {
        let read = with_reading(AnswerDepth::List, |reading| READER.read_service(row.clone(), reading));
        assert!(read.is_none(), "{row}");
    }
}

#[test]
fn quirk_43_a_missing_organization_costs_no_service() {
    for organization in [json!(null), json!({}), json!([])] {
        let service = service(json!({"organization_id": null, "organization": organization}));
        assert_eq!(issues(&service), [(IssueCode::MissingRequired, "organization")]);
        assert!(!service.carried.has(NestedMember::Organization));
    }
}

#[test]
fn quirk_48_vendor_members_are_kept() {
    let vendor = json!({"pc_metadata": {"date_modified": "2024-03-11"}, "flags": null});
    let service = service(vendor.clone());
    assert_eq!(Value::Object(service.extra.clone()), vendor);
    assert_eq!(service.last_modified.unwrap().to_rfc3339(), "2024-03-11T00:00:00+00:00");
}

#[test]
fn quirk_51_minus_one_ages_are_unknown() {
    for (sent, read) in [
        ((json!(-1), json!(-1)), (None, None)),
        ((json!(0), json!(0)), (None, None)),
        ((json!(16), json!(0)), (Some(16.0), None)),
        ((json!("16"), json!(25)), (Some(16.0), Some(25.0))),
        ((json!(0), json!(4)), (Some(0.0), Some(4.0))),
    ] {
        let service = service(json!({"minimum_age": sent.0, "maximum_age": sent.1}));
        assert_eq!((service.minimum_age, service.maximum_age), read, "{sent:?}");
    }
}

#[test]
fn quirk_52_inverted_and_absurd_ages_are_unknown() {
    let inverted = service(json!({"minimum_age": 65, "maximum_age": 18}));
    assert_eq!((inverted.minimum_age, inverted.maximum_age), (None, None));
    assert_eq!(issues(&inverted), [(IssueCode::Conflict, "minimum_age")]);
    let absurd = service(json!({"minimum_age": 18, "maximum_age": 999}));
    assert_eq!((absurd.minimum_age, absurd.maximum_age), (Some(18.0), None));
    assert_eq!(issues(&absurd), [(IssueCode::OutOfRange, "maximum_age")]);
}

#[test]
fn quirk_59_points_are_swapped_only_into_the_uk() {
    let place = |latitude: f64, longitude: f64| {
        let location =
            json!({"id": "l", "location_type": "physical", "latitude": latitude, "longitude": longitude});
        let service = service(json!({"service_at_locations": [{"id": "x", "location": location}]}));
        let point = service.service_at_locations[0].location.as_ref().unwrap().coordinates;
        point.map(|point| (point.latitude, point.longitude))
    };
    assert_eq!(place(51.4, -2.6), Some((51.4, -2.6)));
    assert_eq!(place(-2.6, 51.4), Some((51.4, -2.6)));
    assert_eq!(place(40.7, -74.0), Some((40.7, -74.0)));
    assert_eq!(place(100.0, 101.0), None);
    assert_eq!(place(0.0, 0.0), None);
}

#[test]
fn quirk_65_script_leaves_plain_texts() {
    let service = service(json!({"fees": "<p>Free</p><script>evil()</script>"}));
    assert_eq!(service.fees.as_deref(), Some("Free"));
    assert_eq!(issues(&service), [(IssueCode::UnsafeMarkup, "fees")]);
}

#[test]
fn quirk_74_a_missing_status_is_unknown() {
    for (sent, status, code) in [
        (json!(null), ServiceStatus::Unknown, IssueCode::MissingRequired),
        (json!("Active"), ServiceStatus::Active, IssueCode::Repaired),
        (json!("temporarily-closed"), ServiceStatus::TemporarilyClosed, IssueCode::Repaired),
        (json!("open"), ServiceStatus::Unknown, IssueCode::OutsideCodelist),
    ] {
        let service = service(json!({"status": sent}));
        assert_eq!((service.status, issues(&service)), (status, vec![(code, "status")]));
    }
}

#[test]
fn quirk_78_equal_schedules_are_one() {
    let slot = |id: &str, funded: bool| json!({"id": id, "freq": "WEEKLY", "byday": "MO", "opens_at": "07:30", "ey_funded": funded});
    let service = service(json!({"schedules": [slot("a", true), slot("b", false)]}));
    assert_eq!(service.schedules.len(), 1);
    assert_eq!(issues(&service), [(IssueCode::Repaired, "schedules")]);
    assert_eq!(service.extra.len(), 2);
}

#[test]
fn quirk_80_month_days_in_a_weekly_rule_are_kept_and_reported() {
    let rule = json!({"id": "s", "freq": "WEEKLY", "byday": "TH,FR", "wkst": "MO", "bymonthday": "2,3,4"});
    let service = service(json!({"schedules": [rule]}));
    let schedule = &service.schedules[0];
    assert_eq!((schedule.freq, schedule.wkst), (Some(Frequency::Weekly), Some(DayOfWeek::Monday)));
    assert_eq!(schedule.bymonthday, [2, 3, 4]);
    assert_eq!(issues(&service), [(IssueCode::Conflict, "schedules[0].bymonthday")]);
}

#[test]
fn quirk_88_points_in_geojson() {
    let location = json!({"id": "l", "location_type": "physical", "geometry": {"type": "Point", "coordinates": [-0.61, 51.71]}});
    let service = service(json!({"service_at_locations": [{"id": "x", "location": location}]}));
    let location = service.service_at_locations[0].location.as_ref().unwrap();
    assert_eq!(location.coordinates.map(|point| (point.latitude, point.longitude)), Some((51.71, -0.61)));
    assert!(location.extra.contains_key("geometry"));
}

#[test]
fn the_exact_spelling_wins_over_its_variants() {
    let service = service(json!({"Email": "old@elm.example", "email": "new@elm.example"}));
    assert_eq!(service.email.as_deref(), Some("new@elm.example"));
    assert_eq!(service.extra.get("Email"), Some(&json!("old@elm.example")));
}

#[test]
fn nesting_deeper_than_any_record_is_kept_unread() {
    let mut deep = json!({"id": "p0", "name": "t"});
    for level in 1..40 {
        let term = json!({"id": format!("t{level}"), "name": "t", "taxonomy_detail": deep});
        deep = json!({"id": format!("p{level}"), "name": "t", "taxonomy_terms": [term]});
    }
    let read = with_reading(AnswerDepth::List, |reading| READER.read_taxonomy(deep, reading)).unwrap();
    let read = json!(read).to_string();
    assert!(read.contains("TaxonomyTerm(elmshire/t39)") && !read.contains("TaxonomyTerm(elmshire/t25)"));
    assert!(read.contains(r#""id":"t25""#), "what was too deep is in an extra");
}

#[test]
fn quirk_58_a_single_date_is_that_of_london() {
    let single = |dtstart: &str, opens_at: &str, closes_at: &str| {
        let schedule = json!({"id": "s", "dtstart": dtstart, "opens_at": opens_at, "closes_at": closes_at});
        let service = service(json!({"schedules": [schedule]}));
        let day = |date: &str| format!("{date}T00:00:00Z").parse().unwrap();
        let hours = crate::model::OpeningHours::of(&service);
        let sessions: Vec<_> = hours.occurrences(day("2026-06-29"), day("2026-07-05")).collect();
        let text = |at: chrono::DateTime<chrono::Utc>| at.format("%dT%H:%M").to_string();
        sessions.into_iter().map(|one| (text(one.start), one.end.map(text).unwrap())).collect::<Vec<_>>()
    };
    let one = |start: &str, end: &str| vec![(start.to_owned(), end.to_owned())];
    assert_eq!(single("2026-07-01", "23:30Z", "23:45Z"), one("01T23:30", "01T23:45"));
    assert_eq!(single("2026-07-01", "22:30Z", "24:00Z"), one("01T22:30", "02T00:00"));
    assert_eq!(single("2026-07-01", "09:00Z", "24:00Z"), one("01T09:00", "02T00:00"));
    assert_eq!(single("2026-07-01", "01:00+03:00", "02:00+03:00"), one("30T22:00", "30T23:00"));
    assert_eq!(single("2026-07-01", "23:30", "23:45"), one("01T22:30", "01T22:45"));
}

#[test]
fn quirk_123_languages_in_one_text_are_several_and_codes_are_codes() {
    for (sent, read) in [
        (
            json!("English, Welsh, Polish"),
            vec![("English", Some("en")), ("Welsh", Some("cy")), ("Polish", Some("pl"))],
        ),
        (json!(["en", "cy"]), vec![("English", Some("en")), ("Welsh", Some("cy"))]),
        (json!([{"id": "l", "name": "Greek, Modern"}]), vec![("Greek, Modern", None)]),
        (json!([{"id": "l", "name": "English", "code": "eng"}]), vec![("English", Some("eng"))]),
    ] {
        let service = service(json!({"languages": sent}));
        let languages = service.languages.iter();
        let languages: Vec<_> =
            languages.map(|one| (one.name.as_deref().unwrap(), one.code.as_deref())).collect();
        assert_eq!(languages, read, "{sent}");
    }
}

#[test]
fn quirk_124_a_year_is_read_out_of_dates_and_words() {
    for (sent, year) in [
        (json!(1987), Some(1987)),
        (json!("1987"), Some(1987)),
        (json!("1987-05-01"), Some(1987)),
        (json!("01/05/1987"), Some(1987)),
        (json!("Est. 1987"), Some(1987)),
        (json!("long ago"), None),
    ] {
        let organization = json!({"id": "o", "name": "Trust", "year_incorporated": sent});
        let service = service(json!({"organization": organization}));
        assert_eq!(service.organization.unwrap().year_incorporated, year, "{sent}");
    }
}
