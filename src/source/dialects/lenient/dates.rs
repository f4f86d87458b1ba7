//! Dates and instants in every form feeds use. A time without a zone is London's.

mod values;
mod written;

use chrono::{DateTime, Duration, NaiveDate, NaiveDateTime, NaiveTime, TimeZone as _, Utc};
use chrono_tz::Europe::London;
use serde_json::Value;

use super::members::{Expected, Members, Taken};
use crate::model::IssueCode;
use values::{Said, said};

pub(super) use values::{clock_of, dated, is_empty_date};
pub(super) use written::{Written, written};

/// What a value states, and whether it had the standard's form.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Read<T> {
    Standard(T),
    Other(T),
    /// That there is none.
    Nothing,
}

impl Members<'_> {
    /// Takes a date.
    pub(in crate::source::dialects) fn date(&mut self, names: &[&str]) -> Option<NaiveDate> {
        let taken = self.take(names, Expected::Scalar)?;
        let Taken { key, value } = self.made_bare(taken)?;
        let read = date(&value);
        self.dated(&key, value, read, "date, read as day first and London time")
    }

    /// Takes an instant.
    pub(in crate::source::dialects) fn instant(&mut self, names: &[&str]) -> Option<DateTime<Utc>> {
        let taken = self.take(names, Expected::Scalar)?;
        let Taken { key, value } = self.made_bare(taken)?;
        let read = instant(&value);
        self.dated(&key, value, read, "date-time, read as London time where it names no zone")
    }

    fn dated<T>(&self, key: &str, value: Value, read: Option<Read<T>>, what: &str) -> Option<T> {
        match read {
            Some(Read::Standard(read)) => Some(read),
            Some(Read::Other(read)) => {
                let message = format!("is not the standard's form of a {what}");
                self.note(IssueCode::NonStandardFormat, key, message, Some(value));
                Some(read)
            }
            Some(Read::Nothing) => {
                self.note(IssueCode::PlaceholderValue, key, "stands for no date", Some(value));
                None
            }
            None => {
                self.note_unreadable(key, "is no date that can be read", value);
                None
            }
        }
    }
}

/// The instant a value states, in any form that is read.
pub(in crate::source::dialects) fn instant_of(value: &Value) -> Option<DateTime<Utc>> {
    match instant(value)? {
        Read::Standard(instant) | Read::Other(instant) => Some(instant),
        Read::Nothing => None,
    }
}

/// The day and month of a date that recurs every year, as some write holidays: in the year 0 or 1, or in none. The year
/// is a leap year.
pub(in crate::source::dialects) fn yearless(value: &Value) -> Option<NaiveDate> {
    let text = value.as_str()?.trim();
    let day = ["0001-", "0000-", "--"].iter().find_map(|year| text.strip_prefix(year))?;
    let date = day.get(..5).filter(|_| day.len() == 5 || !day.get(5..6).is_some_and(is_digit))?;
    standard_date(&format!("2000-{date}"))
}

fn is_digit(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Reads a date. An instant gives its date in London.
fn date(value: &Value) -> Option<Read<NaiveDate>> {
    if let Some(date) = value.as_str().and_then(|text| standard_date(text.trim())) {
        let is_recent = date >= NaiveDate::from_ymd_opt(1971, 1, 1)?;
        if is_recent {
            return Some(Read::Standard(date));
        }
    }
    let date = match said(value)? {
        Said::None => return Some(Read::Nothing),
        Said::Date(Written::Day(date)) => date,
        Said::Date(Written::Local(local)) => local.date(),
        Said::Date(Written::Zoned(at)) => at.with_timezone(&London).date_naive(),
    };
    let is_standard = value.as_str().is_some_and(|text| standard_date(text.trim()) == Some(date));
    Some(if is_standard { Read::Standard(date) } else { Read::Other(date) })
}

/// Reads an instant. A date alone is its midnight in London.
fn instant(value: &Value) -> Option<Read<DateTime<Utc>>> {
    let standard = value.as_str().and_then(|text| DateTime::parse_from_rfc3339(text.trim()).ok());
    if let Some(instant) = standard.filter(|at| at.timestamp() > 366 * 86_400) {
        let is_plausible = instant.date_naive() < NaiveDate::from_ymd_opt(10_000, 1, 1)?;
        return is_plausible.then_some(Read::Standard(instant.to_utc()));
    }
    let instant = match said(value)? {
        Said::None => return Some(Read::Nothing),
        Said::Date(Written::Day(date)) => in_london(date.and_time(NaiveTime::MIN))?,
        Said::Date(Written::Local(local)) => in_london(local)?,
        Said::Date(Written::Zoned(at)) => at.to_utc(),
    };
    Some(if standard.is_some() { Read::Standard(instant) } else { Read::Other(instant) })
}

/// The instant at which London's clocks show this.
fn in_london(local: NaiveDateTime) -> Option<DateTime<Utc>> {
    // The hour that spring skips is read as the one after it; of the two in autumn, the first is meant.
    let found = London.from_local_datetime(&local).earliest();
    let found = found.or_else(|| London.from_local_datetime(&(local + Duration::hours(1))).earliest());
    found.map(|instant| instant.to_utc())
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read_date(value: &Value) -> Option<String> {
        match date(value)? {
            Read::Standard(date) | Read::Other(date) => Some(date.to_string()),
            Read::Nothing => None,
        }
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
            [json!("soon"), json!("2021-02-30"), json!("0101-01-01T00:00:00"), json!(2021), json!(true)]
        {
            assert_eq!(date(&value), None, "{value}");
        }
        assert_eq!(date(&json!("0001-01-01T00:00:00")), Some(Read::Nothing));
        assert_eq!(date(&json!("1999-12-31")), NaiveDate::from_ymd_opt(1999, 12, 31).map(Read::Standard));
        assert_eq!(date(&json!("1948-07-05")), NaiveDate::from_ymd_opt(1948, 7, 5).map(Read::Standard));
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
        let Some(Read::Other(instant)) = instant(&json!("2025-09-02T12:06:15.654")) else { panic!() };
        assert_eq!(instant.to_rfc3339(), "2025-09-02T11:06:15.654+00:00");
        assert!(matches!(super::instant(&json!("2025-09-02T12:06:15Z")), Some(Read::Standard(_))));
        assert_eq!(super::instant(&json!("1970-01-01T00:00:00Z")), Some(Read::Nothing));
    }

    #[test]
    fn quirk_91_a_day_without_a_year_is_of_every_year() {
        for text in ["0001-12-25", "0000-12-25", "--12-25", "0001-12-25T00:00:00Z"] {
            assert_eq!(yearless(&json!(text)), NaiveDate::from_ymd_opt(2000, 12, 25), "{text}");
        }
        for text in ["2026-12-25", "0001-13-25", "0001-12-251", "0012-12-25", ""] {
            assert_eq!(yearless(&json!(text)), None, "{text}");
        }
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
