//! Times of day in JSON: as text, as digits, as serialisers' lists and objects, and on placeholder dates.

use chrono::{FixedOffset, NaiveDateTime, NaiveTime, Timelike as _};
use chrono_tz::Europe::London;
use serde_json::{Map, Value};

use super::Clocked;
use super::clocks::{self, TimeSaid};
use crate::source::dialects::lenient::members::object::is_nothing;
use crate::source::dialects::lenient::values::dates::{WrittenDate, clock_of, dated, is_empty_date};
use crate::source::dialects::lenient::values::numbers;

/// Reads a time of day in any notation. Returns `None` if it cannot be read.
pub(super) fn said(value: &Value) -> Option<TimeSaid> {
    match value {
        Value::String(text) => of_text(text),
        Value::Number(_) => of_number(numbers::read(value)?),
        Value::Array(elements) => of_list(elements),
        Value::Object(members) => of_object(members),
        Value::Null | Value::Bool(_) => None,
    }
}

fn of_text(text: &str) -> Option<TimeSaid> {
    if let Some(clock) = standard(text) {
        return Some(TimeSaid::Clocks(vec![clock]));
    }
    clocks::said(text)
        .or_else(|| dated(&Value::String(text.to_owned())).and_then(of_date))
        .or_else(|| of_duration(text.trim()))
        .or_else(|| of_number(text.trim().parse().ok()?))
}

/// A fast path for plain `09:30`, the most common form.
pub(super) fn standard(text: &str) -> Option<Clocked> {
    let (hour, minute) = match text.as_bytes() {
        [h0, h1, b':', m0, m1] | [h0, h1, b':', m0, m1, b':', b'0', b'0'] => (two(*h0, *h1)?, two(*m0, *m1)?),
        _ => return None,
    };
    Some(Clocked::standard(NaiveTime::from_hms_opt(hour, minute, 0)?))
}

fn two(tens: u8, ones: u8) -> Option<u32> {
    let digit = |byte: u8| byte.is_ascii_digit().then(|| u32::from(byte - b'0'));
    Some(digit(tens)? * 10 + digit(ones)?)
}

// On a placeholder date, only the time of day counts, without the date and its offset.
fn of_date(written: WrittenDate) -> Option<TimeSaid> {
    let (local, offset) = clock_of(written)?;
    let offset = offset.filter(|_| !is_filler(local));
    Some(TimeSaid::Clocks(vec![Clocked {
        offset,
        is_standard: false,
        ..Clocked::standard(to_minute(local.time())?)
    }]))
}

// Returns whether this is a date that databases and spreadsheets put before a time of day.
fn is_filler(local: NaiveDateTime) -> bool {
    use chrono::Datelike as _;
    let date = local.date();
    let is_new_year = date.ordinal() <= 2 && matches!(date.year(), 1970 | 1980 | 2000 | 2001);
    is_empty_date(date) || is_new_year || date.year() < 1971
}

fn to_minute(time: NaiveTime) -> Option<NaiveTime> {
    time.with_nanosecond(0)
}

const SECONDS_OF_DAY: f64 = 86_400.0;

// Reads `900` and `1730`, fractions of a day, seconds or milliseconds since midnight, and instants.
fn of_number(number: f64) -> Option<TimeSaid> {
    if number > 0.0 && number < 1.0 {
        return of_minutes((number * 1440.0).round());
    }
    if number >= 1e9 {
        let written = dated(&Value::String(format!("{number:.0}")))?;
        return in_london(written);
    }
    let whole = numbers::whole(number)?.unsigned_abs();
    match whole {
        _ if number < 0.0 => None,
        0..=24 => Some(TimeSaid::Hour(whole)),
        100..=2400 => clock(whole / 100, whole % 100),
        // `93000` is 9:30. As seconds it would exceed a day. If it could be either, there is no telling.
        10_000..=235_959 => match (of_digits(whole), of_seconds(number)) {
            (Some(clock), None) | (None, Some(clock)) => Some(clock),
            _ => None,
        },
        _ => of_seconds(number / 1000.0),
    }
}

