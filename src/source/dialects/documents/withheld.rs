//! Places that publishers keep back: what would give one away is taken out before anything else is read, so that
//! it is in no member, no `extra` and no note.

use serde_json::{Map, Value, json};

use super::super::lenient::{Shaping, is_spelling, member, truth};
use crate::model::{IssueCode, Postcode, RecordKind};

const HIDDEN: &str = "hide_address";
const MASKED: &str = "mask_exact_address";

// All that is kept of a place whose publisher hides it.
const KEPT_OF_HIDDEN: [&str; 7] = [
    "id",
    HIDDEN,
    "location_type",
    "accessibility",
    "accessibilities",
    "accessibility_for_disabilities",
    "languages",
];
// All that is kept, once made coarse, of a place whose exact address its publisher masks.
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
const PLACES: [&str; 2] = ["location", "locations"];
// Members that say where something is, under any record. Areas are not among them: they say whom it is for.
const WHEREABOUTS: [&str; 32] = [
    "address",
    "addresses",
    "address1",
    "address2",
    "address3",
    "address4",
    "address_line_1",
    "address_line_2",
    "coordinates",
    "distance_away",
    "distance_away_is_service_area",
    "easting",
    "external_identifier",
    "geo",
    "geometry",
    "google_place_id",
    "lat",
    "latitude",
    "lng",
    "lon",
    "longitude",
    "map_url",
    "northing",
    "physical_addresses",
    "point",
    "postal_addresses",
    "postal_code",
    "postcode",
    "street",
    "street_address",
    "uprn",
    "what3words",
];

/// Takes out of a record what its publisher says is not to be known, and notes that it did.
pub(in crate::source::dialects) fn withhold(kind: RecordKind, shaping: &mut Shaping<'_>) {
    let is_place = kind == RecordKind::Location;
    if is_set(shaping.members(), HIDDEN) {
        let message = "the publisher hides the address, so the place is left out";
        shaping.note(IssueCode::Withheld, HIDDEN, message);
    } else if is_place && is_set(shaping.members(), MASKED) {
        let message = "the publisher masks the exact address: the place is coarse, to about a kilometre";
        shaping.note(IssueCode::Withheld, MASKED, message);
    }
    withhold_in(shaping.members(), is_place);
}

fn withhold_in(members: &mut Map<String, Value>, is_place: bool) {
    if is_set(members, HIDDEN) {
        hide(members, is_place);
        return;
    }
    if is_set(members, MASKED) {
        coarsen(members);
    }
    for (key, value) in members.iter_mut() {
        let is_place = PLACES.iter().any(|name| is_spelling(key, name));
        each_object(value, &mut |object| withhold_in(object, is_place));
    }
}

// A flag that nobody can read is taken at its worst.
fn is_set(members: &Map<String, Value>, flag: &str) -> bool {
    member(members, flag).is_some_and(|value| truth(value) != Some(false))
}

fn hide(members: &mut Map<String, Value>, is_place: bool) {
    if is_place {
        members.retain(|key, _| is_any(key, &KEPT_OF_HIDDEN));
        members.insert(HIDDEN.to_owned(), json!(true));
        return;
    }
    // A bare text in a place's stead is its name, or its address.
    members.retain(|key, value| {
        !is_any(key, &WHEREABOUTS) && (!is_any(key, &PLACES) || value.is_object() || value.is_array())
    });
    for (key, value) in members.iter_mut() {
        let is_place = is_any(key, &PLACES);
        if is_place && let Value::Array(elements) = value {
            elements.retain(Value::is_object);
        }
        if !is_spelling(key, "service_areas") {
            each_object(value, &mut |object| hide(object, is_place));
        }
    }
}

