//! Places by name.

use oruk_gateway_derive::GraphObject;

use super::grid::PointOnMap;
use super::places::Area;
use crate::graphql::enums::{PlaceKind, PlaceNameMatch, PlaceOrigin};
use crate::model::FoundPlace;

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

impl PlaceCandidate {
    pub(crate) fn new(found: &FoundPlace) -> Self {
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
