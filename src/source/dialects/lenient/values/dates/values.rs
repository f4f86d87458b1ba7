//! Dates in JSON: as text, as numbers, and as serialisers' lists and objects.

use chrono::{DateTime, Duration, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use serde_json::{Map, Value};

use super::written::{WrittenDate, written};
use crate::source::dialects::lenient::values::numbers;

/// What a value says about a date.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::source::dialects::lenient) enum DateSaid {
    /// A date, with or without a time.
    Date(WrittenDate),
    /// There is no date: a system's placeholder date, or a word such as "ongoing".
    None,
}

impl From<WrittenDate> for DateSaid {
    fn from(written: WrittenDate) -> Self {
        if is_empty_date(date_of(written)) { Self::None } else { Self::Date(written) }
    }
}

/// How deep the wrappers of a date may be nested.
const DEEPEST: u8 = 4;

/// Reads a date in any notation.
pub(in crate::source::dialects::lenient) fn said(value: &Value) -> Option<DateSaid> {
    let said = within(value, DEEPEST)?;
    match said {
        DateSaid::Date(written) => is_plausible(date_of(written)).then_some(said),
        DateSaid::None => Some(said),
    }
}

/// Reads a date without checking whether it is plausible, because a time of day may be on any date.
pub(in crate::source::dialects::lenient) fn dated(value: &Value) -> Option<WrittenDate> {
    match value {
        Value::String(text) => of_text(text),
        Value::Object(members) => of_object(members, DEEPEST),
        _ => None,
    }
}

fn within(value: &Value, depth: u8) -> Option<DateSaid> {
    match value {
        Value::String(text) if is_no_date(text) => Some(DateSaid::None),
        Value::Number(_) if numbers::read(value) == Some(0.0) => Some(DateSaid::None),
        _ => wrapped(value, depth).map(DateSaid::from),
    }
}

fn wrapped(value: &Value, depth: u8) -> Option<WrittenDate> {
    let depth = depth.checked_sub(1)?;
    match value {
        Value::String(text) => of_text(text),
        Value::Number(_) => of_number(numbers::read(value)?),
        Value::Array(parts) => match parts.as_slice() {
            [one] => wrapped(one, depth),
            parts => of_list(parts),
        },
        Value::Object(members) => of_object(members, depth),
        Value::Null | Value::Bool(_) => None,
    }
}

fn of_text(text: &str) -> Option<WrittenDate> {
    let text = text.trim();
    if let Some(instant) = of_script(text) {
        return Some(instant);
    }
    written(text).or_else(|| of_number(text.parse().ok()?))
}

// In `/Date(1593471600000+0100)/`, the number counts from the epoch in UTC, whatever offset follows it.
fn of_script(text: &str) -> Option<WrittenDate> {
    let (_, inner) = text.split_once("Date(")?;
    let (inner, rest) = inner.split_once(')')?;
    if !rest.trim_matches(['/', '\\', ';']).is_empty() {
        return None;
    }
    let end = inner.get(1..)?.find(['+', '-']).map_or(inner.len(), |at| at + 1);
    let (milliseconds, zone) = inner.split_at_checked(end)?;
    let at = DateTime::from_timestamp_millis(milliseconds.trim().parse().ok()?)?;
    let offset = if zone.is_empty() { FixedOffset::east_opt(0) } else { offset(zone) }?;
    Some(WrittenDate::Zoned(at.with_timezone(&offset)))
}

fn offset(zone: &str) -> Option<FixedOffset> {
    let both: i32 = zone.get(1..)?.parse().ok()?;
    let seconds = both / 100 * 3600 + both % 100 * 60;
    FixedOffset::east_opt(if zone.starts_with('-') { -seconds } else { seconds })
}

/// Epoch numbers from these count milliseconds, microseconds or nanoseconds.
const MILLISECONDS_FROM: f64 = 1e11;
const MICROSECONDS_FROM: f64 = 1e14;
const NANOSECONDS_FROM: f64 = 1e18;
/// .NET counts ticks of 100 ns since the year 1.
const TICKS_FROM: f64 = 5e17;
const TICKS_TO_EPOCH: f64 = 621_355_968e9;
/// Epoch seconds before September 2001 are not plausible timestamps.
const SECONDS_FROM: f64 = 1e9;
/// The day numbers of spreadsheets, from 1982 to 2064.
const SERIAL_DAYS: std::ops::RangeInclusive<f64> = 30_000.0..=60_000.0;

