//! Coordinates, postcodes and countries.

use serde_json::json;

use crate::model::{Coordinates, IssueCode, Postcode};
use crate::source::dialects::lenient::members::object::{ObjectMembers, TakenMember};
use crate::source::dialects::lenient::values::degrees::{self, DegreeValue};
use crate::source::dialects::lenient::values::numbers;

/// Takes a point.
pub(in crate::source::dialects) fn coordinates(
    members: &mut ObjectMembers<'_>,
    latitude: &[&str],
    longitude: &[&str],
) -> Option<Coordinates> {
    let latitude = degrees(members, latitude);
    let longitude = degrees(members, longitude);
    let (key, latitude, longitude) = match (latitude, longitude) {
        (Some((key, DegreeValue::One(latitude))), Some((_, DegreeValue::One(longitude)))) => {
            (key, latitude, longitude)
        }
        (Some((key, DegreeValue::Both(latitude, longitude))), _)
        | (_, Some((key, DegreeValue::Both(latitude, longitude)))) => (key, latitude, longitude),
        (None, None) => return elsewhere(members),
        (Some((key, DegreeValue::One(number))), None) | (None, Some((key, DegreeValue::One(number)))) => {
            members.note_unreadable(&key, "has only one of the two coordinates", json!(number));
            return elsewhere(members);
        }
    };
    placed(members, &key, latitude, longitude)
}

// Returns the point of two numbers, in whichever order they are.
fn placed(members: &ObjectMembers<'_>, key: &str, latitude: f64, longitude: f64) -> Option<Coordinates> {
    let point = Coordinates::new(latitude, longitude);
    let sent = || Some(json!([latitude, longitude]));
    if point.is_none_or(|point| !point.is_near_uk())
        && let Some(swapped) = Coordinates::new(longitude, latitude).filter(|swapped| swapped.is_near_uk())
    {
        members.note(IssueCode::Repaired, key, "latitude and longitude were swapped", sent());
        return Some(swapped);
    }
    if point.is_none() {
        let (code, message) = match (latitude, longitude) {
            (0.0, 0.0) => (IssueCode::PlaceholderValue, "0,0 is a placeholder for an unknown point"),
            _ => (IssueCode::OutOfRange, "is outside the possible coordinates"),
        };
        members.note(code, key, message, sent());
    }
    point
}

/// Members with a whole point.
const POINTS: [&str; 6] = ["geometry", "point", "coordinates", "geo", "latlng", "latlong"];

// Reads the point from a member of its own, which stays in the record's extra.
fn elsewhere(members: &mut ObjectMembers<'_>) -> Option<Coordinates> {
    for name in POINTS {
        let Some((latitude, longitude)) = members.peek(name).and_then(degrees::point) else { continue };
        let key = members.spelled(&[name]);
        let point = placed(members, &key, latitude, longitude)?;
        members.note(IssueCode::NonStandardFormat, &key, "is read as latitude and longitude", None);
        return Some(point);
    }
    None
}

fn degrees(members: &mut ObjectMembers<'_>, names: &[&str]) -> Option<(String, DegreeValue)> {
    let TakenMember { key, value } = members.plain_scalar(names)?;
    if numbers::read(&value).is_some() {
        let number = members.number_of(&key, value)?;
        return Some((key, DegreeValue::One(number)));
    }
    let read = value.as_str().and_then(degrees::written);
    match read {
        Some(read) => {
            members.note(IssueCode::NonStandardFormat, &key, "is not a number of degrees", Some(value));
            Some((key, read))
        }
        None => {
            members.note_unreadable(&key, "is not a number", value);
            None
        }
    }
}

/// Takes a postcode: as published, and parsed if a complete one is in it. Other countries have other forms, so nothing
/// is reported for those.
pub(in crate::source::dialects) fn postcode(
    members: &mut ObjectMembers<'_>,
    names: &[&str],
    country: Option<&str>,
) -> (Option<String>, Option<Postcode>) {
    let Some(TakenMember { key, value: text }) = members.keyed_plain_line(names) else { return (None, None) };
    let postcode = found_postcode(&text);
    let message = match &postcode {
        Some(postcode) if postcode.as_str() == text => None,
        Some(_) => Some("is not the standard spelling of the postcode in it"),
        None if is_outcode(&text) => Some("is only the first part of a postcode"),
        None if country.is_some_and(|country| country != HOME) => None,
        None => Some("contains no UK postcode"),
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

/// Takes a country: as an ISO 3166-1 code if it is the United Kingdom or a code, or else as published.
pub(in crate::source::dialects) fn country(
    members: &mut ObjectMembers<'_>,
    names: &[&str],
) -> Option<String> {
    let TakenMember { key, value: text } = members.keyed_plain_line(names)?;
    let folded = text.to_lowercase();
    let code = match folded.as_str() {
        home if NAMES_OF_HOME.contains(&home) => HOME.to_owned(),
        code if code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_lowercase()) => code.to_uppercase(),
        _ => text.clone(),
    };
    if code != text || code.len() != 2 {
        members.note(
            IssueCode::NonStandardFormat,
            &key,
            "is not a two-letter country code",
            Some(json!(text)),
        );
    }
    Some(code)
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
