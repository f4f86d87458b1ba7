//! Tests of the places that clients give.

use async_graphql::{InputType, Value as Given};
use serde_json::{Value, json};

use super::near::NearInput;
use super::place::PlaceInput;
use crate::graphql::error::ApiError;
use crate::graphql::meant_places::MeantPlaces;
use crate::model::{PlaceNames, PostcodePlaces};

/// The converted value, or the code and message of the error.
type Understood = Result<Value, (String, String)>;

fn near(value: Value) -> Understood {
    let read = read::<NearInput>(value)?;
    let near = read.into_near(&PostcodePlaces::default(), &PlaceNames::default(), &MeantPlaces::default());
    let near = near.map_err(told)?;
    Ok(json!([near.centre.latitude, near.centre.longitude, near.within_metres]))
}

fn serves(value: Value) -> Understood {
    let place = read::<PlaceInput>(value)?.into_whereabouts(&PostcodePlaces::default()).map_err(told)?;
    Ok(format!("{:?} {:?} {}", place.point().is_some(), place.areas(), place.is_approximate()).into())
}

fn read<T: InputType>(value: Value) -> Result<T, (String, String)> {
    T::parse(Some(Given::from_json(value).unwrap())).map_err(|_| ("unreadable".to_owned(), String::new()))
}

fn told(error: ApiError) -> (String, String) {
    let told = serde_json::to_value(error.told()).unwrap();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    (text(&told["extensions"]["code"]), text(&told["message"]))
}

#[test]
fn near_is_a_place_and_metres() {
    let bs3 = |metres: f64| Ok(json!([51.44475, -2.58781, metres]));
    assert_eq!(near(json!({ "postcode": { "postcode": "bs34aa" } })), bs3(5000.0));
    assert_eq!(
        near(json!({ "postcode": { "postcode": "BS3 4AA", "withinMetres": 500_000 } })),
        bs3(500_000.0)
    );
    let [latitude, longitude] = [51.43874, -2.60154];
    for district in [json!({ "postcode": { "postcode": "bs3" } }), json!({ "place": { "name": "BS3" } })] {
        assert_eq!(near(district), Ok(json!([latitude, longitude, 5000.0])));
    }
    let point = json!({ "point": { "latitude": 51.5, "longitude": -2.5, "withinMetres": 1 } });
    assert_eq!(near(point), Ok(json!([51.5, -2.5, 1.0])));
}

#[test]
fn what_cannot_be_a_place_is_refused_by_its_name() {
    let point = |latitude: f64, longitude: f64, metres: i32| json!({ "point": { "latitude": latitude, "longitude": longitude, "withinMetres": metres } });
    for (value, name) in [
        (point(51.5, -2.5, 0), "withinMetres"),
        (point(51.5, -2.5, -5), "withinMetres"),
        (point(51.5, -2.5, 500_001), "withinMetres"),
        (point(90.1, -2.5, 5), "latitude"),
        (point(51.5, -180.1, 5), "longitude"),
        (point(0.0, 0.0, 5), "0,0"),
    ] {
        let (code, message) = near(value).unwrap_err();
        assert_eq!(code, "BAD_USER_INPUT", "{message}");
        assert!(message.contains(name) && message.contains("filter.near"), "{message}");
    }
    let (code, message) = serves(json!({ "areaCode": "Bristol" })).unwrap_err();
    assert_eq!(code, "BAD_USER_INPUT");
    assert!(message.contains("filter.serves.areaCode"), "{message}");
}

#[test]
fn a_postcode_nobody_knows_is_not_repeated() {
    for told in
        [near(json!({ "postcode": { "postcode": "ZZ9 9ZZ" } })), serves(json!({ "postcode": "ZZ9 9ZZ" }))]
    {
        let (code, message) = told.unwrap_err();
        assert_eq!(code, "POSTCODE_UNKNOWN");
        assert!(message.contains(".postcode`") && !message.to_uppercase().contains("ZZ9"), "{message}");
    }
}

#[test]
fn areas_are_held_against_a_place_of_any_kind() {
    assert_eq!(serves(json!({ "postcode": "BS3 4AA" })), Ok(json!("true [E06000023, E92000001] false")));
    assert_eq!(serves(json!({ "postcode": "BS3" })), Ok(json!("true [E92000001] true")));
    assert_eq!(
        serves(json!({ "point": { "latitude": 51.5, "longitude": -2.5 } })),
        Ok(json!("true [E06000025, E92000001] false"))
    );
    assert_eq!(serves(json!({ "areaCode": "e06000023" })), Ok(json!("false [E06000023, E92000001] false")));
    assert!(serves(json!({ "postcode": "BS3 4AA", "areaCode": "E06000023" })).is_err(), "one of these");
}