fn of_number(number: f64) -> Option<WrittenDate> {
    let milliseconds = match number {
        n if n >= NANOSECONDS_FROM => n / 1e6,
        n if n >= TICKS_FROM => (n - TICKS_TO_EPOCH) / 1e4,
        n if n >= MICROSECONDS_FROM => n / 1e3,
        n if n >= MILLISECONDS_FROM => n,
        n if n >= SECONDS_FROM => n * 1e3,
        n if SERIAL_DAYS.contains(&n) => return of_serial(n),
        n => return of_calendar(numbers::whole(n)?),
    };
    #[expect(
        clippy::cast_possible_truncation,
        reason = "casts saturate, and the conversion checks the range"
    )]
    let instant = DateTime::<Utc>::from_timestamp_millis(milliseconds as i64)?;
    Some(WrittenDate::Zoned(instant.fixed_offset()))
}

fn of_serial(days: f64) -> Option<WrittenDate> {
    let date = NaiveDate::from_ymd_opt(1899, 12, 30)? + Duration::days(numbers::whole(days.trunc())?.into());
    let minutes = numbers::whole((days.fract() * 1440.0).round())?;
    let local = date.and_time(NaiveTime::MIN) + Duration::minutes(minutes.into());
    Some(if minutes == 0 { WrittenDate::Day(date) } else { WrittenDate::Local(local) })
}

// Reads `20200630`.
fn of_calendar(number: i32) -> Option<WrittenDate> {
    let (month, day) = (number / 100 % 100, number % 100);
    let date = NaiveDate::from_ymd_opt(number / 10_000, month.unsigned_abs(), day.unsigned_abs())?;
    (number >= 10_000_000).then_some(WrittenDate::Day(date))
}

// Reads `[2020,6,30]` and `[2020,6,30,9,30]`: the parts of a date, the year first.
fn of_list(parts: &[Value]) -> Option<WrittenDate> {
    let numbers: Option<Vec<u32>> = parts.iter().map(|part| u32::try_from(part.as_i64()?).ok()).collect();
    let (date, clock) = match numbers?.as_slice() {
        [year, month, day, clock @ ..] if *year >= 1000 => {
            (NaiveDate::from_ymd_opt(year.cast_signed(), *month, *day)?, clock.to_vec())
        }
        _ => return None,
    };
    let part = |at: usize| clock.get(at).copied().unwrap_or(0);
    match clock.len() {
        0 => Some(WrittenDate::Day(date)),
        2..=4 => Some(WrittenDate::Local(date.and_hms_opt(part(0), part(1), part(2))?)),
        _ => None,
    }
}

/// Names of members that may have a date.
const WRAPPERS: [&str; 13] = [
    "$date",
    "$numberLong",
    "dateTime",
    "datetime",
    "date",
    "@value",
    "value",
    "processed",
    "iso",
    "#text",
    "$t",
    "_text",
    "_",
];
const EPOCHS: [&str; 4] = ["seconds", "_seconds", "epochSecond", "epoch"];

fn of_object(members: &Map<String, Value>, depth: u8) -> Option<WrittenDate> {
    if let Some(year) = part_named(members, "year") {
        return of_named_parts(year, members);
    }
    if let Some(seconds) = EPOCHS.iter().find_map(|name| numbers::read(members.get(*name)?)) {
        return of_number(seconds);
    }
    let inner = WRAPPERS.iter().find_map(|name| members.get(*name).filter(|inner| !inner.is_null()))?;
    let read = wrapped(inner, depth)?;
    let zone = ["timezone", "timeZone"].iter().find_map(|name| members.get(*name)?.as_str());
    match (read, zone) {
        (WrittenDate::Local(local), Some("UTC" | "GMT" | "Z" | "+00:00" | "Etc/UTC")) => {
            Some(WrittenDate::Zoned(local.and_utc().fixed_offset()))
        }
        (read, _) => Some(read),
    }
}

// Accepts `Year` and `YEAR` as well.
fn part_named<'v>(members: &'v Map<String, Value>, name: &str) -> Option<&'v Value> {
    let in_other_letters =
        || members.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value);
    members.get(name).or_else(in_other_letters)
}

fn of_named_parts(year: &Value, members: &Map<String, Value>) -> Option<WrittenDate> {
    let named = |names: &[&str]| names.iter().find_map(|name| part_named(members, name));
    let number = |value: &Value| numbers::read(value).and_then(numbers::whole).map(i32::unsigned_abs);
    let day = number(named(&["day", "dayOfMonth"])?)?;
    let month = named(&["monthValue", "month"])?;
    let year = number(year)?;
    match number(month) {
        Some(month) => NaiveDate::from_ymd_opt(year.cast_signed(), month, day).map(WrittenDate::Day),
        None => written(&format!("{day} {} {year}", month.as_str()?)),
    }
}

/// Returns the date of a value, in the value's own time zone.
pub(in crate::source::dialects::lenient) fn date_of(written: WrittenDate) -> NaiveDate {
    match written {
        WrittenDate::Day(date) => date,
        WrittenDate::Local(local) => local.date(),
        WrittenDate::Zoned(at) => at.date_naive(),
    }
}

