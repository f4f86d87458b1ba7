//! The orders of services.

use async_graphql::{Enum, InputObject};

use crate::model::{OrderBy, SortDirection, SortOrder};

/// The order of a list of services. Ties are ordered by name, then source, then the feed's own id. In either direction,
/// services without a value come last.
#[derive(Clone, Copy, Debug, InputObject)]
#[graphql(name = "ServiceOrder")]
pub(crate) struct ServiceOrderInput {
    /// The value to order by.
    field: ServiceOrderField,
    /// The direction. Defaults to ASC.
    #[graphql(default_with = "Some(OrderDirection::Asc)")]
    direction: Option<OrderDirection>,
}

/// What services can be ordered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "OrderBy")]
pub(crate) enum ServiceOrderField {
    /// How well the words of `filter.text` or `filter.ask` match: best first in either direction.
    Relevance,
    /// The name, ignoring case and accents.
    Name,
    /// The distance of the nearest place from the centre of `filter.near`.
    Distance,
    /// The instant of the last change.
    LastModified,
    /// The date of the last check.
    AssuredDate,
    /// The key of the source.
    Source,
}

/// The direction of an order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Enum)]
pub(crate) enum OrderDirection {
    /// Lowest first: A to Z, nearest first, oldest first.
    #[default]
    Asc,
    /// Highest first: Z to A, furthest first, newest first.
    Desc,
}

impl From<ServiceOrderInput> for SortOrder {
    fn from(asked: ServiceOrderInput) -> Self {
        let direction = match asked.direction.unwrap_or_default() {
            OrderDirection::Asc => SortDirection::Ascending,
            OrderDirection::Desc => SortDirection::Descending,
        };
        Self { by: asked.field.into(), direction }
    }
}
