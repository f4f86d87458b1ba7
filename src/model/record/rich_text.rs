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

/// A text as its feed sent it, with its plain reading worked out once, when it is first asked for.
#[derive(Clone, Debug)]
pub struct RichText {
    raw: String,
    // What `raw` means where its characters or line ends had to be mended.
    mended: Option<Box<str>>,
    // None inside where the raw text is the plain one already.
    plain: OnceLock<Option<String>>,
}

/// A plain text that would be longer than this many times its markup is not kept.
const MOST_GROWTH: usize = 4;
/// Wider than any paragraph, so that nothing is wrapped.
const NO_WRAP: usize = 1 << 20;

impl RichText {
    /// Takes a text as the feed sent it.
    pub fn new(raw: String) -> Self {
        Self { raw, mended: None, plain: OnceLock::new() }
    }

    /// Takes a text as the feed sent it, and what was meant by it.
    pub fn mended(raw: String, meant: &str) -> Self {
        let mended = (raw.trim() != meant).then(|| meant.into());
        Self { mended, ..Self::new(raw) }
    }

    // What was meant, with its markup.
    fn meant(&self) -> &str {
        self.mended.as_deref().unwrap_or_else(|| self.raw.trim())
    }

    /// As the feed sent it.
    pub fn raw(&self) -> &str {
        &self.raw
    }

    /// As it is published again: what was meant, with its markup, unless that has anything that could run in a page.
    pub fn published(&self) -> Cow<'_, str> {
        match elements::could_run(self.meant()) {
            true => Cow::Owned(self.html()),
            false => Cow::Borrowed(self.meant()),
        }
    }

    /// Without markup, entities decoded, paragraphs apart.
    pub fn text(&self) -> &str {
        self.plain().unwrap_or_else(|| self.meant())
    }

    /// As HTML that is safe to put into a page: an allow-list of elements, no scripts, styles or handlers.
    /// A plain text comes back escaped, and so does the text of one with [more markup](Self::has_too_much_markup) than is
    /// parsed.
    pub fn html(&self) -> String {
        match self.plain() {
            Some(_) if bounds::is_cheap(self.meant()) => ammonia::clean(&elements::escaped(self.meant())),
            Some(plain) => html_escape::encode_quoted_attribute(plain).into_owned(),
            None => html_escape::encode_quoted_attribute(self.meant()).into_owned(),
        }
    }

    /// Whether a text holds tags of HTML. What only looks like one, such as `<ann@elm.example>`, is none.
    pub fn has_tags(text: &str) -> bool {
        elements::has_tags(text)
    }

    /// Whether a text holds so much markup, or markup so entangled, that its tags are dropped rather than parsed.
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

/// Plain text out of HTML or text with entities.
pub(crate) fn plain_text(raw: &str) -> String {
    let escaped = elements::escaped(raw);
    let raw = &*elements::on_the_line(&escaped);
    if !bounds::is_cheap(raw) || bounds::has_crossing_spans(raw) {
        return strip::strip(raw);
    }
    let config = html2text::config::with_decorator(html2text::render::TrivialDecorator::new());
    let rendered = config.allow_width_overflow().no_table_borders().string_from_read(raw.as_bytes(), NO_WRAP);
    let text = rendered.unwrap_or_else(|_| html_escape::decode_html_entities(raw).into_owned());
    // Columns are filled up with spaces: a table can be many times its text.
    if text.len() > MOST_GROWTH * raw.len().max(512) {
        return strip::strip(raw);
    }
    text.replace('\u{a0}', " ").trim().to_owned()
}

/// Whether a text holds a tag or an entity; `a < b & c` does not.
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
