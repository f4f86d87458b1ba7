//! Dates and instants in every form feeds use. A time without a zone is London's.

use chrono::{DateTime, Duration, NaiveDate, NaiveDateTime, NaiveTime, TimeZone as _, Utc};
use chrono_tz::Europe::London;
use serde_json::Value;

use super::members::{Members, Taken};
use super::numbers;
use crate::model::IssueCode;

/// Whether a value had the standard's form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Standard,
    Other,
}

impl Members<'_> {
    /// Takes a date.
    pub(in crate::source::dialects) fn date(&mut self, names: &[&str]) -> Option<NaiveDate> {
        let Taken { key, value } = self.take_scalar(names)?;
        let read = date(&value);
        self.dated(&key, value, read, "date, read as day first and London time")
    }

    /// Takes an instant.
    pub(in crate::source::dialects) fn instant(&mut self, names: &[&str]) -> Option<DateTime<Utc>> {
        let Taken { key, value } = self.take_scalar(names)?;
        let read = instant(&value);
        self.dated(&key, value, read, "date-time, read as London time where it names no zone")
    }

    fn dated<T>(&self, key: &str, value: Value, read: Option<(T, Form)>, what: &str) -> Option<T> {
        let Some((read, form)) = read else {
            self.note_unreadable(key, "is no date that can be read", value);
            return None;
        };
        if form == Form::Other {
            let message = format!("is not the standard's form of a {what}");
            self.note(IssueCode::NonStandardFormat, key, message, Some(value));
        }
        Some(read)
    }
}

/// The instant a value states, in any form that is read.
pub(in crate::source::dialects) fn instant_of(value: &Value) -> Option<DateTime<Utc>> {
    instant(value).map(|(instant, _)| instant)
}

/// Epoch numbers above this count milliseconds.
const MILLISECONDS_FROM: f64 = 1e11;
/// Smaller numbers are no epoch seconds anybody sends: 2001.
const SECONDS_FROM: f64 = 1e9;

/// Reads a date. An instant gives its date in London.
fn date(value: &Value) -> Option<(NaiveDate, Form)> {
    if let Some(text) = value.as_str().map(str::trim) {
        if let Some(date) = plain_date(text) {
            let form = if text.len() == "2000-01-01".len() { Form::Standard } else { Form::Other };
            return Some((date, form));
        }
        if let Some(date) = day_first(text) {
            return Some((date, Form::Other));
        }
    }
    let (instant, _) = instant(value)?;
    Some((instant.with_timezone(&London).date_naive(), Form::Other))
}

/// Reads an instant. A date alone is its midnight in London.
fn instant(value: &Value) -> Option<(DateTime<Utc>, Form)> {
    if let Some(text) = value.as_str().map(str::trim) {
        if let Ok(instant) = DateTime::parse_from_rfc3339(text) {
            return Some((instant.to_utc(), Form::Standard))
                .filter(|(instant, _)| is_plausible(instant.date_naive()));
        }
        if let Some(instant) = other_instant(text) {
            return Some((instant, Form::Other));
        }
    }
    let instant = epoch(numbers::read(value)?)?;
    Some((instant, Form::Other))
}

/// The instant at which London's clocks show this.
fn in_london(local: NaiveDateTime) -> Option<DateTime<Utc>> {
    // The hour that spring skips is read as the one after it; of the two in autumn, the first is meant.
    let found = London.from_local_datetime(&local).earliest();
    let found = found.or_else(|| London.from_local_datetime(&(local + Duration::hours(1))).earliest());
    found.map(|instant| instant.to_utc())
}

fn other_instant(text: &str) -> Option<DateTime<Utc>> {
    let zoned = ["%Y-%m-%dT%H:%M:%S%.f%z", "%Y-%m-%d %H:%M:%S%.f%z", "%Y-%m-%dT%H:%M%z"];
    for format in zoned.into_iter().filter(|_| may_have_zone(text)) {
        if let Ok(instant) = DateTime::parse_from_str(text, format) {
            return Some(instant.to_utc()).filter(|instant| is_plausible(instant.date_naive()));
        }
    }
    if let Some(local) = text.strip_suffix('Z').and_then(local_time) {
        return Some(local.and_utc());
    }
    let local = local_time(text).or_else(|| {
        let date = plain_date(text).or_else(|| day_first(text))?;
        Some(date.and_time(NaiveTime::MIN))
    });
    in_london(local?)
}

// Trying the formats that end in a zone costs more than all the rest.
fn may_have_zone(text: &str) -> bool {
    let of_clock = |byte: u8| byte.is_ascii_digit() || matches!(byte, b'T' | b' ' | b':' | b'.');
    text.get("2000-01-01".len()..).is_none_or(|clock| !clock.bytes().all(of_clock))
}

