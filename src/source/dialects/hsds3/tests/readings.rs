//! Values in the notations that feeds use, from the feed to the filters that use them.

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::{Value, json};

use super::detail;
use crate::model::{
    AgeRange, CostFilter, IssueCode, PostcodePlaces, ScheduleException, Service, ServiceFacts, TriState,
};

fn service(members: &Value) -> Service {
    let mut row = json!({"id": "3c8f5f0a-0000-4000-8000-000000000001", "name": "Tea", "status": "active", "organization_id": "o"});
    row.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
    detail(row)
}

fn facts(members: &Value) -> ServiceFacts {
    ServiceFacts::of(&service(members), &PostcodePlaces::default())
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn codes(service: &Service) -> Vec<(IssueCode, &str)> {
    service.provenance.issues.iter().map(|issue| (issue.code, issue.path.as_str())).collect()
}

/// A class on Wednesdays.
fn class(members: &Value) -> Value {
    let mut class =
        json!({"id": "s", "freq": "WEEKLY", "byday": "WE", "opens_at": "10:00", "closes_at": "12:00"});
    class.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
    json!({"schedules": [class]})
}

#[test]
fn quirk_105_a_bound_that_cannot_be_read_is_unknown() {
    let wednesday = "2026-09-02T09:30:00Z";
    for (members, expected) in [
        (json!({}), TriState::Yes),
        (json!({"until": null, "valid_to": ""}), TriState::Yes),
        (json!({"valid_from": "2026-10-01", "valid_to": "2026-08-01"}), TriState::Yes),
        (json!({"valid_to": "ongoing", "until": "0001-01-01T00:00:00"}), TriState::Yes),
        (json!({"until": "end of term"}), TriState::Unknown),
        (json!({"valid_to": "30/06"}), TriState::Unknown),
        (json!({"valid_from": "next month"}), TriState::Unknown),
        (json!({"dtstart": "after Easter"}), TriState::Unknown),
        (json!({"count": "ten"}), TriState::Unknown),
        (json!({"count": 0}), TriState::Yes),
        (json!({"count": -1, "dtstart": "2026-01-07"}), TriState::Yes),
        (json!({"count": 6, "valid_from": "2026-01-05"}), TriState::Yes),
        (json!({"count": 6, "dtstart": "2026-01-07"}), TriState::No),
        (json!({"freq": "term time"}), TriState::Unknown),
        (json!({"interval": "every so often"}), TriState::Unknown),
        (json!({"interval": 0, "dtstart": "2026-01-07"}), TriState::Yes),
        (json!({"interval": 2, "valid_from": "2026-01-05"}), TriState::Yes),
        (json!({"interval": 1}), TriState::Yes),
        (json!({"freq": "fortnightly"}), TriState::Yes),
        (json!({"byday": "WE, not always"}), TriState::Unknown),
        (json!({"byday": ["WE", "fortnightly"]}), TriState::Unknown),
        (json!({"opens_at": "ask us"}), TriState::Unknown),
        (json!({"until": "20200630T225959Z"}), TriState::No),
        (json!({"valid_to": "30 June 2020"}), TriState::No),
        (json!({"valid_to": "end of term", "until": "2020-06-30"}), TriState::No),
    ] {
        assert_eq!(facts(&class(&members)).hours.open_at(at(wednesday)), expected, "{members}");
    }
    let ten = [AgeRange::of_person(10.0)];
    for (members, expected) in [
        (json!({"minimum_age": "18+"}), TriState::No),
        (json!({"minimum_age": "18-25"}), TriState::No),
        (json!({"minimum_age": "5-11"}), TriState::Yes),
        (json!({"minimum_age": "adults"}), TriState::Unknown),
        (json!({"minimum_age": "adults", "maximum_age": 5}), TriState::No),
        (json!({"maximum_age": "school leavers"}), TriState::Unknown),
        (json!({"minimum_age": 65, "maximum_age": 18}), TriState::Unknown),
        (json!({"maximum_age": 999}), TriState::Yes),
        (json!({"minimum_age": "All ages"}), TriState::Yes),
        (json!({"minimum_age": -1}), TriState::Yes),
        (json!({}), TriState::Yes),
    ] {
        assert_eq!(facts(&members).ages.matches(&ten), expected, "{members}");
    }
    let cheap = CostFilter { free: None, maximum_amount: Some(6.0) };
    let today = NaiveDate::from_ymd_opt(2026, 9, 2).unwrap();
    for (price, expected) in [
        (json!({"amount": "£5"}), TriState::Yes),
        (json!({"amount": "£5 to £8"}), TriState::Unknown),
        (json!({"amount": 5, "valid_to": "summer"}), TriState::Unknown),
        (json!({"amount": 5, "valid_to": "30.06.2020"}), TriState::Unknown),
        (json!({"amount": "50p"}), TriState::Yes),
        (json!({"amount": "650p"}), TriState::No),
    ] {
        let facts = facts(&json!({"cost_options": [price]}));
        assert_eq!(facts.prices.matches(&cheap, today), expected, "{price}");
    }
}

#[test]
fn quirk_105_limits_that_cannot_be_applied_are_reported() {
    let missing = vec![(IssueCode::MissingRequired, "schedules[0].dtstart")];
    let impossible = |path| vec![(IssueCode::OutOfRange, path)];
    for (members, expected) in [
        (json!({"count": 6, "valid_from": "2026-01-05"}), missing.clone()),
        (json!({"interval": 2}), missing),
        (json!({"interval": 2, "dtstart": "2026-01-07"}), Vec::new()),
        (json!({"count": 0, "dtstart": "2026-01-07"}), impossible("schedules[0].count")),
        (
            json!({"valid_from": "2026-09-01", "valid_to": "2026-08-31"}),
            vec![(IssueCode::Conflict, "schedules[0].valid_to")],
        ),
        (json!({"interval": -1}), impossible("schedules[0].interval")),
    ] {
        let service = service(&class(&members));
        assert_eq!(codes(&service), expected, "{members}");
        assert!(service.schedules[0].rrule().is_some(), "{members}");
        assert!(service.schedules[0].count.is_none_or(|count| count > 0), "{members}");
    }
}

#[test]
fn a_single_date_needs_no_possible_count() {
    let once = json!({"id": "s", "dtstart": "2026-09-02", "count": 0, "interval": 0, "opens_at": "10:00", "closes_at": "12:00"});
    let hours = facts(&json!({"schedules": [once]})).hours;
    assert_eq!(hours.open_at(at("2026-09-02T09:30:00Z")), TriState::Yes);
}

#[test]
fn quirk_92_two_sessions_are_two_schedules() {
    for times in [
        json!({"opens_at": ["09:00", "13:00"], "closes_at": ["12:00", "17:00"]}),
        json!({"opens_at": "09:00, 13:00", "closes_at": "12:00, 17:00"}),
        json!({"opens_at": "09:00-12:00, 13:00-17:00", "closes_at": null}),
        json!({"opens_at": null, "closes_at": "9-12 and 1-5"}),
    ] {
        let service = service(&class(&times));
        let hours = |schedule: &crate::model::Schedule| {
            let shown = |time: Option<chrono::NaiveTime>| time.unwrap().format("%H:%M").to_string();
            (shown(schedule.opens_at), shown(schedule.closes_at))
        };
        let read: Vec<_> = service.schedules.iter().map(|one| hours(one)).collect();
        let expected = [("09:00", "12:00"), ("13:00", "17:00")];
        assert_eq!(read, expected.map(|(from, to)| (from.to_owned(), to.to_owned())), "{times}");
        let [first, second] = service.schedules.as_slice() else { panic!("{times}") };
        assert_ne!(first.part.id, second.part.id);
        assert_eq!((&first.byday, first.freq), (&second.byday, second.freq));
    }
    let uneven = service(&class(&json!({"opens_at": ["09:00", "13:00"], "closes_at": "17:00"})));
    assert!(codes(&uneven).contains(&(IssueCode::Unreadable, "schedules[0].closes_at")));
}

#[test]
fn quirk_104_closed_is_a_closure() {
    let week = |times: &Value| {
        let mut sunday = json!({"id": "su", "freq": "WEEKLY", "byday": "SU"});
        sunday.as_object_mut().unwrap().extend(times.as_object().unwrap().clone());
        let monday =
            json!({"id": "mo", "freq": "WEEKLY", "byday": "MO", "opens_at": "09:00", "closes_at": "17:00"});
        json!({"schedules": [monday, sunday]})
    };
    for times in [
        json!({"opens_at": "Closed", "closes_at": "Closed"}),
        json!({"opens_at": "CLOSED", "closes_at": null}),
        json!({"opens_at": "", "closes_at": "closed."}),
        json!({"opens_at": ["Closed"], "closes_at": ["Closed"]}),
        json!({"opens_at": "<strong>Closed</strong>", "closes_at": ""}),
        json!({"opens_at": "(closed)", "closes_at": "(closed)"}),
        json!({"opens_at": "Closed\u{200b}", "closes_at": "\u{feff}"}),
    ] {
        let service = service(&week(&times));
        assert_eq!(service.schedules[1].exception, Some(ScheduleException::Closed), "{times}");
        let facts = ServiceFacts::of(&service, &PostcodePlaces::default());
        assert_eq!(facts.hours.open_at(at("2026-09-06T11:00:00Z")), TriState::No, "{times}");
        assert_eq!(facts.hours.open_at(at("2026-09-07T11:00:00Z")), TriState::Yes, "{times}");
    }
    let half = service(&week(&json!({"opens_at": "09:00", "closes_at": "Closed"})));
    assert_eq!((half.schedules[1].exception, half.schedules[1].closes_at), (None, None));
    assert!(codes(&half).contains(&(IssueCode::Unreadable, "schedules[1].closes_at")));
}

#[test]
fn bare_hours_tell_each_other_which_half_of_the_day_they_are_in() {
    for (opens, closes, expected) in [
        (json!("9"), json!("5"), "09:00-17:00"),
        (json!(9), json!(17), "09:00-17:00"),
        (json!("9"), json!("17:00"), "09:00-17:00"),
        (json!("09:00"), json!(5), "09:00-17:00"),
        (json!(14), json!(null), "14:00-?"),
        (json!(9), json!(null), "?-?"),
        (json!("from 9am"), json!("5pm"), "09:00-17:00"),
        (json!("09:00 - 17:00"), json!("17:00"), "09:00-17:00"),
    ] {
        let service = service(&class(&json!({"opens_at": opens, "closes_at": closes})));
        let shown = |time: Option<chrono::NaiveTime>| {
            time.map_or("?".to_owned(), |time| time.format("%H:%M").to_string())
        };
        let schedule = &service.schedules[0];
        assert_eq!(
            format!("{}-{}", shown(schedule.opens_at), shown(schedule.closes_at)),
            expected,
            "{opens} {closes}"
        );
    }
}

#[test]
fn quirk_102_one_id_in_two_notations_is_one_record() {
    let guid = "6a84f8e7-f0a8-445d-9abc-d24a7b462f82";
    for (sent, read) in [
        (json!(guid.to_uppercase()), guid),
        (json!(format!("{{{guid}}}")), guid),
        (json!(12.0), "12"),
        (json!("12.0"), "12"),
        (json!(12), "12"),
        (json!("0012"), "0012"),
        (json!(18_446_744_073_709_551_615_u64), "18446744073709551615"),
    ] {
        let service = service(&json!({"organization_id": sent}));
        assert_eq!(service.organization_id.as_ref().unwrap().upstream(), read, "{sent}");
        let is_noted = codes(&service).contains(&(IssueCode::NonStandardFormat, "organization_id"));
        assert_eq!(
            is_noted,
            !matches!(sent.to_string().as_str(), "12" | "\"0012\"" | "18446744073709551615"),
            "{sent}"
        );
    }
}

#[test]
fn quirk_103_company_numbers_have_eight_characters() {
    let shown = |identifier: Value| {
        let row = json!({"id": "i", "identifier_scheme": "GB-COH", "identifier_type": "Company number", "identifier": identifier});
        let service =
            service(&json!({"organization": {"id": "o", "name": "Elm", "organization_identifiers": [row]}}));
        service.organization.as_ref().unwrap().identifiers[0].value.clone().unwrap()
    };
    for (sent, read) in [
        (json!(1_234_567), "01234567"),
        (json!("1234567"), "01234567"),
        (json!(1_234_567.0), "01234567"),
        (json!("1234567.0"), "01234567"),
        (json!("\u{feff}01234567\u{200e}"), "01234567"),
        (json!("01234567"), "01234567"),
        (json!("SC12345"), "SC012345"),
        (json!("SC012345"), "SC012345"),
        (json!("not known"), "not known"),
        (json!("123456789"), "123456789"),
    ] {
        assert_eq!(shown(sent.clone()), read, "{sent}");
    }
}

#[test]
fn quirk_103_spreadsheets_add_a_point_to_charity_numbers() {
    for sent in [json!(1_122_334.0), json!("1122334.0"), json!(1_122_334)] {
        let row =
            json!({"id": "i", "identifier_scheme": "GB-CHC", "identifier_type": "x", "identifier": sent});
        let service =
            service(&json!({"organization": {"id": "o", "name": "Elm", "organization_identifiers": [row]}}));
        let number = &service.organization.as_ref().unwrap().identifiers[0].value;
        assert_eq!(number.as_deref(), Some("1122334"), "{sent}");
    }
}

#[test]
fn quirk_96_values_are_read_and_served_without_marks() {
    let address = json!({"id": "a", "address_1": "1 Elm Road", "city": "Bristol", "postal_code": "\u{200e}BS3\u{a0}4AA", "country": "GB\u{200b}"});
    let service = service(&json!({
        "assured_date": "\u{200e}02\u{200e}/\u{200e}03\u{200e}/\u{200e}2026", "url": "https://elm.example/x\u{200b}",
        "email": "\u{200e}desk@elm.example\u{200f}", "minimum_age": "18\u{200b}", "status": "active\u{feff}",
        "service_at_locations": [{"id": "d", "location": {"id": "l", "location_type": "physical", "addresses": [address]}}],
    }));
    assert_eq!(service.assured_date, NaiveDate::from_ymd_opt(2026, 3, 2));
    assert_eq!(service.url.as_ref().map(url::Url::as_str), Some("https://elm.example/x"));
    assert_eq!((service.email.as_deref(), service.minimum_age), (Some("desk@elm.example"), Some(18.0)));
    let address = &service.service_at_locations[0].location.as_ref().unwrap().addresses[0];
    assert_eq!((address.postal_code.as_deref(), address.country.as_deref()), (Some("BS3 4AA"), Some("GB")));
}

#[test]
fn quirk_40_of_a_list_the_first_value_is_read_and_the_others_are_kept() {
    let service = service(&json!({
        "email": ["desk@elm.example", "post@elm.example"], "url": ["https://elm.example/a", "https://elm.example/b"],
        "phones": [{"id": "p", "number": ["0117 496 0123", "0117 496 0456"]}],
    }));
    assert_eq!(service.email.as_deref(), Some("desk@elm.example"));
    assert_eq!(service.url.as_ref().map(url::Url::as_str), Some("https://elm.example/a"));
    let phone = &service.phones[0];
    let said = (phone.number.as_deref(), phone.description.as_deref());
    assert_eq!(said, (Some("0117 496 0123"), Some("0117 496 0456")));
    let kept: Vec<_> = service.provenance.issues.iter().filter_map(|issue| issue.original.as_ref()).collect();
    assert!(kept.iter().any(|sent| sent[1] == "post@elm.example"), "{kept:?}");
}

#[test]
fn several_languages_give_english_and_keep_the_rest() {
    let service = service(&json!({
        "name": {"cy": "Clwb Cinio", "en": "Lunch Club"},
        "description": [{"lang": "cy", "value": "Cinio."}, {"lang": "en", "value": "Lunch."}],
    }));
    assert_eq!(service.name, "Lunch Club");
    assert_eq!(service.description.as_ref().unwrap().text(), "Lunch.");
    let kept: Vec<_> = service.provenance.issues.iter().filter_map(|issue| issue.original.as_ref()).collect();
    assert!(kept.iter().any(|sent| sent["cy"] == "Clwb Cinio"), "{kept:?}");
}

#[test]
fn shapes_that_are_none_come_with_an_issue_and_no_shape() {
    let area = |extent: Value, kind: &str| {
        let service = service(
            &json!({"service_areas": [{"id": "a", "name": "x", "extent_type": kind, "extent": extent}]}),
        );
        let has_issue = codes(&service).iter().any(|(_, path)| *path == "service_areas[0].extent");
        (service.service_areas[0].geojson.is_some(), has_issue)
    };
    let ring = json!([[-2.7, 51.4], [-2.5, 51.4], [-2.5, 51.5], [-2.7, 51.4]]);
    let open = json!([[-2.7, 51.4], [-2.5, 51.4], [-2.5, 51.5]]);
    let polygon = |ring: &Value| json!({"type": "Polygon", "coordinates": [ring]}).to_string();
    assert_eq!(area(json!(polygon(&ring)), "geojson"), (true, false));
    assert_eq!(area(json!(polygon(&open)), "geojson"), (true, true));
    assert_eq!(area(json!("{\"type\":\"Polygon\",\"coordinates\":[[[1,2]]]}"), "geojson"), (false, true));
    assert_eq!(area(json!("POLYGON ((-2.7 51.4, -2.5 51.4, -2.5 51.5, -2.7 51.4))"), "wkt"), (true, true));
    assert_eq!(area(json!("POLYGON ((-2.7 51.4"), "wkt"), (false, true));
    assert_eq!(area(json!("Elmshire"), "text"), (false, false));
}
