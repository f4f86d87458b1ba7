//! Removes places that publishers hide, and reduces those that they mask.

mod coarse;
mod plain_words;

use serde_json::{Map, Value, json};

use super::super::lenient::{id_text, member};
use super::WithheldItem;
use super::flags::{self, HIDDEN, PrivacyFlag, is_plain_flag, is_set};
use super::names::{self, is_any};
use super::private::{PrivateRow, each_object, is_hidden, is_masked, own_name};
use super::walk::{ObjectPath, ObjectVerdict, prune};
use super::whereabouts::{is_areas, is_of_area, says_where};
use crate::model::RecordKind;
use crate::source::kept_back::{PrivacyLevel, PrivateKind};
use coarse::{coarsen, coarsen_within};

pub(in crate::source) use coarse::outcode;
pub(in crate::source) use plain_words::{is_plain_access, is_plain_language};

// The members of a hidden place that are kept.
const KEPT_OF_HIDDEN: [&str; 7] = [
    "id",
    HIDDEN,
    "location_type",
    "accessibility",
    "accessibilities",
    "accessibility_for_disabilities",
    "languages",
];
// The members that are kept of an attribute or history entry about a place.
const KEPT_OF_LINE: [&str; 6] =
    ["id", "link_entity", "link_type", "resource_type", "taxonomy_term", "taxonomy_term_id"];
const IS_UNKNOWN: &str =
    "the publisher hides or masks the address, so the place was left out or is approximate";
const HANGS_ON_HIDDEN: &str = "is about a hidden or masked place, and was left out";

/// How much of a place is kept.
#[derive(Clone, Copy, PartialEq, Eq)]
enum KeptExtent {
    Coarse,
    Nothing,
}

/// Removes the position of hidden places, and reduces masked ones.
pub(super) fn withhold(
    kind: RecordKind,
    row: &mut Map<String, Value>,
    private: &PrivateRow<'_>,
    withheld: &mut Vec<WithheldItem>,
) {
    apply(private, own_name(kind), row, None);
    prune(row, &mut ObjectPath::default(), &mut |name, object, path| {
        if names::is_record(name) {
            // Readers add the note for records.
            return ObjectVerdict::Stays;
        }
        if is_about_private(private, object) {
            withheld.push(WithheldItem { path: path.text(), message: HANGS_ON_HIDDEN });
            return ObjectVerdict::Goes;
        }
        // No reader adds a note for objects with unknown names.
        let flags = [PrivacyFlag::HideAddress, PrivacyFlag::MaskExactAddress];
        if flags.iter().any(|flag| is_set(object, *flag)) {
            withheld.push(WithheldItem { path: path.text(), message: IS_UNKNOWN });
        }
        ObjectVerdict::Stays
    });
}

// History entries and attributes may be far from the place that they are about.
fn is_about_private(private: &PrivateRow<'_>, object: &Map<String, Value>) -> bool {
    const KINDS: [&str; 3] = ["resource_type", "link_entity", "link_type"];
    const IDS: [&str; 2] = ["resource_id", "link_id"];
    let text = |key: &str| member(object, key).and_then(id_text);
    let is_of_place = |kind: String| names::is_place(&kind);
    KINDS.iter().any(|key| text(key).is_some_and(is_of_place))
        && IDS.iter().any(|key| text(key).is_some_and(|id| extent_of(private, &id).is_some()))
}

fn extent_of(private: &PrivateRow<'_>, id: &str) -> Option<KeptExtent> {
    if private.says(PrivateKind::Place, PrivacyLevel::Hidden, id) {
        return Some(KeptExtent::Nothing);
    }
    private.says(PrivateKind::Place, PrivacyLevel::Masked, id).then_some(KeptExtent::Coarse)
}

fn named(private: &PrivateRow<'_>, id: Option<&Value>) -> Option<KeptExtent> {
    extent_of(private, &id_text(id?)?)
}

/// `around` is what the enclosing object says about its places.
fn apply(private: &PrivateRow<'_>, name: &str, members: &mut Map<String, Value>, around: Option<KeptExtent>) {
    let is_place = names::is_place(name);
    let own = says_of(private, name, members);
    let around = around.filter(|_| is_place || says_where(name));
    flags::make_plain(members);
    if is_hidden(name, members) || [own, around].contains(&Some(KeptExtent::Nothing)) {
        // An object with an unknown name that hides its address is treated as a place.
        hide(members, is_place || !names::is_record(name));
        return;
    }
    if is_masked(name, members) || own.or(around).is_some() {
        match names::is_record(name) && !is_place {
            true => coarsen_within(members),
            false => coarsen(members),
        }
    }
    let below = named(private, member(members, "location_id"));
    for (name, value) in members.iter_mut() {
        let below = below.filter(|_| names::is_place(name) || says_where(name));
        match (below, &*value) {
            // A plain text instead of a hidden place is its name or its address.
            (Some(_), Value::String(_)) => *value = Value::Null,
            _ => each_object(value, &mut |object| apply(private, name, object, below)),
        }
    }
}

