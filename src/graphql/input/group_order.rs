//! The orders of groups of services.

use async_graphql::{Enum, InputObject};

use super::service_order::OrderDirection;
use crate::model::{GroupOrder, GroupOrderBy, SortDirection};

/// The order of groups of services. Ties are ordered by key.
#[derive(Clone, Copy, Debug, InputObject)]
#[graphql(name = "GroupOrder")]
pub(crate) struct GroupOrderInput {
    /// The value to order by.
    field: GroupOrderField,
    /// The direction. Defaults to DESC for COUNT and ASC for KEY.
    direction: Option<OrderDirection>,
}

/// What groups can be ordered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "GroupOrderBy")]
pub(crate) enum GroupOrderField {
    /// By the number of services.
    Count,
    /// By what the groups have in common, one dimension after another: months in order of time, FRESHNESS from the
    /// freshest, DAY from Monday, COST from free, STATUS in the order of `ServiceStatus`, everything else by name,
    /// ignoring case and accents. In either direction, values without a name follow those with one, and services
    /// without a value come last.
    Key,
}

impl From<GroupOrderInput> for GroupOrder {
    fn from(asked: GroupOrderInput) -> Self {
        let by = asked.field.into();
        let direction = match (asked.direction, by) {
            (Some(OrderDirection::Asc), _) | (None, GroupOrderBy::Key) => SortDirection::Ascending,
            (Some(OrderDirection::Desc), _) | (None, GroupOrderBy::Count) => SortDirection::Descending,
        };
        Self { by, direction }
    }
}
