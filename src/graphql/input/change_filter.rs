//! Conditions on changes.

use crate::graphql::context::FieldContext;
use async_graphql::InputObject;

use super::bounded;
use crate::federation::ChangeFilter;
use crate::graphql::enums::{ChangeKind, RecordType};
use crate::graphql::error::ApiError;

/// Conditions on changes; all that are given must hold. An empty list matches nothing: `changes` then only returns the
/// current end of the history.
#[derive(Debug, Default, InputObject)]
#[graphql(name = "ChangeFilter")]
pub(crate) struct ChangeFilterInput {
    /// The keys of the sources. Defaults to all sources.
    sources: Option<Vec<String>>,
    /// The kinds of record. Defaults to all four.
    types: Option<Vec<RecordType>>,
    /// The kinds of change. Defaults to all three.
    kinds: Option<Vec<ChangeKind>>,
}

impl ChangeFilterInput {
    pub(crate) fn into_filter(self, ctx: &FieldContext<'_>) -> Result<ChangeFilter, ApiError> {
        let types = bounded("filter.types", self.types)?;
        let kinds = bounded("filter.kinds", self.kinds)?;
        Ok(ChangeFilter {
            sources: super::known_sources(ctx, "filter.sources", self.sources)?,
            records: types.map(|types| types.into_iter().map(Into::into).collect()),
            kinds: kinds.map(|kinds| kinds.into_iter().map(Into::into).collect()),
        })
    }
}
