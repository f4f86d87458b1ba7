//! How prose is written out.

use std::borrow::Cow;

use async_graphql::Enum;

use crate::model::RichText;

/// How a text is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Enum)]
pub(crate) enum TextFormat {
    /// Plain text: markup removed, entities decoded, paragraphs apart.
    #[default]
    Text,
    /// HTML that is safe to put into a page: an allow-list of elements, no scripts, styles or handlers.
    Html,
    /// As the feed sends it: not safe to put into a page.
    Raw,
}

/// A text in the form asked for.
pub(crate) fn written(text: Option<&RichText>, format: Option<TextFormat>) -> Option<Cow<'_, str>> {
    text.map(|text| match format.unwrap_or_default() {
        TextFormat::Text => text.text().into(),
        TextFormat::Html => text.html().into(),
        TextFormat::Raw => text.raw().into(),
    })
}
