//! Tests of dates that a feed states in a form that cannot be read.

use super::*;
use crate::model::{ScheduleException, StatedBound};

fn unread(bound: StatedBound, schedule: Schedule) -> Schedule {
    Schedule { unread: schedule.unread.with(bound), ..schedule }
}

fn on(day: &str) -> OpenFilter {
    OpenFilter { on: Some(date(day)), ..OpenFilter::default() }
}

fn asked(hours: &OpeningHours, day: &str) -> TriState {
    hours.matches(&on(day), date("2026-09-01"))
}

#[test]
fn an_end_that_cannot_be_read_is_not_for_ever() {
    for bound in [StatedBound::Lower, StatedBound::Upper, StatedBound::Rule] {
        let hours = OpeningHours::of_schedule(&unread(bound, weekly("WE", "10:00-12:00")));
        assert_eq!(asked(&hours, "2026-09-02"), TriState::Unknown, "{bound:?}");
        assert_eq!(asked(&hours, "2026-09-03"), TriState::No, "{bound:?}");
        assert_eq!(hours.open_at(at("2026-09-02T10:00:00Z")), TriState::Unknown, "{bound:?}");
        assert_eq!(hours.next_opening(at("2026-09-01T00:00:00Z")), None, "{bound:?}");
        assert_eq!(hours.days(date("2026-09-01")), DaySet::NONE);
        assert!(hours.is_unknown() && !hours.slots().is_empty());
    }
}

#[test]
fn what_could_be_read_still_decides() {
    let ended = Schedule { valid_to: Some(date("2020-06-30")), ..weekly("WE", "10:00-12:00") };
    assert_eq!(
        asked(&OpeningHours::of_schedule(&unread(StatedBound::Lower, ended)), "2026-09-02"),
        TriState::No
    );
    let hours =
        all_of(&[unread(StatedBound::Upper, weekly("WE", "10:00-12:00")), weekly("WE", "10:00-11:00")]);
    assert_eq!(asked(&hours, "2026-09-02"), TriState::Yes);
}

#[test]
fn days_read_in_part_may_be_any() {
    for days in ["MO", ""] {
        let hours = OpeningHours::of_schedule(&unread(StatedBound::Days, weekly(days, "10:00-12:00")));
        assert_eq!(asked(&hours, "2026-09-07"), TriState::Unknown);
        assert_eq!(asked(&hours, "2026-09-08"), TriState::Unknown);
        assert_eq!(hours.occurrences(at("2026-09-07T00:00:00Z"), at("2026-09-14T00:00:00Z")).count(), 0);
    }
}

#[test]
fn a_closure_without_a_date_that_can_be_read_closes_nothing() {
    let closed = Schedule { exception: Some(ScheduleException::Closed), ..blank() };
    let both = unread(StatedBound::Lower, unread(StatedBound::Upper, closed.clone()));
    let hours = all_of(&[weekly("MO", "09:00-17:00"), both]);
    assert_eq!(asked(&hours, "2026-09-07"), TriState::Yes);
    let from = unread(StatedBound::Upper, Schedule { valid_from: Some(date("2026-12-24")), ..closed });
    let hours = all_of(&[weekly("MO", "09:00-17:00"), from]);
    assert_eq!(asked(&hours, "2026-09-07"), TriState::Yes);
    assert_eq!(asked(&hours, "2026-12-28"), TriState::Unknown);
    assert!(hours.is_unknown());
}

#[test]
fn times_on_a_date_that_cannot_be_read_may_be_on_any() {
    let once = unread(StatedBound::Lower, Schedule { freq: None, ..weekly("", "10:00-12:00") });
    let hours = OpeningHours::of_schedule(&once);
    assert_eq!(hours.open_at(at("2026-09-02T10:00:00Z")), TriState::Unknown);
    assert_eq!(hours.open_at(at("2026-09-02T20:00:00Z")), TriState::No);
    assert_eq!(once.rrule(), None);
    assert_eq!(unread(StatedBound::Upper, weekly("WE", "10:00-12:00")).rrule(), None);
}

#[test]
fn a_session_says_whether_its_start_is_known() {
    let hours = all_of(&[weekly("MO", "-12:00"), weekly("TU", "09:00-")]);
    let sessions: Vec<_> =
        hours.occurrences(at("2026-09-06T22:00:00Z"), at("2026-09-09T00:00:00Z")).collect();
    let said: Vec<_> = sessions.iter().map(|one| (one.date.to_string(), one.has_start)).collect();
    assert_eq!(said, [("2026-09-07".to_owned(), false), ("2026-09-08".to_owned(), true)]);
}
