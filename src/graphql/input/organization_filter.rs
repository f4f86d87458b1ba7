//! Conditions on organisations.

use crate::graphql::context::FieldContext;
use async_graphql::InputObject;

use super::identifier::IdentifierInput;
use super::issue::IssueInput;
use super::missing::OrganizationField;
use super::{bounded, text};
use crate::federation::OrganizationFilter;
use crate::graphql::error::ApiError;
use crate::graphql::scalars::DateTime;

/// Conditions on organisations; all that are given must hold.
#[derive(Debug, Default, InputObject)]
#[graphql(name = "OrganizationFilter")]
pub(crate) struct OrganizationFilterInput {
    /// Words that must all occur in the name, other name or description. `"Quoted phrases"` match in order. Text
    /// without words is ignored. At most 500 characters.
    text: Option<String>,
    /// The keys of the sources to search. Default: all.
    sources: Option<Vec<String>>,
    /// Has this registration number.
    identifier: Option<IdentifierInput>,
    /// Its record has such an issue. An empty object matches any issue.
    has_issue: Option<IssueInput>,
    /// Its record lacks all of these. An empty list is ignored.
    missing: Option<Vec<OrganizationField>>,
    /// Changed at or after this instant. Organisations without a modification date are kept.
    modified_since: Option<DateTime>,
}

impl OrganizationFilterInput {
    pub(crate) fn into_filter(self, ctx: &FieldContext<'_>) -> Result<OrganizationFilter, ApiError> {
        Ok(OrganizationFilter {
            text: text::search(self.text.as_deref())?,
            sources: super::known_sources(ctx, "filter.sources", self.sources)?,
            identifier: self.identifier.map(IdentifierInput::into_filter),
            has_issue: self.has_issue.map(IssueInput::into_filter).transpose()?,
            missing: bounded("filter.missing", self.missing)?.into_iter().flatten().map(Into::into).collect(),
            modified_since: self.modified_since.map(|at| at.0),
        })
    }
}
