//! Conditions on prices.

use async_graphql::InputObject;

use crate::graphql::error::ApiError;
use crate::model::CostFilter;

/// What a service may cost; all that are given must hold. Prices that do not apply today are ignored.
#[derive(Debug, InputObject)]
#[graphql(name = "CostInput")]
pub(crate) struct CostInput {
    /// Whether the service is free, by `Service.isFree`: `true` matches YES, `false` matches NO. A service with a free
    /// price among others is free.
    free: Option<bool>,
    /// The most that it may cost, in pounds: at least one price is no higher, or the service is free. Amounts are
    /// compared as published, whatever unit they are for (see `amountDescription`). Prices in other currencies are
    /// ignored.
    maximum_amount: Option<f64>,
}

impl CostInput {
    pub(super) fn into_filter(self) -> Result<CostFilter, ApiError> {
        if self.maximum_amount.is_some_and(|most| !most.is_finite() || most < 0.0) {
            return Err(ApiError::bad_input("`filter.cost.maximumAmount` must not be negative"));
        }
        Ok(CostFilter { free: self.free, maximum_amount: self.maximum_amount })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_amount_is_below_nothing() {
        let asked = |most| CostInput { free: None, maximum_amount: Some(most) }.into_filter();
        assert!(asked(-0.01).is_err() && asked(f64::NAN).is_err());
        assert_eq!(asked(0.0).unwrap().maximum_amount, Some(0.0));
    }
}
