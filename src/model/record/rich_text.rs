//! Prose that feeds send as plain text, HTML or a mixture.

mod bounds;
mod elements;
mod strip;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::sync::OnceLock;

use serde::ser::SerializeStruct as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A text as its feed sent it. Its plain form is computed once, on first use.
#[derive(Clone, Debug)]
pub struct RichText {
    raw: String,
    // The text with its characters or line ends repaired. `None` if nothing needed repair.
    mended: Option<Box<str>>,
    // Contains `None` if the text is plain already.
    plain: OnceLock<Option<String>>,
}

/// The most that a plain text may be longer than its markup, as a factor. Longer results are replaced by the text
/// without tags.
const MOST_GROWTH: usize = 4;
/// A line width greater than any paragraph's, so that nothing is wrapped.
const NO_WRAP: usize = 1 << 20;

impl RichText {
    /// Creates a text that needed no repair.
    pub fn new(raw: String) -> Self {
        Self { raw, mended: None, plain: OnceLock::new() }
    }

    /// Creates a text from what the feed sent and its repaired form.
    pub fn mended(raw: String, meant: &str) -> Self {
        let mended = (raw.trim() != meant).then(|| meant.into());
        Self { mended, ..Self::new(raw) }
    }

    // Returns the repaired text, with its markup.
    fn meant(&self) -> &str {
        self.mended.as_deref().unwrap_or_else(|| self.raw.trim())
    }

    /// Returns the text as the feed sent it.
    pub fn raw(&self) -> &str {
        &self.raw
    }

    /// Returns the text for publishing again: repaired, with its markup. If the markup could run code in a page,
    /// returns the safe HTML instead.
    pub fn published(&self) -> Cow<'_, str> {
        match elements::could_run(self.meant()) {
            true => Cow::Owned(self.html()),
            false => Cow::Borrowed(self.meant()),
        }
    }

    /// Returns the text without markup: entities decoded, paragraphs separated.
    pub fn text(&self) -> &str {
        self.plain().unwrap_or_else(|| self.meant())
    }

    /// Returns HTML that is safe to put into a page: only allowed elements, no scripts, styles or handlers. Plain text
    /// is escaped, and so is the text of anything with [too much markup](Self::has_too_much_markup) to parse.
    pub fn html(&self) -> String {
        match self.plain() {
            Some(_) if bounds::is_cheap(self.meant()) => ammonia::clean(&elements::escaped(self.meant())),
            Some(plain) => html_escape::encode_quoted_attribute(plain).into_owned(),
            None => html_escape::encode_quoted_attribute(self.meant()).into_owned(),
        }
    }

    /// Returns whether a text contains HTML tags. Text that only looks like one, such as `<ann@elm.example>`, does not
    /// count.
    pub fn has_tags(text: &str) -> bool {
        elements::has_tags(text)
    }

    /// Returns whether a text has too much markup, or too complex markup, to parse. Its tags are then dropped instead.
    pub fn has_too_much_markup(text: &str) -> bool {
        looks_like_markup(text) && !bounds::is_cheap(text)
    }

    fn plain(&self) -> Option<&str> {
        let meant = self.meant();
        let read = || looks_like_markup(meant).then(|| plain_text(meant));
        self.plain.get_or_init(|| read().filter(|plain| *plain != meant)).as_deref()
    }
}

impl PartialEq for RichText {
    fn eq(&self, other: &Self) -> bool {
        self.raw == other.raw
    }
}

impl Eq for RichText {}

impl Serialize for RichText {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let plain = self.plain();
        let mended = self.mended.as_deref();
        let count = 1 + usize::from(mended.is_some()) + usize::from(plain.is_some());
        let mut members = serializer.serialize_struct("RichText", count)?;
        members.serialize_field("raw", &self.raw)?;
        match mended {
            Some(mended) => members.serialize_field("mended", mended)?,
            None => members.skip_field("mended")?,
        }
        match plain {
            Some(plain) => members.serialize_field("plain", plain)?,
            None => members.skip_field("plain")?,
        }
        members.end()
    }
}

impl<'de> Deserialize<'de> for RichText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct SerialisedText {
            raw: String,
            #[serde(default)]
            mended: Option<Box<str>>,
            #[serde(default)]
            plain: Option<String>,
        }
        let SerialisedText { raw, mended, plain } = SerialisedText::deserialize(deserializer)?;
        Ok(Self { raw, mended, plain: OnceLock::from(plain) })
    }
}

/// Converts HTML, or text with entities, to plain text.
pub(crate) fn plain_text(raw: &str) -> String {
    let escaped = elements::escaped(raw);
    let raw = &*elements::on_the_line(&escaped);
    if !bounds::is_cheap(raw) || bounds::has_crossing_spans(raw) {
        return strip::strip(raw);
    }
    let config = html2text::config::with_decorator(html2text::render::TrivialDecorator::new());
    let rendered = config.allow_width_overflow().no_table_borders().string_from_read(raw.as_bytes(), NO_WRAP);
    let text = rendered.unwrap_or_else(|_| html_escape::decode_html_entities(raw).into_owned());
    // Columns are padded with spaces, so a table can become many times longer than its text.
    if text.len() > MOST_GROWTH * raw.len().max(512) {
        return strip::strip(raw);
    }
    text.replace('\u{a0}', " ").trim().to_owned()
}

/// Returns whether a text contains a tag or an entity. `a < b & c` contains neither.
pub(crate) fn looks_like_markup(text: &str) -> bool {
    has_entity(text) || elements::has_tags(text)
}

fn has_entity(text: &str) -> bool {
    let bytes = text.as_bytes();
    text.match_indices('&').any(|(at, _)| {
        let mut name = bytes.iter().skip(at + 1).take(12).take_while(|byte| !byte.is_ascii_whitespace());
        let begins = bytes.get(at + 1).is_some_and(|next| next.is_ascii_alphabetic() || *next == b'#');
        begins && name.any(|byte| *byte == b';')
    })
}
