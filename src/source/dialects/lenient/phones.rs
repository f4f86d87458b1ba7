//! Telephone numbers with words around them, with extensions, and two in one.

use serde_json::Value;

use super::members::{Members, Taken};
use super::texts;
use crate::model::IssueCode;

/// A telephone number, and what stood around it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(in crate::source::dialects) struct Telephone {
    /// The number as published.
    pub number: Option<String>,
    /// The extension, if the text names one.
    pub extension: Option<String>,
    /// The words around both.
    pub words: Option<String>,
}

/// Takes a number.
pub(in crate::source::dialects) fn telephone(members: &mut Members<'_>, names: &[&str]) -> Telephone {
    let Some(Taken { key, value }) = members.take_scalar(names) else { return Telephone::default() };
    let text = match &value {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        _ => String::new(),
    };
    let Some(read) = read(&text) else {
        members.note_unreadable(&key, "holds no telephone number", value);
        return Telephone::default();
    };
    let (code, message) = match (value.is_number(), &read) {
        (true, _) => (IssueCode::WrongType, "is a number, not a text"),
        (false, Telephone { words: Some(_), .. }) => {
            (IssueCode::Repaired, "the words around the number were moved to its description")
        }
        (false, Telephone { extension: Some(_), .. }) => {
            (IssueCode::Repaired, "the extension was moved out of the number")
        }
        (false, read) if read.number.as_deref() != Some(text.as_str()) => {
            (IssueCode::Repaired, "marks around the number were left out")
        }
        (false, _) => return read,
    };
    members.note(code, &key, message, Some(value));
    read
}

/// The fewest digits that make a number out of a run inside a text: opening times have fewer.
const FEWEST_DIGITS: usize = 6;
/// No number has more.
const MOST_DIGITS: usize = 15;

fn read(text: &str) -> Option<Telephone> {
    let seen = texts::without_invisible(text);
    let text = seen.as_deref().unwrap_or(text).trim();
    let text = ["tel:", "Tel:", "TEL:", "callto:", "phone:"]
        .iter()
        .find_map(|scheme| text.strip_prefix(scheme))
        .unwrap_or(text);
    let (number, words) = split(text.trim())?;
    let (extension, words) = extension(&words);
    let number = dialled(&number);
    Some(Telephone { number: Some(number), extension, words: Some(words).filter(|words| !words.is_empty()) })
}

// The zero of `+44 (0)117` is for those who dial from here, and wrong behind the country's own number.
fn dialled(number: &str) -> String {
    let plain = number.trim_start();
    if !(plain.starts_with('+') || plain.starts_with("00") || plain.starts_with("(+")) {
        return number.to_owned();
    }
    match number.split_once("(0)") {
        Some((country, rest)) => format!("{} {}", country.trim_end(), rest.trim_start()),
        None => number.to_owned(),
    }
}

// `ext. 12`, `x12`, `extension: 12` at the beginning of the words behind a number.
fn extension(words: &str) -> (Option<String>, String) {
    let folded = words.to_ascii_lowercase();
    for name in ["extension", "extn", "ext", "x", "#"] {
        let Some(rest) = folded.strip_prefix(name) else { continue };
        let digits = rest.trim_start_matches(['.', ':', ' ', '#']);
        let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
        let (digits, after) = digits.split_at_checked(end).unwrap_or((digits, ""));
        if (1..=6).contains(&digits.len()) && !after.starts_with(|c: char| c.is_alphanumeric()) {
            let from = words.len() - after.len();
            return (Some(digits.to_owned()), self::words(words.get(from..).unwrap_or_default()).to_owned());
        }
    }
    (None, words.to_owned())
}

