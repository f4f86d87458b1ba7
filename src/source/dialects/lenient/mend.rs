//! JSON that is almost JSON: what publishers' hand-made writers get wrong, made right.

use std::borrow::Cow;

/// Escapes raw control characters inside strings, replaces halves of characters that have no other half, and
/// turns the numbers that JSON does not have into null. None where there is nothing of the kind.
pub(super) fn mend(json: &str) -> Option<String> {
    let mut mended = String::with_capacity(json.len() + 64);
    let mut changed = false;
    let mut rest = json;
    while let Some(quote) = rest.find('"') {
        let (outside, string) = rest.split_at_checked(quote)?;
        changed |= push_outside(&mut mended, outside);
        let (inside, after) = string_end(string)?;
        changed |= push_string(&mut mended, inside);
        rest = after;
    }
    changed |= push_outside(&mut mended, rest);
    changed.then_some(mended)
}

// Splits after the string that the text starts with, quotes included. None where it does not end.
fn string_end(text: &str) -> Option<(&str, &str)> {
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate().skip(1) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return text.split_at_checked(at + 1),
            _ => {}
        }
    }
    None
}

fn push_outside(mended: &mut String, text: &str) -> bool {
    let mut changed = false;
    for piece in text.split_inclusive([',', ':', '[', ']', '{', '}', ' ', '\t', '\r', '\n']) {
        let word = piece.trim_end_matches([',', ':', '[', ']', '{', '}', ' ', '\t', '\r', '\n']);
        match word.parse::<f64>() {
            Ok(number) if !number.is_finite() => {
                mended.push_str("null");
                mended.push_str(piece.get(word.len()..).unwrap_or_default());
                changed = true;
            }
            _ => mended.push_str(piece),
        }
    }
    changed
}

fn push_string(mended: &mut String, string: &str) -> bool {
    let mut changed = false;
    let mut rest = string;
    while let Some(at) = rest.find(|c: char| c == '\\' || u32::from(c) < 0x20) {
        let Some((before, special)) = rest.split_at_checked(at) else { break };
        mended.push_str(before);
        let (text, length, is_change) = rewritten(special);
        mended.push_str(&text);
        changed |= is_change;
        rest = special.get(length..).unwrap_or_default();
    }
    mended.push_str(rest);
    changed
}

// What to write for the escape or control character that a text starts with, its length, and whether that
// changes anything.
fn rewritten(text: &str) -> (Cow<'_, str>, usize, bool) {
    let Some(escape) = text.strip_prefix('\\') else {
        let code = text.bytes().next().unwrap_or_default();
        return (Cow::Owned(format!("\\u{code:04x}")), 1, true);
    };
    let high = half(text, 0xD800..0xDC00);
    let paired = high && text.get(6..).is_some_and(|next| half(next, 0xDC00..0xE000));
    if (high && !paired) || half(text, 0xDC00..0xE000) {
        return (Cow::Borrowed("\\ufffd"), 6, true);
    }
    let length = match escape.chars().next() {
        _ if paired => 12,
        Some(escaped) => 1 + escaped.len_utf8(),
        None => 1,
    };
    (Cow::Borrowed(text.get(..length).unwrap_or(text)), length, false)
}

fn half(escape: &str, range: std::ops::Range<u32>) -> bool {
    let digits = escape.strip_prefix("\\u").and_then(|digits| digits.get(..4));
    digits.and_then(|digits| u32::from_str_radix(digits, 16).ok()).is_some_and(|unit| range.contains(&unit))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;

    fn mended(json: &str) -> Value {
        serde_json::from_str(&mend(json).unwrap()).unwrap()
    }

    #[test]
    fn quirk_26_raw_control_characters() {
        assert_eq!(mended("{\n\"a\": \"one\ntwo\\\"\tthree\"}"), json!({"a": "one\ntwo\"\tthree"}));
    }

    #[test]
    fn numbers_that_json_has_not() {
        assert_eq!(mended(r#"[NaN, -Infinity, "NaN"]"#), json!([null, null, "NaN"]));
        assert_eq!(mended(r#"[{"a":1e999,"b":-1E400},1e2]"#), json!([{"a": null, "b": null}, 1e2]));
    }

    #[test]
    fn half_characters() {
        assert_eq!(
            mended(r#"["\ud83d", "\ud83d\ude00", "\ude00x"]"#),
            json!(["\u{fffd}", "😀", "\u{fffd}x"])
        );
    }

    #[test]
    fn nothing_to_mend() {
        assert_eq!(mend(r#"{"a": "\u00e9\\"}"#), None);
        assert_eq!(mend(r#"{"a": "half"#), None);
    }

    proptest! {
        #[test]
        fn strings_survive(text in ".*") {
            // The control characters put back raw, as a careless writer would.
            let strict = serde_json::to_string(&text).unwrap();
            let careless = strict.replace("\\n", "\n").replace("\\t", "\t");
            let read = mend(&careless).unwrap_or(careless);
            let _ = serde_json::from_str::<Value>(&read);
        }
    }
}
