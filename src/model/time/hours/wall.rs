//! Local time in London, including both changes of the clock.

use chrono::{DateTime, Datelike as _, Duration, NaiveDate, NaiveDateTime, TimeZone as _, Utc};
use chrono_tz::Europe::London;

/// A date as a number of days from the beginning of the calendar, which is quick to step through and compare.
pub(super) type DayNumber = i32;

/// The number of minutes in a day.
pub(super) const DAY: i32 = 1440;

// Far beyond any date that a feed can mean, and well within the range of the calendar.
const FARTHEST: DayNumber = 3_650_000;

/// Returns the number of a date's day.
pub(super) fn day_of(date: NaiveDate) -> DayNumber {
    date.num_days_from_ce().clamp(-FARTHEST, FARTHEST)
}

/// Returns the date of a day.
pub(super) fn date_of(day: DayNumber) -> NaiveDate {
    NaiveDate::from_num_days_from_ce_opt(day.clamp(-FARTHEST, FARTHEST)).unwrap_or_default()
}

/// Returns the day of the week, as days after Monday.
pub(super) fn weekday(day: DayNumber) -> u8 {
    // Day 1 of the calendar is a Monday.
    u8::try_from((day - 1).rem_euclid(7)).unwrap_or(0)
}

/// Returns the local time in London at an instant.
pub(super) fn shown(at: DateTime<Utc>) -> NaiveDateTime {
    let farthest = Duration::days(FARTHEST.into());
    let middle = DateTime::UNIX_EPOCH;
    at.clamp(middle - farthest, middle + farthest).with_timezone(&London).naive_local()
}

/// Returns whether summer time applies `minute` minutes after midnight UTC of a day.
pub(super) fn is_summer(day: DayNumber, minute: i32) -> bool {
    let at = (date_of(day).and_time(chrono::NaiveTime::MIN) + Duration::minutes(minute.into())).and_utc();
    shown(at) != at.naive_utc()
}

/// Returns the instant `minute` minutes after midnight UTC of a day.
pub(super) fn universal(day: DayNumber, minute: i32) -> DateTime<Utc> {
    (date_of(day).and_time(chrono::NaiveTime::MIN) + Duration::minutes(minute.into())).and_utc()
}

/// Returns the first instant at which the clock shows `minute` minutes after the day's midnight. If the clock skips
/// that time, one hour later.
pub(super) fn first_shown(day: DayNumber, minute: i32) -> DateTime<Utc> {
    instant(day, minute, |earliest, _| earliest)
}

/// Returns the instant at which a session ends. A session that would begin in the skipped hour begins an hour later,
/// and also ends an hour later if it would otherwise end before it begins.
pub(super) fn closing(day: DayNumber, opens: Option<i32>, closes: i32) -> DateTime<Utc> {
    let closing = last_shown(day, closes);
    match opens.filter(|opens| *opens < closes).map(|opens| first_shown(day, opens)) {
        Some(opening) if closing <= opening => closing + Duration::hours(1),
        _ => closing,
    }
}

/// Like [`first_shown`], but returns the last such instant if the clock shows the time twice.
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
