//! Points in the notations of maps: decimal commas, compass letters, minutes and seconds, both numbers in one text,
//! GeoJSON and well-known text.

use serde_json::Value;

use crate::source::dialects::lenient::values::extents::point_of;
use crate::source::dialects::lenient::values::geojson::is_geojson;
use crate::source::dialects::lenient::values::numbers;
use crate::source::dialects::lenient::values::wkt;

/// The content of a member for one of the two numbers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::source::dialects::lenient) enum DegreeValue {
    /// That number.
    One(f64),
    /// Latitude and longitude.
    Both(f64, f64),
}

/// The longest text that is read, in bytes.
const LONGEST: usize = 120;

/// Reads a text that is not a plain number.
pub(in crate::source::dialects::lenient) fn written(text: &str) -> Option<DegreeValue> {
    let text = text.trim().trim_matches(['(', ')', '[', ']']).trim();
    if text.len() > LONGEST {
        return None;
    }
    if let Some((number, _)) = one(text) {
        return Some(DegreeValue::One(number));
    }
    both(text).map(|(latitude, longitude)| DegreeValue::Both(latitude, longitude))
}

/// Returns the latitude and longitude of a point in any notation.
pub(in crate::source::dialects::lenient) fn point(value: &Value) -> Option<(f64, f64)> {
    match value {
        Value::Object(_) if is_geojson(value) => of_geojson(value, 4),
        Value::Object(members) => {
            let named = |names: &[&str]| {
                let value =
                    names.iter().find_map(|name| members.get(*name).filter(|value| !value.is_null()))?;
                numbers::read(value).or_else(|| one(value.as_str()?).map(|(number, _)| number))
            };
            Some((named(&["latitude", "lat", "Latitude", "Lat"])?, named(&LONGITUDES)?))
        }
        Value::Array(elements) => of_position(elements),
        Value::String(text) => of_text(text),
        _ => None,
    }
}

const LONGITUDES: [&str; 7] = ["longitude", "lng", "lon", "long", "Longitude", "Lng", "Lon"];

fn of_text(text: &str) -> Option<(f64, f64)> {
    let text = text.trim();
    if text.len() > 4096 {
        return None;
    }
    if text.starts_with(['{', '[']) {
        let inner: Value = serde_json::from_str(text).ok()?;
        return if inner.is_string() { None } else { point(&inner) };
    }
    if wkt::looks_like_wkt(text) {
        return of_geojson(&wkt::geojson_of(text)?, 4);
    }
    both(text.trim_matches(['(', ')']))
}

// GeoJSON has the longitude first.
fn of_position(elements: &[Value]) -> Option<(f64, f64)> {
    let (longitude, latitude) = point_of(elements).filter(|_| elements.len() <= 3)?;
    Some((latitude, longitude))
}

// Returns the point, or the only point of a collection.
fn of_geojson(value: &Value, depth: u8) -> Option<(f64, f64)> {
    let depth = depth.checked_sub(1)?;
    let kind = value.get("type")?.as_str()?.trim().to_ascii_lowercase();
    match kind.as_str() {
        "point" => of_position(value.get("coordinates")?.as_array()?),
        "feature" => of_geojson(value.get("geometry")?, depth),
        "featurecollection" | "geometrycollection" | "multipoint" => {
            let within = ["features", "geometries", "coordinates"]
                .iter()
                .find_map(|name| value.get(*name)?.as_array());
            match within?.as_slice() {
                [Value::Array(position)] => of_position(position),
                [one] => of_geojson(one, depth),
                _ => None,
            }
        }
        _ => None,
    }
}

// Reads two numbers, with the latitude first unless compass letters say otherwise.
fn both(text: &str) -> Option<(f64, f64)> {
    let found = [";", ", ", "/", "|"].iter().find_map(|sign| halves(text, sign));
    let one_comma = || if text.matches(',').count() == 1 { halves(text, ",") } else { None };
    let ((first, axis), (second, other)) =
        found.or_else(|| by_space(text)).or_else(one_comma).or_else(|| after_letter(text))?;
    match (axis, other) {
        (Some(Axis::Longitude), Some(Axis::Latitude)) => Some((second, first)),
        (Some(one), Some(other)) if one == other => None,
        _ => Some((first, second)),
    }
}

