//! Flags and numbers. One from a variable is a string, and is read as if it had no quotes.

use std::fmt::Display;
use std::ops::RangeInclusive;

use serde_json::{Value as Json, json};
use toml::de::DeValue;

use super::{ValueKind, report_refusal};
use crate::config::problem::ValueRefusal;
use crate::config::reader::{FoundValue, ProblemReport};

/// The pattern of a string that is only allowed because of its variable.
const VARIABLE: &str = "\\$\\{";

/// `true` or `false`.
pub(in crate::config) fn flag() -> ValueKind<bool> {
    const WANTED: &str = "true or false";
    let read = |report: &mut ProblemReport<'_>, found: &FoundValue<'_>| match (
        report.variable(found),
        found.value,
    ) {
        (Some(text), _) => bare(report, found, &text?, WANTED),
        (None, DeValue::Boolean(flag)) => Some(*flag),
        (None, _) => mistyped(report, found, WANTED),
    };
    let schema = json!({ "type": ["boolean", "string"], "pattern": VARIABLE });
    ValueKind::new(schema, read, |flag| Some((*flag).into()))
}

/// A whole number within a range.
pub(in crate::config) fn whole<T>(range: RangeInclusive<u64>) -> ValueKind<T>
where
    T: Copy + TryFrom<u64> + TryInto<u64> + 'static,
{
    let schema = json!({
        "type": ["integer", "string"], "pattern": VARIABLE,
        "minimum": range.start(), "maximum": range.end(),
    });
    let read = move |report: &mut ProblemReport<'_>, found: &FoundValue<'_>| {
        let number = whole_number(report, found)?;
        let believed = u64::try_from(number).ok().filter(|number| range.contains(number));
        let believed = believed.and_then(|number| T::try_from(number).ok());
        let result = believed.ok_or_else(|| out_of_range(range.start(), range.end()));
        report_refusal(report, found, result)
    };
    ValueKind::new(schema, read, |number| (*number).try_into().ok().map(Json::from))
}

/// A number within a range.
pub(in crate::config) fn decimal(range: RangeInclusive<f64>) -> ValueKind<f64> {
    let schema = json!({
        "type": ["number", "string"], "pattern": VARIABLE,
        "minimum": range.start(), "maximum": range.end(),
    });
    let read = move |report: &mut ProblemReport<'_>, found: &FoundValue<'_>| {
        let number = decimal_number(report, found)?;
        let result = within(number, &range).map_err(|()| out_of_range(range.start(), range.end()));
        report_refusal(report, found, result)
    };
    ValueKind::new(schema, read, |number| Some((*number).into()))
}

/// Returns the value if it is within the range.
pub(in crate::config) fn within<T: PartialOrd>(value: T, range: &RangeInclusive<T>) -> Result<T, ()> {
    if range.contains(&value) { Ok(value) } else { Err(()) }
}

fn whole_number(report: &mut ProblemReport<'_>, found: &FoundValue<'_>) -> Option<i128> {
    const WANTED: &str = "a whole number";
    match (report.variable(found), found.value) {
        (Some(text), _) => bare(report, found, &text?, WANTED),
        // TOML's own grammar has checked the digits, and 64 bits of them fit.
        (None, DeValue::Integer(number)) => i128::from_str_radix(number.as_str(), number.radix()).ok(),
        (None, _) => mistyped(report, found, WANTED),
    }
}

fn decimal_number(report: &mut ProblemReport<'_>, found: &FoundValue<'_>) -> Option<f64> {
    const WANTED: &str = "a number";
    match (report.variable(found), found.value) {
        (Some(text), _) => bare(report, found, &text?, WANTED),
        (None, DeValue::Float(number)) => number.as_str().parse().ok(),
        #[expect(clippy::cast_precision_loss, reason = "a number past 2^53 is out of every range here")]
        (None, DeValue::Integer(_)) => whole_number(report, found).map(|number| number as f64),
        (None, _) => mistyped(report, found, WANTED),
    }
}

fn bare<T: std::str::FromStr>(
    report: &mut ProblemReport<'_>,
    found: &FoundValue<'_>,
    text: &str,
    wanted: &str,
) -> Option<T> {
    let result =
        text.trim().parse().map_err(|_| ValueRefusal::new(format!("its variable does not contain {wanted}")));
    report_refusal(report, found, result)
}

fn mistyped<T>(report: &mut ProblemReport<'_>, found: &FoundValue<'_>, wanted: &str) -> Option<T> {
    report.expected(found, wanted);
    None
}

fn out_of_range(least: impl Display, most: impl Display) -> ValueRefusal {
    ValueRefusal::new("is out of range").remedy(format!("write a number from {least} to {most}"))
}
