//! What feeds must not be able to do: stop the gateway, or keep it busy.

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
    let hours = Hours::of_schedule(schedule);
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
