//! The `Date` scalar.

use async_graphql::{InputValueResult, Scalar, ScalarType, Value};
use chrono::NaiveDate;

use super::forms::misshapen;
use super::text;

/// A calendar date.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Date(pub(crate) NaiveDate);

/// A calendar date, `YYYY-MM-DD`.
#[Scalar(name = "Date", specified_by_url = "https://datatracker.ietf.org/doc/html/rfc3339")]
impl ScalarType for Date {
    fn parse(value: Value) -> InputValueResult<Self> {
        read(&value).ok_or_else(misshapen)
    }

    fn is_valid(value: &Value) -> bool {
        read(value).is_some()
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_string())
    }
}

fn read(value: &Value) -> Option<Date> {
    NaiveDate::parse_from_str(text(value)?, "%Y-%m-%d").ok().map(Date)
}
