//! Points, postcodes, named places, administrative areas and the areas that services cover.

mod area_code;
pub(in crate::model) mod areas;
mod coverage;
mod geojson;
mod place;
mod place_names;
mod points;
pub(in crate::model) mod postcode;
pub(in crate::model) mod postcodes;

pub use area_code::{AreaCode, AreaCodeError, AreaKind};
pub use coverage::{AskedPlace, CoverageAnswer, ServiceCoverage, SharedShapes};
pub use geojson::GeoJson;
pub use place::{Coordinates, ServiceArea};
pub use place_names::{
    AddressNames, FoundPlace, LearntPlaces, NameMatch, NamedPlace, PlaceError, PlaceKind, PlaceNames,
    PlaceOrigin,
};
pub use points::{
    DeliveryPoint, DeliveryPoints, GeoBox, GeoBoxError, MapTile, NearPoint, NearestPoint, place_of,
};
pub use postcode::{AskedPostcode, AskedPostcodeError, Postcode, PostcodeError};
pub use postcodes::{PostcodeAccuracy, PostcodeDoubt, PostcodePlace, PostcodePlaces, PostcodesError};
