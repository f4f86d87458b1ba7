//! Ages, and the numbers that stand for an age nobody entered.

use serde_json::json;

use super::members::{Members, Taken};
use crate::model::IssueCode;

/// Nobody eligible is older.
const OLDEST: f64 = 120.0;

/// Takes the lowest and highest age, in years; none means no bound or not known.
pub(in crate::source::dialects) fn ages(
    members: &mut Members<'_>,
    lowest: &[&str],
    highest: &[&str],
) -> (Option<f64>, Option<f64>) {
    let lowest = age(members, lowest);
    let highest = age(members, highest);
    let placeholder = |key: &str, message: &str| {
        members.note(IssueCode::PlaceholderValue, key, message, Some(json!(0)));
    };
    match (lowest, highest) {
        (Some((low_key, 0.0)), Some((high_key, 0.0))) => {
            placeholder(&low_key, "0 to 0 stands for ages not known");
            placeholder(&high_key, "0 to 0 stands for ages not known");
            (None, None)
        }
        (low, Some((key, 0.0))) => {
            placeholder(&key, "a highest age of 0 stands for none");
            (low.map(|(_, age)| age), None)
        }
        (Some((key, low)), Some((_, high))) if low > high => {
            let message = "the lowest age is above the highest, so neither is used";
            members.note(IssueCode::Conflict, &key, message, Some(json!([low, high])));
            (None, None)
        }
        (low, high) => (low.map(|(_, age)| age), high.map(|(_, age)| age)),
    }
}

fn age(members: &mut Members<'_>, names: &[&str]) -> Option<(String, f64)> {
    let Taken { key, value } = members.take_scalar(names)?;
    let original = value.clone();
    let years = members.number_of(&key, value)?;
    match out_of_bounds(years) {
        None => Some((key, years)),
        Some((code, message)) => {
            members.note(code, &key, message, Some(original));
            None
        }
    }
}

fn out_of_bounds(years: f64) -> Option<(IssueCode, &'static str)> {
    #[expect(clippy::float_cmp, reason = "the placeholder is exactly this number")]
    let is_placeholder = years == -1.0;
    if is_placeholder {
        return Some((IssueCode::PlaceholderValue, "-1 stands for an age not known"));
    }
    if !(0.0..=OLDEST).contains(&years) {
        return Some((IssueCode::OutOfRange, "is no possible age"));
    }
    None
}
