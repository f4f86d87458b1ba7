//! What clients are told of a name that does not say where to look.

use async_graphql::{ErrorExtensionValues, Value};
use itertools::Itertools as _;
use serde_json::json;

use crate::graphql::types::PlaceKind;
use crate::model::{NamedPlace, PlaceError};

/// Says which places may be meant, and how to ask for each.
pub(super) fn message(argument: &str, error: &PlaceError) -> String {
    match error {
        PlaceError::Ambiguous(candidates) => {
            let ways = listed(&ways(candidates));
            format!("`{argument}` may be any of {} places; ask for {ways}", candidates.len())
        }
        PlaceError::Unknown(similar) if similar.is_empty() => {
            format!("`{argument}` is no place that is known; `places(name:)` finds those that are")
        }
        PlaceError::Unknown(similar) => {
            format!("`{argument}` is no place that is known; spelt nearly so are {}", listed(&ways(similar)))
        }
    }
}

/// Adds the places, for programs that let somebody choose.
pub(super) fn extend(extensions: &mut ErrorExtensionValues, error: &PlaceError) {
    let places = match error {
        PlaceError::Ambiguous(places) | PlaceError::Unknown(places) => places,
    };
    let each = places.iter().zip(ways(places)).map(|(place, ask_as)| {
        let kind = async_graphql::resolver_utils::enum_value(PlaceKind::from(place.kind));
        json!({
            "name": place.name,
            "askAs": ask_as,
            "county": place.county(),
            "kind": kind.into_json().unwrap_or_default(),
            "point": { "latitude": place.point.latitude, "longitude": place.point.longitude },
        })
    });
    let each = Value::from_json(each.collect()).unwrap_or_default();
    extensions.set("candidates", each);
}

fn ways(places: &[NamedPlace]) -> Vec<String> {
    let namesakes =
        |place: &NamedPlace| places.iter().filter(|other| other.name == place.name).collect::<Vec<_>>();
    places.iter().map(|place| place.among(namesakes(place))).collect()
}

fn listed(ways: &[String]) -> String {
    // A city and its council may have one name.
    let quoted: Vec<String> = ways.iter().unique().map(|way| format!("`{way}`")).collect();
    match quoted.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} or {last}", others.join(", ")),
        None => String::new(),
    }
}
