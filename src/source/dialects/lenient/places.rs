//! Where things are: coordinates, postcodes, countries, areas.

use serde_json::{Value, json};

use super::members::{Expected, Members, Taken};
use crate::model::{Coordinates, IssueCode, Postcode};

/// Takes a point.
pub(in crate::source::dialects) fn coordinates(
    members: &mut Members<'_>,
    latitude: &[&str],
    longitude: &[&str],
) -> Option<Coordinates> {
    let latitude = keyed_number(members, latitude);
    let longitude = keyed_number(members, longitude);
    let (key, latitude, longitude) = match (latitude, longitude) {
        (Some((key, latitude)), Some((_, longitude))) => (key, latitude, longitude),
        (None, None) => return None,
        (Some((key, number)), None) | (None, Some((key, number))) => {
            members.note_unreadable(&key, "is half a point", json!(number));
            return None;
        }
    };
    let point = Coordinates::new(latitude, longitude);
    let sent = || Some(json!([latitude, longitude]));
    if point.is_none_or(|point| !point.is_near_uk())
        && let Some(swapped) = Coordinates::new(longitude, latitude).filter(|swapped| swapped.is_near_uk())
    {
        members.note(IssueCode::Repaired, &key, "latitude and longitude were changed over", sent());
        return Some(swapped);
    }
    if point.is_none() {
        let (code, message) = match (latitude, longitude) {
            (0.0, 0.0) => (IssueCode::PlaceholderValue, "0,0 stands for a point not known"),
            _ => (IssueCode::OutOfRange, "lies off the globe"),
        };
        members.note(code, &key, message, sent());
    }
    point
}

fn keyed_number(members: &mut Members<'_>, names: &[&str]) -> Option<(String, f64)> {
    let Taken { key, value } = members.take_scalar(names)?;
    let number = members.number_of(&key, value)?;
    Some((key, number))
}

/// Takes a postcode: as published, and as one where a whole one is in it. Elsewhere than at home there are other
/// forms, and nothing is reported.
pub(in crate::source::dialects) fn postcode(
    members: &mut Members<'_>,
    names: &[&str],
    country: Option<&str>,
) -> (Option<String>, Option<Postcode>) {
    let Some(Taken { key, value: text }) = members.keyed_line(names) else { return (None, None) };
    let postcode = found_postcode(&text);
    let message = match &postcode {
        Some(postcode) if postcode.as_str() == text => None,
        Some(_) => Some("is not how the postcode in it is written"),
        None if is_outcode(&text) => Some("is only the first half of a postcode"),
        None if country.is_some_and(|country| country != HOME) => None,
        None => Some("holds no UK postcode"),
    };
    if let Some(message) = message {
        members.note(IssueCode::NonStandardFormat, &key, message, Some(json!(text)));
    }
    (Some(text), postcode)
}

fn found_postcode(text: &str) -> Option<Postcode> {
    if let Ok(postcode) = Postcode::parse(text) {
        return Some(postcode);
    }
    let words: Vec<&str> =
        text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).take(24).collect();
    let pair = words.windows(2).find_map(|pair| Postcode::parse(&pair.concat()).ok());
    pair.or_else(|| words.iter().find_map(|word| Postcode::parse(word).ok()))
}

fn is_outcode(text: &str) -> bool {
    Postcode::parse(&format!("{text}1AA")).is_ok()
}

const HOME: &str = "GB";
const NAMES_OF_HOME: [&str; 12] = [
    "united kingdom",
    "the united kingdom",
    "uk",
    "u.k.",
    "great britain",
    "britain",
    "england",
    "scotland",
    "wales",
    "northern ireland",
    "gbr",
    "gb",
];

/// Takes a country: its ISO 3166-1 code where it is the United Kingdom or a code, else as published.
pub(in crate::source::dialects) fn country(members: &mut Members<'_>, names: &[&str]) -> Option<String> {
    let Taken { key, value: text } = members.keyed_line(names)?;
    let folded = text.to_lowercase();
    let code = match folded.as_str() {
        home if NAMES_OF_HOME.contains(&home) => HOME.to_owned(),
        code if code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_lowercase()) => code.to_uppercase(),
        _ => text.clone(),
    };
    if code != text || code.len() != 2 {
        members.note(IssueCode::NonStandardFormat, &key, "is no two-letter country code", Some(json!(text)));
    }
    Some(code)
}

/// The extent of an area: as text, and as GeoJSON where it is that.
pub(in crate::source::dialects) fn extent(
    members: &mut Members<'_>,
    names: &[&str],
    extent_type: Option<&str>,
) -> (Option<String>, Option<Value>) {
    let Some(Taken { key, value }) = members.take(names, Expected::Nested) else { return (None, None) };
    let (geojson, note) = match &value {
        Value::String(text) => geojson_text(text),
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
    Value::String(super::texts::excerpt(value.as_str().unwrap_or_default()))
}

type Note = (IssueCode, &'static str);

// GeoJSON in a text, or in a text inside a text.
fn geojson_text(text: &str) -> (Option<Value>, Option<Note>) {
    let parsed = |text: &str| serde_json::from_str::<Value>(text).ok();
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

fn is_geojson(value: &Value) -> bool {
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

fn point_of(elements: &[Value]) -> Option<(f64, f64)> {
    match elements {
        [x, y, ..] => Some((x.as_f64()?, y.as_f64()?)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quirk_61_postcodes_among_other_words() {
        let found = |text| found_postcode(text).map(|postcode| postcode.to_string());
        for text in ["BS3 4AA", "bs34aa", "BS3 4AA, UK", "Bristol BS3 4AA", "BS3  4AA."] {
            assert_eq!(found(text).as_deref(), Some("BS3 4AA"), "{text}");
        }
        assert_eq!(found("HP5"), None);
        assert!(is_outcode("HP5") && is_outcode("ec1a") && !is_outcode("ABC 1234"));
    }
}
