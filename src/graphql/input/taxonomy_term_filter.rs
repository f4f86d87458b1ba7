//! Conditions on taxonomy terms.

use crate::graphql::context::FieldContext;
use async_graphql::{ID, InputObject};

use super::taxonomy_terms::group_key;
use super::text;
use crate::federation::TaxonomyTermFilter;
use crate::graphql::error::ApiError;
use crate::graphql::lookup;
use crate::model::RecordKind;

/// Conditions on taxonomy terms; all that are given must hold.
#[derive(Debug, InputObject)]
#[graphql(name = "TaxonomyTermFilter")]
pub(crate) struct TaxonomyTermFilterInput {
    /// Words that must all occur in the name or description. `"Quoted phrases"` match in order. Text without words is
    /// ignored. At most 500 characters.
    text: Option<String>,
    /// The keys of the sources to search. Default: all.
    sources: Option<Vec<String>>,
    /// The vocabulary, by its name, its URI, its id in the feed or its `id` here. A vocabulary that many feeds share
    /// also goes by its usual names.
    taxonomy: Option<String>,
    /// In this group, given by its `key`: equal terms in all sources.
    group: Option<ID>,
    /// Directly below the term with this `id`.
    parent: Option<ID>,
    /// Whether to return only terms without a broader term.
    #[graphql(default_with = "Some(false)")]
    root_only: Option<bool>,
}

impl TaxonomyTermFilterInput {
    pub(crate) fn into_filter(self, ctx: &FieldContext<'_>) -> Result<TaxonomyTermFilter, ApiError> {
        let parent = |id: ID| lookup::record_id("filter.parent", &id, RecordKind::TaxonomyTerm);
        Ok(TaxonomyTermFilter {
            text: text::search(self.text.as_deref())?,
            sources: super::known_sources(ctx, "filter.sources", self.sources)?,
            taxonomy: self.taxonomy,
            group: self.group.map(|key| group_key("filter.group", &key)).transpose()?,
            parent: self.parent.map(parent).transpose()?,
            root_only: self.root_only.unwrap_or_default(),
        })
    }
}
