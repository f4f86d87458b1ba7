//! Searches in filters.

use std::sync::Arc;

use crate::graphql::error::ApiError;
use crate::model::{Ask, Lexicon, TextQuery};

/// Longer than any search; every word is looked for in every service.
const MAX_CHARS: usize = 500;

/// The search; none where no word is left.
pub(super) fn search(text: Option<&str>) -> Result<Option<TextQuery>, ApiError> {
    Ok(bounded("filter.text", text)?.and_then(TextQuery::parse))
}

/// The phrase; none where it holds no word.
pub(super) fn phrase(ask: Option<&str>, lexicon: &Arc<Lexicon>) -> Result<Option<Ask>, ApiError> {
    Ok(bounded("filter.ask", ask)?.and_then(|phrase| Ask::parse(phrase, lexicon)))
}

/// The text, where it is no longer than a search may be.
pub(super) fn bounded<'a>(argument: &str, text: Option<&'a str>) -> Result<Option<&'a str>, ApiError> {
    match text {
        Some(text) if text.chars().count() > MAX_CHARS => {
            Err(ApiError::bad_input(format!("`{argument}` has more than {MAX_CHARS} characters")))
        }
        text => Ok(text),
    }
}
