//! Validates GeoJSON. Faults with only one possible correction are mended, and every fault is reported.

use serde_json::{Map, Value, json};

use crate::source::dialects::lenient::values::numbers;

/// What is wrong with a value that claims to be GeoJSON.
pub(in crate::source::dialects::lenient) type GeoJsonFault = &'static str;

/// How deep collections may be nested.
const DEEPEST: u8 = 8;

/// Returns valid GeoJSON, and what was mended.
///
/// # Errors
/// What is wrong, if it cannot be mended.
pub(in crate::source::dialects::lenient) fn mended(
    value: Value,
) -> Result<(Value, Vec<GeoJsonFault>), GeoJsonFault> {
    let mut wrong = Vec::new();
    let value = object(value, DEEPEST, &mut wrong)?;
    if !has_position(&value) {
        return Err("has no position");
    }
    if names_other_grid(&value) {
        return Err("uses a coordinate system other than longitude and latitude");
    }
    wrong.sort_unstable();
    wrong.dedup();
    Ok((value, wrong))
}

// Empty coordinates, features and geometries are not a shape, nor is a feature without a geometry.
fn has_position(value: &Value) -> bool {
    match value {
        Value::Array(elements) => elements.iter().any(has_position),
        Value::Object(members) => ["coordinates", "geometry", "geometries", "features"]
            .iter()
            .any(|name| members.get(*name).is_some_and(has_position)),
        Value::Number(_) => true,
        _ => false,
    }
}

/// Names of the coordinate system with longitude and latitude.
const GLOBE: [&str; 4] = ["4326", "CRS84", "WGS84", "4979"];

// An older version of GeoJSON had `{"crs": {"type": "name", "properties": {"name": "EPSG:27700"}}}`.
fn names_other_grid(value: &Value) -> bool {
    let Some(crs) = value.get("crs") else { return false };
    let named = crs
        .pointer("/properties/name")
        .or_else(|| crs.pointer("/properties/code"))
        .or_else(|| crs.get("name"))
        .unwrap_or(crs);
    let (Value::String(_) | Value::Number(_)) = named else { return false };
    let name = named.to_string().to_ascii_uppercase().replace([' ', '_'], "");
    name.contains(|c: char| c.is_ascii_digit()) && !GLOBE.iter().any(|globe| name.contains(globe))
}

/// The standard's types, with the nesting of their coordinates.
const TYPES: [(&str, u8); 9] = [
    ("Point", 0),
    ("MultiPoint", 1),
    ("LineString", 1),
    ("MultiLineString", 2),
    ("Polygon", 2),
    ("MultiPolygon", 3),
    ("GeometryCollection", 0),
    ("Feature", 0),
    ("FeatureCollection", 0),
];

/// Returns whether a value claims to be GeoJSON, in any case.
pub(in crate::source::dialects::lenient) fn is_geojson(value: &Value) -> bool {
    value.get("type").and_then(Value::as_str).is_some_and(|kind| known(kind).is_some())
}

fn known(kind: &str) -> Option<(&'static str, u8)> {
    TYPES.into_iter().find(|(name, _)| name.eq_ignore_ascii_case(kind.trim()))
}

fn object(value: Value, depth: u8, wrong: &mut Vec<GeoJsonFault>) -> Result<Value, GeoJsonFault> {
    let depth = depth.checked_sub(1).ok_or("nests too deeply")?;
    let Value::Object(mut members) = value else { return Err("contains something other than an object") };
    let sent = members.get("type").and_then(Value::as_str).unwrap_or_default();
    let (kind, nesting) = known(sent).ok_or("has a type that is not in GeoJSON")?;
    if sent != kind {
        wrong.push("has its type in the wrong case");
        members.insert("type".to_owned(), json!(kind));
    }
    match kind {
        "FeatureCollection" => each(&mut members, "features", depth, wrong)?,
        "GeometryCollection" => each(&mut members, "geometries", depth, wrong)?,
        "Feature" => feature(&mut members, depth, wrong)?,
        _ => coordinates(&mut members, kind, nesting, wrong)?,
    }
    Ok(Value::Object(members))
}

fn each(
    members: &mut Map<String, Value>,
    name: &str,
    depth: u8,
    wrong: &mut Vec<GeoJsonFault>,
) -> Result<(), GeoJsonFault> {
    let Some(Value::Array(elements)) = members.get_mut(name) else {
        return Err("has no list of its members");
    };
    for element in elements {
        *element = object(element.take(), depth, wrong)?;
    }
    Ok(())
}

fn feature(
    members: &mut Map<String, Value>,
    depth: u8,
    wrong: &mut Vec<GeoJsonFault>,
) -> Result<(), GeoJsonFault> {
    if !members.contains_key("properties") {
        wrong.push("has a feature without properties");
        members.insert("properties".to_owned(), Value::Null);
    }
    match members.get_mut("geometry") {
        None => Err("has a feature without a geometry"),
        Some(Value::Null) => Ok(()),
        Some(geometry) => {
            *geometry = object(geometry.take(), depth, wrong)?;
            Ok(())
        }
    }
}

fn coordinates(
    members: &mut Map<String, Value>,
    kind: &str,
    nesting: u8,
    wrong: &mut Vec<GeoJsonFault>,
) -> Result<(), GeoJsonFault> {
    let sent = members.get_mut("coordinates").ok_or("has no coordinates")?;
    let mut value = sent.take();
    // A single ring instead of a list of rings, or a single polygon instead of a list of polygons.
    if nesting > 1 && depth_of(&value) + 1 == nesting {
        wrong.push("has too few brackets around its coordinates");
        value = Value::Array(vec![value]);
    }
    nested(&mut value, nesting, wrong)?;
    if matches!(kind, "Polygon" | "MultiPolygon") {
        rings(&mut value, nesting, wrong)?;
    }
    *sent = value;
    Ok(())
}

