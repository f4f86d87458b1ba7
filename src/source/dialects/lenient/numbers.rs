//! Numbers, as numbers and as text.

use serde_json::Value;

use super::members::{Members, Taken};
use crate::model::IssueCode;

/// The number a value states, if it is one.
pub(super) fn read(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().parse::<f64>().ok(),
        _ => None,
    }
    .filter(|number| number.is_finite())
}

/// The whole number that a number is, where it is one of a size that occurs.
pub(super) fn whole(number: f64) -> Option<i32> {
    let fits = number.fract() == 0.0 && number.abs() <= f64::from(i32::MAX);
    #[expect(clippy::cast_possible_truncation, reason = "checked in the line above")]
    fits.then_some(number as i32)
}

/// The whole numbers of a text such as `2,3,-1`, and whether all of it could be read.
pub(super) fn whole_list(value: &Value, within: i32) -> (Vec<i32>, bool) {
    let mut numbers = Vec::new();
    let mut all = true;
    let mut add = |number: Option<i32>| match number.filter(|n| *n != 0 && n.abs() <= within) {
        Some(number) => numbers.push(number),
        None => all = false,
    };
    match value {
        Value::String(text) => text
            .split([',', ';', ' '])
            .filter(|piece| !piece.is_empty())
            .for_each(|piece| add(piece.parse().ok())),
        Value::Array(elements) => {
            elements.iter().for_each(|element| add(read(element).and_then(whole)));
        }
        other => add(read(other).and_then(whole)),
    }
    (numbers, all)
}

/// Takes a price, and the currency where its text names one.
pub(in crate::source::dialects) fn price(
    members: &mut Members<'_>,
    names: &[&str],
) -> (Option<f64>, Option<&'static str>) {
    let Some(Taken { key, value }) = members.take_scalar(names) else { return (None, None) };
    let currency = value.as_str().and_then(currency_of);
    if let Some(amount) = value.as_str().and_then(priced) {
        members.note(IssueCode::Repaired, &key, "the price was taken out of a text", Some(value));
        return (Some(amount), currency);
    }
    (members.number_of(&key, value), currency)
}

fn currency_of(text: &str) -> Option<&'static str> {
    [('£', "GBP"), ('€', "EUR"), ('$', "USD")]
        .into_iter()
        .find_map(|(sign, code)| text.contains(sign).then_some(code))
}

// `£8.00`, `8.00 GBP`, `1,200` and `Free`; not the plain number.
fn priced(text: &str) -> Option<f64> {
    let text = text.trim();
    if text.parse::<f64>().is_ok() {
        return None;
    }
    if text.trim_end_matches(['.', '!']).eq_ignore_ascii_case("free") {
        return Some(0.0);
    }
    let bare = text.trim_matches(|c: char| !c.is_ascii_digit() && c != '.' && c != '-');
    let shape_is_plain =
        bare.starts_with(|c: char| c.is_ascii_digit()) && text.chars().count() <= bare.len() + 5;
    shape_is_plain.then(|| bare.replace(',', "").parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn quirk_87_prices_in_words_and_signs() {
        for (text, amount) in [("£8.00", 8.0), ("8.00 GBP", 8.0), ("Free", 0.0), ("£1,200", 1200.0)] {
            assert_eq!(priced(text), Some(amount), "{text}");
        }
        for text in ["£8 or £10", "from £8 per hour", "ask", "-"] {
            assert_eq!(priced(text), None, "{text}");
        }
    }

    #[test]
    fn lists_of_numbers_in_every_form() {
        assert_eq!(whole_list(&json!("2, 3,-1"), 31), (vec![2, 3, -1], true));
        assert_eq!(whole_list(&json!([1, "15"]), 31), (vec![1, 15], true));
        assert_eq!(whole_list(&json!(4), 31), (vec![4], true));
        assert_eq!(whole_list(&json!("1,first,40"), 31), (vec![1], false));
    }
}
