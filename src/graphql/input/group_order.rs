//! The orders groups of services can be asked for in.

use async_graphql::{Enum, InputObject};

use super::service_order::OrderDirection;
use crate::model::{Direction, GroupOrder, GroupOrderBy};

/// The order of groups of services. Groups that are alike in it follow each other by their keys.
#[derive(Clone, Copy, Debug, InputObject)]
#[graphql(name = "GroupOrder")]
pub(crate) struct GroupOrderInput {
    /// What it goes by.
    field: GroupOrderField,
    /// Which way round. Null means DESC by COUNT, ASC by KEY.
    direction: Option<OrderDirection>,
}

/// What an order of groups goes by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "GroupOrderBy")]
pub(crate) enum GroupOrderField {
    /// How many services there are.
    Count,
    /// What the services have in common, one dimension after the other: months by time, FRESHNESS from the freshest, DAY
    /// from Monday, COST from free, STATUS as `ServiceStatus` lists it, all else by name without regard to case and
    /// accents. What has no name comes after what has, and services that state nothing last, whichever way round it is.
    Key,
}

impl From<GroupOrderInput> for GroupOrder {
    fn from(asked: GroupOrderInput) -> Self {
        let by = asked.field.into();
        let direction = match (asked.direction, by) {
            (Some(OrderDirection::Asc), _) | (None, GroupOrderBy::Key) => Direction::Ascending,
            (Some(OrderDirection::Desc), _) | (None, GroupOrderBy::Count) => Direction::Descending,
        };
        Self { by, direction }
    }
}
