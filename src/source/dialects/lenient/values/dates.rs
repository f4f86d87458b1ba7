//! Dates and instants in every form that feeds use. A time without a zone is in London.

mod values;
mod written;

use chrono::{DateTime, Datelike as _, Duration, NaiveDate, NaiveDateTime, NaiveTime, TimeZone as _, Utc};
use chrono_tz::Europe::London;
use serde_json::Value;

use crate::model::IssueCode;
use crate::source::dialects::lenient::members::object::{ExpectedMember, ObjectMembers, TakenMember};
use crate::source::dialects::lenient::values::numbers;
use crate::source::dialects::lenient::values::tokens::{TextToken, tokens};
use values::{DateSaid, said};

pub(in crate::source::dialects::lenient) use values::{clock_of, dated, is_empty_date};
pub(in crate::source::dialects::lenient) use written::{WrittenDate, written};

/// What a value says, and whether it has the standard's form.
#[derive(Clone, Copy, Debug, PartialEq)]
enum ReadValue<T> {
    Standard(T),
    Other(T),
    /// There is no date.
    Nothing,
}

impl ObjectMembers<'_> {
    /// Takes a date.
    pub(in crate::source::dialects) fn date(&mut self, names: &[&str]) -> Option<NaiveDate> {
        let taken = self.take(names, ExpectedMember::Scalar)?;
        let TakenMember { key, value } = self.made_bare(taken)?;
        let read = date(&value);
        self.dated(&key, value, read, "date, read as day first and London time")
    }

    /// Takes an instant.
    pub(in crate::source::dialects) fn instant(&mut self, names: &[&str]) -> Option<DateTime<Utc>> {
        let taken = self.take(names, ExpectedMember::Scalar)?;
        let TakenMember { key, value } = self.made_bare(taken)?;
        let read = instant(&value);
        self.dated(&key, value, read, "date-time, read as London time if it has no zone")
    }

    /// Takes a year, also from a date or from words such as "Est. 1987".
    pub(in crate::source::dialects) fn year(&mut self, names: &[&str]) -> Option<i32> {
        let TakenMember { key, value } = self.plain_scalar(names)?;
        let is_year = |year: &i32| (1..=9999).contains(year);
        if let Some(year) = numbers::read(&value).and_then(numbers::whole).filter(is_year) {
            if value.is_string() {
                self.note(IssueCode::WrongType, &key, "is a string, not a number", Some(value));
            }
            return Some(year);
        }
        let year = match date(&value) {
            Some(ReadValue::Standard(date) | ReadValue::Other(date)) => Some(date.year()),
            _ => value.as_str().and_then(year_among_words),
        };
        match year.filter(is_year) {
            Some(_) => self.note(IssueCode::NonStandardFormat, &key, "was read as its year", Some(value)),
            None => self.note_unreadable(&key, "is not a readable year", value),
        }
        year.filter(is_year)
    }

    fn dated<T>(&self, key: &str, value: Value, read: Option<ReadValue<T>>, what: &str) -> Option<T> {
        match read {
            Some(ReadValue::Standard(read)) => Some(read),
            Some(ReadValue::Other(read)) => {
                let message = format!("is not the standard's form of a {what}");
                self.note(IssueCode::NonStandardFormat, key, message, Some(value));
                Some(read)
            }
            Some(ReadValue::Nothing) => {
                self.note(IssueCode::PlaceholderValue, key, "is a placeholder for no date", Some(value));
                None
            }
            None => {
                self.note_unreadable(key, "is not a readable date", value);
                None
            }
        }
    }
}

/// Returns the instant in a value, in any form that can be read.
pub(in crate::source::dialects) fn instant_of(value: &Value) -> Option<DateTime<Utc>> {
    match instant(value)? {
        ReadValue::Standard(instant) | ReadValue::Other(instant) => Some(instant),
        ReadValue::Nothing => None,
    }
}

/// Returns the day and month of a date that recurs every year, as some feeds write holidays: in the year 0 or 1, or
/// without a year, such as `25 December` and `25/12`. The returned year is a leap year.
pub(in crate::source::dialects) fn yearless(value: &Value) -> Option<NaiveDate> {
    let text = value.as_str()?.trim();
    let Some(day) = ["0001-", "0000-", "--"].iter().find_map(|year| text.strip_prefix(year)) else {
        return day_of_any_year(text);
    };
    let date = day.get(..5).filter(|_| day.len() == 5 || !day.get(5..6).is_some_and(is_digit))?;
    standard_date(&format!("2000-{date}"))
}

// Reads a text that becomes a date only when a year is added.
fn day_of_any_year(text: &str) -> Option<NaiveDate> {
    const LONGEST: usize = 40;
    let folded = text.trim_end_matches(['.', ',']).to_ascii_lowercase();
    let words = ["every year", "each year", "annually", "yearly"];
    let bare = words.iter().find_map(|words| folded.strip_suffix(words)).unwrap_or(&folded).trim();
    if text.len() > LONGEST || !bare.contains(|c: char| c.is_ascii_digit()) || written(bare).is_some() {
        return None;
    }
    let sign = bare.chars().find(|c| matches!(c, '/' | '.' | '-') && !bare.contains(char::is_alphabetic));
    match written(&format!("{bare}{}2000", sign.unwrap_or(' '))) {
        // `9.30` is not a day in September: the month may come first only before a slash.
        Some(WrittenDate::Day(date))
            if sign.is_none_or(|sign| sign == '/' || begins_with(bare, date.day())) =>
        {
            Some(date)
        }
        _ => None,
    }
}

fn begins_with(text: &str, number: u32) -> bool {
    let digits = text.split(|c: char| !c.is_ascii_digit()).next();
    digits.and_then(|digits| digits.parse().ok()) == Some(number)
}

