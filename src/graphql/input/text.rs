//! Searches in filters.

use crate::graphql::context::FieldContext;
use crate::graphql::error::ApiError;
use crate::graphql::notice;
use crate::model::{AskedPhrase, TextQuery};

/// The most characters in a search. Every word is searched for in every service.
const MAX_CHARS: usize = 500;

/// Parses a search. Returns `None` if no word is left.
pub(super) fn search(text: Option<&str>) -> Result<Option<TextQuery>, ApiError> {
    Ok(bounded("filter.text", text)?.and_then(TextQuery::parse))
}

/// Reads a phrase. Returns `None` if it has no word.
pub(super) fn phrase(ctx: &FieldContext<'_>, ask: Option<&str>) -> Result<Option<AskedPhrase>, ApiError> {
    let lexicon = ctx.federation().lexicon();
    let ask = bounded("filter.ask", ask)?.and_then(|phrase| AskedPhrase::parse(phrase, &lexicon));
    ask.iter().for_each(|ask| notice::note(ctx, ask.reading()));
    Ok(ask)
}

/// Returns the text, if it is not too long.
pub(super) fn bounded<'a>(argument: &str, text: Option<&'a str>) -> Result<Option<&'a str>, ApiError> {
    match text {
        Some(text) if text.chars().count() > MAX_CHARS => {
            Err(ApiError::bad_input(format!("`{argument}` has more than {MAX_CHARS} characters")))
        }
        text => Ok(text),
    }
}