fn halves(text: &str, sign: &str) -> Option<(Degrees, Degrees)> {
    let (first, second) = text.split_once(sign)?;
    Some((one(first.trim())?, one(second.trim())?))
}

fn by_space(text: &str) -> Option<(Degrees, Degrees)> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let [first, second] = words.as_slice() else { return None };
    Some((one(first.trim_end_matches(','))?, one(second)?))
}

fn after_letter(text: &str) -> Option<(Degrees, Degrees)> {
    let at = text.find(['N', 'S', 'n', 's']).filter(|at| *at > 0)?;
    let (first, second) = text.split_at_checked(at + 1)?;
    Some((one(first.trim())?, one(second.trim_start_matches([',', ' ']))?))
}

/// A number, and the axis that its compass letter names.
type Degrees = (f64, Option<Axis>);

#[derive(Clone, Copy, Debug, PartialEq)]
enum Axis {
    Latitude,
    Longitude,
}

// Reads `51.4545`, `51,4545`, `51.4545N`, `N 51.4545°`, `51°27'16"N` or `51 27 16 N`.
fn one(text: &str) -> Option<Degrees> {
    let (text, direction) = without_letter(text.trim());
    let (axis, sign) = match direction {
        None => (None, 1.0),
        Some('N') => (Some(Axis::Latitude), 1.0),
        Some('S') => (Some(Axis::Latitude), -1.0),
        Some('E') => (Some(Axis::Longitude), 1.0),
        Some(_) => (Some(Axis::Longitude), -1.0),
    };
    let mut plain = text.replace(['−', '–', '‐', '‑', '—'], "-");
    if let Some(number) = plain.strip_prefix("- ") {
        plain = format!("-{}", number.trim_start());
    }
    let marks = ['°', 'º', '˚', '\'', '′', '’', '"', '″', '”', 'd', 'm', 's'];
    let has_marks = plain.contains(marks);
    let parts: Vec<&str> = plain
        .split(|c: char| marks.contains(&c) || (c.is_whitespace() && (has_marks || direction.is_some())))
        .filter(|part| !part.is_empty())
        .collect();
    let degrees = match parts.as_slice() {
        [degrees] => decimal(degrees)?,
        [degrees, minutes] => sexagesimal(degrees, minutes, "0")?,
        [degrees, minutes, seconds] => sexagesimal(degrees, minutes, seconds)?,
        _ => return None,
    };
    (degrees.abs() <= 180.0 || direction.is_none()).then_some((sign * degrees, axis))
}

fn without_letter(text: &str) -> (&str, Option<char>) {
    let direction = |c: char| Some(c.to_ascii_uppercase()).filter(|c| matches!(c, 'N' | 'S' | 'E' | 'W'));
    let last = text.chars().next_back().and_then(direction);
    if let Some(found) = last.filter(|_| text.len() > 1) {
        return (text.get(..text.len() - 1).unwrap_or_default().trim_end(), Some(found));
    }
    match text.chars().next().and_then(direction) {
        Some(found) => (text.get(1..).unwrap_or_default().trim_start(), Some(found)),
        None => (text, None),
    }
}

fn sexagesimal(degrees: &str, minutes: &str, seconds: &str) -> Option<f64> {
    let (whole, minutes, seconds) = (decimal(degrees)?, decimal(minutes)?, decimal(seconds)?);
    let is_clock = whole.fract() == 0.0 && (0.0..60.0).contains(&minutes) && (0.0..60.0).contains(&seconds);
    let part = minutes / 60.0 + seconds / 3600.0;
    is_clock.then_some(if degrees.starts_with('-') { whole - part } else { whole + part })
}