/// Returns the local time of a value, and its offset from UTC.
pub(in crate::source::dialects::lenient) fn clock_of(
    written: WrittenDate,
) -> Option<(NaiveDateTime, Option<FixedOffset>)> {
    match written {
        WrittenDate::Day(_) => None,
        WrittenDate::Local(local) => Some((local, None)),
        WrittenDate::Zoned(at) => Some((at.naive_local(), Some(*at.offset()))),
    }
}

/// Returns whether a date is a system's placeholder. If a time of day is on such a date, only the time counts.
pub(in crate::source::dialects::lenient) fn is_empty_date(date: NaiveDate) -> bool {
    use chrono::Datelike as _;
    matches!(
        (date.year(), date.month(), date.day()),
        (1 | 1753 | 1900 | 1901 | 1970, 1, 1) | (1899, 12, 30 | 31) | (1969, 12, 31) | (0, _, _)
    )
}

// Recognises words that mean that there is no date, and the zeros that databases write.
fn is_no_date(text: &str) -> bool {
    let folded = text.trim().trim_end_matches('.').to_lowercase();
    let is_zero =
        folded.starts_with("00") && folded.chars().all(|c| matches!(c, '0' | '-' | '/' | ':' | ' ' | '.'));
    is_zero
        || matches!(
            folded.as_str(),
            "never"
                | "ongoing"
                | "on-going"
                | "on going"
                | "continuous"
                | "continuing"
                | "permanent"
                | "indefinite"
                | "indefinitely"
                | "no end"
                | "no end date"
                | "no date"
                | "not applicable"
                | "open ended"
                | "open-ended"
                | "until further notice"
                | "forever"
                | "present"
                | "current"
                | "infinity"
                | "-infinity"
                | "0"
        )
}

// A five-digit year is a mistake, and so is one long before there were services.
fn is_plausible(date: NaiveDate) -> bool {
    use chrono::Datelike as _;
    (1000..=9999).contains(&date.year())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn quirk_89_dates_of_serialisers() {
        for value in [
            json!("/Date(1593471600000)/"),
            json!("/Date(1593471600000+0100)/"),
            json!("\\/Date(1593471600000)\\/"),
            json!("new Date(1593471600000)"),
            json!([2020, 6, 30]),
            json!([2020, 6, 30, 9, 30]),
            json!(["2020-06-30"]),
            json!({"$date": "2020-06-30T00:00:00Z"}),
            json!({"$date": 1_593_471_600_000_i64}),
            json!({"$date": {"$numberLong": "1593471600000"}}),
            json!({"date": "2020-06-30 00:00:00.000000", "timezone_type": 3, "timezone": "Europe/London"}),
            json!({"dateTime": "2020-06-30T00:00:00+01:00", "timeZone": "Europe/London"}),
            json!({"year": 2020, "month": 6, "day": 30}),
            json!({"Year": 2020, "Month": 6, "Day": 30}),
            json!({"YEAR": "2020", "MONTH": "06", "DAY": "30"}),
            json!({"year": 2020, "month": "JUNE", "monthValue": 6, "dayOfMonth": 30}),
            json!({"seconds": 1_593_471_600, "nanoseconds": 0}),
            json!({"_seconds": 1_593_471_600}),
            json!(1_593_471_600),
            json!("1593471600000"),
            json!(1_593_471_600_000_000_i64),
            json!(637_290_684_000_000_000_i64),
            json!(20_200_630),
            json!("20200630"),
            json!(44_012),
        ] {
            let Some(DateSaid::Date(read)) = said(&value) else { panic!("{value}") };
            let date = match read {
                WrittenDate::Zoned(at) => at.with_timezone(&chrono_tz::Europe::London).date_naive(),
                other => date_of(other),
            };
            assert_eq!(date.to_string(), "2020-06-30", "{value}");
        }
    }

    #[test]
    fn quirk_90_what_systems_write_for_no_date() {
        for value in [
            json!("0001-01-01T00:00:00"),
            json!("0000-00-00"),
            json!("0000-00-00 00:00:00"),
            json!("1900-01-01"),
            json!("1970-01-01T00:00:00Z"),
            json!("1899-12-30T00:00:00"),
            json!(0),
            json!("Ongoing"),
            json!("until further notice"),
            json!("/Date(-62135596800000)/"),
        ] {
            assert_eq!(said(&value), Some(DateSaid::None), "{value}");
        }
        for value in
            [json!("TBC"), json!(true), json!(2021), json!([6, 30]), json!({"a": 1}), json!(12.5), json!({})]
        {
            assert_eq!(said(&value), None, "{value}");
        }
    }
}
