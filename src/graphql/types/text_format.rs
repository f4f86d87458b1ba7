//! How prose is written out.

use std::borrow::Cow;
use std::sync::Arc;

use async_graphql::{Context, Enum};

use crate::graphql::budget::Budget;
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

/// How many bytes of a text take as long to be made safe as one record takes to be read.
const BYTES_OF_HTML_A_NODE: usize = 64;

/// A text in the form asked for. Making HTML safe counts against the operation's budget, by the length of the text.
pub(crate) async fn written<'a>(
    ctx: &Context<'_>,
    text: Option<&'a RichText>,
    format: Option<TextFormat>,
) -> Option<Cow<'a, str>> {
    let text = text?;
    Some(match format.unwrap_or_default() {
        TextFormat::Text => text.text().into(),
        TextFormat::Html => {
            if let Some(budget) = ctx.data_opt::<Arc<Budget>>() {
                budget.take_nodes(text.raw().len() / BYTES_OF_HTML_A_NODE, ctx).await;
            }
            text.html().into()
        }
        TextFormat::Raw => text.raw().into(),
    })
}
