//! What is asked of capacities.

use async_graphql::InputObject;

use super::text;
use crate::graphql::error::ApiError;
use crate::model::{CapacityFilter, UnitName};

/// Places, beds or other units that a service has, as of their last update; all that is given must hold.
#[derive(Debug, InputObject)]
#[graphql(name = "CapacityInput")]
pub(crate) struct CapacityInput {
    /// Whether anything is free (true) or everything is taken (false).
    has_free_places: Option<bool>,
    /// At least so many units are free: one or more.
    available_at_least: Option<f64>,
    /// There is room for at least so many units, free or taken: one or more.
    maximum_at_least: Option<f64>,
    /// Only capacities in this unit count: its name, code or address, in any case, singular or plural, e.g. `beds`. Asks
    /// nothing by itself.
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
