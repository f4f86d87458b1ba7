//! Preserves numbers with more digits than JSON parsers keep: identifiers of twenty digits, and precise coordinates.
//!
//! `serde_json` turns integers beyond 64 bits into floats, so that two identifiers may become equal, and may lose the
//! last bit of a float with more than fifteen digits. Such numbers are marked before parsing and restored by
//! [`restored`].

use std::borrow::Cow;

use memchr::memchr2;
use serde_json::Value;

/// Marks a text that stands for a float. Texts in feeds do not begin with control characters.
const FLOAT: &str = "\u{1}float:";
/// The mark as it is escaped in JSON.
const FLOAT_ESCAPED: &str = "\\u0001float:";
/// Floats with this many digits are read exactly by any parser.
const SAFE_DIGITS: usize = 15;

/// Writes integers beyond 64 bits as texts, and marks floats with many digits. Returns other texts unchanged.
pub(in crate::source::dialects::lenient) fn marked(text: Cow<'_, str>) -> Cow<'_, str> {
    if !may_hold_long(text.as_bytes()) {
        return text;
    }
    let mut written = String::new();
    let mut copied = 0;
    for (start, end) in NumberScanner::of(&text) {
        let Some(token) = text.get(start..end) else { continue };
        let mark = match kind_of(token) {
            NumberKind::Safe => continue,
            NumberKind::Long => "",
            NumberKind::Float => FLOAT_ESCAPED,
        };
        written.push_str(text.get(copied..start).unwrap_or_default());
        written.extend(["\"", mark, token, "\""]);
        copied = end;
    }
    if copied == 0 {
        return text;
    }
    written.push_str(text.get(copied..).unwrap_or_default());
    Cow::Owned(written)
}

// A number with more than the safe number of digits has a byte at a multiple of that number. So a few samples show that
// hardly any page needs a closer look.
fn may_hold_long(bytes: &[u8]) -> bool {
    let is_of_number = |byte: &u8| matches!(byte, b'0'..=b'9' | b'.' | b'-' | b'+' | b'e' | b'E');
    let length_at = |at: usize| {
        let (before, after) = bytes.split_at_checked(at).unwrap_or_default();
        let before =
            before.iter().rev().take(LONGEST_LOOKED_AT).take_while(|byte| is_of_number(byte)).count();
        before + after.iter().take(LONGEST_LOOKED_AT).take_while(|byte| is_of_number(byte)).count()
    };
    let step = SAFE_DIGITS + 1;
    let mut places = bytes.iter().enumerate().step_by(step);
    places.any(|(at, byte)| is_of_number(byte) && length_at(at) > SAFE_DIGITS)
}

/// Returns the float that a marked text stands for.
pub(in crate::source::dialects::lenient) fn restored(text: &str) -> Option<Value> {
    let number: f64 = text.strip_prefix(FLOAT)?.parse().ok()?;
    number.is_finite().then(|| number.into())
}

/// How many bytes are inspected on either side. That many are too many digits already.
const LONGEST_LOOKED_AT: usize = SAFE_DIGITS + 1;

enum NumberKind {
    /// Any parser reads it exactly.
    Safe,
    /// An integer beyond 64 bits.
    Long,
    /// A float with many digits.
    Float,
}

fn kind_of(token: &str) -> NumberKind {
    if token.len() <= SAFE_DIGITS {
        return NumberKind::Safe;
    }
    if token.contains(['.', 'e', 'E']) {
        let is_float = token.parse::<f64>().is_ok_and(f64::is_finite);
        return if is_float { NumberKind::Float } else { NumberKind::Safe };
    }
    // A number with a leading zero is not valid JSON.
    let digits = token.strip_prefix('-').unwrap_or(token);
    let is_integer = !digits.starts_with('0') && digits.bytes().all(|byte| byte.is_ascii_digit());
    let fits = token.parse::<i64>().is_ok() || token.parse::<u64>().is_ok();
    if is_integer && !fits { NumberKind::Long } else { NumberKind::Safe }
}

/// Iterates over the numbers in JSON, outside texts.
struct NumberScanner<'t> {
    bytes: &'t [u8],
    at: usize,
}

impl<'t> NumberScanner<'t> {
    fn of(text: &'t str) -> Self {
        Self { bytes: text.as_bytes(), at: 0 }
    }

    // Advances past the end of the text that begins before `at`.
    fn skip_text(&mut self) {
        while let Some(rest) = self.bytes.get(self.at..)
            && let Some(found) = memchr2(b'"', b'\\', rest)
        {
            self.at += found + 1;
            if rest.get(found) == Some(&b'"') {
                return;
            }
            self.at += 1;
        }
        self.at = self.bytes.len();
    }
}

impl Iterator for NumberScanner<'_> {
    type Item = (usize, usize);

    fn next(&mut self) -> Option<(usize, usize)> {
        loop {
            let byte = *self.bytes.get(self.at)?;
            let start = self.at;
            self.at += 1;
            match byte {
                b'"' => self.skip_text(),
                b'-' | b'0'..=b'9' => {
                    let rest = self.bytes.get(self.at..).unwrap_or_default();
                    let is_of_number =
                        |byte: &u8| matches!(byte, b'0'..=b'9' | b'.' | b'e' | b'E' | b'+' | b'-');
                    self.at += rest.iter().take_while(|byte| is_of_number(byte)).count();
                    return Some((start, self.at));
                }
                _ => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::source::dialects::lenient::body::strict::parse;
    use crate::source::patience::ReadingPatience;

    fn read(text: &str) -> Value {
        parse(&marked(text.into()), &ReadingPatience::default()).unwrap().value
    }

    #[test]
    fn long_identifiers_stay_apart() {
        assert_eq!(
            read("[98765432109876543210, 98765432109876543211, -9876543210987654321098]"),
            json!(["98765432109876543210", "98765432109876543211", "-9876543210987654321098"])
        );
        assert_eq!(read("{\"id\": 18446744073709551615}"), json!({ "id": u64::MAX }));
    }

    #[test]
    fn floats_are_read_to_the_last_digit() {
        for text in
            ["-2.5879000000000003", "51.454513000000002", "0.30000000000000004", "1.7976931348623157e308"]
        {
            let number: f64 = text.parse().unwrap();
            assert_eq!(read(text).as_f64().map(f64::to_bits), Some(number.to_bits()), "{text}");
        }
        assert_eq!(read("[1.50, 1e3]"), json!([1.5, 1000.0]));
    }

    #[test]
    fn what_stands_in_texts_is_left_alone() {
        let text = r#"{"a\\\"98765432109876543210": "98765432109876543210, \"0.30000000000000004", "b": [1, "c\\"]}"#;
        assert!(matches!(marked(text.into()), Cow::Borrowed(_)));
        for broken in ["\"", "\"\\", "-", "[\"98765432109876543210", "1e999999999999999999"] {
            assert_eq!(marked(broken.into()), broken);
        }
    }
}