// Returns the only number among words, if it may be a year from 1000 to 2099.
fn year_among_words(text: &str) -> Option<i32> {
    let folded = text.to_lowercase();
    let pieces = tokens(&folded)?;
    let mut numbers = pieces.iter().filter(|piece| matches!(piece, TextToken::Number(_)));
    let year = numbers.next()?.number(4, 4).filter(|year| (1000..2100).contains(year))?;
    numbers.next().is_none().then_some(year.cast_signed())
}

fn is_digit(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Reads a date. For an instant, returns its date in London.
fn date(value: &Value) -> Option<ReadValue<NaiveDate>> {
    if let Some(date) = value.as_str().and_then(|text| standard_date(text.trim())) {
        let is_recent = date >= NaiveDate::from_ymd_opt(1971, 1, 1)?;
        if is_recent {
            return Some(ReadValue::Standard(date));
        }
    }
    let date = match said(value)? {
        DateSaid::None => return Some(ReadValue::Nothing),
        DateSaid::Date(WrittenDate::Day(date)) => date,
        DateSaid::Date(WrittenDate::Local(local)) => local.date(),
        DateSaid::Date(WrittenDate::Zoned(at)) => at.with_timezone(&London).date_naive(),
    };
    let is_standard = value.as_str().is_some_and(|text| standard_date(text.trim()) == Some(date));
    Some(if is_standard { ReadValue::Standard(date) } else { ReadValue::Other(date) })
}

/// Reads an instant. A date alone means midnight in London.
fn instant(value: &Value) -> Option<ReadValue<DateTime<Utc>>> {
    let standard = value.as_str().and_then(|text| DateTime::parse_from_rfc3339(text.trim()).ok());
    if let Some(instant) = standard.filter(|at| at.timestamp() > 366 * 86_400) {
        let is_plausible = instant.date_naive() < NaiveDate::from_ymd_opt(10_000, 1, 1)?;
        return is_plausible.then_some(ReadValue::Standard(instant.to_utc()));
    }
    let instant = match said(value)? {
        DateSaid::None => return Some(ReadValue::Nothing),
        DateSaid::Date(WrittenDate::Day(date)) => in_london(date.and_time(NaiveTime::MIN))?,
        DateSaid::Date(WrittenDate::Local(local)) => in_london(local)?,
        DateSaid::Date(WrittenDate::Zoned(at)) => at.to_utc(),
    };
    Some(if standard.is_some() { ReadValue::Standard(instant) } else { ReadValue::Other(instant) })
}

/// Returns the instant at which London has this local time.
fn in_london(local: NaiveDateTime) -> Option<DateTime<Utc>> {
    // A time in the skipped hour of spring counts as an hour later. In the repeated hour of autumn, the first is meant.
    let found = London.from_local_datetime(&local).earliest();
    let found = found.or_else(|| London.from_local_datetime(&(local + Duration::hours(1))).earliest());
    found.map(|instant| instant.to_utc())
}

/// A fast path for plain `2026-01-31`, the most common form.
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
            ReadValue::Standard(date) | ReadValue::Other(date) => Some(date.to_string()),
            ReadValue::Nothing => None,
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
        assert_eq!(date(&json!("0001-01-01T00:00:00")), Some(ReadValue::Nothing));
        assert_eq!(
            date(&json!("1999-12-31")),
            NaiveDate::from_ymd_opt(1999, 12, 31).map(ReadValue::Standard)
        );
        assert_eq!(date(&json!("1948-07-05")), NaiveDate::from_ymd_opt(1948, 7, 5).map(ReadValue::Standard));
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
        let Some(ReadValue::Other(instant)) = instant(&json!("2025-09-02T12:06:15.654")) else { panic!() };
        assert_eq!(instant.to_rfc3339(), "2025-09-02T11:06:15.654+00:00");
        assert!(matches!(super::instant(&json!("2025-09-02T12:06:15Z")), Some(ReadValue::Standard(_))));
        assert_eq!(super::instant(&json!("1970-01-01T00:00:00Z")), Some(ReadValue::Nothing));
    }

    #[test]
    fn quirk_91_a_day_without_a_year_is_of_every_year() {
        for text in ["0001-12-25", "0000-12-25", "--12-25", "0001-12-25T00:00:00Z"] {
            assert_eq!(yearless(&json!(text)), NaiveDate::from_ymd_opt(2000, 12, 25), "{text}");
        }
        for text in [
            "25 December",
            "25 Dec",
            "25th December",
            "the 25th of December",
            "December 25",
            "Dec. 25th",
            "25/12",
            "25-12",
            "25.12.",
            "25-Dec",
            "25 December every year",
        ] {
            assert_eq!(yearless(&json!(text)), NaiveDate::from_ymd_opt(2000, 12, 25), "{text}");
        }
        for text in [
            "2026-12-25",
            "0001-13-25",
            "0001-12-251",
            "0012-12-25",
            "",
            "25 December 2026",
            "25/12/26",
            "December 2026",
            "December",
            "25",
            "31/02",
            "9.30",
            "10:00",
            "Christmas",
        ] {
            assert_eq!(yearless(&json!(text)), None, "{text}");
        }
    }

    #[test]
    fn a_year_is_found_among_words() {
        for (text, year) in
            [("Est. 1987", Some(1987)), ("founded in 1850 or so", Some(1850)), ("1987/88", None)]
        {
            assert_eq!(year_among_words(text), year, "{text}");
        }
        for text in ["long ago", "about 12000", "unit 4"] {
            assert_eq!(year_among_words(text), None, "{text}");
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
