//! Numbers, as JSON numbers and as text.

use serde_json::Value;

/// Returns the number in a value, if it is one.
pub(in crate::source::dialects) fn read(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().parse::<f64>().ok(),
        _ => None,
    }
    .filter(|number| number.is_finite())
}

/// Returns the whole number, if it is one and fits.
pub(in crate::source::dialects::lenient) fn whole(number: f64) -> Option<i32> {
    let fits = number.fract() == 0.0 && number.abs() <= f64::from(i32::MAX);
    #[expect(clippy::cast_possible_truncation, reason = "checked in the line above")]
    fits.then_some(number as i32)
}

/// Returns the digits of a text such as `1123456.0`, which is how spreadsheets write whole numbers. Returns other texts
/// unchanged.
pub(in crate::source::dialects::lenient) fn without_point(text: &str) -> &str {
    let digits =
        text.split_once('.').filter(|(_, zeros)| !zeros.is_empty() && zeros.bytes().all(|byte| byte == b'0'));
    let whole = digits.map(|(whole, _)| whole);
    whole.filter(|whole| !whole.is_empty() && whole.bytes().all(|byte| byte.is_ascii_digit())).unwrap_or(text)
}

/// The endings of ordinal numbers, such as `1st`.
const PLACES: [&str; 4] = ["st", "nd", "rd", "th"];

/// Returns the whole numbers in a text such as `2,3,-1`, and whether all of it could be read.
pub(in crate::source::dialects::lenient) fn whole_list(value: &Value, within: i32) -> (Vec<i32>, bool) {
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
            .map(|piece| PLACES.iter().find_map(|place| piece.strip_suffix(place)).unwrap_or(piece))
            .for_each(|piece| add(piece.parse().ok())),
        Value::Array(elements) => {
            elements.iter().for_each(|element| add(read(element).and_then(whole)));
        }
        other => add(read(other).and_then(whole)),
    }
    (numbers, all)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn lists_of_numbers_in_every_form() {
        assert_eq!(whole_list(&json!("2, 3,-1"), 31), (vec![2, 3, -1], true));
        assert_eq!(whole_list(&json!("1st, 15th"), 31), (vec![1, 15], true));
        assert_eq!(whole_list(&json!([1, "15"]), 31), (vec![1, 15], true));
        assert_eq!(whole_list(&json!(4), 31), (vec![4], true));
        assert_eq!(whole_list(&json!("1,first,40"), 31), (vec![1], false));
    }

    #[test]
    fn whole_numbers_lose_the_point_that_spreadsheets_add() {
        for (text, whole) in
            [("1123456.0", "1123456"), ("0112.00", "0112"), ("1.5", "1.5"), (".0", ".0"), ("v1.0", "v1.0")]
        {
            assert_eq!(without_point(text), whole);
        }
    }
}