fn coarsen(members: &mut Map<String, Value>) {
    members.retain(|key, _| is_any(key, &KEPT_OF_MASKED));
    for (key, value) in members.iter_mut() {
        match key {
            key if is_any(key, &["postal_code", "postcode"]) => {
                *value = value.as_str().and_then(outcode).map_or(Value::Null, Value::String);
            }
            key if is_any(key, &["latitude", "longitude"]) => *value = rounded(value),
            key if is_spelling(key, "geometry") => *value = rounded_point(value),
            _ => {}
        }
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

// To two decimals: about a kilometre.
fn rounded(degrees: &Value) -> Value {
    let degrees = degrees.as_f64().or_else(|| degrees.as_str()?.trim().parse().ok());
    degrees
        .filter(|degrees| degrees.is_finite())
        .map_or(Value::Null, |degrees| json!((degrees * 100.0).round() / 100.0))
}

fn outcode(text: &str) -> Option<String> {
    if let Ok(postcode) = Postcode::parse(text) {
        return Some(postcode.outward().to_owned());
    }
    let mut words = text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words.find_map(|word| {
        let whole = Postcode::parse(word).or_else(|_| Postcode::parse(&format!("{word}1AA")));
        whole.ok().map(|postcode| postcode.outward().to_owned())
    })
}

fn is_any(key: &str, names: &[&str]) -> bool {
    names.iter().any(|name| is_spelling(key, name))
}

fn each_object(value: &mut Value, change: &mut impl FnMut(&mut Map<String, Value>)) {
    match value {
        Value::Object(members) => change(members),
        Value::Array(elements) => elements.iter_mut().for_each(|element| each_object(element, change)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn withheld(mut record: Value, is_place: bool) -> Value {
        withhold_in(record.as_object_mut().unwrap(), is_place);
        record
    }

    #[test]
    fn quirk_60_a_masked_place_is_coarse_whatever_is_sent() {
        let sent = json!({
            "id": 7, "maskExactAddress": "true", "name": "3 Elm Lane", "address_1": "3 Elm Lane",
            "postal_code": "hp5 1ag, UK", "latitude": "51.71234", "google_place_id": "x",
            "geometry": {"type": "Point", "coordinates": [-0.61234, 51.71234], "note": "back door"},
        });
        let read = json!({
            "id": 7, "maskExactAddress": "true", "postal_code": "HP5", "latitude": 51.71,
            "geometry": {"type": "Point", "coordinates": [-0.61, 51.71]},
        });
        assert_eq!(withheld(sent, true), read);
        let nested = json!({"other": [{"mask_exact_address": 1, "address_1": "3 Elm Lane"}]});
        assert_eq!(withheld(nested, false), json!({"other": [{"mask_exact_address": 1}]}));
    }

    #[test]
    fn a_hidden_place_leaves_nothing() {
        let sent = json!({
            "id": "1", "hide_address": true, "distance_away": 0.1, "postcode": "SO14 2AQ",
            "service_areas": [{"name": "Elmshire", "geometry": 1}],
            "organization": {"id": "2", "location": "3 Elm Lane", "locations": ["3 Elm Lane", {"name": "3 Elm Lane"}]},
            "service_at_locations": [{"location": {"id": "3", "name": "3 Elm Lane", "latitude": 50.9}}],
        });
        let read = json!({
            "id": "1", "hide_address": true,
            "service_areas": [{"name": "Elmshire", "geometry": 1}],
            "organization": {"id": "2", "locations": [{"hide_address": true}]},
            "service_at_locations": [{"location": {"id": "3", "hide_address": true}}],
        });
        assert_eq!(withheld(sent, false), read);
    }

    #[test]
    fn a_flag_nobody_can_read_hides() {
        for (flag, kept) in
            [(json!(false), 3), (json!(null), 3), (json!("0"), 3), (json!("aye"), 2), (json!({"a": 1}), 2)]
        {
            let read = withheld(json!({"id": "1", "hide_address": flag, "uprn": "1"}), false);
            assert_eq!(read.as_object().unwrap().len(), kept, "{flag}");
        }
    }

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
