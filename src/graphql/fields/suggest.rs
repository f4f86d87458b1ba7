//! Answers `suggest`.

use crate::federation::{SuggestQuery, SuggestedKind};
use crate::graphql::context::FieldContext;
use crate::graphql::enums::SuggestionKind;
use crate::graphql::error::ApiError;
use crate::graphql::incomplete;
use crate::graphql::types::Suggestion;

/// The number of suggestions if the client does not give one.
pub(crate) const DEFAULT_SUGGESTIONS: i32 = 10;

/// The most suggestions that may be asked for.
pub(crate) const MAX_SUGGESTIONS: i32 = 50;

/// The most characters of a prefix. Nobody types more to choose from suggestions.
const MAX_CHARS: usize = 100;

/// Returns names that begin with what has been typed.
pub(crate) async fn suggest(
    ctx: &FieldContext<'_>,
    prefix: String,
    first: Option<i32>,
    kinds: Option<Vec<SuggestionKind>>,
) -> Result<Vec<Suggestion>, ApiError> {
    if prefix.chars().count() > MAX_CHARS {
        return Err(ApiError::bad_input(format!("`prefix` has more than {MAX_CHARS} characters")));
    }
    let first = first.unwrap_or(DEFAULT_SUGGESTIONS);
    let wanted = usize::try_from(first).ok().filter(|_| first <= MAX_SUGGESTIONS);
    let first =
        wanted.ok_or_else(|| ApiError::bad_input(format!("`first` must be 0 to {MAX_SUGGESTIONS}")))?;
    let kinds = kinds.map(|kinds| kinds.into_iter().map(Into::into).collect());
    let kinds = kinds.unwrap_or_else(|| SuggestedKind::ALL.to_vec());
    let query = SuggestQuery { prefix, kinds, first };
    let found = ctx.federation().suggestions.suggest(&query, ctx.searching().await).await;
    incomplete::note(ctx, &found.reports);
    Ok(found.suggestions.into_iter().map(Suggestion).collect())
}
