//! How many bytes values take in an answer, as near as matters for a limit.

use async_graphql::Value;
use serde_json::Value as Json;

/// Quotes, colon and comma around a member's name.
const NAME_MARKS: usize = 4;

/// The largest numbers that are written out with all their digits.
const NUMBER: usize = 20;

/// Returns the bytes of a value without the elements of lists in it, which each list counts itself.
pub(super) fn outside_lists(value: &Value) -> usize {
    match value {
        Value::Null => 4,
        Value::Boolean(_) => 5,
        Value::Number(number) => digits(number.as_u64()),
        Value::String(text) => written(text),
        Value::Enum(name) => name.len() + 2,
        Value::Binary(bytes) => bytes.len(),
        Value::List(_) => 2,
        Value::Object(members) => {
            2 + members.iter().map(|(name, value)| member(name, outside_lists(value))).sum::<usize>()
        }
    }
}

/// Returns the bytes of a JSON value that a feed sent: of all of it, and of what [`outside_lists`] counts.
pub(super) fn of_json(json: &Json) -> (usize, usize) {
    let both = |bytes| (bytes, bytes);
    match json {
        Json::Null => both(4),
        Json::Bool(_) => both(5),
        Json::Number(number) => both(digits(number.as_u64())),
        Json::String(text) => both(written(text)),
        Json::Array(items) => (2 + items.iter().map(|item| of_json(item).0 + 1).sum::<usize>(), 2),
        Json::Object(members) => members.iter().fold((2, 2), |(all, outside), (name, value)| {
            let of_value = of_json(value);
            (all + member(name, of_value.0), outside + member(name, of_value.1))
        }),
    }
}

fn member(name: &str, value: usize) -> usize {
    name.len() + NAME_MARKS + value
}

fn digits(number: Option<u64>) -> usize {
    number.map_or(NUMBER, |number| number.checked_ilog10().map_or(1, |tens| tens as usize + 1))
}

/// A text in quotes. Control characters are written as six bytes, quotes and backslashes as two.
fn written(text: &str) -> usize {
    let more = |byte: u8| match byte {
        0..0x20 => 5,
        b'"' | b'\\' => 1,
        _ => 0,
    };
    text.len() + 2 + text.bytes().map(more).sum::<usize>()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn sizes_are_those_of_the_written_json() {
        let json =
            json!({ "a\"b": "line\nline \"quoted\"", "n": 1234, "none": null, "list": ["x", [1, true]] });
        let written = serde_json::to_string(&json).unwrap().len();
        let (all, outside) = of_json(&json);
        // Line ends are taken for control characters, and the last member for one that another follows.
        assert!((written..written + 10).contains(&all), "{all} for {written}");
        assert_eq!(outside, outside_lists(&Value::from_json(json).unwrap()));
        assert!(outside < all);
    }
}
