//! Conditions on capacities.

use async_graphql::InputObject;

use super::text;
use crate::graphql::error::ApiError;
use crate::model::{CapacityFilter, UnitName};

/// Places, beds or other units of a service, as last updated. All conditions given must hold.
#[derive(Debug, InputObject)]
#[graphql(name = "CapacityInput")]
pub(crate) struct CapacityInput {
    /// `true` if any unit is free, `false` if all are taken.
    has_free_places: Option<bool>,
    /// At least this many units are free; at least 1.
    available_at_least: Option<f64>,
    /// At least this many units in all, free or taken; at least 1.
    maximum_at_least: Option<f64>,
    /// Counts only capacities in this unit, given as its name, code or URI, in any case, singular or plural, e.g.
    /// `beds`. Has no effect by itself.
    unit: Option<String>,
}

impl CapacityInput {
    pub(super) fn into_filter(self) -> Result<CapacityFilter, ApiError> {
        let Self { has_free_places, available_at_least, maximum_at_least, unit } = self;
        for (name, least) in [("availableAtLeast", available_at_least), ("maximumAtLeast", maximum_at_least)]
        {
            if least.is_some_and(|least| !least.is_finite() || least < 1.0) {
                let message = format!("`filter.capacity.{name}` must be 1 or more, e.g. 2");
                return Err(ApiError::bad_input(message));
            }
        }
        let unit = text::bounded("filter.capacity.unit", unit.as_deref())?;
        let nameless = || ApiError::bad_input("`filter.capacity.unit` has no letter or digit; e.g. \"beds\"");
        let unit = unit.map(|unit| UnitName::read(unit).ok_or_else(nameless)).transpose()?;
        Ok(CapacityFilter { unit, has_free_places, available_at_least, maximum_at_least })
    }
}
