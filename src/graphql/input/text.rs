//! Searches in filters.

use crate::graphql::error::ApiError;
use crate::model::TextQuery;

/// Longer than any search; every word is looked for in every service.
const MAX_CHARS: usize = 500;

/// The search; none where no word is left.
pub(super) fn search(text: Option<&str>) -> Result<Option<TextQuery>, ApiError> {
    if text.is_some_and(|text| text.chars().count() > MAX_CHARS) {
        return Err(ApiError::bad_input(format!("`filter.text` has more than {MAX_CHARS} characters")));
    }
    Ok(text.and_then(TextQuery::parse))
}
