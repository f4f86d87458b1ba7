//! Places by name.

use crate::graphql::context::FieldContext;
use async_graphql::Enum;
use oruk_gateway_derive::{GraphEnum, GraphObject};

use super::grid::PointOnMap;
use super::places::Area;
use crate::graphql::error::ApiError;
use crate::model::{self, FoundPlace};

/// How many places a client gets that does not say.
pub(crate) const DEFAULT_PLACES: i32 = 10;

/// The most places that may be asked for.
pub(crate) const MAX_PLACES: i32 = 50;

/// Longer than the name of any place.
const MAX_CHARS: usize = 100;

/// A place that may be meant by a name.
#[derive(GraphObject)]
pub(crate) struct PlaceCandidate {
    /// What it is called.
    name: String,
    /// How to ask for it among the others of its name, e.g. `Newport, Isle of Wight`: given as `near.place.name`, it means
    /// this place and no other.
    ask_as: String,
    /// The county that it lies in as people say it, or the council's area where there is none around it. Null where
    /// neither is known, or the place is one itself.
    county: Option<String>,
    /// The council's area that it lies in or is. Null where that is not known, or it lies in several.
    local_authority: Option<Area>,
    /// What sort of place it is.
    kind: PlaceKind,
    /// Its middle.
    point: PointOnMap,
    /// Where it is known from.
    known_from: Vec<PlaceOrigin>,
    /// How its name is like the one asked for.
    matched: PlaceNameMatch,
}

/// What sort of place a name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum, GraphEnum)]
#[graphql(remote = "model::PlaceKind")]
pub(crate) enum PlaceKind {
    /// A city, town or village, or a part of one.
    Settlement,
    /// The area of a council. Its point is the middle of its postcodes.
    Council,
    /// A county, or London. Its point is the middle of its postcodes.
    County,
    /// A postcode.
    Postcode,
    /// A postcode sector, e.g. `BS1 4`.
    PostcodeSector,
    /// A postcode district, e.g. `BS1`.
    PostcodeDistrict,
}

/// Where a place is known from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum, GraphEnum)]
#[graphql(remote = "model::PlaceOrigin")]
pub(crate) enum PlaceOrigin {
    /// GeoNames, a table of towns and villages that is built in.
    Gazetteer,
    /// The addresses that the sources publish: their median.
    Addresses,
    /// The official list of councils and counties.
    Areas,
    /// The directory of postcodes, or the file that is configured.
    Postcodes,
}

/// How the name of a place is like the one asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum, GraphEnum)]
#[graphql(remote = "model::NameMatch")]
pub(crate) enum PlaceNameMatch {
    /// It is that name; case, accents, punctuation and "saint" for "St" make no difference.
    Exact,
    /// It is that name and where it lies: `Newcastle upon Tyne` for `Newcastle`.
    Short,
    /// It begins with that name.
    Beginning,
    /// It is spelt nearly so. Only where nothing else is found.
    Similar,
}

/// The places that may be meant by a name.
pub(crate) async fn places(
    ctx: &FieldContext<'_>,
    name: &str,
    first: Option<i32>,
) -> Result<Vec<PlaceCandidate>, ApiError> {
    let first = first.unwrap_or(DEFAULT_PLACES);
    if !(1..=MAX_PLACES).contains(&first) {
        return Err(ApiError::bad_input(format!("`first` must be 1 to {MAX_PLACES}")));
    }
    let name = bounded_name("name", name)?;
    let federation = ctx.federation();
    federation.know_place_names(ctx.searching().await).await;
    let most = usize::try_from(first).unwrap_or_default();
    let found = federation.place_names().find(name, &federation.places(), most);
    Ok(found.iter().map(PlaceCandidate::new).collect())
}

/// The name, if it is no longer than any place's.
pub(crate) fn bounded_name<'n>(argument: &str, name: &'n str) -> Result<&'n str, ApiError> {
    match name.chars().count() {
        0..=MAX_CHARS => Ok(name),
        _ => Err(ApiError::bad_input(format!("`{argument}` has more than {MAX_CHARS} characters"))),
    }
}

impl PlaceCandidate {
    fn new(found: &FoundPlace) -> Self {
        let place = &found.place;
        Self {
            name: place.name.to_string(),
            ask_as: place.ask_as.to_string(),
            county: place.county(),
            local_authority: place.council().map(Area::new),
            kind: place.kind.into(),
            point: place.point.into(),
            known_from: place.known_from.iter().copied().map(PlaceOrigin::from).collect(),
            matched: found.by.into(),
        }
    }
}
