//! The `LocalTime` scalar.

use async_graphql::{InputValueResult, Scalar, ScalarType, Value};
use chrono::{NaiveTime, Timelike as _};

use super::forms::misshapen;
use super::text;

/// A time of day.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct LocalTime(pub(crate) NaiveTime);

/// A time of day in local time: `HH:MM`, or `HH:MM:SS` if seconds are given.
#[Scalar(name = "LocalTime")]
impl ScalarType for LocalTime {
    fn parse(value: Value) -> InputValueResult<Self> {
        read(&value).ok_or_else(misshapen)
    }

    fn is_valid(value: &Value) -> bool {
        read(value).is_some()
    }

    fn to_value(&self) -> Value {
        Value::String(self.shown().to_string())
    }
}

impl LocalTime {
    /// As it is printed: with seconds only where there are any.
    pub(super) fn shown(&self) -> impl std::fmt::Display {
        self.0.format(if self.0.second() == 0 { "%H:%M" } else { "%H:%M:%S" })
    }
}

fn read(value: &Value) -> Option<LocalTime> {
    let text = text(value)?;
    let formats = ["%H:%M", "%H:%M:%S"];
    formats.iter().find_map(|format| NaiveTime::parse_from_str(text, format).ok()).map(LocalTime)
}
