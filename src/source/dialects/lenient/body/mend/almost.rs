//! Reads almost valid JSON and writes it as JSON, in a single pass over the text.

use super::kinds::{MendKind, MendKinds};
use crate::source::patience::ReadingPatience;

/// JSON that is nested deeper is not read, so it need not be mended.
const MOST_NESTED: usize = 126;
/// How many steps are taken between checks whether anybody still waits.
const STEPS_PER_LOOK: usize = 4096;

/// How the end of a text is recognised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum QuoteStyle {
    /// At the next quote without a backslash.
    Escaped,
    /// At the next quote before a comma, a colon, a closing bracket or the end: quotes inside texts were not escaped.
    /// There is more than one reading if a quote is where a name or text may begin.
    Careless,
}

/// A value that was almost valid JSON.
#[derive(Debug)]
pub(in crate::source::dialects::lenient) struct AlmostJson {
    /// The value as JSON.
    pub json: String,
    /// The length of the value in the original text, in bytes.
    pub length: usize,
    /// What was wrong.
    pub mends: MendKinds,
}

/// Reads the object or list at the start of a text.
///
/// # Errors
/// How far the text could be read, if it has no single reading.
pub(super) fn almost(
    text: &str,
    quoting: QuoteStyle,
    patience: &ReadingPatience,
) -> Result<AlmostJson, usize> {
    let mut writer = MendingWriter::new(text, quoting);
    match writer.write(patience) {
        Some(()) => Ok(AlmostJson { json: writer.json, length: writer.at, mends: writer.mends }),
        None => Err(writer.at),
    }
}

struct Open {
    is_list: bool,
    /// Whether it already has an element or member.
    has_any: bool,
    /// Whether there is a comma after the last one.
    has_comma: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum ExpectedNext {
    /// An element of a list, a member of an object, or the closing bracket.
    Item,
    /// The value of a member.
    Value,
    /// A comma, or the closing bracket.
    Comma,
}

/// Writes a value as JSON while reading it.
pub(super) struct MendingWriter<'t> {
    pub(super) text: &'t str,
    pub(super) at: usize,
    pub(super) json: String,
    pub(super) mends: MendKinds,
    pub(super) quoting: QuoteStyle,
    open: Vec<Open>,
}

impl<'t> MendingWriter<'t> {
    fn new(text: &'t str, quoting: QuoteStyle) -> Self {
        Self { text, at: 0, json: String::new(), mends: MendKinds::default(), quoting, open: Vec::new() }
    }

    fn write(&mut self, patience: &ReadingPatience) -> Option<()> {
        let mut next = match self.byte()? {
            b'{' => self.begin(false)?,
            b'[' => self.begin(true)?,
            _ => return None,
        };
        let mut steps = 0_usize;
        while !self.open.is_empty() {
            steps += 1;
            if steps.is_multiple_of(STEPS_PER_LOOK) && patience.is_over() {
                return None;
            }
            self.skip_blank();
            next = match next {
                ExpectedNext::Item => self.item()?,
                ExpectedNext::Value => self.value()?,
                ExpectedNext::Comma => self.comma()?,
            };
        }
        Some(())
    }

    /// Returns the unread part of the text.
    pub(super) fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    pub(super) fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// Returns whether the unread text begins with `start`, and skips it if so.
    pub(super) fn take(&mut self, start: &str) -> bool {
        let goes_on = self.rest().starts_with(start);
        self.at += if goes_on { start.len() } else { 0 };
        goes_on
    }

    fn begin(&mut self, is_list: bool) -> Option<ExpectedNext> {
        if self.open.len() >= MOST_NESTED {
            return None;
        }
        self.at += 1;
        self.json.push(if is_list { '[' } else { '{' });
        self.open.push(Open { is_list, has_any: false, has_comma: false });
        Some(ExpectedNext::Item)
    }

    fn end(&mut self) -> Option<ExpectedNext> {
        let closed = self.open.pop()?;
        if closed.has_comma {
            self.mends.note(MendKind::ExtraComma);
        }
        self.at += 1;
        self.json.push(if closed.is_list { ']' } else { '}' });
        Some(ExpectedNext::Comma)
    }

    fn item(&mut self) -> Option<ExpectedNext> {
        let is_list = self.open.last()?.is_list;
        match (self.byte()?, is_list) {
            (b']', true) | (b'}', false) => self.end(),
            (b',', _) => {
                self.mends.note(MendKind::ExtraComma);
                self.at += 1;
                Some(ExpectedNext::Item)
            }
            (_, true) => {
                self.separate();
                self.value()
            }
            (_, false) => {
                self.separate();
                self.name()?;
                self.skip_blank();
                self.colon()?;
                Some(ExpectedNext::Value)
            }
        }
    }

    fn value(&mut self) -> Option<ExpectedNext> {
        match self.byte()? {
            b'{' => self.begin(false),
            b'[' => self.begin(true),
            b',' | b'}' => {
                self.mends.note(MendKind::MissingValue);
                self.json.push_str("null");
                Some(ExpectedNext::Comma)
            }
            _ => {
                self.scalar()?;
                Some(ExpectedNext::Comma)
            }
        }
    }

    fn comma(&mut self) -> Option<ExpectedNext> {
        let open = self.open.last_mut()?;
        match (self.text.as_bytes().get(self.at)?, open.is_list) {
            (b',', _) => {
                open.has_comma = true;
                self.at += 1;
                Some(ExpectedNext::Item)
            }
            (b']', true) | (b'}', false) => self.end(),
            // Only a comma can be missing between two objects. Between two texts, it might also be a quote.
            (b'{' | b'[', true) if self.json.ends_with(['}', ']']) => {
                self.mends.note(MendKind::MissingComma);
                Some(ExpectedNext::Item)
            }
            (b'"', false) => {
                self.mends.note(MendKind::MissingComma);
                Some(ExpectedNext::Item)
            }
            _ => None,
        }
    }

    fn separate(&mut self) {
        if let Some(open) = self.open.last_mut() {
            if open.has_any {
                self.json.push(',');
            }
            (open.has_any, open.has_comma) = (true, false);
        }
    }

    fn colon(&mut self) -> Option<()> {
        if self.take("=>") {
            self.mends.note(MendKind::Notation);
        } else if !self.take(":") {
            return None;
        }
        self.json.push(':');
        Some(())
    }

    /// Skips white space, comments and invisible characters.
    pub(super) fn skip_blank(&mut self) {
        loop {
            let rest = self.rest();
            let blank = rest.find(|c: char| !is_blank(c)).unwrap_or(rest.len());
            self.at += blank;
            if !self.skip_comment() {
                return;
            }
        }
    }

    fn skip_comment(&mut self) -> bool {
        let rest = self.rest();
        let length = if let Some(comment) = rest.strip_prefix("//") {
            comment.find('\n').map_or(rest.len(), |end| end + 2)
        } else if let Some(comment) = rest.strip_prefix("/*") {
            comment.find("*/").map_or(rest.len(), |end| end + 4)
        } else {
            return false;
        };
        self.mends.note(MendKind::Comment);
        self.at += length;
        true
    }
}

/// Returns whether a character is invisible, and so has no meaning between values.
pub(super) fn is_blank(c: char) -> bool {
    c.is_whitespace() || c.is_control() || matches!(c, '\u{feff}' | '\u{200b}'..='\u{200f}' | '\u{2060}')
}
