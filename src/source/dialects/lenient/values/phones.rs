//! Telephone numbers with words around them, with extensions, and two in one text.

mod run;

use std::borrow::Cow;

use serde_json::Value;

use crate::model::IssueCode;
use crate::source::dialects::lenient::members::object::{ObjectMembers, TakenMember};
use crate::source::dialects::lenient::values::numbers;
use crate::source::dialects::lenient::values::texts;
use run::{FEWEST_DIGITS, digits, is_mark, may_be_number, number_in};

/// A telephone number, and what was around it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(in crate::source::dialects) struct PhoneReading {
    /// The number, as published.
    pub number: Option<String>,
    /// The extension, if the text has one.
    pub extension: Option<String>,
    /// The words around both.
    pub words: Option<String>,
}

impl PhoneReading {
    // Adds the other numbers of a list to the words.
    fn beside(self, others: &[Value]) -> Self {
        let others =
            others.iter().map(|other| other.as_str().map_or_else(|| other.to_string(), str::to_owned));
        let words: Vec<String> = self.words.into_iter().chain(others).collect();
        Self { words: (!words.is_empty()).then(|| words.join("; ")), ..self }
    }
}

/// Takes a telephone number.
pub(in crate::source::dialects) fn telephone(
    members: &mut ObjectMembers<'_>,
    names: &[&str],
) -> PhoneReading {
    let Some((TakenMember { key, value }, others)) = members.take_first(names) else {
        return PhoneReading::default();
    };
    let text = match &value {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => numbers::without_point(&number.to_string()).to_owned(),
        _ => String::new(),
    };
    let text = members.without_cdata(&key, text);
    let in_digits = letters_as_digits(&text);
    let Some(read) = read(in_digits.as_deref().unwrap_or(&text)).map(|read| read.beside(&others)) else {
        members.note_unreadable(&key, "contains no telephone number", value);
        return PhoneReading::default();
    };
    let (code, message) = match (value.is_number(), &read) {
        (true, _) => (IssueCode::WrongType, "is a number, not a string"),
        _ if in_digits.is_some() => {
            (IssueCode::Repaired, "letters in the number were read as the digits they resemble")
        }
        (false, PhoneReading { words: Some(_), .. }) => {
            (IssueCode::Repaired, "the text around the number was moved to its description")
        }
        (false, PhoneReading { extension: Some(_), .. }) => {
            (IssueCode::Repaired, "the extension was moved out of the number")
        }
        (false, read) if read.number.as_deref() != Some(text.as_str()) => {
            (IssueCode::Repaired, "punctuation around the number was removed")
        }
        (false, _) => return read,
    };
    members.note(code, &key, message, Some(value));
    read
}

fn read(text: &str) -> Option<PhoneReading> {
    let plain = texts::as_plain(text);
    let text = with_plain_hyphens(plain.as_deref().unwrap_or(text));
    let text = text.trim();
    let text = ["tel:", "Tel:", "TEL:", "callto:", "phone:"]
        .iter()
        .find_map(|scheme| text.strip_prefix(scheme))
        .unwrap_or(text);
    let text = text.trim();
    let (number, words) = relayed(text).or_else(|| split(text))?;
    let (extension, words) = extension(&words);
    let number = dialled(&number);
    if goes_on_in_letters(&number, &words) {
        return None;
    }
    Some(PhoneReading {
        number: Some(number),
        extension,
        words: Some(words).filter(|words| !words.is_empty()),
    })
}

/// The hyphens that word processors use: non-breaking hyphens, figure dashes, minus signs.
const HYPHENS: [char; 7] =
    ['\u{2010}', '\u{2011}', '\u{2012}', '\u{2043}', '\u{2212}', '\u{fe63}', '\u{ff0d}'];
/// The dashes that word processors use.
const DASHES: [char; 2] = ['\u{2014}', '\u{2015}'];

fn with_plain_hyphens(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.replace(HYPHENS, "-").replace(DASHES, "–"))
}

/// Prefixes for calling through Relay UK. The number itself follows.
const RELAYS: [&str; 2] = ["18001", "18002"];

