//! Tests of schedules as feeds write them, and of when they are open.

mod asked;
mod clock;
mod doubts;
mod exceptions;
mod junk;
mod laws;
mod series;

use chrono::{DateTime, Datelike as _, NaiveDate, NaiveTime, Utc};

use super::*;
use crate::model::{DayOfWeek, Frequency, PartId, RecordPart, SourceKey, UnreadBounds};

/// A schedule without any content.
fn blank() -> Schedule {
    let source = SourceKey::parse("elmshire").unwrap();
    Schedule {
        part: RecordPart::bare(PartId::given("Schedule", &source, "1")),
        valid_from: None,
        valid_to: None,
        dtstart: None,
        until: None,
        count: None,
        freq: None,
        interval: None,
        wkst: None,
        byday: Vec::new(),
        bymonthday: Vec::new(),
        byweekno: Vec::new(),
        byyearday: Vec::new(),
        opens_at: None,
        closes_at: None,
        universal: None,
        timezone: None,
        attending_type: None,
        description: None,
        notes: None,
        schedule_link: None,
        exception: None,
        unread: UnreadBounds::default(),
    }
}

/// A rule with times, as in `rule(Weekly, "TU,TH", "10:00-12:00")`.
fn rule(freq: Frequency, days: &str, times: &str) -> Schedule {
    let (opens, closes) = times.split_once('-').unwrap();
    let byday = days.split(',').filter(|day| !day.is_empty()).map(str::to_owned).collect();
    Schedule { freq: Some(freq), byday, opens_at: time(opens), closes_at: time(closes), ..blank() }
}

fn weekly(days: &str, times: &str) -> Schedule {
    rule(Frequency::Weekly, days, times)
}

fn time(text: &str) -> Option<NaiveTime> {
    (!text.is_empty()).then(|| NaiveTime::parse_from_str(text, "%H:%M").unwrap())
}

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// Returns the hours of a service with these schedules of its own.
fn all_of(schedules: &[Schedule]) -> OpeningHours {
    OpeningHours::compile(
        schedules.iter().enumerate().map(|(index, schedule)| (None, index, schedule)).collect(),
    )
}

/// Returns the dates on which one schedule has sessions.
fn dates(schedule: &Schedule, from: &str, to: &str) -> Vec<NaiveDate> {
    let hours = OpeningHours::of_schedule(schedule);
    let days = day_of(date(from))..=day_of(date(to));
    days.filter(|day| !hours.sessions(*day, &hours.closures()).is_empty()).map(wall::date_of).collect()
}

fn days(codes: &str) -> DaySet {
    codes.split(',').map(|code| DayOfWeek::parse(code).unwrap()).collect()
}

fn day_and_month(dates: &[NaiveDate]) -> Vec<(u32, u32)> {
    dates.iter().map(|date| (date.day(), date.month())).collect()
}

