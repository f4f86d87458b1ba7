//! The `Duration` scalar.

use async_graphql::{InputValueResult, Scalar, ScalarType, Value};
use chrono::{Days, Months, NaiveDate};

use super::forms::misshapen;
use super::text;

/// A length of time in calendar units.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Duration {
    months: f64,
    days: f64,
    /// As it was written.
    text: Box<str>,
}

/// A length of time in ISO 8601 format, e.g. `P6M`, `P30D` or `PT12H`.
#[Scalar(name = "Duration", specified_by_url = "https://datatracker.ietf.org/doc/html/rfc3339#appendix-A")]
impl ScalarType for Duration {
    fn parse(value: Value) -> InputValueResult<Self> {
        read(&value).ok_or_else(misshapen)
    }

    fn is_valid(value: &Value) -> bool {
        read(value).is_some()
    }

    fn to_value(&self) -> Value {
        Value::String(self.text.to_string())
    }
}

/// The units of a date and of a time of day, in the order they are written in: what each is in months or days.
const DATE: [(char, DurationUnit); 3] =
    [('Y', DurationUnit::Months(12.0)), ('M', DurationUnit::Months(1.0)), ('D', DurationUnit::Days(1.0))];
const TIME: [(char, DurationUnit); 3] = [
    ('H', DurationUnit::Days(1.0 / 24.0)),
    ('M', DurationUnit::Days(1.0 / 1_440.0)),
    ('S', DurationUnit::Days(1.0 / 86_400.0)),
];
const WEEKS: [(char, DurationUnit); 1] = [('W', DurationUnit::Days(7.0))];

#[derive(Clone, Copy)]
enum DurationUnit {
    Months(f64),
    Days(f64),
}

fn read(value: &Value) -> Option<Duration> {
    let text = text(value)?;
    let rest = text.strip_prefix('P')?;
    let mut duration = Duration { months: 0.0, days: 0.0, text: text.into() };
    if rest.ends_with('W') {
        duration.add(rest, &WEEKS)?;
        return Some(duration);
    }
    let (date, time) = rest.split_once('T').map_or((rest, None), |(date, time)| (date, Some(time)));
    if !date.is_empty() || time.is_none() {
        duration.add(date, &DATE)?;
    }
    if let Some(time) = time {
        duration.add(time, &TIME)?;
    }
    Some(duration)
}

/// Splits an amount off the front, with a point or a comma before its fraction, and the letter of its unit.
fn amount(text: &str) -> Option<(f64, char, &str)> {
    let (number, rest) = text.split_at_checked(text.find(|c: char| c.is_ascii_alphabetic())?)?;
    let is_digits = |digits: &str| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    let mut parts = number.splitn(2, ['.', ',']);
    if !parts.all(is_digits) {
        return None;
    }
    let mut rest = rest.chars();
    Some((number.replace(',', ".").parse().ok()?, rest.next()?, rest.as_str()))
}

impl Duration {
    /// Adds amounts in these units, which must stand in this order; at least one.
    fn add(&mut self, mut text: &str, units: &[(char, DurationUnit)]) -> Option<()> {
        let mut units = units.iter();
        loop {
            let (amount, letter, rest) = amount(text)?;
            match units.find(|(unit, _)| *unit == letter)?.1 {
                DurationUnit::Months(months) => self.months += amount * months,
                DurationUnit::Days(days) => self.days += amount * days,
            }
            if rest.is_empty() {
                return Some(());
            }
            text = rest;
        }
    }

    /// The date so long before another, parts of a day left out; none where that is before all calendars.
    pub(crate) fn before(&self, date: NaiveDate) -> Option<NaiveDate> {
        // Hours that make up whole days may come to a trifle less.
        let (months, days) = (self.months, self.days + 1e-9);
        // A float too large for the integer becomes the largest, which no calendar can go back by.
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "saturates, and none is negative"
        )]
        let (months, days) = (Months::new(months.round() as u32), Days::new(days as u64));
        date.checked_sub_months(months)?.checked_sub_days(days)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn before(text: &str) -> Option<String> {
        let duration = Duration::parse(Value::from(text)).ok()?;
        duration.before(NaiveDate::from_ymd_opt(2026, 3, 31)?).map(|date| date.to_string())
    }

    #[test]
    fn goes_back_by_the_calendar() {
        assert_eq!(before("P1M").as_deref(), Some("2026-02-28"));
        assert_eq!(before("P1Y14D").as_deref(), Some("2025-03-17"));
        assert_eq!(before("P2W").as_deref(), Some("2026-03-17"));
        assert_eq!(before("PT36H").as_deref(), Some("2026-03-30"));
        assert_eq!(before("PT72H").as_deref(), Some("2026-03-28"));
        assert_eq!(before("P1Y2M3DT23H59M59S").as_deref(), Some("2025-01-28"));
        assert_eq!(before("P0.5Y"), before("P6M"));
        assert_eq!(before("P1,5D"), before("P1D"));
    }

    #[test]
    fn refuses_what_no_calendar_holds() {
        for text in [
            "",
            "P",
            "PT",
            "P1",
            "PD",
            "P1DT",
            "6 months",
            "-P1D",
            "P-1D",
            "P1e3D",
            "PinfD",
            "P1.D",
            "P.5D",
            "P1.2.3D",
            "P1D1Y",
            "P1D1D",
            "P1S",
            "P1W1D",
            "P1Ä",
            "P１D",
            "P999999999Y",
            "P99999999999999999999D",
        ] {
            assert_eq!(before(text), None, "{text}");
        }
    }
}
