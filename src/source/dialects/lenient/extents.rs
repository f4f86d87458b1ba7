//! The extents of areas: GeoJSON, however it is wrapped.

use serde_json::Value;

use super::members::{Expected, Members, Taken};
use super::strict::parse_nested;
use super::texts;
use crate::model::{Coordinates, IssueCode};
use crate::source::patience::Patience;

/// The extent of an area: as text, and as GeoJSON where it is that.
pub(in crate::source::dialects) fn extent(
    members: &mut Members<'_>,
    names: &[&str],
    extent_type: Option<&str>,
) -> (Option<String>, Option<Value>) {
    let Some(Taken { key, value }) = members.take(names, Expected::Nested) else { return (None, None) };
    let (geojson, note) = match &value {
        Value::String(text) => geojson_text(text, members.reading().patience),
        Value::Object(_) if is_geojson(&value) => {
            (Some(value.clone()), Some((IssueCode::WrongType, "is an object, not a text")))
        }
        _ => (None, Some((IssueCode::WrongType, "is no text"))),
    };
    let claims_geojson = extent_type.is_some_and(|kind| kind.eq_ignore_ascii_case("geojson"));
    match note {
        Some((code, message)) => members.note(code, &key, message, None),
        None if geojson.is_none() && claims_geojson => {
            members.note_unreadable(&key, "is not the GeoJSON its type says", excerpt(&value));
        }
        None => {}
    }
    let geojson = geojson.map(|geojson| latitude_last(members, &key, geojson));
    let text = match value {
        Value::String(text) => text.trim().to_owned(),
        other => other.to_string(),
    };
    (Some(text), geojson)
}

fn excerpt(value: &Value) -> Value {
    Value::String(texts::excerpt(value.as_str().unwrap_or_default()))
}

type Note = (IssueCode, &'static str);

// GeoJSON in a text, or in a text inside a text.
fn geojson_text(text: &str, patience: &Patience) -> (Option<Value>, Option<Note>) {
    let parsed = |text: &str| parse_nested(text, patience);
    match text.trim_start().bytes().next() {
        Some(b'{') => (parsed(text).filter(is_geojson), None),
        Some(b'"') => {
            let inner = parsed(text).and_then(|inner| parsed(inner.as_str()?)).filter(is_geojson);
            let note = inner.as_ref().map(|_| (IssueCode::Repaired, "was encoded as text twice"));
            (inner, note)
        }
        _ => (None, None),
    }
}

const GEOJSON_TYPES: [&str; 9] = [
    "Point",
    "MultiPoint",
    "LineString",
    "MultiLineString",
    "Polygon",
    "MultiPolygon",
    "GeometryCollection",
    "Feature",
    "FeatureCollection",
];

/// Whether a value says it is GeoJSON.
pub(super) fn is_geojson(value: &Value) -> bool {
    value.get("type").and_then(Value::as_str).is_some_and(|kind| GEOJSON_TYPES.contains(&kind))
}

// Changes the numbers of every point over where all of them lie in the United Kingdom only that way.
fn latitude_last(members: &Members<'_>, key: &str, mut geojson: Value) -> Value {
    let mut seen = false;
    if every_point(&geojson, &mut |x, y| {
        seen = true;
        Coordinates::new(x, y).is_some_and(Coordinates::is_near_uk)
    }) && seen
    {
        swap_points(&mut geojson);
        members.note(
            IssueCode::Repaired,
            key,
            "latitude stood before longitude; they were changed over",
            None,
        );
    }
    geojson
}

fn every_point(value: &Value, test: &mut impl FnMut(f64, f64) -> bool) -> bool {
    match value {
        Value::Array(elements) => match point_of(elements) {
            Some((x, y)) => test(x, y),
            None => elements.iter().all(|element| every_point(element, test)),
        },
        Value::Object(members) => members
            .iter()
            .filter(|(key, _)| GEOMETRY_MEMBERS.contains(&key.as_str()))
            .all(|(_, member)| every_point(member, test)),
        _ => true,
    }
}

fn swap_points(value: &mut Value) {
    match value {
        Value::Array(elements) if point_of(elements).is_some() => elements.swap(0, 1),
        Value::Array(elements) => elements.iter_mut().for_each(swap_points),
        Value::Object(members) => members
            .iter_mut()
            .filter(|(key, _)| GEOMETRY_MEMBERS.contains(&key.as_str()))
            .for_each(|(_, member)| swap_points(member)),
        _ => {}
    }
}

const GEOMETRY_MEMBERS: [&str; 4] = ["coordinates", "geometry", "geometries", "features"];

/// The two numbers of a GeoJSON position.
pub(super) fn point_of(elements: &[Value]) -> Option<(f64, f64)> {
    match elements {
        [x, y, ..] => Some((x.as_f64()?, y.as_f64()?)),
        _ => None,
    }
}
