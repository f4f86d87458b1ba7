//! Registration numbers in filters.

use async_graphql::InputObject;

use crate::model::IdentifierFilter;

/// A number under which an organisation is registered.
#[derive(Debug, InputObject)]
#[graphql(name = "IdentifierInput")]
pub(crate) struct IdentifierInput {
    /// The register, as an org-id.guide code such as `GB-CHC`. Defaults to any register.
    scheme: Option<String>,
    /// The number.
    value: String,
}

impl IdentifierInput {
    pub(super) fn into_filter(self) -> IdentifierFilter {
        IdentifierFilter::new(self.scheme.as_deref(), &self.value)
    }
}
