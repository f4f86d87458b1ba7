//! The orders services can be asked for in.

use async_graphql::{Enum, InputObject};

use crate::model::{Direction, Order, OrderBy};

/// The order of a list of services. Services that are alike in it follow each other by name, then source, then the
/// feed's own id; those that lack what it goes by come last, whichever way round it is.
#[derive(Clone, Copy, Debug, InputObject)]
#[graphql(name = "ServiceOrder")]
pub(crate) struct ServiceOrderInput {
    /// What it goes by.
    field: ServiceOrderField,
    /// Which way round. Null means ASC.
    #[graphql(default_with = "Some(OrderDirection::Asc)")]
    direction: Option<OrderDirection>,
}

/// What an order of services goes by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "OrderBy")]
pub(crate) enum ServiceOrderField {
    /// How well the words of `filter.text` match: the best first, whichever direction is given.
    Relevance,
    /// The name, without regard to case and accents.
    Name,
    /// The distance of the nearest place from the point of `filter.near`.
    Distance,
    /// The instant of the last change.
    LastModified,
    /// The date of the last check.
    AssuredDate,
    /// The key of the source.
    Source,
}

/// Which way round an order is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Enum)]
pub(crate) enum OrderDirection {
    /// Least first: A to Z, nearest first, oldest first.
    #[default]
    Asc,
    /// Greatest first: Z to A, farthest first, newest first.
    Desc,
}

impl From<ServiceOrderInput> for Order {
    fn from(asked: ServiceOrderInput) -> Self {
        let direction = match asked.direction.unwrap_or_default() {
            OrderDirection::Asc => Direction::Ascending,
            OrderDirection::Desc => Direction::Descending,
        };
        Self { by: asked.field.into(), direction }
    }
}