/// Returns what is known about the place that an object is, or whose address it gives. Ids of different kinds may be
/// equal, so an object with an unknown name counts only if it says where something is.
fn says_of(private: &PrivateRow<'_>, name: &str, members: &Map<String, Value>) -> Option<KeptExtent> {
    if names::is_place(name) {
        return named(private, member(members, "id"));
    }
    if names::is_record(name) {
        return None;
    }
    let is_address_of = says_where(name).then(|| named(private, member(members, "location_id"))).flatten();
    is_address_of.or_else(|| {
        let says = members.keys().any(|name| says_where(name) && flags::flag(name).is_none());
        says.then(|| named(private, member(members, "id"))).flatten()
    })
}

fn hide(members: &mut Map<String, Value>, is_place: bool) {
    if is_place {
        members.retain(|key, _| is_any(key, &KEPT_OF_HIDDEN));
        plain_words::make_plain(members);
        members.insert(HIDDEN.to_owned(), json!(true));
        return;
    }
    if is_line_about_where(members) {
        members.retain(|key, _| is_any(key, &KEPT_OF_LINE) || names::is_naming(key));
    }
    members.retain(|key, value| is_plain_flag(key, value) || !says_where(key) && !is_bare_place(key, value));
    hide_within(members, false);
}

// What an area says about itself is about whom something is for. A place or address inside it is a position.
fn hide_in_area(members: &mut Map<String, Value>) {
    members.retain(|key, value| is_of_area(key) || !says_where(key) && !is_bare_place(key, value));
    hide_within(members, true);
}

fn hide_within(members: &mut Map<String, Value>, is_area: bool) {
    for (key, value) in members.iter_mut() {
        let is_place = names::is_place(key);
        if is_place && let Value::Array(elements) = value {
            elements.retain(|element| element.is_object() || element.is_array());
            elements.iter_mut().for_each(drop_texts);
        }
        match (is_area, is_place) {
            (true, false) if is_of_area(key) => {}
            (true, false) => each_object(value, &mut hide_in_area),
            (false, false) if is_areas(key) => each_object(value, &mut hide_in_area),
            _ => each_object(value, &mut |object| hide(object, is_place)),
        }
    }
}

// A plain text instead of a place is its name or its address.
fn is_bare_place(key: &str, value: &Value) -> bool {
    names::is_place(key) && !value.is_object() && !value.is_array()
}

/// Returns whether an object that is not a record names a member about a position: `{"label": "Address", "value":
/// "…"}`.
fn is_line_about_where(members: &Map<String, Value>) -> bool {
    const LONGEST: usize = 40;
    members.iter().any(|(name, value)| match value {
        Value::String(text) => {
            names::is_naming(name)
                && text.len() <= LONGEST
                && says_where(text)
                && members.len() > 1
                && has_said(members)
        }
        Value::Object(term) => names::is_term(name) && is_named_where(term) && has_said(members),
        _ => false,
    })
}

fn is_named_where(term: &Map<String, Value>) -> bool {
    term.iter().any(|(name, value)| names::is_naming(name) && value.as_str().is_some_and(says_where))
}

fn has_said(members: &Map<String, Value>) -> bool {
    const SAID: [&str; 6] = ["value", "values", "content", "text", "previous_value", "replacement_value"];
    members.keys().any(|name| is_any(name, &SAID))
}

// Also removes texts from lists inside a list of places.
fn drop_texts(value: &mut Value) {
    if let Value::Array(elements) = value {
        elements.retain(|element| element.is_object() || element.is_array());
        elements.iter_mut().for_each(drop_texts);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::kept_back::KeptBack;

    fn withheld(mut record: Value, is_place: bool) -> Value {
        let kind = if is_place { RecordKind::Location } else { RecordKind::Service };
        let known = KeptBack::default();
        let row = record.as_object_mut().unwrap();
        let private = PrivateRow::of(kind, row, &known);
        withhold(kind, row, &private, &mut Vec::new());
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
