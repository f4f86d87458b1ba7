//! Telephone numbers with words around them.

use serde_json::Value;

use super::members::{Members, Taken};
use crate::model::IssueCode;

/// Takes a number, and the words around it.
pub(in crate::source::dialects) fn phone_number(
    members: &mut Members<'_>,
    names: &[&str],
) -> (Option<String>, Option<String>) {
    let Some(Taken { key, value }) = members.take_scalar(names) else { return (None, None) };
    let text = match &value {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        _ => String::new(),
    };
    let Some((number, words)) = split(&text) else {
        members.note_unreadable(&key, "holds no telephone number", value);
        return (None, None);
    };
    let (code, message) = match (value.is_number(), words.is_empty()) {
        (true, _) => (IssueCode::WrongType, "is a number, not a text"),
        (false, false) => (IssueCode::Repaired, "the words around the number were moved to its description"),
        (false, true) if number != text => (IssueCode::Repaired, "marks around the number were left out"),
        (false, true) => return (Some(number), None),
    };
    members.note(code, &key, message, Some(value));
    (Some(number), Some(words).filter(|words| !words.is_empty()))
}

/// The fewest digits that make a number out of a run inside a text: opening times have fewer.
const FEWEST_DIGITS: usize = 6;

// The first number and the words around it.
fn split(text: &str) -> Option<(String, String)> {
    let is_mark =
        |c: char| c.is_ascii_digit() || matches!(c, '+' | '(' | ')' | '-' | '.' | '/' | ' ' | '\u{a0}' | '–');
    if text.chars().all(is_mark) {
        return (digits(text) > 0).then(|| (text.to_owned(), String::new()));
    }
    let mut rest = text;
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit() || matches!(c, '+' | '(')) {
        let tail = rest.get(start..)?;
        let run = tail.get(..tail.find(|c| !is_mark(c)).unwrap_or(tail.len()))?;
        if digits(run) >= FEWEST_DIGITS {
            let number = run.trim_end_matches(|c: char| !c.is_ascii_digit());
            let at = text.len() - tail.len();
            let words = [text.get(..at)?, text.get(at + number.len()..)?].map(words).join(" ");
            return Some((balanced(number), words.trim().to_owned()));
        }
        rest = tail.get(run.len().max(1)..)?;
    }
    None
}

fn digits(text: &str) -> usize {
    text.bytes().filter(u8::is_ascii_digit).count()
}

// Bare of the punctuation that joined it to the number.
fn words(text: &str) -> &str {
    let text = text
        .trim_matches(|c: char| c.is_whitespace() || matches!(c, ':' | '-' | '–' | ',' | ';' | '"' | '\''));
    match text.strip_prefix('(').and_then(|inner| inner.strip_suffix(')')) {
        Some(inner) if !inner.contains(['(', ')']) => inner,
        // The other bracket went with the number.
        _ if !text.contains('(') => text.trim_start_matches(')').trim(),
        _ => text,
    }
}

// A bracket that belonged to the words before it.
fn balanced(number: &str) -> String {
    match number.strip_prefix('(') {
        Some(inner) if !inner.contains(')') => inner.trim().to_owned(),
        _ => number.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn quirk_72_words_around_the_number() {
        let cases = [
            ("0117 496 0123", "0117 496 0123", ""),
            ("(0117) 496 0123", "(0117) 496 0123", ""),
            ("999", "999", ""),
            ("\"+44 1234 234567\"", "+44 1234 234567", ""),
            ("Youth line: 0117 496 0123 (office hours)", "0117 496 0123", "Youth line office hours"),
            ("0117 496 0123 ext 12", "0117 496 0123", "ext 12"),
            ("24 hour line - 0808 157 0123", "0808 157 0123", "24 hour line"),
            ("Freephone (0808 157 0123)", "0808 157 0123", "Freephone"),
            ("0117 496 0123 or 0117 496 0456", "0117 496 0123", "or 0117 496 0456"),
        ];
        for (text, number, words) in cases {
            assert_eq!(split(text), Some((number.to_owned(), words.to_owned())), "{text}");
        }
        for text in ["", "see website", "ring 101", "ää"] {
            assert_eq!(split(text), None, "{text}");
        }
    }
}
