//! A place, and how far around it.

use async_graphql::{InputObject, OneofObject};

use super::place::coordinates;
use crate::graphql::error::ApiError;
use crate::graphql::scalars::Postcode;
use crate::model::{Near, Postcodes};

/// Around a place, by one of these.
#[derive(Debug, OneofObject)]
#[graphql(name = "NearInput")]
pub(crate) enum NearInput {
    /// Around the middle of a postcode.
    Postcode(NearPostcodeInput),
    /// Around a point.
    Point(NearPointInput),
}

/// Around the middle of a postcode.
#[derive(Debug, InputObject)]
#[graphql(name = "NearPostcodeInput")]
pub(crate) struct NearPostcodeInput {
    /// The postcode.
    postcode: Postcode,
    /// Metres from it, inclusive, as the crow flies: 1 to 500,000.
    #[graphql(default = 5000)]
    within_metres: i32,
}

/// Around a point, in degrees (WGS84).
#[derive(Debug, InputObject)]
#[graphql(name = "NearPointInput")]
pub(crate) struct NearPointInput {
    /// North of the equator, -90 to 90.
    latitude: f64,
    /// East of Greenwich, -180 to 180.
    longitude: f64,
    /// Metres from it, inclusive, as the crow flies: 1 to 500,000.
    #[graphql(default = 5000)]
    within_metres: i32,
}

impl NearInput {
    /// The place and the distance, given as `filter.near`.
    pub(in crate::graphql) fn into_near(self, postcodes: &Postcodes) -> Result<Near, ApiError> {
        match self {
            Self::Postcode(NearPostcodeInput { postcode, within_metres }) => {
                let within_metres = distance("filter.near.postcode.withinMetres", within_metres)?;
                let placed = postcodes.lookup(&postcode.0);
                let placed =
                    placed.ok_or(ApiError::PostcodeUnknown { argument: "filter.near.postcode.postcode" })?;
                Ok(Near { centre: placed.coordinates, within_metres })
            }
            Self::Point(NearPointInput { latitude, longitude, within_metres }) => {
                let within_metres = distance("filter.near.point.withinMetres", within_metres)?;
                let centre = coordinates("filter.near.point", latitude, longitude)?;
                Ok(Near { centre, within_metres })
            }
        }
    }
}

fn distance(argument: &str, metres: i32) -> Result<f64, ApiError> {
    let distance = f64::from(metres);
    if distance > 0.0 && distance <= Near::WIDEST {
        return Ok(distance);
    }
    Err(ApiError::bad_input(format!("`{argument}` is {metres}; it must be 1 to {}", Near::WIDEST)))
}
