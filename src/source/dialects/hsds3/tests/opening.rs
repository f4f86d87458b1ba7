//! Schedules: closures in words, and offsets of their times.

use serde_json::{Value, json};

use super::quirks::{issues, service};
use crate::model::{IssueCode, ScheduleException};

#[test]
fn closures_are_written_in_words() {
    let closed = |schedule: Value| service(json!({"schedules": [schedule]})).schedules[0].exception;
    let dates = json!({"id": "s", "valid_from": "2026-12-24", "valid_to": "2027-01-01", "notes": "Closed"});
    assert_eq!(closed(dates), Some(ScheduleException::Closed));
    let sundays = json!({"id": "s", "freq": "WEEKLY", "byday": "SU", "description": "closed."});
    assert_eq!(closed(sundays), Some(ScheduleException::Closed));
    let open = json!({"id": "s", "freq": "WEEKLY", "byday": "SU", "opens_at": "10:00", "notes": "Closed"});
    assert_eq!(closed(open), None);
    let dated = |notes: &str, opens_at: Value| {
        closed(json!({
            "id": "s", "valid_from": "2026-12-24", "valid_to": "2027-01-01", "notes": notes, "opens_at": opens_at,
        }))
    };
    assert_eq!(dated("Closed for Christmas", json!(null)), Some(ScheduleException::Closed));
    assert_eq!(dated("Closed for Christmas", json!("10:00")), None);
    assert_eq!(dated("Closed", json!("00:00")), Some(ScheduleException::Closed));
    // Nothing says on which of its days.
    let mondays = json!({"id": "s", "freq": "WEEKLY", "byday": "MO", "notes": "Closed on bank holidays"});
    assert_eq!(closed(mondays), None);
    let ruled = |members: Value| {
        let mut rule =
            json!({"id": "s", "freq": "WEEKLY", "byday": "FR", "description": "Closed for Christmas"});
        rule.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
        closed(rule)
    };
    let closure = Some(ScheduleException::Closed);
    assert_eq!(ruled(json!({"dtstart": "2026-12-25", "until": "2026-12-25"})), closure);
    assert_eq!(ruled(json!({"dtstart": "2026-12-25", "count": 1})), closure);
    let daily = json!({"freq": "DAILY", "byday": "", "valid_from": "2026-12-24", "valid_to": "2027-02-28"});
    assert_eq!(ruled(daily), closure);
    assert_eq!(ruled(json!({"freq": "YEARLY", "byday": null, "dtstart": "2020-12-25"})), closure);
    // The words may be about some of the Fridays.
    assert_eq!(ruled(json!({"dtstart": "2026-09-04", "until": "2027-07-23"})), None);
    assert_eq!(ruled(json!({"dtstart": "2026-12-25", "until": "2026-12-25", "opens_at": "10:00"})), None);
    let said = |truth: Value| json!({"id": "s", "valid_from": "2026-12-24", "valid_to": "2026-12-24", "closed": truth});
    assert_eq!(closed(said(json!(true))), Some(ScheduleException::Closed));
    assert_eq!(closed(said(json!("no"))), None);
}

#[test]
fn an_offset_may_be_stated_apart_from_the_times() {
    let read = |timezone: Value| {
        let schedule = json!({
            "id": "s", "freq": "WEEKLY", "byday": "MO", "opens_at": "14:00", "closes_at": "15:00", "timezone": timezone,
        });
        service(json!({"schedules": [schedule]}))
    };
    for (timezone, opens) in [
        (json!(5), "09:00:00"),
        (json!("+05:00"), "09:00:00"),
        (json!("UTC"), "14:00:00"),
        (json!("Europe/London"), "14:00:00"),
        (json!("Europe/Paris"), "14:00:00"),
    ] {
        let service = read(timezone.clone());
        assert_eq!(service.schedules[0].opens_at.unwrap().to_string(), opens, "{timezone}");
        let is_reported = issues(&service).contains(&(IssueCode::NonStandardFormat, "schedules[0].timezone"));
        assert_eq!(is_reported, timezone == "Europe/Paris", "{timezone}");
    }
}

#[test]
fn offsets_that_are_never_londons_hold_all_year() {
    let schedule = |byday: &str, opens_at: &str| json!({"id": "s", "freq": "WEEKLY", "byday": byday, "opens_at": opens_at, "closes_at": "11:00+02:00"});
    let starts = |schedule: Value, from: &str, to: &str| {
        let service = service(json!({"schedules": [schedule]}));
        let day = |date: &str| format!("{date}T00:00:00Z").parse().unwrap();
        let sessions =
            crate::model::OpeningHours::of(&service).occurrences(day(from), day(to)).collect::<Vec<_>>();
        sessions.into_iter().map(|one| one.start.format("%m-%dT%H:%M").to_string()).collect::<Vec<_>>()
    };
    let mondays = schedule("MO", "10:00+02:00");
    assert_eq!(starts(mondays.clone(), "2026-11-30", "2026-12-01"), ["11-30T08:00"]);
    assert_eq!(starts(mondays.clone(), "2026-07-06", "2026-07-07"), ["07-06T08:00"]);
    // Across both changes of the clock.
    assert_eq!(
        starts(mondays.clone(), "2026-10-19", "2026-11-03"),
        ["10-19T08:00", "10-26T08:00", "11-02T08:00"]
    );
    assert_eq!(starts(mondays, "2027-03-22", "2027-04-06"), ["03-22T08:00", "03-29T08:00", "04-05T08:00"]);
    // In London these begin on Sundays.
    assert_eq!(starts(schedule("MO", "01:30+02:00"), "2026-11-28", "2026-12-03"), ["11-29T23:30"]);
    assert_eq!(starts(schedule("MO", "01:30+02:00"), "2026-07-04", "2026-07-09"), ["07-05T23:30"]);
}
