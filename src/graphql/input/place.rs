//! A place that service areas are compared with.

use async_graphql::{InputObject, OneofObject};

use crate::graphql::error::ApiError;
use crate::graphql::scalars::Postcode;
use crate::model::{AreaCode, AskedPlace, Coordinates, PostcodeDoubt, PostcodePlaces};

/// A place: one of these.
#[derive(Debug, OneofObject)]
#[graphql(name = "PlaceInput")]
pub(crate) enum PlaceInput {
    /// The centre of a postcode, or the area covered by the first part of one.
    Postcode(Postcode),
    /// A point.
    Point(PointInput),
    /// An area, by its ONS code, e.g. `E06000023`.
    AreaCode(String),
}

/// A point, in degrees (WGS84).
#[derive(Debug, InputObject)]
#[graphql(name = "PointInput")]
pub(crate) struct PointInput {
    /// Degrees north of the equator, -90 to 90.
    latitude: f64,
    /// Degrees east of Greenwich, -180 to 180.
    longitude: f64,
}

impl PlaceInput {
    /// Converts the input, given as `filter.serves`.
    pub(in crate::graphql) fn into_whereabouts(
        self,
        postcodes: &PostcodePlaces,
    ) -> Result<AskedPlace, ApiError> {
        match self {
            Self::Postcode(Postcode(postcode)) => {
                let known = AskedPlace::of_asked(&postcode, postcodes);
                known.ok_or_else(|| ApiError::PostcodeUnknown {
                    argument: "filter.serves.postcode",
                    doubt: PostcodeDoubt::of(&postcode),
                })
            }
            Self::Point(PointInput { latitude, longitude }) => {
                let point = coordinates("filter.serves.point", latitude, longitude)?;
                Ok(AskedPlace::of_point(point, postcodes))
            }
            Self::AreaCode(code) => {
                let code = AreaCode::parse(&code)
                    .map_err(|error| ApiError::bad_input(format!("`filter.serves.areaCode` {error}")))?;
                Ok(AskedPlace::of_area(code, postcodes))
            }
        }
    }
}

/// Returns a point. Returns an error if it is off the globe, or 0,0, which stands for no position.
pub(super) fn coordinates(argument: &str, latitude: f64, longitude: f64) -> Result<Coordinates, ApiError> {
    let message = || {
        format!(
            "`{argument}` must have a latitude from -90 to 90 and a longitude from -180 to 180, and must not be 0,0"
        )
    };
    Coordinates::new(latitude, longitude).ok_or_else(|| ApiError::bad_input(message()))
}
