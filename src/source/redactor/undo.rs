//! Decodes one layer of escapes: JSON, percent and HTML. Markup and invisible characters are dropped.
//!
//! A secret that is spelled with escapes, in part or throughout, is plain in the result. Takes time linear in the text.

use std::ops::Range;

use memchr::memchr;

use super::markup::MarkupScanner;

/// The longest name of an HTML entity, in bytes.
const LONGEST_NAME: usize = 32;

/// A text with one layer of escapes decoded.
#[derive(Default)]
pub(super) struct UnescapedText {
    /// The decoded text.
    pub(super) bytes: Vec<u8>,
    /// Where in the text each part of the result came from, in order. Empty if not requested.
    runs: Vec<Run>,
}

/// A run of bytes that were copied, or the decoded form of one escape.
struct Run {
    /// Where the run begins in the result.
    at: u32,
    /// Where the run was in the text.
    from: u32,
    to: u32,
}

/// The decoded form of an escape, and the length of the escape.
struct Escape {
    says: [u8; 8],
    said: usize,
    length: usize,
}

impl UnescapedText {
    /// Decodes the escapes of a text. Returns `None` if there are none. `with_runs` is needed for
    /// [`UnescapedText::stood_at`].
    pub(super) fn of(text: &[u8], with_runs: bool) -> Option<Self> {
        let mut undone = Self::default();
        let mut markup = MarkupScanner::default();
        let (mut copied, mut at) = (0, 0);
        while let Some(next) = next_special(text, at) {
            let rest = text.get(next..).unwrap_or_default();
            let Some(escape) = escape(rest, &mut markup) else {
                at = next + 1;
                continue;
            };
            undone.push(text, copied..next, with_runs);
            undone.push_escape(&escape, next, with_runs);
            at = next + escape.length.max(1);
            copied = at;
        }
        if copied == 0 {
            return None;
        }
        undone.push(text, copied..text.len(), with_runs);
        Some(undone)
    }

    fn push(&mut self, text: &[u8], range: Range<usize>, with_runs: bool) {
        if range.is_empty() {
            return;
        }
        self.note_run(range.clone(), with_runs);
        self.bytes.extend_from_slice(text.get(range).unwrap_or_default());
    }

    fn push_escape(&mut self, escape: &Escape, from: usize, with_runs: bool) {
        if escape.said > 0 {
            self.note_run(from..from + escape.length, with_runs);
            self.bytes.extend_from_slice(escape.says.get(..escape.said).unwrap_or_default());
        }
    }

    // Responses are far smaller than 4 GiB.
    fn note_run(&mut self, range: Range<usize>, with_runs: bool) {
        if with_runs {
            let short = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
            self.runs.push(Run {
                at: short(self.bytes.len()),
                from: short(range.start),
                to: short(range.end),
            });
        }
    }

    /// Returns where in the text a part of the result came from.
    pub(super) fn stood_at(&self, part: &Range<usize>) -> Range<usize> {
        let start = self.stood(part.start).start;
        let end = self.stood(part.end.saturating_sub(1)).end;
        start..end.max(start)
    }

    fn stood(&self, byte: usize) -> Range<usize> {
        let after = self.runs.partition_point(|run| run.at as usize <= byte);
        let Some(run) = after.checked_sub(1).and_then(|index| self.runs.get(index)) else {
            return byte..byte;
        };
        let (at, from, to) = (run.at as usize, run.from as usize, run.to as usize);
        let next = self.runs.get(after).map_or(self.bytes.len(), |next| next.at as usize);
        let is_copied = next - at == to - from;
        if is_copied { from + (byte - at)..from + (byte - at) + 1 } else { from..to }
    }
}

/// Returns the position of the next byte that may begin an escape.
pub(super) fn next_special(text: &[u8], from: usize) -> Option<usize> {
    Some(from + text.get(from..)?.iter().position(|byte| is_special(*byte))?)
}

// Line breaks between members of JSON are not escapes. The bytes at the end of the list begin invisible characters.
fn is_special(byte: u8) -> bool {
    matches!(byte, 0..=8 | 11 | 12 | 14..=0x1f | b'\\' | b'%' | b'&' | b'<' | 0x7f | 0xc2 | 0xcd | 0xd8 | 0xe1 | 0xe2 | 0xef)
}

impl Escape {
    fn nothing(length: usize) -> Self {
        Self { says: [0; 8], said: 0, length }
    }

    fn byte(byte: u8, length: usize) -> Self {
        if byte < 0x20 || byte == 0x7f {
            return Self::nothing(length);
        }
        Self { says: [byte, 0, 0, 0, 0, 0, 0, 0], said: 1, length }
    }

    fn character(character: char, length: usize) -> Self {
        if is_invisible(character) {
            return Self::nothing(length);
        }
        Self::text(character.encode_utf8(&mut [0; 4]), length)
    }

    fn text(text: &str, length: usize) -> Self {
        let mut says = [0; 8];
        let said = text.len().min(says.len());
        says.iter_mut().zip(text.bytes()).for_each(|(to, byte)| *to = byte);
        Self { says, said, length }
    }
}

/// Returns whether a character is invisible, so that readers of texts may drop it.
fn is_invisible(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
        )
}

