//! A box on the map.

use async_graphql::InputObject;

use crate::graphql::error::ApiError;
use crate::model::GeoBox;

/// A box on the map, in degrees (WGS84), edges included. `west` must not be greater than `east`; for a box across the
/// 180th meridian, ask for each half.
#[derive(Debug, InputObject)]
#[graphql(name = "BoxInput")]
pub(crate) struct BoxInput {
    /// The southern edge, -90 to 90.
    south: f64,
    /// The western edge, -180 to 180.
    west: f64,
    /// The northern edge, -90 to 90.
    north: f64,
    /// The eastern edge, -180 to 180.
    east: f64,
}

impl BoxInput {
    /// Converts the input, given as `filter.withinBox`.
    pub(super) fn into_box(self) -> Result<GeoBox, ApiError> {
        let Self { south, west, north, east } = self;
        GeoBox::new(south, west, north, east)
            .map_err(|error| ApiError::bad_input(format!("`filter.withinBox` {error}")))
    }
}