// Returns how many lists enclose the first position.
fn depth_of(value: &Value) -> u8 {
    let mut depth = 0;
    let mut next = value;
    while let Some(inner) = next.get(0).filter(|inner| inner.is_array()) {
        depth += 1;
        next = inner;
        if depth > 8 {
            break;
        }
    }
    depth
}

fn nested(value: &mut Value, nesting: u8, wrong: &mut Vec<GeoJsonFault>) -> Result<(), GeoJsonFault> {
    let Value::Array(elements) = value else { return Err("has coordinates that are not lists") };
    if let Some(inner) = nesting.checked_sub(1) {
        return elements.iter_mut().try_for_each(|element| nested(element, inner, wrong));
    }
    if elements.len() < 2 {
        return Err("has a position that is not two numbers");
    }
    for element in elements {
        if element.is_string() {
            let number = numbers::read(element).ok_or("has a position that is not two numbers")?;
            wrong.push("has strings in place of numbers");
            *element = json!(number);
        } else if !element.is_number() {
            return Err("has a position that is not two numbers");
        }
    }
    Ok(())
}

// A ring has at least three corners, and ends where it begins.
fn rings(value: &mut Value, nesting: u8, wrong: &mut Vec<GeoJsonFault>) -> Result<(), GeoJsonFault> {
    let Value::Array(elements) = value else { return Ok(()) };
    if nesting > 1 {
        return elements.iter_mut().try_for_each(|element| rings(element, nesting - 1, wrong));
    }
    let is_open = elements.first() != elements.last();
    if elements.len() + usize::from(is_open) < 4 {
        return Err("has a ring of fewer than three corners");
    }
    if let Some(first) = elements.first().filter(|_| is_open).cloned() {
        wrong.push("has a ring that is not closed");
        elements.push(first);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn closed() -> Value {
        json!([[0, 51], [1, 51], [1, 52], [0, 51]])
    }

    #[test]
    fn what_is_right_stays_as_it_is() {
        for value in [
            json!({"type": "Point", "coordinates": [0, 51]}),
            json!({"type": "Point", "coordinates": [0, 51, 7]}),
            json!({"type": "Polygon", "coordinates": [closed()], "bbox": [0, 51, 1, 52]}),
            json!({"type": "MultiPolygon", "coordinates": [[closed()]]}),
            json!({"type": "Feature", "properties": null, "geometry": {"type": "Point", "coordinates": [0, 51]}}),
            json!({"type": "Point", "coordinates": [0, 51], "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}}),
            json!({"type": "GeometryCollection", "geometries": [{"type": "LineString", "coordinates": [[0, 1], [1, 2]]}]}),
        ] {
            assert_eq!(mended(value.clone()), Ok((value, Vec::new())));
        }
    }

    #[test]
    fn quirk_100_what_can_only_mean_one_thing_is_mended() {
        let polygon = json!({"type": "Polygon", "coordinates": [closed()]});
        for (value, wrong) in [
            (
                json!({"type": "Polygon", "coordinates": [[[0, 51], [1, 51], [1, 52]]]}),
                "has a ring that is not closed",
            ),
            (json!({"type": "polygon", "coordinates": [closed()]}), "has its type in the wrong case"),
            (
                json!({"type": "Polygon", "coordinates": closed()}),
                "has too few brackets around its coordinates",
            ),
        ] {
            assert_eq!(mended(value), Ok((polygon.clone(), vec![wrong])));
        }
        let texts = json!({"type": "Point", "coordinates": ["0.5", "51"]});
        let expected = json!({"type": "Point", "coordinates": [0.5, 51.0]});
        assert_eq!(mended(texts), Ok((expected, vec!["has strings in place of numbers"])));
        let bare = json!({"type": "Feature", "geometry": polygon});
        assert_eq!(mended(bare).unwrap().1, ["has a feature without properties"]);
    }

    #[test]
    fn what_cannot_be_mended_is_refused() {
        let deep = (0..20).fold(
            json!({"type": "Point", "coordinates": [0, 51]}),
            |inner, _| json!({"type": "GeometryCollection", "geometries": [inner]}),
        );
        for value in [
            json!({"type": "Circle", "coordinates": [0, 51]}),
            json!({"type": "Polygon"}),
            json!({"type": "Polygon", "coordinates": [[[0, 51], [1, 51]]]}),
            json!({"type": "Polygon", "coordinates": [[[0], [1], [2], [0]]]}),
            json!({"type": "Polygon", "coordinates": [[["a", 51], [1, 51], [1, 52], ["a", 51]]]}),
            json!({"type": "Point", "coordinates": "0,51"}),
            json!({"type": "Point", "coordinates": [null, 51]}),
            json!({"type": "Feature", "properties": {}}),
            json!({"type": "FeatureCollection", "features": {}}),
            json!({"type": "FeatureCollection", "features": []}),
            json!({"type": "Feature", "properties": null, "geometry": null}),
            json!({"type": "Polygon", "coordinates": []}),
            json!({"type": "MultiPolygon", "coordinates": [[]]}),
            json!({"type": "LineString", "coordinates": []}),
            json!({"type": "GeometryCollection", "geometries": []}),
            json!({"type": "Point", "coordinates": [358_000, 172_000], "crs": {"type": "name", "properties": {"name": "EPSG:27700"}}}),
            json!({"type": "GeometryCollection", "geometries": [1]}),
            deep,
        ] {
            assert!(mended(value.clone()).is_err(), "{value}");
        }
    }
}
