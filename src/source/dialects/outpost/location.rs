//! Places: an address without a list around it, and a GeoJSON point.

use serde_json::{Map, Value};

use super::super::documents::{PublisherVocabulary, access_statements};
use super::super::lenient::{ShapedMembers, id_text};
use super::vocabulary;
use crate::model::IssueCode;

const ACCESS: PublisherVocabulary = vocabulary("accessibility", "Outpost accessibilities");
const ADDRESS: [&str; 7] =
    ["address_1", "address_2", "city", "region", "state_province", "postal_code", "country"];

/// Brings a location to the standard's shape.
pub(super) fn shape(shaping: &mut ShapedMembers<'_>) {
    let is_somewhere = point(shaping) | address(shaping);
    if is_somewhere && shaping.peek("location_type").is_none() {
        shaping.put("location_type", "physical".into());
    }
    access_statements(shaping, &ACCESS);
}

// Longitude comes first, as in GeoJSON.
fn point(shaping: &mut ShapedMembers<'_>) -> bool {
    if shaping.peek("latitude").is_some() || shaping.peek("longitude").is_some() {
        return true;
    }
    let axis = |index: usize| {
        let degrees = shaping.peek("geometry")?.get("coordinates")?.get(index)?;
        (degrees.is_number() || degrees.is_string()).then(|| degrees.clone())
    };
    let (Some(longitude), Some(latitude)) = (axis(0), axis(1)) else { return false };
    let Some((key, geometry)) = shaping.take("geometry") else { return false };
    // Anything beyond the two coordinates stays.
    if !is_plain_point(&geometry) {
        shaping.put(&key, geometry);
    }
    shaping.note(IssueCode::NonStandardFormat, &key, "is a GeoJSON point, not a latitude and a longitude");
    for (name, degrees) in [("latitude", latitude), ("longitude", longitude)] {
        shaping.moved(&format!("{key}.coordinates"), name);
        shaping.put(name, degrees);
    }
    true
}

fn is_plain_point(geometry: &Value) -> bool {
    let is_told = |(name, value): (&String, &Value)| match name.as_str() {
        "type" => value == "Point",
        "coordinates" => value.as_array().is_some_and(|axes| axes.len() == 2),
        _ => false,
    };
    geometry.as_object().is_some_and(|members| members.iter().all(is_told))
}

fn address(shaping: &mut ShapedMembers<'_>) -> bool {
    let taken = ADDRESS.iter().filter_map(|name| Some((*name, shaping.take(name)?)));
    let taken: Vec<_> = taken.collect();
    if !taken.iter().any(|(name, _)| *name != "country") {
        taken.into_iter().for_each(|(_, (key, value))| shaping.put(&key, value));
        return false;
    }
    let mut address = Map::new();
    address.extend(shaping.peek("id").and_then(id_text).map(|id| ("id".to_owned(), id.into())));
    address.insert("address_type".to_owned(), "physical".into());
    for (_, (key, value)) in taken {
        shaping.moved(&key, &format!("addresses[0].{key}"));
        address.insert(key, value);
    }
    shaping.moved("", "addresses[0]");
    shaping.push("addresses", Value::Object(address), None);
    true
}
