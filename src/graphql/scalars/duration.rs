//! The `Duration` scalar.

use async_graphql::{InputValueError, InputValueResult, Scalar, ScalarType, Value};
use chrono::{Days, Months, NaiveDate};

use super::text;

/// A length of time in calendar units.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Duration(iso8601_duration::Duration);

/// A length of time in ISO 8601 form, e.g. `P6M`, `P30D` or `PT12H`.
#[Scalar(name = "Duration", specified_by_url = "https://datatracker.ietf.org/doc/html/rfc3339#appendix-A")]
impl ScalarType for Duration {
    fn parse(value: Value) -> InputValueResult<Self> {
        read(&value).ok_or_else(|| InputValueError::expected_type(value))
    }

    fn is_valid(value: &Value) -> bool {
        read(value).is_some()
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_string())
    }
}

fn read(value: &Value) -> Option<Duration> {
    iso8601_duration::Duration::parse(text(value)?).ok().map(Duration)
}

impl Duration {
    /// The date so long before another, parts of a day left out; none where that is before all calendars.
    pub(crate) fn before(&self, date: NaiveDate) -> Option<NaiveDate> {
        let iso8601_duration::Duration { year, month, day, hour, minute, second } = self.0;
        let months = year * 12.0 + month;
        let days = day + (hour + (minute + second / 60.0) / 60.0) / 24.0;
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
    }

    #[test]
    fn refuses_what_no_calendar_holds() {
        for text in ["", "6 months", "-P1D", "P999999999Y", "P99999999999999999999D"] {
            assert_eq!(before(text), None, "{text}");
        }
    }
}
