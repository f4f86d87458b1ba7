//! Registration numbers in filters.

use async_graphql::InputObject;

use crate::model::IdentifierFilter;

/// A number under which another register knows an organisation.
#[derive(Debug, InputObject)]
#[graphql(name = "IdentifierInput")]
pub(crate) struct IdentifierInput {
    /// The register, as an org-id.guide code such as `GB-CHC`. Left out, any register counts.
    scheme: Option<String>,
    /// The number itself.
    value: String,
}

impl IdentifierInput {
    pub(super) fn into_filter(self) -> IdentifierFilter {
        IdentifierFilter::new(self.scheme.as_deref(), &self.value)
    }
}
