//! What is known of places.

use async_graphql::Enum;
use oruk_gateway_derive::GraphEnum;

use crate::model;

/// How precisely a postcode is located.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum, GraphEnum)]
#[graphql(remote = "model::PostcodeAccuracy")]
pub(crate) enum PlaceAccuracy {
    /// The centre of the postcode.
    Postcode,
    /// The postcode itself, to within about 150 metres: it was retired before 2000, when positions were recorded to the
    /// nearest 100 metres, or it is newer than the directory and was placed by your sources' addresses.
    Approximate,
    /// The centre of the postcode's sector, e.g. `BS1 4`.
    Sector,
    /// The centre of the postcode's district, e.g. `BS1`.
    District,
}

/// The kind of place a name refers to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum, GraphEnum)]
#[graphql(remote = "model::PlaceKind")]
pub(crate) enum PlaceKind {
    /// A city, town or village, or part of one.
    Settlement,
    /// A council area. Its point is the centre of its postcodes.
    Council,
    /// A county, or London. Its point is the centre of its postcodes.
    County,
    /// A postcode.
    Postcode,
    /// A postcode sector, e.g. `BS1 4`.
    PostcodeSector,
    /// A postcode district, e.g. `BS1`.
    PostcodeDistrict,
}

/// Where the gateway knows a place from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum, GraphEnum)]
#[graphql(remote = "model::PlaceOrigin")]
pub(crate) enum PlaceOrigin {
    /// The built-in GeoNames table of towns and villages.
    Gazetteer,
    /// The addresses published by your sources; the point is their median.
    Addresses,
    /// The official list of councils and counties.
    Areas,
    /// The built-in postcode directory, or the file you configured.
    Postcodes,
}

/// How a place's name matches the name asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum, GraphEnum)]
#[graphql(remote = "model::NameMatch")]
pub(crate) enum PlaceNameMatch {
    /// The names are equal, ignoring case, accents, punctuation and the difference between "saint" and "St".
    Exact,
    /// The name asked for, followed by where the place lies: `Newcastle upon Tyne` for `Newcastle`.
    Short,
    /// The place's name begins with the name asked for.
    Beginning,
    /// The names are spelt similarly. Used only when nothing else matches.
    Similar,
}