fn of_digits(whole: u32) -> Option<TimeSaid> {
    whole.is_multiple_of(100).then(|| clock(whole / 10_000, whole / 100 % 100))?
}

fn of_seconds(seconds: f64) -> Option<TimeSaid> {
    let is_of_day = seconds % 60.0 == 0.0 && (0.0..=SECONDS_OF_DAY).contains(&seconds);
    is_of_day.then(|| of_minutes(seconds / 60.0))?
}

fn of_minutes(minutes: f64) -> Option<TimeSaid> {
    let minutes = numbers::whole(minutes)?.unsigned_abs();
    clock(minutes / 60, minutes % 60)
}

fn clock(hour: u32, minute: u32) -> Option<TimeSaid> {
    let text = format!("{hour:02}:{minute:02}");
    match clocks::said(&text)? {
        TimeSaid::Clocks(clocks) => Some(TimeSaid::Clocks(
            clocks.into_iter().map(|clock| Clocked { is_standard: false, ..clock }).collect(),
        )),
        _ => None,
    }
}

// An instant has no local time of its own, so London's on that date is meant.
fn in_london(written: WrittenDate) -> Option<TimeSaid> {
    let WrittenDate::Zoned(at) = written else { return None };
    let local = at.with_timezone(&London).naive_local();
    of_date(WrittenDate::Local(local))
}

// Reads `[9,30]`, as serialisers write a time of day. Otherwise each element is one of several times.
fn of_list(elements: &[Value]) -> Option<TimeSaid> {
    if let Some(clock) = of_parts(elements) {
        return Some(clock);
    }
    let mut clocks = Vec::new();
    let mut sessions = Vec::new();
    for element in elements.iter().filter(|element| !is_nothing(element)) {
        match said(element)? {
            TimeSaid::Clocks(more) => clocks.extend(more),
            TimeSaid::Sessions(more) => sessions.extend(more),
            closed @ (TimeSaid::Closed | TimeSaid::Hour(_)) if elements.len() == 1 => return Some(closed),
            TimeSaid::Closed | TimeSaid::Hour(_) => return None,
        }
    }
    match (clocks.is_empty(), sessions.is_empty()) {
        (false, true) => Some(TimeSaid::Clocks(clocks)),
        (true, false) => Some(TimeSaid::Sessions(sessions)),
        _ => None,
    }
}

fn of_parts(elements: &[Value]) -> Option<TimeSaid> {
    let part = |at: usize| elements.get(at).map_or(Some(0), Value::as_u64);
    let (hour, minute, second) = (part(0)?, part(1)?, part(2)?);
    let is_clock = (2..=4).contains(&elements.len()) && hour < 24 && minute < 60 && second < 60;
    is_clock.then(|| clock(u32::try_from(hour).ok()?, u32::try_from(minute).ok()?))?
}

/// Names of members that may have a time of day.
const WRAPPERS: [&str; 9] = ["time", "value", "@value", "text", "processed", "#text", "$t", "_text", "_"];

fn of_object(members: &Map<String, Value>) -> Option<TimeSaid> {
    let named = |names: &[&str]| names.iter().find_map(|name| numbers::read(members.get(*name)?));
    if let Some(hour) = named(&["hour", "hours", "Hour", "Hours"]) {
        let minute = named(&["minute", "minutes", "Minute", "Minutes"]).unwrap_or(0.0);
        return clock(numbers::whole(hour)?.try_into().ok()?, numbers::whole(minute)?.try_into().ok()?);
    }
    if let Some(inner) =
        WRAPPERS.iter().find_map(|name| members.get(*name).filter(|inner| !is_nothing(inner)))
    {
        return if inner.is_object() { None } else { said(inner) };
    }
    match dated(&Value::Object(members.clone()))? {
        written @ WrittenDate::Zoned(_) if members.contains_key("$date") => {
            if is_filler(clock_of(written)?.0) { of_date(written) } else { in_london(written) }
        }
        written => of_date(written),
    }
}

