//! The extents of areas: GeoJSON in any wrapping, and well-known text.

use serde_json::Value;

use crate::model::{Coordinates, GeoJson, IssueCode};
use crate::source::dialects::lenient::body::strict::parse_nested;
use crate::source::dialects::lenient::members::object::{ExpectedMember, ObjectMembers, TakenMember};
use crate::source::dialects::lenient::values::geojson::{is_geojson, mended};
use crate::source::dialects::lenient::values::numbers;
use crate::source::dialects::lenient::values::texts;
use crate::source::dialects::lenient::values::wkt;
use crate::source::patience::ReadingPatience;

/// Takes the extent of an area: as text and, if it is GeoJSON or well-known text, as GeoJSON.
pub(in crate::source::dialects) fn extent(
    members: &mut ObjectMembers<'_>,
    names: &[&str],
    extent_type: Option<&str>,
) -> (Option<String>, Option<GeoJson>) {
    let Some(TakenMember { key, value }) = members.take(names, ExpectedMember::Nested) else {
        return (None, None);
    };
    let claimed = extent_type.unwrap_or_default().trim().to_ascii_lowercase();
    let (found, note) = match &value {
        Value::String(text) => shape_text(text, members.reading().patience),
        Value::Object(_) if is_geojson(&value) => {
            (Some(value.clone()), Some((IssueCode::WrongType, "is an object, not a string")))
        }
        _ => (None, Some((IssueCode::WrongType, "is not a string"))),
    };
    match note {
        Some((code, message)) => members.note(code, &key, message, None),
        None if found.is_none() && matches!(claimed.as_str(), "geojson" | "wkt") => {
            let named = if claimed == "wkt" { "well-known text" } else { "GeoJSON" };
            members.note_unreadable(
                &key,
                &format!("is not {named}, although its type says so"),
                excerpt(&value),
            );
        }
        None => {}
    }
    let geojson = found.and_then(|geojson| valid(members, &key, geojson));
    let geojson = geojson.map(|geojson| GeoJson::from(&latitude_last(members, &key, geojson)));
    let text = match value {
        Value::String(text) => text.trim().replace('\0', ""),
        other => other.to_string(),
    };
    (Some(text), geojson)
}

// Invalid GeoJSON is never passed on. What was mended is reported.
fn valid(members: &ObjectMembers<'_>, key: &str, geojson: Value) -> Option<Value> {
    match mended(geojson) {
        Ok((geojson, wrong)) => {
            if !wrong.is_empty() {
                let message =
                    format!("is no valid GeoJSON, since it {}; it was mended", wrong.join(", and "));
                members.note(IssueCode::Repaired, key, message, None);
            }
            if !every_point(&geojson, &mut |x, y| x.abs() <= 180.0 && y.abs() <= 90.0) {
                let message = "has positions that are not a longitude and a latitude";
                members.note(IssueCode::OutOfRange, key, message, None);
            }
            // Coordinates that are all metres of a national grid cannot be shown on a map.
            let is_off_the_globe = every_point(&geojson, &mut |x, y| x.abs() > 180.0 || y.abs() > 90.0);
            (!is_off_the_globe).then_some(geojson)
        }
        Err(wrong) => {
            let message = format!("is no valid GeoJSON: it {wrong}");
            members.note(IssueCode::Unreadable, key, message, None);
            None
        }
    }
}

fn excerpt(value: &Value) -> Value {
    Value::String(texts::excerpt(value.as_str().unwrap_or_default()))
}

type ExtentNote = (IssueCode, &'static str);

// Reads GeoJSON in a text, or in a text inside a text, and well-known text.
fn shape_text(text: &str, patience: &ReadingPatience) -> (Option<Value>, Option<ExtentNote>) {
    let parsed = |text: &str| parse_nested(text, patience);
    match text.trim_start().bytes().next() {
        Some(b'{') => (parsed(text).filter(is_geojson), None),
        Some(b'"') => {
            let inner = parsed(text).and_then(|inner| parsed(inner.as_str()?)).filter(is_geojson);
            let note = inner.as_ref().map(|_| (IssueCode::Repaired, "was encoded as text twice"));
            (inner, note)
        }
        Some(_) => {
            let shape = wkt::geojson_of(text);
            let note =
                shape.as_ref().map(|_| (IssueCode::NonStandardFormat, "is well-known text, read as GeoJSON"));
            (shape, note)
        }
        None => (None, None),
    }
}

// Swaps the coordinates of every point if only then all of them are in the United Kingdom.
fn latitude_last(members: &ObjectMembers<'_>, key: &str, mut geojson: Value) -> Value {
    let mut seen = false;
    if every_point(&geojson, &mut |x, y| {
        seen = true;
        Coordinates::new(x, y).is_some_and(Coordinates::is_near_uk)
    }) && seen
    {
        swap_points(&mut geojson);
        members.note(IssueCode::Repaired, key, "latitude came before longitude; they were swapped", None);
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

/// Returns the two numbers of a GeoJSON position.
pub(in crate::source::dialects::lenient) fn point_of(elements: &[Value]) -> Option<(f64, f64)> {
    match elements {
        [x, y, ..] if !x.is_array() => Some((numbers::read(x)?, numbers::read(y)?)),
        _ => None,
    }
}
