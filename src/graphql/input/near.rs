//! A centre and a distance around it.

use async_graphql::{InputObject, OneofObject};

use super::place::coordinates;
use crate::graphql::error::ApiError;
use crate::graphql::fields::bounded_name;
use crate::graphql::meant_places::MeantPlaces;
use crate::graphql::scalars::Postcode;
use crate::model::{NearPoint, PlaceNames, PostcodeDoubt, PostcodePlaces};

/// The centre to search around: one of these.
#[derive(Debug, OneofObject)]
#[graphql(name = "NearInput")]
pub(crate) enum NearInput {
    /// Around the centre of a postcode.
    Postcode(NearPostcodeInput),
    /// Around a point.
    Point(NearPointInput),
    /// Around a place, by its name.
    Place(NearPlaceInput),
}

/// Around a place, by its name: a city, town, village, or part of one.
#[derive(Debug, InputObject)]
#[graphql(name = "NearPlaceInput")]
pub(crate) struct NearPlaceInput {
    /// The name, with its county or council if needed: `Newport, Isle of Wight`. A postcode or its first part (`BS3`)
    /// also works, with or without a town before it (`London SE25`). Fails with `PLACE_AMBIGUOUS` if several places
    /// have the name; the error says how to tell them apart. Fails with `PLACE_UNKNOWN` if no place has it.
    /// `extensions.places` in the response says which place was chosen.
    name: String,
    /// The distance from its centre in metres, inclusive, as the crow flies: 1 to 500,000.
    #[graphql(default = 5000)]
    within_metres: i32,
}

/// Around the centre of a postcode, or of all postcodes that begin with its first part.
#[derive(Debug, InputObject)]
#[graphql(name = "NearPostcodeInput")]
pub(crate) struct NearPostcodeInput {
    /// The postcode or its first part, e.g. `BS3`.
    postcode: Postcode,
    /// The distance in metres, inclusive, as the crow flies: 1 to 500,000.
    #[graphql(default = 5000)]
    within_metres: i32,
}

/// Around a point, in degrees (WGS84).
#[derive(Debug, InputObject)]
#[graphql(name = "NearPointInput")]
pub(crate) struct NearPointInput {
    /// Degrees north of the equator, -90 to 90.
    latitude: f64,
    /// Degrees east of Greenwich, -180 to 180.
    longitude: f64,
    /// The distance in metres, inclusive, as the crow flies: 1 to 500,000.
    #[graphql(default = 5000)]
    within_metres: i32,
}

impl NearInput {
    /// Returns whether the centre is given by name, so that place names must be known.
    pub(super) fn is_by_name(&self) -> bool {
        matches!(self, Self::Place(_))
    }

    /// Converts the input, given as `filter.near`.
    pub(in crate::graphql) fn into_near(
        self,
        postcodes: &PostcodePlaces,
        names: &PlaceNames,
        noted: &MeantPlaces,
    ) -> Result<NearPoint, ApiError> {
        match self {
            Self::Place(NearPlaceInput { name, within_metres }) => {
                let within_metres = distance("filter.near.place.withinMetres", within_metres)?;
                let argument = "filter.near.place.name";
                let place = names.resolve(bounded_name(argument, &name)?, postcodes);
                let place = place.map_err(|error| ApiError::Place { argument, error })?;
                noted.note(&name, &place);
                Ok(NearPoint { centre: place.point, within_metres })
            }
            Self::Postcode(NearPostcodeInput { postcode, within_metres }) => {
                let within_metres = distance("filter.near.postcode.withinMetres", within_metres)?;
                let placed = postcodes.lookup_asked(&postcode.0);
                let placed = placed.ok_or_else(|| ApiError::PostcodeUnknown {
                    argument: "filter.near.postcode.postcode",
                    doubt: PostcodeDoubt::of(&postcode.0),
                })?;
                noted.note_postcode(&postcode.0, &placed);
                Ok(NearPoint { centre: placed.coordinates, within_metres })
            }
            Self::Point(NearPointInput { latitude, longitude, within_metres }) => {
                let within_metres = distance("filter.near.point.withinMetres", within_metres)?;
                let centre = coordinates("filter.near.point", latitude, longitude)?;
                Ok(NearPoint { centre, within_metres })
            }
        }
    }
}

fn distance(argument: &str, metres: i32) -> Result<f64, ApiError> {
    let distance = f64::from(metres);
    if distance > 0.0 && distance <= NearPoint::WIDEST {
        return Ok(distance);
    }
    Err(ApiError::bad_input(format!("`{argument}` is {metres}; it must be 1 to {}", NearPoint::WIDEST)))
}
