//! Tests of questions about days and times.

use super::*;
use crate::model::RangeMatch;
use crate::model::RangeMatch::{Covers, Overlaps, Within};

fn asked(on: &str, day: &str, times: &str, relation: RangeMatch) -> OpenFilter {
    let (from, to) = times.split_once('-').unwrap();
    OpenFilter {
        at: None,
        on: (!on.is_empty()).then(|| date(on)),
        days: (!day.is_empty()).then(|| days(day)),
        from: time(from),
        to: time(to),
        relation,
    }
}

fn answers(schedule: &Schedule, asked: &OpenFilter) -> TriState {
    let hours = OpeningHours::of_schedule(schedule);
    let answer = hours.matches(asked, date("2026-09-10"));
    if answer == TriState::Yes {
        let slots = asked.slots();
        assert!(slots.is_none_or(|slots| slots.meets(&hours.slots())), "{schedule:?} {asked:?}");
    }
    answer
}

#[test]
fn the_worked_examples() {
    use TriState::{No, Yes};
    let fortnightly =
        Schedule { interval: Some(2), dtstart: Some(date("2026-01-06")), ..weekly("TU", "10:00-12:00") };
    let second_monday = rule(Frequency::Monthly, "2MO", "19:00-21:00");
    let last_friday = rule(Frequency::Monthly, "-1FR", "13:00-15:00");
    let night = weekly("FR", "22:00-06:00");
    let always = weekly("MO,TU,WE,TH,FR,SA,SU", "00:00-23:59");
    let summer = Schedule {
        valid_from: Some(date("2026-06-01")),
        valid_to: Some(date("2026-08-31")),
        ..weekly("SA", "10:00-12:00")
    };
    let by_date = Schedule { bymonthday: vec![1, 15, -1], ..rule(Frequency::Monthly, "", "09:00-10:00") };
    let six = Schedule { count: Some(6), dtstart: Some(date("2026-09-03")), ..weekly("TH", "18:00-19:00") };
    let once = Schedule { freq: None, dtstart: Some(date("2026-07-01")), ..weekly("", "10:00-11:00") };
    let cases = [
        (&fortnightly, asked("2026-09-08", "TU", "-", Overlaps), No),
        (&fortnightly, asked("2026-09-15", "", "10:00-12:00", Within), Yes),
        (&second_monday, asked("", "MO", "18:00-", Within), Yes),
        (&last_friday, asked("2026-10-23", "FR", "-", Overlaps), No),
        (&night, asked("", "SA", "01:00-02:00", Overlaps), Yes),
        (&night, asked("2026-09-12", "", "01:00-02:00", Covers), Yes),
        (&night, asked("2026-09-11", "", "01:00-02:00", Overlaps), No),
        (&night, asked("", "SA", "-", Overlaps), No),
        (&night, asked("", "FR", "20:00-23:00", Within), No),
        (&night, asked("", "FR", "20:00-07:00", Within), Yes),
        (&always, asked("", "", "23:30-00:00", Covers), Yes),
        (&always, asked("", "WE", "22:00-02:00", Covers), Yes),
        (&weekly("WE", "18:00-00:00"), asked("", "WE", "22:00-02:00", Covers), No),
        (&weekly("SA", "00:30-01:30"), asked("", "FR", "22:00-02:00", Within), Yes),
        (&weekly("SA", "00:30-01:30"), asked("", "SA", "22:00-02:00", Overlaps), No),
        (&summer, asked("", "SA", "-", Overlaps), No),
        (&by_date, asked("2026-10-31", "", "-", Overlaps), Yes),
        (&six, asked("2026-10-15", "", "-", Overlaps), No),
        (&six, asked("2026-10-08", "", "-", Overlaps), Yes),
        (&once, asked("2026-07-01", "", "10:00-10:30", Covers), Yes),
        (&once, asked("2026-07-02", "", "10:00-10:30", Covers), No),
    ];
    for (schedule, asked, expected) in cases {
        assert_eq!(answers(schedule, &asked), expected, "{asked:?} of {schedule:?}");
    }
}

#[test]
fn the_three_readings() {
    use TriState::{No, Yes};
    for (session, expected) in [
        ("09:00-11:00", [Yes, No, No]),
        ("10:00-12:00", [Yes, Yes, Yes]),
        ("10:30-11:00", [Yes, No, Yes]),
        ("08:00-18:00", [Yes, Yes, No]),
        ("12:00-13:00", [No, No, No]),
        ("08:00-10:00", [No, No, No]),
        ("10:00-10:00", [Yes, No, Yes]),
        ("12:00-12:00", [No, No, No]),
    ] {
        let schedule = weekly("MO", session);
        let got = [Overlaps, Covers, Within]
            .map(|relation| answers(&schedule, &asked("", "MO,TU", "10:00-12:00", relation)));
        assert_eq!(got, expected, "{session}");
    }
}

#[test]
fn a_time_that_is_not_stated_leaves_what_needs_it_open() {
    use TriState::{No, Unknown, Yes};
    for (session, times, expected) in [
        ("18:00-", "17:00-19:00", [Yes, No, Unknown]),
        ("18:00-", "17:00-", [Yes, No, Yes]),
        ("18:00-", "19:00-20:00", [Unknown, Unknown, No]),
        ("18:00-", "10:00-12:00", [No, No, No]),
        ("-18:00", "17:00-19:00", [Yes, No, Unknown]),
        ("-18:00", "-19:00", [Yes, No, Yes]),
        ("-18:00", "10:00-12:00", [Unknown, Unknown, No]),
        ("-18:00", "19:00-20:00", [No, No, No]),
        ("-", "10:00-12:00", [Unknown, Unknown, Unknown]),
        ("-", "-", [Yes, Yes, Yes]),
    ] {
        let schedule = weekly("MO", session);
        assert!(OpeningHours::of_schedule(&schedule).is_unknown());
        let got =
            [Overlaps, Covers, Within].map(|relation| answers(&schedule, &asked("", "MO", times, relation)));
        assert_eq!(got, expected, "{session} asked {times}");
        let other = asked("", "TH", times, Overlaps);
        assert_eq!(answers(&schedule, &other), No, "{session} asked {times} on another day");
    }
}

#[test]
fn the_window_is_thirty_five_days() {
    let last = Schedule { dtstart: Some(date("2026-10-14")), ..blank() };
    let after = Schedule { dtstart: Some(date("2026-10-15")), ..blank() };
    let before = Schedule { dtstart: Some(date("2026-09-09")), ..blank() };
    let any = OpenFilter::default();
    assert_eq!(answers(&last, &any), TriState::Yes);
    assert_eq!(answers(&after, &any), TriState::No);
    assert_eq!(answers(&before, &any), TriState::No);
    assert_eq!(OpeningHours::of_schedule(&last).days(date("2026-09-10")), days("WE"));
    assert!(OpeningHours::of_schedule(&after).days(date("2026-09-10")).is_empty());
}
