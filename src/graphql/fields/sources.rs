//! Answers `sources`.

use std::sync::Arc;

use crate::graphql::context::FieldContext;
use crate::graphql::error::ApiError;
use crate::graphql::input::known_sources;
use crate::graphql::types::Source;
use crate::model::SourceKey;

/// Returns the configured sources with these keys.
pub(crate) fn sources(ctx: &FieldContext<'_>, keys: Option<Vec<String>>) -> Result<Vec<Source>, ApiError> {
    let keys = known_sources(ctx, "keys", keys)?;
    let wanted = |key: &SourceKey| keys.as_ref().is_none_or(|keys| keys.contains(key));
    let states = ctx.federation().states().into_iter().filter(|state| wanted(&state.info.key));
    Ok(states.map(|state| Source::new(Arc::clone(&state.info))).collect())
}
