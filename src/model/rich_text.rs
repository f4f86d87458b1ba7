//! Prose that feeds send as plain text, HTML or a mixture.

use std::sync::OnceLock;

use serde::ser::SerializeStruct as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A text as its feed sent it, with its plain reading worked out once, when it is first asked for.
#[derive(Clone, Debug)]
pub struct RichText {
    raw: String,
    // None inside where the raw text is the plain one already.
    plain: OnceLock<Option<String>>,
}

/// Wider than any paragraph, so that nothing is wrapped.
const NO_WRAP: usize = 1 << 20;

impl RichText {
    /// Takes a text as the feed sent it.
    pub fn new(raw: String) -> Self {
        Self { raw, plain: OnceLock::new() }
    }

    /// As the feed sent it.
    pub fn raw(&self) -> &str {
        &self.raw
    }

    /// Without markup, entities decoded, paragraphs apart.
    pub fn text(&self) -> &str {
        self.plain().unwrap_or(&self.raw)
    }

    /// As HTML that is safe to put into a page: an allow-list of elements, no scripts, styles or handlers.
    /// A plain text comes back escaped.
    pub fn html(&self) -> String {
        match self.plain() {
            Some(_) => ammonia::clean(&self.raw),
            None => ammonia::clean_text(&self.raw),
        }
    }

    fn plain(&self) -> Option<&str> {
        let read = || looks_like_markup(&self.raw).then(|| plain_text(&self.raw));
        self.plain.get_or_init(|| read().filter(|plain| *plain != self.raw)).as_deref()
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
        let mut members = serializer.serialize_struct("RichText", 1 + usize::from(plain.is_some()))?;
        members.serialize_field("raw", &self.raw)?;
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
        struct Written {
            raw: String,
            plain: Option<String>,
        }
        let Written { raw, plain } = Written::deserialize(deserializer)?;
        Ok(Self { raw, plain: OnceLock::from(plain) })
    }
}

/// Plain text out of HTML or text with entities.
pub(crate) fn plain_text(raw: &str) -> String {
    let config = html2text::config::with_decorator(html2text::render::TrivialDecorator::new());
    let rendered = config.allow_width_overflow().no_table_borders().string_from_read(raw.as_bytes(), NO_WRAP);
    let text = rendered.unwrap_or_else(|_| html_escape::decode_html_entities(raw).into_owned());
    text.replace('\u{a0}', " ").trim().to_owned()
}

/// Whether a text holds a tag or an entity; `a < b & c` does not.
pub(crate) fn looks_like_markup(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.windows(2).enumerate().any(|(at, pair)| match pair {
        [b'<', next] => next.is_ascii_alphabetic() || matches!(next, b'/' | b'!'),
        [b'&', next] => {
            (next.is_ascii_alphabetic() || *next == b'#')
                && bytes
                    .iter()
                    .skip(at + 1)
                    .take(12)
                    .take_while(|b| !b.is_ascii_whitespace())
                    .any(|b| *b == b';')
        }
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn markup_becomes_paragraphs_of_text() {
        let text = RichText::new("<h1>About</h1><p>Caf&eacute; &amp; company&nbsp;every day.</p>".to_owned());
        assert_eq!(text.text(), "About\n\nCafé & company every day.");
        assert!(text.raw().starts_with("<h1>"));
    }

    #[test]
    fn plain_text_is_left_alone_and_escaped_on_the_way_to_html() {
        let text = RichText::new("Tea & talk, <18s welcome".to_owned());
        assert_eq!(text.text(), "Tea & talk, <18s welcome");
        assert!(text.html().contains("&lt;18s"), "{}", text.html());
    }

    #[test]
    fn scripts_never_reach_a_page() {
        let text = RichText::new("<p onclick=evil()>Hi<script>evil()</script></p>".to_owned());
        assert_eq!(text.html(), "<p>Hi</p>");
        assert_eq!(text.text(), "Hi");
    }

    proptest! {
        #[test]
        fn any_text_can_be_read(raw in ".*") {
            let text = RichText::new(raw.clone());
            let _ = text.html();
            prop_assert_eq!(text.raw(), raw);
        }
    }
}
