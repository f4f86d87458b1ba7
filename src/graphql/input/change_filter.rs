//! What is asked of changes.

use crate::graphql::context::FieldContext;
use async_graphql::InputObject;

use super::bounded;
use crate::federation::ChangeFilter;
use crate::graphql::error::ApiError;
use crate::graphql::types::{ChangeKind, RecordType};

/// Conditions on changes; all that are given must hold. An empty list is met by nothing: with one, `changes` only
/// tells where the history ends now.
#[derive(Debug, Default, InputObject)]
#[graphql(name = "ChangeFilter")]
pub(crate) struct ChangeFilterInput {
    /// Keys of the sources whose changes are wanted. Left out, those of all are.
    sources: Option<Vec<String>>,
    /// Only changes of such records. Left out, of all four kinds.
    types: Option<Vec<RecordType>>,
    /// Only changes of these kinds. Left out, of all three.
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
