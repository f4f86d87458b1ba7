//! What clients give as places.

use async_graphql::{EmptyMutation, EmptySubscription, Object, Request, Schema, Variables};
use serde_json::{Value, json};

use super::near::NearInput;
use super::place::PlaceInput;
use crate::graphql::error::ApiError;
use crate::graphql::meant_places::MeantPlaces;
use crate::model::{PlaceNames, Postcodes};

/// Says what was understood.
struct Root;

#[Object]
impl Root {
    async fn near(&self, near: NearInput) -> Result<Vec<f64>, ApiError> {
        let near = near.into_near(&Postcodes::default(), &PlaceNames::default(), &MeantPlaces::default())?;
        Ok(vec![near.centre.latitude, near.centre.longitude, near.within_metres])
    }

    async fn serves(&self, place: PlaceInput) -> Result<String, ApiError> {
        let place = place.into_whereabouts(&Postcodes::default())?;
        Ok(format!("{:?} {:?} {}", place.point().is_some(), place.areas(), place.is_approximate()))
    }
}

/// What a field answers; or the error's code and message.
async fn ask(field: &str, kind: &str, value: Value) -> Result<Value, (String, String)> {
    let argument = if field == "near" { "near" } else { "place" };
    let query = format!("query($value: {kind}!) {{ {field}({argument}: $value) }}");
    let request = Request::new(query).variables(Variables::from_json(json!({ "value": value })));
    let response = Schema::new(Root, EmptyMutation, EmptySubscription).execute(request).await;
    let response = serde_json::to_value(&response).unwrap();
    match response["errors"].as_array() {
        None => Ok(response["data"][field].clone()),
        Some(errors) => {
            let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
            Err((text(&errors[0]["extensions"]["code"]), text(&errors[0]["message"])))
        }
    }
}

async fn near(value: Value) -> Result<Value, (String, String)> {
    ask("near", "NearInput", value).await
}

async fn serves(value: Value) -> Result<Value, (String, String)> {
    ask("serves", "PlaceInput", value).await
}

#[tokio::test]
async fn near_is_a_place_and_metres() {
    let bs3 = |metres: f64| Ok(json!([51.44475, -2.58781, metres]));
    assert_eq!(near(json!({ "postcode": { "postcode": "bs34aa" } })).await, bs3(5000.0));
    assert_eq!(
        near(json!({ "postcode": { "postcode": "BS3 4AA", "withinMetres": 500_000 } })).await,
        bs3(500_000.0)
    );
    let [latitude, longitude] = [51.43874, -2.60154];
    for district in [json!({ "postcode": { "postcode": "bs3" } }), json!({ "place": { "name": "BS3" } })] {
        assert_eq!(near(district).await, Ok(json!([latitude, longitude, 5000.0])));
    }
    let point = json!({ "point": { "latitude": 51.5, "longitude": -2.5, "withinMetres": 1 } });
    assert_eq!(near(point).await, Ok(json!([51.5, -2.5, 1.0])));
}

#[tokio::test]
async fn what_cannot_be_a_place_is_refused_by_its_name() {
    let point = |latitude: f64, longitude: f64, metres: i32| json!({ "point": { "latitude": latitude, "longitude": longitude, "withinMetres": metres } });
    for (value, name) in [
        (point(51.5, -2.5, 0), "withinMetres"),
        (point(51.5, -2.5, -5), "withinMetres"),
        (point(51.5, -2.5, 500_001), "withinMetres"),
        (point(90.1, -2.5, 5), "latitude"),
        (point(51.5, -180.1, 5), "longitude"),
        (point(0.0, 0.0, 5), "0,0"),
    ] {
        let (code, message) = near(value).await.unwrap_err();
        assert_eq!(code, "BAD_USER_INPUT", "{message}");
        assert!(message.contains(name) && message.contains("filter.near"), "{message}");
    }
    let (code, message) = serves(json!({ "areaCode": "Bristol" })).await.unwrap_err();
    assert_eq!(code, "BAD_USER_INPUT");
    assert!(message.contains("filter.serves.areaCode"), "{message}");
}

#[tokio::test]
async fn a_postcode_nobody_knows_is_not_repeated() {
    for told in [
        near(json!({ "postcode": { "postcode": "ZZ9 9ZZ" } })).await,
        serves(json!({ "postcode": "ZZ9 9ZZ" })).await,
    ] {
        let (code, message) = told.unwrap_err();
        assert_eq!(code, "POSTCODE_UNKNOWN");
        assert!(message.contains(".postcode`") && !message.to_uppercase().contains("ZZ9"), "{message}");
    }
}

#[tokio::test]
async fn areas_are_held_against_a_place_of_any_kind() {
    assert_eq!(
        serves(json!({ "postcode": "BS3 4AA" })).await,
        Ok(json!("true [E06000023, E92000001] false"))
    );
    assert_eq!(serves(json!({ "postcode": "BS3" })).await, Ok(json!("true [E92000001] true")));
    assert_eq!(
        serves(json!({ "point": { "latitude": 51.5, "longitude": -2.5 } })).await,
        Ok(json!("true [E06000025, E92000001] false"))
    );
    assert_eq!(
        serves(json!({ "areaCode": "e06000023" })).await,
        Ok(json!("false [E06000023, E92000001] false"))
    );
    assert!(serves(json!({ "postcode": "BS3 4AA", "areaCode": "E06000023" })).await.is_err(), "one of these");
}
