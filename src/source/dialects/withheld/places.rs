//! Places that publishers hide, or mask.

mod coarse;

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::super::lenient::{id_text, is_spelling, member};
use super::Withheld;
use super::names::{self, Flag, HIDDEN, is_any, is_set};
use super::walk::{Path, Verdict, prune};
use crate::model::RecordKind;
use coarse::{coarsen, coarsen_within};

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
// Members that say where something is, under any record. Areas are not among them: they say whom it is for.
const WHEREABOUTS: [&str; 36] = [
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
    "physical_address",
    "physical_addresses",
    "physical_address_collection",
    "point",
    "postal_address",
    "postal_addresses",
    "postal_address_collection",
    "postal_code",
    "postcode",
    "street",
    "street_address",
    "uprn",
    "what3words",
];

/// How much of a place is kept.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Extent {
    Coarse,
    Nothing,
}

/// The places that are said to be hidden or masked, by the feed's own ids: said once, it holds wherever in the record
/// the place occurs.
#[derive(Default)]
struct Places {
    hidden: BTreeSet<String>,
    masked: BTreeSet<String>,
}

/// Takes out where something is whose publisher hides it, and makes coarse what is masked.
pub(super) fn withhold(kind: RecordKind, row: &mut Map<String, Value>, withheld: &mut Vec<Withheld>) {
    let mut places = Places::default();
    let own = if kind == RecordKind::Location { "location" } else { "service" };
    places.collect(own, row, false);
    places.apply(own, row, None);
    note_unknown(row, withheld);
}

// Records say it of themselves when they are read; nobody reads objects of unknown names.
fn note_unknown(row: &mut Map<String, Value>, withheld: &mut Vec<Withheld>) {
    prune(row, &mut Path::default(), &mut |name, object, path| {
        let is_set = [Flag::HideAddress, Flag::MaskExactAddress].iter().any(|flag| is_set(object, *flag));
        if is_set && !names::is_record(name) {
            let message = "the publisher hides or masks the address, so the place is left out or coarse";
            withheld.push(Withheld { path: path.text(), message });
        }
        Verdict::Stays
    });
}

impl Places {
    fn collect(&mut self, name: &str, members: &Map<String, Value>, is_within_hidden: bool) {
        let is_hidden = is_within_hidden || is_hidden(name, members);
        let is_masked = is_set(members, Flag::MaskExactAddress);
        if (is_hidden || is_masked) && names::is_place(name) {
            let ids = if is_hidden { &mut self.hidden } else { &mut self.masked };
            ids.extend(member(members, "id").and_then(id_text));
        }
        for (name, value) in members {
            self.collect_in(name, value, is_hidden);
        }
    }

    fn collect_in(&mut self, name: &str, value: &Value, is_within_hidden: bool) {
        match value {
            Value::Object(members) => self.collect(name, members, is_within_hidden),
            Value::Array(elements) => {
                elements.iter().for_each(|element| self.collect_in(name, element, is_within_hidden));
            }
            _ => {}
        }
    }

    fn named(&self, id: Option<&Value>) -> Option<Extent> {
        let id = id_text(id?)?;
        if self.hidden.contains(&id) {
            return Some(Extent::Nothing);
        }
        self.masked.contains(&id).then_some(Extent::Coarse)
    }

    /// `around` is what the object around says of its places.
    fn apply(&self, name: &str, members: &mut Map<String, Value>, around: Option<Extent>) {
        let is_place = names::is_place(name);
        let own = self.says_of(name, members);
        let around = around.filter(|_| is_place || says_where(name));
        if is_hidden(name, members) || [own, around].contains(&Some(Extent::Nothing)) {
            // What has no known name and hides its address is taken for a place.
            hide(members, is_place || !names::is_record(name));
            return;
        }
        let is_masked = is_set(members, Flag::MaskExactAddress);
        if is_masked || own.or(around).is_some() {
            match names::is_record(name) && !is_place {
                true => coarsen_within(members),
                false => coarsen(members),
            }
        }
        let below = self.named(member(members, "location_id"));
        for (name, value) in members.iter_mut() {
            let below = below.filter(|_| names::is_place(name) || says_where(name));
            each_object(value, &mut |object| self.apply(name, object, below));
        }
    }
}

impl Places {
    /// What is said elsewhere in the record of the place that an object is, or gives the address of. Ids of different
    /// kinds may be equal, so that of an object of unknown name counts only if it says where something is.
    fn says_of(&self, name: &str, members: &Map<String, Value>) -> Option<Extent> {
        if names::is_place(name) {
            return self.named(member(members, "id"));
        }
        if names::is_record(name) {
            return None;
        }
        let is_address_of = says_where(name).then(|| self.named(member(members, "location_id"))).flatten();
        is_address_of.or_else(|| {
            let says = members.keys().any(|name| says_where(name));
            says.then(|| self.named(member(members, "id"))).flatten()
        })
    }
}

/// Whether a member says where something is: by a name we know, or by one that a vendor made of the same words.
fn says_where(name: &str) -> bool {
    const PARTS: [&str; 22] = [
        "address",
        "addressline",
        "coord",
        "directions",
        "easting",
        "geoloc",
        "googlemap",
        "housename",
        "housenumber",
        "latlng",
        "latlong",
        "locationname",
        "locationtext",
        "maplink",
        "mapurl",
        "northing",
        "pluscode",
        "postcode",
        "postalcode",
        "street",
        "transportation",
        "venue",
    ];
    const NAMES: [&str; 9] =
        ["city", "county", "distance", "map", "site", "town", "where", "zip", "zip_code"];
    const OTHERS: [&str; 3] = ["email", "web", "ipaddress"];
    is_any(name, &WHEREABOUTS)
        || is_any(name, &NAMES)
        || (names::has_part(name, &PARTS) && !names::has_part(name, &OTHERS) && names::flag(name).is_none())
}

// A place that is said to be personal is where somebody lives.
fn is_hidden(name: &str, members: &Map<String, Value>) -> bool {
    is_set(members, Flag::HideAddress) || (names::is_place(name) && is_set(members, Flag::Personal))
}

fn hide(members: &mut Map<String, Value>, is_place: bool) {
    if is_place {
        members.retain(|key, _| is_any(key, &KEPT_OF_HIDDEN));
        members.insert(HIDDEN.to_owned(), json!(true));
        return;
    }
    // A bare text in a place's stead is its name, or its address.
    members.retain(|key, value| {
        !says_where(key) && (!names::is_place(key) || value.is_object() || value.is_array())
    });
    for (key, value) in members.iter_mut() {
        let is_place = names::is_place(key);
        if is_place && let Value::Array(elements) = value {
            elements.retain(|element| element.is_object() || element.is_array());
            elements.iter_mut().for_each(drop_texts);
        }
        if !is_spelling(key, "service_areas") {
            each_object(value, &mut |object| hide(object, is_place));
        }
    }
}

// Of lists in a list of places, too.
fn drop_texts(value: &mut Value) {
    if let Value::Array(elements) = value {
        elements.retain(|element| element.is_object() || element.is_array());
        elements.iter_mut().for_each(drop_texts);
    }
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
        let kind = if is_place { RecordKind::Location } else { RecordKind::Service };
        withhold(kind, record.as_object_mut().unwrap(), &mut Vec::new());
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
}