fn relayed(text: &str) -> Option<(String, String)> {
    let at = RELAYS.iter().filter_map(|relay| text.find(relay)).min()?;
    let (before, rest) = (text.get(..at)?, text.get(at + 5..)?);
    let line = rest.trim_start_matches([' ', '-', '.', ',', '–']);
    let begins =
        line.starts_with(['0', '+', '(']) && !before.ends_with(|c: char| c.is_alphanumeric() || c == '+');
    if !begins || before.contains(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let (number, words) = split(line).filter(|(number, _)| line.starts_with(number.as_str()))?;
    let relay = text.get(at..at + 5)?;
    Some((format!("{relay} {number}"), format!("{} {words}", self::words(before)).trim().to_owned()))
}

// In `0117 496 O123`, a letter among digits that looks like a digit is one, because no word mixes them. Returns `None`
// if there is none.
fn letters_as_digits(text: &str) -> Option<String> {
    if !text.contains(LOOK_ALIKES) || digits(text) < FEWEST_DIGITS {
        return None;
    }
    let mut plain = String::with_capacity(text.len());
    for piece in text.split_inclusive(|c: char| !c.is_alphanumeric()) {
        let word = piece.trim_end_matches(|c: char| !c.is_alphanumeric());
        match digits(word) > 1 && has_letters_for_digits(word) {
            true => plain.extend(piece.chars().map(as_digit)),
            false => plain.push_str(piece),
        }
    }
    (plain != text).then_some(plain)
}

/// The letters that look like digits.
const LOOK_ALIKES: [char; 4] = ['O', 'o', 'l', 'I'];

fn as_digit(c: char) -> char {
    match c {
        'O' | 'o' => '0',
        'l' | 'I' => '1',
        c => c,
    }
}

fn has_letters_for_digits(word: &str) -> bool {
    word.contains(LOOK_ALIKES) && word.chars().all(|c| as_digit(c).is_ascii_digit())
}

// Too few digits, followed by more digits with letters among them. Part of a number must not be passed on as the whole.
fn goes_on_in_letters(number: &str, words: &str) -> bool {
    let is_short = number.starts_with('0') && !number.starts_with("08") && (1..10).contains(&digits(number));
    let next = words.split_whitespace().next().unwrap_or_default();
    is_short && digits(next) > 0 && has_letters_for_digits(next)
}

// The zero in `+44 (0)117` is only dialled inside the country, so it is dropped after the country code.
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

// Reads `ext. 12`, `x12` or `extension: 12` at the beginning of the words after a number.
fn extension(words: &str) -> (Option<String>, String) {
    let folded = words.to_ascii_lowercase();
    for name in ["extension", "extn", "ext", "x", "#"] {
        let Some(rest) = folded.strip_prefix(name) else { continue };
        let digits = rest.trim_start_matches(['.', ':', ' ', '#', '=']);
        let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
        let (digits, after) = digits.split_at_checked(end).unwrap_or((digits, ""));
        if (1..=6).contains(&digits.len()) && !after.starts_with(|c: char| c.is_alphanumeric()) {
            let from = words.len() - after.len();
            return (Some(digits.to_owned()), self::words(words.get(from..).unwrap_or_default()).to_owned());
        }
    }
    (None, words.to_owned())
}

// Returns the first number, and the words around it.
fn split(text: &str) -> Option<(String, String)> {
    if text.chars().all(is_mark) {
        return number_in(text, None).map(|place| parted(text, place));
    }
    let mut from = 0;
    while let Some(found) = text.get(from..)?.find(|c: char| c.is_ascii_digit() || matches!(c, '+' | '(')) {
        let start = from + found + minutes_at(text, from + found);
        let tail = text.get(start..)?;
        let run = tail.get(..tail.find(|c| !is_mark(c)).unwrap_or(tail.len()))?;
        from = start + run.len().max(1);
        let after = text.get(from..)?.chars().next();
        if may_be_number(run)
            && let Some((begin, end)) = number_in(run, after)
            && digits(run.get(begin..end)?) >= FEWEST_DIGITS
        {
            return Some(parted(text, (start + begin, start + end)));
        }
    }
    None
}

// Returns the length of the minutes of a time such as `17:00` at a position.
fn minutes_at(text: &str, at: usize) -> usize {
    let hour = text.get(..at).and_then(|before| before.strip_suffix(':'));
    let is_clock = hour.is_some_and(|hour| hour.ends_with(|c: char| c.is_ascii_digit()));
    let end = text.get(at..).and_then(|rest| rest.find(|c: char| !c.is_ascii_digit()));
    if is_clock && end == Some(2) { 2 } else { 0 }
}

// Returns the number at a position, and the words before and after it.
fn parted(text: &str, (begin, end): (usize, usize)) -> (String, String) {
    let part = |range: std::ops::Range<usize>| text.get(range).unwrap_or_default();
    let (before, number, after) = (part(0..begin), part(begin..end), part(end..text.len()));
    let is_ordinal = digits(before) > 0 && before.trim().len() <= 3 && before.trim().ends_with([')', '.']);
    let before = if is_ordinal { "" } else { words(before) };
    let after = other_line(number, after).unwrap_or_else(|| words(after).to_owned());
    (balanced(number), format!("{before} {after}").trim().to_owned())
}

// `0117 496 0123/4` has the last digits of another line.
fn other_line(number: &str, after: &str) -> Option<String> {
    let last = after.trim_start().strip_prefix('/')?.trim();
    let is_short = (1..=4).contains(&last.len()) && last.bytes().all(|byte| byte.is_ascii_digit());
    let (kept, replaced) = number.split_at_checked(number.len().checked_sub(last.len())?)?;
    let is_tail = replaced.bytes().all(|byte| byte.is_ascii_digit());
    (is_short && is_tail).then(|| format!("or {kept}{last}"))
}

// Removes the punctuation between the words and the number.
fn words(text: &str) -> &str {
    let text = text.trim_matches(|c: char| {
        c.is_whitespace() || matches!(c, ':' | '-' | '–' | ',' | ';' | '"' | '\'' | '/')
    });
    match text.strip_prefix('(').and_then(|inner| inner.strip_suffix(')')) {
        Some(inner) if !inner.contains(['(', ')']) => inner,
        // The matching bracket went with the number.
        _ if !text.contains('(') => text.trim_start_matches(')').trim(),
        _ => text,
    }
}

// Removes a bracket that belonged to the words before the number.
fn balanced(number: &str) -> String {
    match number.strip_prefix('(') {
        Some(inner) if !inner.contains(')') => inner.trim().to_owned(),
        _ => number.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

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
            ("tel:+44-117-496-0123;ext=12", "+44-117-496-0123", "12", ""),
            ("0117\u{2011}496\u{2212}0123", "0117-496-0123", "", ""),
            ("０１１７\u{2010}496\u{2012}0123 \u{2014} days", "0117-496-0123", "", "days"),
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
            ("\u{feff}0117\u{200b} 496\u{a0}0123", "0117 496 0123", "", ""),
            ("０１１７ 496 0123", "0117 496 0123", "", ""),
        ] {
            let of = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
            let expected = PhoneReading { number: of(number), extension: of(extension), words: of(words) };
            assert_eq!(read(text), Some(expected), "{text:?}");
        }
        for text in
            ["", "see website", "ring 101", "ää", "Mon-Fri 9.30-17.00", "0900-1700 daily", "from 01/02/2026"]
        {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn quirk_72_hours_lines_rooms_and_ordinals_beside_a_number() {
        for (text, number, words) in [
            ("0117 496 0123 (9am-5pm Mon-Fri)", "0117 496 0123", "9am-5pm Mon-Fri"),
            ("0117 496 0123 9am to 5pm", "0117 496 0123", "9am to 5pm"),
            ("0117 496 0123 9.30-12", "0117 496 0123", "9.30-12"),
            ("0117 496 0123 9-5", "0117 496 0123", "9-5"),
            ("0117 496 0123 Mon-Fri 9-5", "0117 496 0123", "Mon-Fri 9-5"),
            ("0117 496 0123 - 24/7", "0117 496 0123", "24/7"),
            ("0117 496 0123 (24 hours)", "0117 496 0123", "24 hours"),
            ("0117 496 0123 24hrs", "0117 496 0123", "24hrs"),
            ("0117 496 0123 (2 lines)", "0117 496 0123", "2 lines"),
            ("0117 496 0123 [10-12]", "0117 496 0123", "[10-12]"),
            ("0117 496 0123/4", "0117 496 0123", "or 0117 496 0124"),
            ("0117 496 0123/0456", "0117 496 0123", "or 0117 496 0456"),
            ("0117 496 0123 / 24 / 25", "0117 496 0123", "24 / 25"),
            ("1) 0117 496 0123 2) 0117 496 0456", "0117 496 0123", "2) 0117 496 0456"),
            ("1. 0117 496 0123", "0117 496 0123", ""),
            ("(1) 0117 496 0123 (2) 0117 496 0456", "0117 496 0123", "(2) 0117 496 0456"),
            ("1) 496 0123 2) 496 0456", "496 0123", "2) 496 0456"),
            ("Room 12 0117 496 0123", "0117 496 0123", "Room 12"),
            ("Room 101 0117 496 0123", "0117 496 0123", "Room 101"),
            ("496 0123 0117 496 0456", "496 0123", "0117 496 0456"),
            ("24/7 0800 1111", "0800 1111", "24/7"),
            ("Mon-Fri 9.30-17.00 0117 496 0123", "0117 496 0123", "Mon-Fri 9.30-17.00"),
            ("9:00-17:00 0117 496 0123", "0117 496 0123", "9:00-17:00"),
            ("from 01/02/2026: 0117 496 0123", "0117 496 0123", "from 01/02/2026"),
            ("+44 117 496 0123 9am-5pm", "+44 117 496 0123", "9am-5pm"),
            ("+44 (0)117 496 0123 (24 hours)", "+44 117 496 0123", "24 hours"),
            ("0044 117 496 0123 (2 lines)", "0044 117 496 0123", "2 lines"),
            ("+33 1 23 45 67 89 (2 lines)", "+33 1 23 45 67 89", "2 lines"),
            ("496 0123 (9-5)", "496 0123", "9-5"),
            ("496 0123 9am", "496 0123", "9am"),
            ("0800 1111 24 hours", "0800 1111", "24 hours"),
            ("111 (24/7)", "111", "24/7"),
            ("016977 2345 016977 2346", "016977 2345", "016977 2346"),
            ("0117 496 012 3", "0117 496 012 3", ""),
            ("0117 (496) 0123", "0117 (496) 0123", ""),
            ("(+44) 117 496 0123", "(+44) 117 496 0123", ""),
            ("020/7946/0123", "020/7946/0123", ""),
            ("0800 11 11", "0800 11 11", ""),
            ("116 123", "116 123", ""),
            ("118 118", "118 118", ""),
            ("44 117 496 0123", "44 117 496 0123", ""),
            ("0117 496 0123 ext 12 (2 lines)", "0117 496 0123", "2 lines"),
        ] {
            let told =
                read(text).map(|read| (read.number.unwrap_or_default(), read.words.unwrap_or_default()));
            assert_eq!(told, Some((number.to_owned(), words.to_owned())), "{text:?}");
        }
    }

    #[test]
    fn quirk_72_relays_and_letters_that_look_like_digits() {
        for (text, number, words) in [
            ("18001 0117 496 0123", "18001 0117 496 0123", ""),
            ("180010117 496 0123", "18001 0117 496 0123", ""),
            ("Textphone: 18002 0117 496 0123 (days)", "18002 0117 496 0123", "Textphone days"),
            ("0117 496 0123 or 18001 0117 496 0123", "0117 496 0123", "or 18001 0117 496 0123"),
            ("0117 496 O123", "0117 496 0123", ""),
            ("O117 496 0l23", "0117 496 0123", ""),
            ("O2 mobile 07700 900123", "07700 900123", "O2 mobile"),
            ("Office 0117 496 0123", "0117 496 0123", "Office"),
        ] {
            let in_digits = letters_as_digits(text);
            let read = read(in_digits.as_deref().unwrap_or(text)).unwrap_or_default();
            let told = (read.number.unwrap_or_default(), read.words.unwrap_or_default());
            assert_eq!(told, (number.to_owned(), words.to_owned()), "{text}");
        }
        assert_eq!(read("0117 496 O1"), None);
    }

    #[test]
    fn other_numbers_of_a_list_are_words_around_the_first() {
        let first = read("0117 496 0123 (Jo)").map(|read| read.beside(&[json!("0117 496 0456"), json!(999)]));
        assert_eq!(first.and_then(|read| read.words).as_deref(), Some("Jo; 0117 496 0456; 999"));
    }

    proptest! {
        #[test]
        fn a_number_has_no_digits_that_the_text_has_not(text in "[0-9a-z+()/. :-]{0,40}") {
            if let Some(PhoneReading { number: Some(number), .. }) = read(&text) {
                prop_assert!(digits(&number) <= digits(&text) && digits(&number) > 0, "{number}");
            }
        }
    }
}