// Accepts a point or a comma.
fn decimal(text: &str) -> Option<f64> {
    let text = match (text.matches(',').count(), text.contains('.')) {
        (0, _) => text.to_owned(),
        (1, false) => text.replace(',', "."),
        _ => return None,
    };
    let bare = text.strip_prefix(['-', '+']).unwrap_or(&text);
    let is_number = bare.starts_with(|c: char| c.is_ascii_digit())
        && bare.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    is_number.then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn is_near((latitude, longitude): (f64, f64)) -> bool {
        (latitude - 51.4545).abs() < 1e-3 && (longitude + 2.5879).abs() < 1e-3
    }

    #[test]
    fn quirk_101_one_number_of_a_point() {
        for text in [
            "51,4545",
            "51.4545N",
            "51.4545 N",
            "N51.4545",
            "N 51.4545",
            "51.4545°",
            "51.4545° N",
            "51°27'16.2\"N",
            "51° 27' 16.2\" N",
            "51 27 16.2 N",
            "51°27.27'N",
            "+51.4545n",
            "51º27′16.2″N",
        ] {
            let Some(DegreeValue::One(number)) = written(text) else { panic!("{text}") };
            assert!((number - 51.4545).abs() < 1e-3, "{text} {number}");
        }
        for text in [
            "2.5879W",
            "-2,5879",
            "W 2.5879",
            "2°35'16.4\"W",
            "−2.5879",
            "- 2.5879",
            "2.5879 W",
            "-2°35'16.4\"",
        ] {
            let Some(DegreeValue::One(number)) = written(text) else { panic!("{text}") };
            assert!((number + 2.5879).abs() < 1e-3, "{text} {number}");
        }
        for text in ["north", "51.45.45", "", "N", "51°75'N", "é", "1,2,3"] {
            assert_eq!(written(text), None, "{text}");
        }
    }

    #[test]
    fn quirk_101_both_numbers_in_one_text() {
        for text in [
            "51.4545, -2.5879",
            "51.4545,-2.5879",
            "51.4545 -2.5879",
            "51.4545; -2.5879",
            "51,4545; -2,5879",
            "51,4545, -2,5879",
            "(51.4545, -2.5879)",
            "51.4545N 2.5879W",
            "51.4545N, 2.5879W",
            "2.5879W, 51.4545N",
            "51°27'16.2\"N 2°35'16.4\"W",
            "51.4545/-2.5879",
        ] {
            let Some(DegreeValue::Both(latitude, longitude)) = written(text) else { panic!("{text}") };
            assert!(is_near((latitude, longitude)), "{text} {latitude} {longitude}");
        }
        for text in ["51.4545N, 52N", "51.4545, here", "1 2 3 4"] {
            assert_eq!(written(text), None, "{text}");
        }
    }

    #[test]
    fn quirk_88_points_in_every_wrapping() {
        let position = json!([-2.5879, 51.4545]);
        let geometry = json!({"type": "Point", "coordinates": position});
        for value in [
            geometry.clone(),
            json!({"type": "point", "coordinates": ["-2.5879", "51.4545"]}),
            json!({"type": "Feature", "properties": {}, "geometry": geometry}),
            json!({"type": "FeatureCollection", "features": [{"type": "Feature", "geometry": geometry}]}),
            json!({"type": "GeometryCollection", "geometries": [geometry]}),
            json!({"type": "MultiPoint", "coordinates": [position]}),
            position.clone(),
            json!(geometry.to_string()),
            json!("POINT (-2.5879 51.4545)"),
            json!("point(-2.5879 51.4545)"),
            json!("SRID=4326;POINT(-2.5879 51.4545)"),
            json!("POINT Z (-2.5879 51.4545 12)"),
            json!({"lat": 51.4545, "lng": -2.5879}),
            json!({"latitude": "51.4545", "longitude": "-2,5879"}),
            json!({"@type": "GeoCoordinates", "latitude": 51.4545, "longitude": -2.5879}),
            json!("51.4545, -2.5879"),
        ] {
            assert!(point(&value).is_some_and(is_near), "{value}");
        }
        for value in [
            json!({"type": "Point"}),
            json!({"type": "Polygon", "coordinates": [[position]]}),
            json!({"type": "FeatureCollection", "features": []}),
            json!([1]),
            json!([[1, 2], [3, 4]]),
            json!("POINT EMPTY"),
            json!("here"),
            json!(7),
        ] {
            assert_eq!(point(&value), None, "{value}");
        }
    }

    proptest! {
        #[test]
        fn no_text_is_a_panic(text in "[0-9NSEWnsew .,;°'\"/+-]{0,40}") {
            let _ = written(&text);
            let _ = point(&json!(text));
        }
    }
}
