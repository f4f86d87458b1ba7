//! How prose is written out.

use async_graphql::Enum;
use async_graphql::registry::Registry;
use oruk_gateway_derive::GraphEnum;

use crate::graphql::output::FieldOutput;
use crate::graphql::plan::FieldPlan;
use crate::graphql::walk::{OutputWalk, WriteResult};
use crate::model::RichText;

/// The format of a text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Enum, GraphEnum)]
pub(crate) enum TextFormat {
    /// Plain text: markup removed, entities decoded, paragraphs separated.
    #[default]
    Text,
    /// HTML that is safe to put into a page: only allowed elements, no scripts, styles or event handlers.
    Html,
    /// The text exactly as the feed sent it: not safe to put into a page.
    Raw,
}

/// How many bytes of a text take as long to be made safe as one record takes to be read.
const BYTES_OF_HTML_A_NODE: usize = 64;

/// A text in the form asked for. Making HTML safe counts against the operation's budget, by the length of the text.
pub(crate) struct WrittenText<'a> {
    text: &'a RichText,
    format: TextFormat,
}

/// A text in the form asked for.
pub(crate) fn written(text: Option<&RichText>, format: Option<TextFormat>) -> Option<WrittenText<'_>> {
    Some(WrittenText { text: text?, format: format.unwrap_or_default() })
}

impl FieldOutput for WrittenText<'_> {
    fn register(registry: &mut Registry) -> String {
        str::register(registry)
    }

    fn write<'r>(&self, _: &'r FieldPlan, walk: &mut OutputWalk<'r>) -> WriteResult {
        match self.format {
            TextFormat::Text => walk.text(self.text.text()),
            TextFormat::Html => {
                walk.spend_nodes(self.text.raw().len() / BYTES_OF_HTML_A_NODE)?;
                walk.text(&self.text.html());
            }
            TextFormat::Raw => walk.text(self.text.raw()),
        }
        Ok(())
    }
}