#[test]
fn dates_of_each_kind_of_rule() {
    let cases = [
        (
            Schedule { interval: Some(2), dtstart: Some(date("2026-01-06")), ..weekly("TU", "10:00-12:00") },
            vec![(1, 9), (15, 9), (29, 9), (13, 10), (27, 10)],
        ),
        // It is unknown which weeks are meant.
        (
            Schedule { interval: Some(4), until: Some(date("2026-09-08")), ..weekly("TU", "10:00-12:00") },
            vec![(1, 9), (8, 9)],
        ),
        (rule(Frequency::Monthly, "2MO", "19:00-21:00"), vec![(14, 9), (12, 10)]),
        (rule(Frequency::Monthly, "-1FR", "13:00-15:00"), vec![(25, 9), (30, 10)]),
        (
            Schedule { bymonthday: vec![1, 15, -1], ..rule(Frequency::Monthly, "", "09:00-10:00") },
            vec![(1, 9), (15, 9), (30, 9), (1, 10), (15, 10), (31, 10)],
        ),
        (
            Schedule { bymonthday: vec![13], ..rule(Frequency::Monthly, "TU,SU", "09:00-10:00") },
            vec![(13, 9), (13, 10)],
        ),
        (
            Schedule { dtstart: Some(date("2026-08-31")), ..rule(Frequency::Monthly, "", "09:00-10:00") },
            vec![(31, 10)],
        ),
        (
            Schedule {
                count: Some(6),
                dtstart: Some(date("2026-09-03")),
                valid_from: Some(date("2026-09-20")),
                ..weekly("TH", "18:00-19:00")
            },
            vec![(24, 9), (1, 10), (8, 10)],
        ),
        // The start counts only where it satisfies the rule.
        (
            Schedule { count: Some(2), dtstart: Some(date("2026-09-04")), ..weekly("TH", "18:00-19:00") },
            vec![(10, 9), (17, 9)],
        ),
        (
            Schedule {
                count: Some(3),
                dtstart: Some(date("2026-09-01")),
                ..rule(Frequency::Monthly, "TU,1SU", "-")
            },
            vec![(1, 9), (6, 9), (8, 9)],
        ),
        (
            Schedule {
                count: Some(2),
                dtstart: Some(date("2026-09-01")),
                ..rule(Frequency::Monthly, "1SU,-5TU", "-")
            },
            vec![(1, 9), (6, 9)],
        ),
        (Schedule { byweekno: vec![37], ..weekly("MO,TU", "09:00-10:00") }, vec![(7, 9), (8, 9)]),
        (
            Schedule { bymonthday: vec![3], ..weekly("2SU", "-") },
            vec![(6, 9), (13, 9), (20, 9), (27, 9), (4, 10), (11, 10), (18, 10), (25, 10)],
        ),
        (Schedule { dtstart: Some(date("2026-10-05")), ..blank() }, vec![(5, 10)]),
        (Schedule { dtstart: Some(date("2020-09-09")), ..rule(Frequency::Yearly, "", "-") }, vec![(9, 9)]),
        (
            Schedule {
                byday: vec!["SA".to_owned()],
                valid_from: Some(date("2026-06-01")),
                valid_to: Some(date("2026-09-05")),
                ..blank()
            },
            vec![(5, 9)],
        ),
        // Dates in the wrong order are ignored.
        (
            Schedule {
                until: Some(date("2026-09-10")),
                valid_from: Some(date("2026-12-01")),
                valid_to: Some(date("2026-06-01")),
                ..weekly("MO", "09:00-10:00")
            },
            vec![(7, 9)],
        ),
    ];
    for (schedule, expected) in cases {
        let found = dates(&schedule, "2026-09-01", "2026-10-31");
        assert_eq!(day_and_month(&found), expected, "{schedule:?}");
    }
}

#[test]
fn weeks_are_those_of_their_own_year() {
    let ends = |byweekno: &[i32], count| Schedule {
        byweekno: byweekno.to_vec(),
        count,
        dtstart: Some(date("2026-01-01")),
        ..weekly("FR,SA", "10:00-12:00")
    };
    let found = |schedule: &Schedule| day_and_month(&dates(schedule, "2026-12-20", "2027-01-31"));
    // The 53rd week of 2026 ends in January.
    assert_eq!(found(&ends(&[-1], None)), [(1, 1), (2, 1)]);
    assert_eq!(found(&ends(&[53], None)), [(1, 1), (2, 1)]);
    assert_eq!(found(&ends(&[1, 2, 53], None)), [(1, 1), (2, 1), (8, 1), (9, 1), (15, 1), (16, 1)]);
    // Four of them were in January 2026.
    assert_eq!(found(&ends(&[1, 2, 53], Some(5))), [(1, 1)]);
}

#[test]
fn a_schedule_in_words_has_no_rule() {
    for schedule in [
        Schedule { description: Some("Ring to arrange".to_owned()), ..blank() },
        weekly("", "10:00-12:00"),
        rule(Frequency::Monthly, "", "10:00-12:00"),
        Schedule { count: Some(3), ..blank() },
    ] {
        let hours = OpeningHours::of_schedule(&schedule);
        assert!(hours.is_unknown() && hours.slots().is_empty(), "{schedule:?}");
        assert_eq!(hours.open_at(at("2026-09-01T09:00:00Z")), TriState::Unknown);
        assert_eq!(hours.matches(&OpenFilter::default(), date("2026-09-01")), TriState::Unknown);
        assert_eq!(hours.next_opening(at("2026-09-01T09:00:00Z")), None);
    }
}

#[test]
fn the_typical_hours_are_small() {
    let hours = OpeningHours::of_schedule(&weekly("MO,TU,WE,TH,FR", "09:00-17:00"));
    let size = size_of::<OpeningHours>() + hours.rules.len() * size_of::<OpeningRule>();
    assert!(size < 100, "{size} bytes");
}

#[test]
fn hours_survive_being_written_down() {
    let schedules = [
        weekly("MO", "09:00-17:00"),
        Schedule { bymonthday: vec![1, -1], ..rule(Frequency::Monthly, "", "09:00-10:00") },
        Schedule {
            exception: Some(crate::model::ScheduleException::Closed),
            valid_to: Some(date("2026-12-31")),
            ..blank()
        },
    ];
    let hours = all_of(&schedules);
    let text = serde_json::to_string(&hours).unwrap();
    assert_eq!(serde_json::from_str::<OpeningHours>(&text).unwrap(), hours);
}
