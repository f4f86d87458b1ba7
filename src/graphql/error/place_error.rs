//! Messages for names that do not determine a place.

use async_graphql::{ErrorExtensionValues, Value};
use serde_json::json;

use crate::graphql::enums::PlaceKind;
use crate::model::{AskedPostcodeError, NamedPlace, PlaceError};

/// Returns which places may be meant, and how to ask for each.
pub(super) fn message(argument: &str, error: &PlaceError) -> String {
    match error {
        PlaceError::Ambiguous(candidates) => {
            let ways = listed(&ways(candidates));
            format!("`{argument}` could be any of {} places; ask for {ways}", candidates.len())
        }
        PlaceError::Unknown(similar) if similar.is_empty() => {
            format!("`{argument}` is not a known place; search for one with `places(name:)`")
        }
        PlaceError::Unknown(similar) => {
            format!("`{argument}` is not a known place; did you mean {}?", listed(&ways(similar)))
        }
        PlaceError::Country(namesakes) => {
            let country = format!(
                "`{argument}` is a country, which is too large for `near`: give a town, a county or a postcode"
            );
            match namesakes.as_slice() {
                [] => country,
                _ => format!("{country}; the place of that name is called {}", listed(&ways(namesakes))),
            }
        }
        PlaceError::Postcode(doubt) => format!("`{argument}` {doubt}"),
        PlaceError::NoPostcode => format!("`{argument}` {AskedPostcodeError}"),
    }
}

/// Adds the places to the extensions, for programs that offer a choice.
pub(super) fn extend(extensions: &mut ErrorExtensionValues, error: &PlaceError) {
    let places = match error {
        PlaceError::Ambiguous(places) | PlaceError::Unknown(places) | PlaceError::Country(places) => places,
        PlaceError::Postcode(_) | PlaceError::NoPostcode => return,
    };
    let each = places.iter().map(|place| {
        let kind = async_graphql::resolver_utils::enum_value(PlaceKind::from(place.kind));
        json!({
            "name": place.name,
            "askAs": place.ask_as,
            "county": place.county(),
            "kind": kind.into_json().unwrap_or_default(),
            "point": { "latitude": place.point.latitude, "longitude": place.point.longitude },
        })
    });
    let each = Value::from_json(each.collect()).unwrap_or_default();
    extensions.set("candidates", each);
}

fn ways(places: &[NamedPlace]) -> Vec<&str> {
    places.iter().map(|place| &*place.ask_as).collect()
}

fn listed(ways: &[&str]) -> String {
    let quoted: Vec<String> = ways.iter().map(|way| format!("`{way}`")).collect();
    match quoted.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} or {last}", others.join(", ")),
        None => String::new(),
    }
}
