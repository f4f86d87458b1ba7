//! Source keys in arguments.

use crate::graphql::context::FieldContext;
use std::collections::BTreeSet;

use crate::graphql::error::ApiError;
use crate::model::SourceKey;

/// Returns the keys if all of them are configured. Otherwise a typing error would look like an empty source.
pub(crate) fn known(
    ctx: &FieldContext<'_>,
    argument: &str,
    keys: Option<Vec<String>>,
) -> Result<Option<BTreeSet<SourceKey>>, ApiError> {
    let known = |text: String| {
        let key = SourceKey::parse(&text).ok().filter(|key| ctx.federation().info(key).is_some());
        key.ok_or_else(|| unknown(ctx, argument, &text))
    };
    keys.map(|keys| keys.into_iter().map(known).collect()).transpose()
}

fn unknown(ctx: &FieldContext<'_>, argument: &str, text: &str) -> ApiError {
    let states = ctx.federation().states();
    let keys: Vec<String> = states.iter().map(|state| format!("`{}`", state.info.key)).collect();
    let known = if keys.is_empty() { "none".to_owned() } else { keys.join(", ") };
    ApiError::bad_input(format!(
        "`{argument}` names `{text}`, which is not a source; the sources are: {known}"
    ))
}
