//! Tests that no feed can stop the gateway or keep it busy.

use std::time::{Duration, Instant};

use super::*;

const EXTREMES: [i32; 4] = [i32::MIN, 0, 7, i32::MAX];

#[test]
fn nonsense_is_bounded() {
    let far = [NaiveDate::MIN, date("0001-01-01"), date("2026-02-28"), date("9999-12-31"), NaiveDate::MAX];
    let began = Instant::now();
    for freq in [
        None,
        Some(Frequency::Daily),
        Some(Frequency::Weekly),
        Some(Frequency::Monthly),
        Some(Frequency::Yearly),
    ] {
        for start in far {
            for number in EXTREMES {
                let schedule = Schedule {
                    freq,
                    interval: Some(number),
                    count: Some(number),
                    dtstart: Some(start),
                    until: Some(start),
                    byday: ["", "MO", "99MO", "-", "x", "é", "53SU"].map(str::to_owned).to_vec(),
                    bymonthday: EXTREMES.to_vec(),
                    byweekno: EXTREMES.to_vec(),
                    byyearday: EXTREMES.to_vec(),
                    ..weekly("", "23:59-23:58")
                };
                ask_everything(&schedule, start);
                ask_everything(&Schedule { byday: Vec::new(), until: None, ..schedule }, start);
            }
        }
    }
    assert!(began.elapsed() < Duration::from_secs(60), "{:?}", began.elapsed());
}

#[test]
fn dates_that_never_come_are_given_up() {
    let never = Schedule {
        bymonthday: vec![31],
        interval: Some(12),
        dtstart: Some(date("2026-02-01")),
        count: Some(5000),
        ..rule(Frequency::Monthly, "5MO", "10:00-12:00")
    };
    let began = Instant::now();
    ask_everything(&never, date("2026-09-01"));
    assert!(began.elapsed() < Duration::from_secs(60), "{:?}", began.elapsed());
}

fn ask_everything(schedule: &Schedule, today: NaiveDate) {
    let hours = OpeningHours::of_schedule(schedule);
    schedule.rrule();
    hours.days(today);
    hours.slots();
    hours.is_unknown();
    for instant in [DateTime::<Utc>::MIN_UTC, at("2026-09-01T10:00:00Z"), DateTime::<Utc>::MAX_UTC] {
        hours.open_at(instant);
        hours.next_opening(instant);
        hours.occurrences(instant, DateTime::<Utc>::MAX_UTC).count();
        let asked = OpenFilter { at: Some(instant), ..OpenFilter::default() };
        hours.matches(&asked, today);
        asked.slots();
    }
    for on in [None, Some(NaiveDate::MIN), Some(NaiveDate::MAX)] {
        let asked = OpenFilter { on, from: time("22:00"), to: time("02:00"), ..OpenFilter::default() };
        hours.matches(&asked, today);
        asked.slots();
    }
}

#[test]
fn beyond_so_many_schedules_there_is_no_telling_when_a_service_is_closed() {
    let schedules = vec![weekly("WE", "10:00-12:00"); MAX_RULES + 1];
    let (wednesday, thursday) = (at("2026-09-02T10:00:00Z"), at("2026-09-03T10:00:00Z"));
    let all = all_of(schedules.get(1..).unwrap());
    assert_eq!((all.open_at(wednesday), all.open_at(thursday)), (TriState::Yes, TriState::No));
    let too_many = all_of(&schedules);
    assert_eq!((too_many.open_at(wednesday), too_many.open_at(thursday)), (TriState::Yes, TriState::Unknown));
    assert!(too_many.is_unknown());
    assert_eq!(too_many.next_opening(thursday), all.next_opening(thursday));
}

#[test]
fn counts_that_take_too_long_to_follow_end_nobody_knows_when() {
    // The 29th of each month of every fourth year.
    let leap = Schedule {
        bymonthday: vec![29],
        dtstart: Some(date("1904-02-29")),
        interval: Some(4),
        count: Some(5000),
        opens_at: time("10:00"),
        closes_at: time("12:00"),
        ..rule(Frequency::Yearly, "", "10:00-12:00")
    };
    let (alone, many) = (all_of(std::slice::from_ref(&leap)), all_of(&vec![leap; 40]));
    assert!(!alone.is_unknown() && many.is_unknown());
}

#[test]
fn numbers_are_listed_once_however_often_a_feed_repeats_them() {
    let all: Vec<i32> = (-366..=366).filter(|day| *day % 9 == 0).collect();
    let once = Schedule { byyearday: all.clone(), ..rule(Frequency::Yearly, "", "10:00-12:00") };
    let often = Schedule { byyearday: all.repeat(50), ..once.clone() };
    assert_eq!(often.rrule(), once.rrule());
    let days = |schedule: &Schedule| dates(schedule, "2026-01-01", "2027-12-31");
    let by_hand: Vec<NaiveDate> = (0..730)
        .map(|day| wall::date_of(day_of(date("2026-01-01")) + day))
        .filter(|date| date.ordinal() % 9 == 0 || (366 - date.ordinal()) % 9 == 0)
        .collect();
    assert_eq!((days(&once), days(&often)), (by_hand.clone(), by_hand));
}
