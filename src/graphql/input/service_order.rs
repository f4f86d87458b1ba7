//! By what services are ordered.

use async_graphql::{Enum, InputObject};

use crate::model;

/// By what services are ordered. Services that do not state it come last; where two are equal, name, source and the
/// feed's own id decide.
#[derive(Debug, InputObject)]
#[graphql(name = "ServiceOrder")]
pub(crate) struct ServiceOrderInput {
    /// By what.
    field: ServiceOrderField,
    /// Which way.
    #[graphql(default_with = "Some(OrderDirection::Asc)")]
    direction: Option<OrderDirection>,
}

/// What services are ordered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "model::ServiceOrderField")]
pub(crate) enum ServiceOrderField {
    /// How well `filter.text` was matched: the best first, in either direction.
    Relevance,
    /// The name, without regard to case or accent.
    Name,
    /// The way from the point `filter.near` asks about to the nearest of the service's places.
    Distance,
    /// When the service was last changed.
    LastModified,
    /// When the service was last checked by its publisher.
    AssuredDate,
    /// The key of its source.
    Source,
}

/// Which way an order goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Enum)]
#[graphql(remote = "model::OrderDirection")]
pub(crate) enum OrderDirection {
    /// From the least to the most: A before Z, the nearest first, the longest ago first.
    #[default]
    Asc,
    /// From the most to the least: Z before A, the farthest first, the latest first.
    Desc,
}

impl From<ServiceOrderInput> for model::ServiceOrder {
    fn from(input: ServiceOrderInput) -> Self {
        Self { field: input.field.into(), direction: input.direction.unwrap_or_default().into() }
    }
}

#[cfg(test)]
mod tests {
    use async_graphql::InputType as _;

    use super::*;

    #[test]
    fn the_direction_may_be_left_out_or_null() {
        for text in [r#"{"field": "LAST_MODIFIED"}"#, r#"{"field": "LAST_MODIFIED", "direction": null}"#] {
            let value = serde_json::from_str(text).unwrap();
            let order: model::ServiceOrder = ServiceOrderInput::parse(Some(value)).unwrap().into();
            assert_eq!(order.field, model::ServiceOrderField::LastModified);
            assert!(!order.is_descending());
        }
    }

    #[test]
    fn the_best_matches_come_first_in_either_direction() {
        for direction in [OrderDirection::Asc, OrderDirection::Desc] {
            let input = ServiceOrderInput { field: ServiceOrderField::Relevance, direction: Some(direction) };
            assert!(model::ServiceOrder::from(input).is_descending());
        }
    }
}
