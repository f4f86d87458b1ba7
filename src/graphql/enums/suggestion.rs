//! What suggestions name.

use async_graphql::Enum;
use oruk_gateway_derive::GraphEnum;

use crate::federation;

/// The kinds of thing that suggestions name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum, GraphEnum)]
#[graphql(remote = "federation::SuggestedKind")]
pub(crate) enum SuggestionKind {
    /// Something people need, such as loneliness or debt.
    Need,
    /// A town, district or other place.
    Place,
    /// A taxonomy term.
    Term,
    /// An organisation.
    Organization,
    /// A service.
    Service,
}