// Reads `PT9H30M`, the time since midnight.
fn of_duration(text: &str) -> Option<TimeSaid> {
    let rest = text.strip_prefix("PT").or_else(|| text.strip_prefix("P0DT"))?;
    let (hours, rest) = rest.split_once('H').unwrap_or(("0", rest));
    let minutes =
        if rest.is_empty() { "0" } else { rest.strip_suffix("0S").unwrap_or(rest).strip_suffix('M')? };
    clock(hours.parse().ok()?, minutes.parse().ok()?)
}

/// Returns the offset that is stated as a number of hours, as `+05:00`, or as Universal Time.
pub(super) fn stated_offset(text: &str) -> Option<FixedOffset> {
    let text = text.trim();
    if matches!(text, "Z" | "UTC" | "Etc/UTC") {
        return FixedOffset::east_opt(0);
    }
    if text.contains(':') {
        return text.parse().ok();
    }
    let hours: f64 = text.parse().ok()?;
    let whole = numbers::whole(hours * 3600.0).filter(|seconds| seconds.abs() < 86_400)?;
    FixedOffset::east_opt(whole)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn clocks(value: &Value) -> Vec<(String, bool)> {
        match said(value) {
            Some(TimeSaid::Clocks(clocks)) => {
                let shown = |clock: Clocked| (clock.time.format("%H:%M").to_string(), clock.offset.is_some());
                clocks.into_iter().map(shown).collect()
            }
            _ => Vec::new(),
        }
    }

    #[test]
    fn quirk_93_the_clock_of_a_column_that_has_dates() {
        for value in [
            json!("2000-01-01T09:00:00.000Z"),
            json!("2000-01-01 09:00:00 UTC"),
            json!("1899-12-30T09:00:00"),
            json!("1899-12-30T09:00:00.000-00:01"),
            json!("1900-01-01 09:00:00.000"),
            json!("01/01/1900 09:00:00"),
            json!("1970-01-01T09:00:00+01:00"),
            json!("0001-01-01T09:00:00"),
            json!("/Date(32400000)/"),
            json!("/Date(28800000+0100)/"),
            json!({"date": "1970-01-01 09:00:00.000000", "timezone_type": 3, "timezone": "UTC"}),
            json!({"$date": "1970-01-01T09:00:00Z"}),
            json!(32_400_000),
        ] {
            assert_eq!(clocks(&value), [("09:00".to_owned(), false)], "{value}");
        }
        assert_eq!(clocks(&json!("2026-01-06T09:00:00Z")), [("09:00".to_owned(), true)]);
        assert_eq!(clocks(&json!(1_783_328_400)), [("10:00".to_owned(), false)]);
    }

    #[test]
    fn quirk_93_clocks_in_digits_and_parts() {
        for value in [
            json!(930),
            json!("0930"),
            json!("930"),
            json!(93_000),
            json!("093000"),
            json!([9, 30]),
            json!([9, 30, 0]),
            json!({"hour": 9, "minute": 30, "second": 0, "nano": 0}),
            json!({"Hours": 9, "Minutes": 30, "Ticks": 342_000_000_000_i64}),
            json!("PT9H30M"),
            json!("PT9H30M0S"),
            json!(["09:30"]),
            json!({"value": "9.30am"}),
            json!(34_200_000),
            json!(0.395_833_333),
            json!("2026-01-06T09:30:00"),
        ] {
            assert_eq!(clocks(&value), [("09:30".to_owned(), false)], "{value}");
        }
        let two = [("09:00".to_owned(), false), ("13:00".to_owned(), false)];
        for value in [json!(["09:00", "13:00"]), json!([900, 1300]), json!(["09:00", null, "13:00"])] {
            assert_eq!(clocks(&value), two, "{value}");
        }
        for value in [
            json!(true),
            json!(960),
            json!(2560),
            json!(-5),
            json!(9.5),
            json!("2026-01-06"),
            json!({"a": 1}),
            json!(50),
        ] {
            assert!(!matches!(said(&value), Some(TimeSaid::Clocks(_) | TimeSaid::Sessions(_))), "{value}");
        }
    }
}
