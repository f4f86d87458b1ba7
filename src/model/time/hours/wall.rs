//! The clock on the wall in London, through both of its changes.

use chrono::{DateTime, Datelike as _, Duration, NaiveDate, NaiveDateTime, TimeZone as _, Utc};
use chrono_tz::Europe::London;

/// A date, as so many days from the beginning of the calendar: quick to step through and to compare.
pub(super) type DayNumber = i32;

/// Minutes of a day.
pub(super) const DAY: i32 = 1440;

// Far outside anything that is meant, and far inside of what can be calculated with.
const FARTHEST: DayNumber = 3_650_000;

/// The day of a date.
pub(super) fn day_of(date: NaiveDate) -> DayNumber {
    date.num_days_from_ce().clamp(-FARTHEST, FARTHEST)
}

/// The date of a day.
pub(super) fn date_of(day: DayNumber) -> NaiveDate {
    NaiveDate::from_num_days_from_ce_opt(day.clamp(-FARTHEST, FARTHEST)).unwrap_or_default()
}

/// Days of the week after Monday.
pub(super) fn weekday(day: DayNumber) -> u8 {
    // The calendar begins with a Monday that has the number 1.
    u8::try_from((day - 1).rem_euclid(7)).unwrap_or(0)
}

/// What the clock shows at an instant.
pub(super) fn shown(at: DateTime<Utc>) -> NaiveDateTime {
    let farthest = Duration::days(FARTHEST.into());
    let middle = DateTime::UNIX_EPOCH;
    at.clamp(middle - farthest, middle + farthest).with_timezone(&London).naive_local()
}

/// Whether the clock is an hour ahead so many minutes after the midnight, in Universal Time, that begins a day.
pub(super) fn is_summer(day: DayNumber, minute: i32) -> bool {
    let at = (date_of(day).and_time(chrono::NaiveTime::MIN) + Duration::minutes(minute.into())).and_utc();
    shown(at) != at.naive_utc()
}

/// The instant so many minutes after the midnight, in Universal Time, that begins a day.
pub(super) fn universal(day: DayNumber, minute: i32) -> DateTime<Utc> {
    (date_of(day).and_time(chrono::NaiveTime::MIN) + Duration::minutes(minute.into())).and_utc()
}

/// The instant at which the clock first shows so many minutes after the midnight that begins a day. Where it
/// leaves that time out, an hour later.
pub(super) fn first_shown(day: DayNumber, minute: i32) -> DateTime<Utc> {
    instant(day, minute, |earliest, _| earliest)
}

/// The instant at which a session of a day closes. One that was to open in the hour that the clock leaves out is held an
/// hour later, and closes as much later if it were over before it began.
pub(super) fn closing(day: DayNumber, opens: Option<i32>, closes: i32) -> DateTime<Utc> {
    let closing = last_shown(day, closes);
    match opens.filter(|opens| *opens < closes).map(|opens| first_shown(day, opens)) {
        Some(opening) if closing <= opening => closing + Duration::hours(1),
        _ => closing,
    }
}

/// As [`first_shown`], but the last such instant, where the clock shows that time twice.
fn last_shown(day: DayNumber, minute: i32) -> DateTime<Utc> {
    instant(day, minute, |_, latest| latest)
}

fn instant<T>(day: DayNumber, minute: i32, choose: fn(DateTime<Utc>, DateTime<Utc>) -> T) -> T {
    let wall = date_of(day).and_time(chrono::NaiveTime::MIN) + Duration::minutes(minute.into());
    let moved = || London.from_local_datetime(&(wall + Duration::hours(1))).earliest();
    let found = London.from_local_datetime(&wall);
    let earliest = found.earliest().or_else(moved).map_or_else(|| wall.and_utc(), |at| at.to_utc());
    let latest = found.latest().map_or(earliest, |at| at.to_utc());
    choose(earliest, latest)
}
