//! The `DateTime` scalar.

use async_graphql::{InputValueResult, Scalar, ScalarType, Value};
use chrono::{SecondsFormat, Utc};

use super::forms::misshapen;
use super::text;

/// An instant.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct DateTime(pub(crate) chrono::DateTime<Utc>);

/// An instant in RFC 3339 format. Output is in UTC, e.g. `2026-03-01T09:30:00Z`; input may have any offset.
#[Scalar(name = "DateTime", specified_by_url = "https://datatracker.ietf.org/doc/html/rfc3339")]
impl ScalarType for DateTime {
    fn parse(value: Value) -> InputValueResult<Self> {
        read(&value).ok_or_else(misshapen)
    }

    fn is_valid(value: &Value) -> bool {
        read(value).is_some()
    }

    fn to_value(&self) -> Value {
        Value::String(self.shown())
    }
}

impl DateTime {
    /// As it is printed: in UTC, with fractions of seconds only where there are any.
    pub(super) fn shown(&self) -> String {
        self.0.to_rfc3339_opts(SecondsFormat::AutoSi, true)
    }
}

fn read(value: &Value) -> Option<DateTime> {
    chrono::DateTime::parse_from_rfc3339(text(value)?).ok().map(|at| DateTime(at.to_utc()))
}