// The first number and the words around it.
fn split(text: &str) -> Option<(String, String)> {
    let is_mark =
        |c: char| c.is_ascii_digit() || matches!(c, '+' | '(' | ')' | '-' | '.' | '/' | ' ' | '\u{a0}' | '–');
    if text.chars().all(is_mark) && digits(text) <= MOST_DIGITS && !is_two(text) {
        return (digits(text) > 0).then(|| (text.to_owned(), String::new()));
    }
    let mut rest = text;
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit() || matches!(c, '+' | '(')) {
        let tail = rest.get(start..)?;
        let run = tail.get(..tail.find(|c| !is_mark(c)).unwrap_or(tail.len()))?;
        if digits(run) >= FEWEST_DIGITS {
            let number = first_of(run).trim_end_matches(|c: char| !c.is_ascii_digit());
            let at = text.len() - tail.len();
            let words = [text.get(..at)?, text.get(at + number.len()..)?].map(words).join(" ");
            return Some((balanced(number), words.trim().to_owned()));
        }
        rest = tail.get(run.len().max(1)..)?;
    }
    None
}

fn is_two(text: &str) -> bool {
    first_of(text).len() < text.len()
}

// The first of the numbers that a slash parts, or that are too long to be one.
fn first_of(run: &str) -> &str {
    if let Some((first, rest)) = run.split_once('/')
        && digits(first) >= FEWEST_DIGITS
        && digits(rest) >= FEWEST_DIGITS
    {
        return first;
    }
    if digits(run) <= MOST_DIGITS {
        return run;
    }
    // Where the next one begins: with its own zero or plus, once there is a whole one.
    let begins = run.match_indices([' ', '\u{a0}', '-', '–']).find(|(at, sign)| {
        let (before, after) =
            (run.get(..*at).unwrap_or_default(), run.get(at + sign.len()..).unwrap_or_default());
        digits(before) >= 9 && after.trim_start().starts_with(['0', '+', '('])
    });
    begins.and_then(|(at, _)| run.get(..at)).unwrap_or(run)
}

fn digits(text: &str) -> usize {
    text.bytes().filter(u8::is_ascii_digit).count()
}

// Bare of the punctuation that joined it to the number.
fn words(text: &str) -> &str {
    let text = text.trim_matches(|c: char| {
        c.is_whitespace() || matches!(c, ':' | '-' | '–' | ',' | ';' | '"' | '\'' | '/')
    });
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
    use super::*;

    #[test]
    fn quirk_72_words_around_the_number() {
        for (text, number, extension, words) in [
            ("0117 496 0123", "0117 496 0123", "", ""),
            ("(0117) 496 0123", "(0117) 496 0123", "", ""),
            ("999", "999", "", ""),
            ("\"+44 1234 234567\"", "+44 1234 234567", "", ""),
            ("Youth line: 0117 496 0123 (office hours)", "0117 496 0123", "", "Youth line office hours"),
            ("0117 496 0123 ext 12", "0117 496 0123", "12", ""),
            ("0117 496 0123 ext. 012", "0117 496 0123", "012", ""),
            ("0117 496 0123 x12", "0117 496 0123", "12", ""),
            ("0117 496 0123, Extension: 12 (Ann)", "0117 496 0123", "12", "Ann"),
            ("0117 496 0123 external line", "0117 496 0123", "", "external line"),
            ("24 hour line - 0808 157 0123", "0808 157 0123", "", "24 hour line"),
            ("Freephone (0808 157 0123)", "0808 157 0123", "", "Freephone"),
            ("0117 496 0123 or 0117 496 0456", "0117 496 0123", "", "or 0117 496 0456"),
            ("0117 496 0123 / 0117 496 0456", "0117 496 0123", "", "0117 496 0456"),
            ("0117 496 0123, 0117 496 0456", "0117 496 0123", "", "0117 496 0456"),
            ("0117 496 0123 0117 496 0456", "0117 496 0123", "", "0117 496 0456"),
            ("0117/496 0123", "0117/496 0123", "", ""),
            ("+44 (0)117 496 0123", "+44 117 496 0123", "", ""),
            ("tel:+441174960123", "+441174960123", "", ""),
            ("\u{202d}0117 496 0123\u{202c}", "0117 496 0123", "", ""),
            ("\u{feff}0117\u{200b} 496 0123", "0117 496 0123", "", ""),
        ] {
            let of = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
            let expected = Telephone { number: of(number), extension: of(extension), words: of(words) };
            assert_eq!(read(text), Some(expected), "{text:?}");
        }
        for text in ["", "see website", "ring 101", "ää"] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