fn local_time(text: &str) -> Option<NaiveDateTime> {
    let formats = [
        "%Y-%m-%dT%H:%M:%S%.f",
        "%Y-%m-%d %H:%M:%S%.f",
        "%Y-%m-%dT%H:%M",
        "%Y-%m-%d %H:%M",
        "%d/%m/%Y %H:%M:%S",
        "%d/%m/%Y %H:%M",
    ];
    let read = |format: &&str| NaiveDateTime::parse_from_str(text, format).ok();
    formats.iter().find_map(read).filter(|local| is_plausible(local.date()))
}

fn plain_date(text: &str) -> Option<NaiveDate> {
    let date = standard_date(text).or_else(|| NaiveDate::parse_from_str(text, "%Y-%m-%d").ok());
    date.filter(|date| is_plausible(*date))
}

/// `2026-01-31` and nothing else: a form so common that reading it must cost next to nothing.
pub(in crate::source) fn standard_date(text: &str) -> Option<NaiveDate> {
    let &[y0, y1, y2, y3, b'-', m0, m1, b'-', d0, d1] = text.as_bytes() else { return None };
    let number = |digits: &[u8]| {
        let digit = |byte: &u8| byte.is_ascii_digit().then(|| i32::from(byte - b'0'));
        digits.iter().try_fold(0, |number, byte| Some(number * 10 + digit(byte)?))
    };
    let (month, day) = (number(&[m0, m1])?.unsigned_abs(), number(&[d0, d1])?.unsigned_abs());
    NaiveDate::from_ymd_opt(number(&[y0, y1, y2, y3])?, month, day)
}

fn day_first(text: &str) -> Option<NaiveDate> {
    NaiveDate::parse_from_str(text, "%d/%m/%Y").ok().filter(|date| is_plausible(*date))
}

fn epoch(number: f64) -> Option<DateTime<Utc>> {
    let milliseconds = match number {
        n if n >= MILLISECONDS_FROM => n,
        n if n >= SECONDS_FROM => n * 1000.0,
        _ => return None,
    };
    #[expect(
        clippy::cast_possible_truncation,
        reason = "casts saturate, and the conversion checks the range"
    )]
    let instant = DateTime::from_timestamp_millis(milliseconds as i64)?;
    Some(instant).filter(|instant| is_plausible(instant.date_naive()))
}

// The year 1 is what some systems write for "none", and a five-digit year is a slip.
fn is_plausible(date: NaiveDate) -> bool {
    use chrono::Datelike as _;
    (1000..=9999).contains(&date.year())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read_date(value: &Value) -> Option<String> {
        date(value).map(|(date, _)| date.to_string())
    }

    #[test]
    fn quirk_55_dates_in_many_forms() {
        for value in [
            json!("2021-06-14"),
            json!("2021-06-14T12:06:15.654"),
            json!("2021-06-14T00:00:00.000+0000"),
            json!("14/06/2021 00:00:00"),
            json!("14/06/2021"),
            json!(1_623_666_000_000_i64),
            json!("1623666000000"),
        ] {
            assert_eq!(read_date(&value).as_deref(), Some("2021-06-14"), "{value}");
        }
        for value in
            [json!("soon"), json!("2021-02-30"), json!("0001-01-01T00:00:00"), json!(2021), json!(true)]
        {
            assert_eq!(date(&value), None, "{value}");
        }
    }

    #[test]
    fn the_standards_form_is_that_and_no_other() {
        let date = NaiveDate::from_ymd_opt(2028, 2, 29);
        assert_eq!(standard_date("2028-02-29"), date);
        for text in ["2026-02-29", "2026-13-01", "2026-1-01", "+026-01-01", "2026/01/01", " 2026-01-01", ""] {
            assert_eq!(standard_date(text), None, "{text}");
        }
    }

    #[test]
    fn quirk_56_no_zone_means_london() {
        let (instant, form) = instant(&json!("2025-09-02T12:06:15.654")).unwrap();
        assert_eq!(instant.to_rfc3339(), "2025-09-02T11:06:15.654+00:00");
        assert_eq!(form, Form::Other);
        assert_eq!(super::instant(&json!("2025-09-02T12:06:15Z")).unwrap().1, Form::Standard);
    }

    #[test]
    fn quirk_57_midnight_in_london_is_the_next_day() {
        assert_eq!(read_date(&json!("2026-06-30T23:00:00.000Z")).as_deref(), Some("2026-07-01"));
    }

    #[test]
    fn the_hour_that_spring_skips_still_reads() {
        let skipped = NaiveDate::from_ymd_opt(2026, 3, 29).unwrap().and_hms_opt(1, 30, 0).unwrap();
        assert_eq!(in_london(skipped).unwrap().to_rfc3339(), "2026-03-29T01:30:00+00:00");
    }
}
