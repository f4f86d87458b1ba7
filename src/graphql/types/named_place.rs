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

/// A place that a name may refer to.
#[derive(GraphObject)]
pub(crate) struct PlaceCandidate {
    /// Its name.
    name: String,
    /// A name that means this place and no other, for `near.place.name`, e.g. `Newport, Isle of Wight`.
    ask_as: String,
    /// The county it lies in, as people say it, or the council area if there is no county. `null` when neither is
    /// known, or the place is itself a county or council area.
    county: Option<String>,
    /// The council area it lies in, or is. `null` when it is not known, or the place lies in several.
    local_authority: Option<Area>,
    /// The kind of place.
    kind: PlaceKind,
    /// The centre of the place.
    point: PointOnMap,
    /// Where the gateway knows the place from.
    known_from: Vec<PlaceOrigin>,
    /// How the place's name matches the name asked for.
    matched: PlaceNameMatch,
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
    federation.places.know_names(ctx.searching().await).await;
    let most = usize::try_from(first).unwrap_or_default();
    let found = federation.places.names().find(name, &federation.places.postcodes(), most);
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
