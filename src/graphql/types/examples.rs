//! Examples of the records that a count is of: their ids in their feeds, so that publishers can look them up.

use crate::graphql::error::ApiError;

/// How many are shown to who does not say.
pub(super) const DEFAULT_EXAMPLES: i32 = 5;

/// The most that may be asked for.
pub(crate) const MAX_EXAMPLES: i32 = 50;

/// How many are asked for.
pub(super) fn wanted(first: Option<i32>) -> Result<usize, ApiError> {
    let first = first.unwrap_or(DEFAULT_EXAMPLES);
    let wanted = usize::try_from(first).ok().filter(|_| first <= MAX_EXAMPLES);
    wanted.ok_or_else(|| ApiError::bad_input(format!("`first` must be 0 to {MAX_EXAMPLES}")))
}
