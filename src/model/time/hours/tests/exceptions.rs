//! Tests of exceptions: closures, and dates with other times.

use super::*;
use crate::model::ScheduleException;

fn closed(from: &str, to: &str) -> Schedule {
    let exception = Some(ScheduleException::Closed);
    Schedule { valid_from: Some(date(from)), valid_to: Some(date(to)), exception, ..blank() }
}

fn begins(hours: &OpeningHours, from: &str, to: &str) -> Vec<(usize, String)> {
    let midnight = |day: &str| at(&format!("{day}T00:00:00Z"));
    let sessions = hours.occurrences(midnight(from), midnight(to));
    sessions
        .map(|session| (session.schedule.index, session.start.format("%m-%d %H:%M").to_string()))
        .collect()
}

#[test]
fn a_closure_takes_its_dates_away() {
    let hours = all_of(&[weekly("TU,TH", "10:00-12:00"), closed("2026-12-24", "2027-01-01")]);
    let found = begins(&hours, "2026-12-21", "2027-01-06");
    assert_eq!(found, [(0, "12-22 10:00".to_owned()), (0, "01-05 10:00".to_owned())]);
    let on = |day: &str| OpenFilter { on: Some(date(day)), ..OpenFilter::default() };
    assert_eq!(hours.matches(&on("2026-12-29"), date("2026-12-01")), TriState::No);
    assert_eq!(hours.matches(&on("2027-01-05"), date("2026-12-01")), TriState::Yes);
    assert_eq!(hours.open_at(at("2026-12-29T10:30:00Z")), TriState::No);
    assert_eq!(hours.days(date("2026-12-01")), days("TU,TH"));
}

#[test]
fn other_times_hold_instead() {
    let special = Schedule {
        valid_from: Some(date("2026-12-28")),
        valid_to: Some(date("2026-12-30")),
        freq: None,
        ..weekly("", "14:00-15:00")
    };
    let hours = all_of(&[weekly("TU", "10:00-12:00"), special]);
    let expected = ["12-22 10:00", "12-28 14:00", "12-29 14:00", "12-30 14:00", "01-05 10:00"];
    let found = begins(&hours, "2026-12-21", "2027-01-06");
    assert_eq!(found.iter().map(|(_, start)| start.as_str()).collect::<Vec<_>>(), expected);
    assert_eq!(found.iter().map(|(index, _)| *index).collect::<Vec<_>>(), [0, 1, 1, 1, 0]);
}

#[test]
fn other_times_may_name_their_days_and_closures_come_before_them() {
    let special = Schedule {
        exception: Some(ScheduleException::Open),
        dtstart: Some(date("2026-12-28")),
        until: Some(date("2026-12-31")),
        ..weekly("TU,WE,TH", "14:00-15:00")
    };
    let hours = all_of(&[weekly("TU", "10:00-12:00"), special, closed("2026-12-30", "2026-12-30")]);
    let found = begins(&hours, "2026-12-21", "2027-01-06");
    let starts: Vec<&str> = found.iter().map(|(_, start)| start.as_str()).collect();
    assert_eq!(starts, ["12-22 10:00", "12-29 14:00", "12-31 14:00", "01-05 10:00"]);
}

#[test]
fn a_closure_every_year_is_one_day_of_each() {
    let christmas = Schedule {
        exception: Some(ScheduleException::Closed),
        dtstart: Some(date("2020-12-25")),
        ..rule(Frequency::Yearly, "", "-")
    };
    let hours = all_of(&[rule(Frequency::Daily, "", "10:00-12:00"), christmas]);
    let found = begins(&hours, "2026-12-24", "2026-12-27");
    assert_eq!(found, [(0, "12-24 10:00".to_owned()), (0, "12-26 10:00".to_owned())]);
}

#[test]
fn an_exception_is_its_owners_alone() {
    let (mornings, closure) = (weekly("MO", "10:00-12:00"), closed("2026-09-07", "2026-09-07"));
    let hours =
        OpeningHours::compile(vec![(None, 0, &mornings), (Some(0), 0, &mornings), (Some(0), 1, &closure)]);
    let owners: Vec<ScheduleOwner> = hours
        .occurrences(at("2026-09-07T00:00:00Z"), at("2026-09-15T00:00:00Z"))
        .map(|session| session.schedule.owner)
        .collect();
    let at_place = ScheduleOwner::AtLocation(0);
    assert_eq!(owners, [ScheduleOwner::Service, ScheduleOwner::Service, at_place]);
}

#[test]
fn closures_alone_say_no_only_of_their_dates() {
    let hours = all_of(&[closed("2026-12-24", "2027-01-01")]);
    assert_eq!(hours.open_at(at("2026-12-25T10:00:00Z")), TriState::No);
    assert_eq!(hours.open_at(at("2026-12-23T10:00:00Z")), TriState::Unknown);
    assert!(hours.is_unknown());
}
