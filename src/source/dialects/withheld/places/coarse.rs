//! Reduces places to about a kilometre and the outward half of a postcode.

use serde_json::{Map, Value, json};

use super::super::super::lenient::is_spelling;
use super::super::flags::{self, MASKED, PrivacyFlag, is_set};
use super::super::names::{self, is_any};
use super::super::private::each_object;
use super::super::whereabouts::{WHEREABOUTS, is_areas, is_of_area};
use super::{drop_texts, plain_words};
use crate::model::Postcode;

// The members of a masked place that are kept, reduced, besides its addresses.
const KEPT_OF_MASKED: [&str; 16] = [
    "id",
    MASKED,
    "location_type",
    "accessibility",
    "accessibilities",
    "accessibility_for_disabilities",
    "languages",
    "city",
    "region",
    "state_province",
    "country",
    "postal_code",
    "postcode",
    "geometry",
    "latitude",
    "longitude",
];
const ADDRESSES: [&str; 7] = [
    "address",
    "addresses",
    "physical_address",
    "physical_addresses",
    "physical_address_collection",
    "postal_address",
    "postal_addresses",
];
// The members of a masked address that are kept.
const KEPT_OF_ADDRESS: [&str; 8] =
    ["id", "address_type", "city", "region", "state_province", "country", "postal_code", "postcode"];
fn is_kept_of_masked(key: &str) -> bool {
    is_any(key, &KEPT_OF_MASKED) || is_any(key, &ADDRESSES)
}

/// Reduces the places in a record that is not a place itself, and what it says about its own.
pub(super) fn coarsen_within(members: &mut Map<String, Value>) {
    coarsen_of(members, false);
}

// What an area says about itself is about whom something is for, and stays.
fn coarsen_of(members: &mut Map<String, Value>, is_area: bool) {
    members.retain(|key, value| {
        let is_text = names::is_place(key) && !value.is_object() && !value.is_array();
        !is_text && (!is_any(key, &WHEREABOUTS) || is_kept_of_masked(key) || (is_area && is_of_area(key)))
    });
    for (key, value) in members.iter_mut() {
        if names::is_place(key) {
            drop_texts(value);
            each_object(value, &mut coarsen);
        } else if !(is_area && is_of_area(key)) {
            coarsen_member(key, value);
            let is_area = is_area || is_areas(key);
            each_object(value, &mut |object| coarsen_of(object, is_area));
        }
    }
}

/// Reduces a place whose exact address is masked.
pub(super) fn coarsen(members: &mut Map<String, Value>) {
    members.retain(|key, _| is_kept_of_masked(key) || flags::flag(key).is_some());
    plain_words::make_plain(members);
    if !is_set(members, PrivacyFlag::MaskExactAddress) {
        members.insert(MASKED.to_owned(), json!(true));
    }
    for (key, value) in members.iter_mut() {
        coarsen_member(key, value);
    }
}

fn coarsen_member(key: &str, value: &mut Value) {
    match key {
        key if is_any(key, &["postal_code", "postcode"]) => {
            *value = value.as_str().and_then(outcode).map_or(Value::Null, Value::String);
        }
        key if is_any(key, &["latitude", "longitude"]) => *value = rounded(value),
        key if is_spelling(key, "geometry") => *value = rounded_point(value),
        key if is_any(key, &ADDRESSES) => coarsen_addresses(value),
        _ => {}
    }
}

// A plain text instead of an address is the whole address, so it goes.
fn coarsen_addresses(value: &mut Value) {
    match value {
        Value::Object(address) => {
            address.retain(|key, _| is_any(key, &KEPT_OF_ADDRESS));
            for (key, value) in address.iter_mut() {
                coarsen_member(key, value);
            }
        }
        Value::Array(elements) => {
            elements.retain(|element| element.is_object() || element.is_array());
            elements.iter_mut().for_each(coarsen_addresses);
        }
        other => *other = Value::Null,
    }
}

fn rounded_point(geometry: &Value) -> Value {
    let axis = |index: usize| geometry.get("coordinates")?.get(index).map(rounded);
    match (axis(0), axis(1)) {
        (Some(longitude), Some(latitude)) => {
            json!({"type": "Point", "coordinates": [longitude, latitude]})
        }
        _ => Value::Null,
    }
}

// Two decimals are about a kilometre.
fn rounded(degrees: &Value) -> Value {
    let degrees = degrees.as_f64().or_else(|| degrees.as_str()?.trim().parse().ok());
    degrees
        .filter(|degrees| degrees.is_finite())
        .map_or(Value::Null, |degrees| json!((degrees * 100.0).round() / 100.0))
}

/// Returns the outward half of the postcode in a text.
pub(in crate::source) fn outcode(text: &str) -> Option<String> {
    if let Ok(postcode) = Postcode::parse(text) {
        return Some(postcode.outward().to_owned());
    }
    let mut words = text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words.find_map(|word| {
        let whole = Postcode::parse(word).or_else(|_| Postcode::parse(&format!("{word}1AA")));
        whole.ok().map(|postcode| postcode.outward().to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outcodes_of_every_spelling() {
        for (text, read) in [
            ("HP5 1AG", Some("HP5")),
            ("HP51AG", Some("HP5")),
            ("hp5", Some("HP5")),
            ("Chesham HP5 1AG", Some("HP5")),
            ("3 Elm Lane", None),
        ] {
            assert_eq!(outcode(text).as_deref(), read, "{text}");
        }
    }
}
