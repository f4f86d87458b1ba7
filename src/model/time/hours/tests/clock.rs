//! Tests of sessions across midnight, and on the nights when clocks change.

use super::*;

fn starts(schedule: &Schedule, from: &str, to: &str) -> Vec<String> {
    let hours = OpeningHours::of_schedule(schedule);
    hours.occurrences(at(from), at(to)).map(|session| session.start.to_rfc3339()).collect()
}

#[test]
fn a_weekly_session_stays_at_its_time_all_year() {
    let daily = rule(Frequency::Daily, "", "10:00-11:00");
    assert_eq!(
        starts(&daily, "2026-03-28T00:00:00Z", "2026-03-30T00:00:00Z"),
        ["2026-03-28T10:00:00+00:00", "2026-03-29T09:00:00+00:00"]
    );
    assert_eq!(
        starts(&daily, "2026-10-24T00:00:00Z", "2026-10-26T00:00:00Z"),
        ["2026-10-24T09:00:00+00:00", "2026-10-25T10:00:00+00:00"]
    );
}

#[test]
fn what_begins_in_the_hour_that_is_left_out_begins_an_hour_later() {
    let early = weekly("SU", "01:30-03:30");
    let hours = OpeningHours::of_schedule(&early);
    let session = hours.next_opening(at("2026-03-29T00:00:00Z")).unwrap();
    assert_eq!(session.start, at("2026-03-29T01:30:00Z"), "2.30 in summer time");
    assert_eq!(session.end, Some(at("2026-03-29T02:30:00Z")));
    assert_eq!(hours.open_at(at("2026-03-29T01:15:00Z")), TriState::No);
    assert_eq!(hours.open_at(at("2026-03-29T01:30:00Z")), TriState::Yes);
}

#[test]
fn what_begins_in_the_hour_that_comes_twice_is_open_in_both() {
    let hours = OpeningHours::of_schedule(&weekly("SU", "01:30-01:45"));
    for open in ["2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z"] {
        assert_eq!(hours.open_at(at(open)), TriState::Yes, "{open}");
    }
    for closed in ["2026-10-25T00:29:59Z", "2026-10-25T01:45:00Z"] {
        assert_eq!(hours.open_at(at(closed)), TriState::No, "{closed}");
    }
}

#[test]
fn a_night_runs_into_the_next_day() {
    let hours = OpeningHours::of_schedule(&weekly("FR", "22:00-06:00"));
    let session = hours.next_opening(at("2026-09-05T03:00:00Z")).unwrap();
    assert_eq!((session.start, session.end), (at("2026-09-11T21:00:00Z"), Some(at("2026-09-12T05:00:00Z"))));
    for (instant, expected) in [
        ("2026-09-11T20:59:59Z", TriState::No),
        ("2026-09-11T21:00:00Z", TriState::Yes),
        ("2026-09-12T04:59:59Z", TriState::Yes),
        ("2026-09-12T05:00:00Z", TriState::No),
        ("2026-09-11T04:00:00Z", TriState::No),
    ] {
        assert_eq!(hours.open_at(at(instant)), expected, "{instant}");
        let asked = OpenFilter { at: Some(at(instant)), ..OpenFilter::default() };
        assert_eq!(hours.matches(&asked, date("2020-01-01")), expected, "{instant}");
    }
}

#[test]
fn all_day_is_from_midnight_to_midnight() {
    for times in ["00:00-23:59", "00:00-00:00"] {
        let hours = OpeningHours::of_schedule(&weekly("MO", times));
        let session = hours.next_opening(at("2026-09-01T00:00:00Z")).unwrap();
        assert_eq!(session.start, at("2026-09-06T23:00:00Z"), "{times}");
        assert_eq!(session.end, Some(at("2026-09-07T23:00:00Z")), "{times}");
    }
}

#[test]
fn a_session_in_the_hour_that_the_clock_leaves_out_is_held_an_hour_later() {
    let hours = OpeningHours::of_schedule(&weekly("SU", "01:04-02:00"));
    let session = hours.next_opening(at("2028-03-25T12:00:00Z")).unwrap();
    assert_eq!(session.start, at("2028-03-26T01:04:00Z"));
    assert_eq!(session.end, Some(at("2028-03-26T02:00:00Z")));
    assert_eq!(hours.open_at(session.start), TriState::Yes);
}

#[test]
fn times_left_out_leave_the_instant_open() {
    let (noon, evening) = (at("2026-09-07T11:00:00Z"), at("2026-09-07T19:00:00Z"));
    for (times, at_noon, at_eight) in [
        ("18:00-", TriState::No, TriState::Unknown),
        ("-18:00", TriState::Unknown, TriState::No),
        ("-", TriState::Unknown, TriState::Unknown),
    ] {
        let hours = OpeningHours::of_schedule(&weekly("MO", times));
        assert_eq!([hours.open_at(noon), hours.open_at(evening)], [at_noon, at_eight], "{times}");
    }
}