fn escape(text: &[u8], markup: &mut MarkupScanner) -> Option<Escape> {
    match text.first()? {
        b'\\' => backslashed(text),
        b'%' => percent(text),
        b'&' => entity(text),
        b'<' => markup.length(text).map(Escape::nothing),
        byte if *byte < 0x80 => Some(Escape::nothing(1)),
        _ => {
            let character = first_character(text)?;
            is_invisible(character).then(|| Escape::nothing(character.len_utf8()))
        }
    }
}

fn first_character(text: &[u8]) -> Option<char> {
    let start = text.get(..4).unwrap_or(text);
    start.utf8_chunks().next()?.valid().chars().next()
}

// Escapes may themselves be escaped: `\\u0041`.
fn backslashed(text: &[u8]) -> Option<Escape> {
    let slashes = text.iter().take_while(|byte| **byte == b'\\').count();
    let rest = text.get(slashes..).unwrap_or_default();
    match rest {
        [b'u', digits @ ..] => {
            let (character, length) = utf16(digits)?;
            Some(Escape::character(character, slashes + 1 + length))
        }
        [b'x', digits @ ..] => Some(Escape::byte(hex_byte(digits)?, slashes + 3)),
        [b'n' | b'r' | b't' | b'b' | b'f', ..] if slashes % 2 == 1 => Some(Escape::nothing(slashes + 1)),
        [quoted @ (b'/' | b'"' | b'\''), ..] => Some(Escape::byte(*quoted, slashes + 1)),
        _ if slashes > 1 => Some(Escape::byte(b'\\', slashes)),
        _ => None,
    }
}

fn utf16(digits: &[u8]) -> Option<(char, usize)> {
    let first = hex_unit(digits)?;
    if let Some(character) = char::from_u32(u32::from(first)) {
        return Some((character, 4));
    }
    let rest = digits.get(4..)?;
    let slashes = rest.iter().take_while(|byte| **byte == b'\\').count();
    let second = hex_unit(rest.get(slashes..)?.strip_prefix(b"u")?)?;
    let character = char::decode_utf16([first, second]).next()?.ok()?;
    Some((character, 4 + slashes + 1 + 4))
}

// Escapes may themselves be escaped, any number of times: `%252541`.
fn percent(text: &[u8]) -> Option<Escape> {
    let mut length = 1;
    while text.get(length..).is_some_and(|rest| rest.starts_with(b"25")) {
        length += 2;
    }
    let rest = text.get(length..)?;
    if let Some(digits) = rest.strip_prefix(b"u").or(rest.strip_prefix(b"U"))
        && let Some((character, units)) = utf16(digits)
    {
        return Some(Escape::character(character, length + 1 + units));
    }
    match hex_byte(rest) {
        Some(byte) => Some(Escape::byte(byte, length + 2)),
        None => (length > 1).then(|| Escape::byte(b'%', length)),
    }
}

// Escapes may themselves be escaped, any number of times: `&amp;amp;#65;`.
fn entity(text: &[u8]) -> Option<Escape> {
    let mut length = 1;
    while text.get(length..).is_some_and(|rest| rest.starts_with(b"amp;")) {
        length += 4;
    }
    let rest = text.get(length..).unwrap_or_default();
    let found = match rest.strip_prefix(b"#") {
        Some(number) => numbered(number).map(|(said, long)| Escape::character(said, length + 1 + long)),
        None => named(rest, length),
    };
    found.or_else(|| (length > 1).then(|| Escape::byte(b'&', length)))
}

fn numbered(text: &[u8]) -> Option<(char, usize)> {
    const MOST_DIGITS: usize = 16;
    let (digits, before, radix) = match text {
        [b'x' | b'X', digits @ ..] => (digits, 1, 16),
        digits => (digits, 0, 10),
    };
    let is_digit = |byte: &&u8| char::from(**byte).is_digit(radix);
    let count = digits.iter().take(MOST_DIGITS).take_while(is_digit).count();
    let number = std::str::from_utf8(digits.get(..count)?).ok()?;
    let character = char::from_u32(u32::from_str_radix(number, radix).ok()?)?;
    let ends = usize::from(digits.get(count) == Some(&b';'));
    Some((character, before + count + ends))
}

fn named(text: &[u8], before: usize) -> Option<Escape> {
    let end = memchr(b';', text.get(..LONGEST_NAME).unwrap_or(text))?;
    let name = text.get(..end)?;
    if name.is_empty() || !name.iter().all(u8::is_ascii_alphanumeric) {
        return None;
    }
    let entity = format!("&{};", std::str::from_utf8(name).ok()?);
    let said = html_escape::decode_html_entities(&entity);
    if *said == *entity {
        return None;
    }
    let length = before + end + 1;
    let mut characters = said.chars();
    match (characters.next(), characters.next()) {
        (Some(only), None) => Some(Escape::character(only, length)),
        _ => Some(Escape::text(&said, length)),
    }
}

fn hex_byte(text: &[u8]) -> Option<u8> {
    let (high, low) = (hex_digit(text.first()?)?, hex_digit(text.get(1)?)?);
    u8::try_from(high * 16 + low).ok()
}

fn hex_unit(text: &[u8]) -> Option<u16> {
    let digits = text.get(..4)?.iter().map(hex_digit);
    digits.into_iter().try_fold(0, |number, digit| Some(number * 16 + u16::try_from(digit?).ok()?))
}

fn hex_digit(byte: &u8) -> Option<u32> {
    char::from(*byte).to_digit(16)
}
