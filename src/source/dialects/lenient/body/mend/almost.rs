//! Reads what is almost JSON, and writes it as JSON. Once over the text, whatever it holds.

use super::kinds::{MendKind, MendKinds};
use crate::source::patience::ReadingPatience;

/// JSON nested more deeply is not read, so it need not be mended.
const MOST_NESTED: usize = 126;
/// How many steps are taken before anybody looks whether they are still waited for.
const STEPS_PER_LOOK: usize = 4096;

/// How texts end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum QuoteStyle {
    /// At the next quote without a backslash.
    Escaped,
    /// At the next quote that has a comma, a colon, a closing bracket or nothing after it: quotes inside texts were
    /// not escaped. One that stands where a name or a text may begin leaves more than one reading.
    Careless,
}

/// A value that was almost JSON.
#[derive(Debug)]
pub(in crate::source::dialects::lenient) struct AlmostJson {
    /// It, as JSON.
    pub json: String,
    /// How long it was.
    pub length: usize,
    /// What was wrong with it.
    pub mends: MendKinds,
}

/// Reads the object or list that a text starts with.
///
/// # Errors
/// How far the text could be read, where it has no single reading.
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

/// An object or a list that is open.
struct Open {
    is_list: bool,
    /// Whether it has an element or a member already.
    has_any: bool,
    /// Whether a comma stands after the last of them.
    has_comma: bool,
}

/// What may come next.
#[derive(Clone, Copy, PartialEq, Eq)]
enum ExpectedNext {
    /// An element of a list, a member of an object, or its end.
    Item,
    /// A member's value.
    Value,
    /// A comma, or the end of what is open.
    Comma,
}

/// Writes a value as JSON while it is read.
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

    /// What is left of the text.
    pub(super) fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    pub(super) fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// Whether the text goes on like this; if so, it is behind us.
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
            // Between an object and the next there can only have been a comma; between two texts, a quote as well.
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

    /// Passes over space, comments, and characters that show nothing.
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

/// Whether a character shows nothing: between values it means nothing, either.
pub(super) fn is_blank(c: char) -> bool {
    c.is_whitespace() || c.is_control() || matches!(c, '\u{feff}' | '\u{200b}'..='\u{200f}' | '\u{2060}')
}
