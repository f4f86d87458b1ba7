//! What is asked of organisations.

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
    /// Words that must all occur in name, other name or description; `"quoted phrases"` keep their order. A text
    /// without words is no condition; at most 500 characters.
    text: Option<String>,
    /// Keys of the sources to ask. Left out, all are asked.
    sources: Option<Vec<String>>,
    /// Carries this registration number.
    identifier: Option<IdentifierInput>,
    /// Its record carries such an issue. An empty object means any issue.
    has_issue: Option<IssueInput>,
    /// Its record leaves out all of these. An empty list is no condition.
    missing: Option<Vec<OrganizationField>>,
    /// Changed at or after this instant. Organisations that do not say when they changed are kept.
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
