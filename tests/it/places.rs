//! Where services are and whom they serve, from postcodes and names alone: the built-in directories are enough.

use serde_json::{Value, json};

use crate::support::{FakeFeed, Gateway, Habit, data};

/// A service for an area that is given by name, at an address without coordinates.
fn service(name: &str, area: &str, postcode: &str) -> Value {
    let address = json!({
        "id": "address", "address_1": "1 Elm Street", "city": "Elm", "state_province": "", "postal_code": postcode,
        "country": "GB", "address_type": "physical",
    });
    let location = json!({ "id": format!("l-{name}"), "location_type": "physical", "addresses": [address] });
    json!({
        "name": name, "service_areas": [{ "id": format!("a-{name}"), "name": area }],
        "service_at_locations": [{ "id": format!("at-{name}"), "location": location }],
    })
}

async fn feed() -> FakeFeed {
    FakeFeed::called("one")
        .with(Habit::FullLists)
        .with_service(service("A", "City of Bristol", "BS1 4DJ"))
        .with_service(service("B", "South Gloucestershire", "BS37 4AA"))
        .with_service(service("C", "England", "BS3 4AA"))
        .with_service(service("D", "Elmshire", "EX1 1AA"))
        .spawn()
        .await
}

#[tokio::test]
async fn areas_given_by_name_serve_the_postcodes_in_them() {
    let feed = feed().await;
    let gateway = Gateway::over(&[&feed]).start().await;
    let find = "query($filter: ServiceFilter) {
        services(filter: $filter) { edges { node { name } unknown } } }";
    let found = async |serves: Value| {
        let filter = json!({ "serves": serves });
        let services = data(gateway.query_with(find, json!({ "filter": filter })).await)["services"].take();
        let edges = services["edges"].as_array().unwrap().iter();
        let mark = |edge: &Value| if edge["unknown"] == json!([]) { "" } else { "?" };
        edges
            .map(|edge| format!("{}{}", edge["node"]["name"].as_str().unwrap(), mark(edge)))
            .collect::<String>()
    };
    assert_eq!(found(json!({ "postcode": "BS1 4DJ" })).await, "ACD?");
    assert_eq!(found(json!({ "postcode": "BS37 4AA" })).await, "BCD?");
    assert_eq!(found(json!({ "postcode": "CF10 1BH" })).await, "D?");
    assert_eq!(found(json!({ "areaCode": "E06000025" })).await, "BCD?");
}

#[tokio::test]
async fn councils_are_counted_and_called_by_name() {
    let feed = feed().await;
    let gateway = Gateway::over(&[&feed]).start().await;
    let count = "{
        services { facets { localAuthorities { code name count } } }
        serviceStatistics(groupBy: [LOCAL_AUTHORITY]) { rows { keys { value label } services } }
    }";
    let mut counted = data(gateway.query(count).await);
    let councils = [
        ("E06000023", "Bristol, City of", 2),
        ("E06000025", "South Gloucestershire", 1),
        ("E07000041", "Exeter", 1),
    ];
    let facets = councils.map(|(code, name, count)| json!({ "code": code, "name": name, "count": count }));
    assert_eq!(counted["services"]["facets"]["localAuthorities"], json!(facets));
    let rows = councils
        .map(|(code, name, count)| json!({ "keys": [{ "value": code, "label": name }], "services": count }));
    assert_eq!(counted["serviceStatistics"]["rows"].take(), json!(rows));
}

#[tokio::test]
async fn a_service_without_coordinates_is_near_what_its_sector_is_near() {
    let feed = feed().await;
    let gateway = Gateway::over(&[&feed]).start().await;
    let near = r#"{ services(filter: { near: { postcode: { postcode: "BS1 4ST", withinMetres: 3000 } } }) {
        nodes { name } } }"#;
    let nodes = data(gateway.query(near).await)["services"]["nodes"].take();
    assert_eq!(nodes, json!([{ "name": "A" }, { "name": "C" }]));
}

/// A service at these points, in the town of its address.
fn at(name: &str, points: &[(f64, f64)], city: &str, postcode: &str) -> Value {
    let place = |(number, (latitude, longitude)): (usize, &(f64, f64))| {
        let address = json!({
            "id": format!("a-{name}-{number}"), "address_1": "1 Elm Street", "city": city, "state_province": "",
            "postal_code": postcode, "country": "GB", "address_type": "physical",
        });
        let location = json!({
            "id": format!("l-{name}-{number}"), "location_type": "physical", "latitude": latitude,
            "longitude": longitude, "addresses": [address],
        });
        json!({ "id": format!("at-{name}-{number}"), "location": location })
    };
    json!({ "name": name, "service_at_locations": points.iter().enumerate().map(place).collect::<Vec<_>>() })
}

/// Two services in Elmcombe, one of them also in Totnes, one in Sandbach, and one without a place.
async fn towns() -> FakeFeed {
    FakeFeed::called("one")
        .with(Habit::FullLists)
        .with_service(at("A", &[(51.4405, -2.5955), (50.4311, -3.6843)], "Elmcombe", "BS3 4DJ"))
        .with_service(at("B", &[(51.4412, -2.5961)], "ELMCOMBE", "BS3 4DJ"))
        .with_service(at("C", &[(51.4291, -2.5687)], "Sandbach", "BS4 2AA"))
        .with_service(json!({ "name": "D", "service_at_locations": [] }))
        .spawn()
        .await
}

/// A gateway with the feed in this mode.
async fn in_mode(feed: &FakeFeed, mode: &str) -> Gateway {
    Gateway::over(&[feed]).with_source("one", &format!("mode = '{mode}'")).start().await
}

async fn names(gateway: &Gateway, filter: Value) -> String {
    let find = "query($filter: ServiceFilter) { services(filter: $filter) { complete nodes { name } } }";
    let services = data(gateway.query_with(find, json!({ "filter": filter })).await)["services"].take();
    assert_eq!(services["complete"], true);
    services["nodes"].as_array().unwrap().iter().map(|node| node["name"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn boxes_hold_what_lies_in_them_or_on_their_edge() {
    let feed = towns().await;
    for mode in ["live", "catalogue"] {
        let gateway = in_mode(&feed, mode).await;
        let bounds = |south: f64, west: f64, north: f64, east: f64| json!({ "withinBox": { "south": south, "west": west, "north": north, "east": east } });
        for (filter, expected) in [
            (bounds(51.4, -2.7, 51.5, -2.5), "ABC"),
            (bounds(51.4405, -2.5955, 51.4405, -2.5955), "A"),
            (bounds(51.4406, -2.7, 51.5, -2.5), "B"),
            (bounds(50.0, -4.0, 51.0, -3.0), "A"),
            (bounds(-90.0, -180.0, 90.0, 180.0), "ABC"),
            (json!({ "not": bounds(50.0, -4.0, 51.0, -3.0) }), "BC"),
            (
                json!({ "withinBox": { "south": 54, "west": -4, "north": 55, "east": -3 }, "includeUnknown": true }),
                "D",
            ),
        ] {
            assert_eq!(names(&gateway, filter.clone()).await, expected, "{mode} {filter}");
        }
        let locations = "{ locations(filter: { withinBox: { south: 50, west: -4, north: 51, east: -3 } }) {
            nodes { latitude } } }";
        assert_eq!(
            data(gateway.query(locations).await)["locations"]["nodes"],
            json!([{ "latitude": 50.4311 }])
        );
    }
}

#[tokio::test]
async fn a_box_that_is_none_is_refused() {
    let feed = towns().await;
    let gateway = in_mode(&feed, "live").await;
    for (bounds, word) in [
        ("south: 52, west: -3, north: 51, east: -2", "`south`"),
        ("south: 51, west: 170, north: 52, east: -170", "180th meridian"),
        ("south: -91, west: -3, north: 51, east: -2", "latitudes"),
    ] {
        for field in ["services", "locations"] {
            let query = format!("{{ {field}(filter: {{ withinBox: {{ {bounds} }} }}) {{ totalCount }} }}");
            let error = gateway.query(&query).await["errors"][0].take();
            assert_eq!(error["extensions"]["code"], "BAD_USER_INPUT", "{error}");
            let message = error["message"].as_str().unwrap();
            assert!(message.contains(word) && message.contains("withinBox"), "{message}");
        }
    }
}

#[tokio::test]
async fn a_grid_counts_services_once_in_each_cell_that_they_have_a_place_in() {
    let feed = towns().await;
    for mode in ["live", "catalogue"] {
        let gateway = in_mode(&feed, mode).await;
        let grid = |filter: &str| {
            format!(
                "{{ services(first: 1, filter: {{ {filter} }}) {{
                     fine: grid(zoom: 20) {{ truncated cells {{ services }} }}
                     coarse: grid(zoom: 8, first: 1) {{ truncated cells {{ x y services box {{ south west north east }} }} }}
                 }} }}"
            )
        };
        let whole = data(gateway.query(&grid("")).await)["services"].take();
        assert_eq!(whole["fine"]["cells"].as_array().unwrap().len(), 4, "{mode}: {whole}");
        let coarse = &whole["coarse"];
        assert_eq!(
            (&coarse["truncated"], &coarse["cells"][0]["services"]),
            (&json!(true), &json!(3)),
            "{whole}"
        );
        // The box of a cell finds the services that it counts.
        let bounds = coarse["cells"][0]["box"].clone();
        assert_eq!(names(&gateway, json!({ "withinBox": bounds })).await, "ABC");
        // Only places that meet the filter count.
        let near = r#"near: { postcode: { postcode: "BS3 4DJ", withinMetres: 1000 } }"#;
        let near = data(gateway.query(&grid(near)).await)["services"].take();
        assert_eq!(near["coarse"]["cells"].as_array().unwrap().len(), 1, "{near}");
        assert_eq!(
            (&near["coarse"]["truncated"], &near["coarse"]["cells"][0]["services"]),
            (&json!(false), &json!(2))
        );
        let wrong = gateway.query("{ services { grid(zoom: 21) { zoom } } }").await;
        assert_eq!(wrong["errors"][0]["extensions"]["code"], "BAD_USER_INPUT", "{wrong}");
    }
}

#[tokio::test]
async fn addresses_teach_the_parts_of_towns_that_no_table_has() {
    let feed = towns().await;
    for mode in ["live", "catalogue"] {
        let gateway = in_mode(&feed, mode).await;
        let near = |name: &str| json!({ "near": { "place": { "name": name, "withinMetres": 1000 } } });
        assert_eq!(names(&gateway, near("elmcombe")).await, "AB", "{mode}");
        assert_eq!(names(&gateway, near("Sandbach, Bristol")).await, "C", "{mode}");
        assert_eq!(
            names(&gateway, json!({ "or": [near("Totnes"), near("Sandbach (Bristol)")] })).await,
            "AC"
        );
        assert_eq!(names(&gateway, near("bs3")).await, "AB");
        let find = r#"{ places(name: "Sandbach") { name askAs county kind knownFrom matched point { latitude } localAuthority { code } } }"#;
        let sandbach = data(gateway.query(find).await)["places"].take();
        let expected = json!([
            { "name": "Sandbach", "askAs": "Sandbach, Cheshire", "county": "Cheshire", "kind": "SETTLEMENT",
              "knownFrom": ["GAZETTEER"], "matched": "EXACT", "point": { "latitude": 53.1452 },
              "localAuthority": { "code": "E06000049" } },
            { "name": "Sandbach", "askAs": "Sandbach, Bristol", "county": "Bristol", "kind": "SETTLEMENT",
              "knownFrom": ["ADDRESSES"], "matched": "EXACT", "point": { "latitude": 51.4291 },
              "localAuthority": { "code": "E06000023" } },
        ]);
        assert_eq!(sandbach, expected, "{mode}");
    }
}

#[tokio::test]
async fn a_name_that_does_not_say_where_is_an_error_that_tells_how_to_ask() {
    let feed = towns().await;
    let gateway = in_mode(&feed, "live").await;
    let error = async |field: &str, name: &str| {
        let query = format!(
            "query($name: String!) {{ {field}(filter: {{ near: {{ place: {{ name: $name }} }} }}) {{ totalCount }} }}"
        );
        gateway.query_with(&query, json!({ "name": name })).await["errors"][0].take()
    };
    for field in ["services", "locations"] {
        let ambiguous = error(field, "Newport").await;
        assert_eq!(ambiguous["extensions"]["code"], "PLACE_AMBIGUOUS", "{ambiguous}");
        let candidates = ambiguous["extensions"]["candidates"].as_array().unwrap();
        let wight = candidates.iter().find(|one| one["askAs"] == "Newport, Isle of Wight").unwrap();
        let told = (&wight["name"], &wight["county"], &wight["kind"], &wight["point"]["latitude"]);
        assert_eq!(told, (&json!("Newport"), &json!("Isle of Wight"), &json!("SETTLEMENT"), &json!(50.7015)));
        assert!(ambiguous["message"].as_str().unwrap().contains("`Newport, Isle of Wight`"), "{ambiguous}");
    }
    let unknown = error("services", "Totness").await;
    assert_eq!(unknown["extensions"]["code"], "PLACE_UNKNOWN", "{unknown}");
    assert_eq!(unknown["extensions"]["candidates"][0]["askAs"], "Totnes, Devon", "{unknown}");
    let statistics = r#"{ serviceStatistics(groupBy: [SOURCE], filter: { near: { place: { name: "Newport" } } }) { totalCount } }"#;
    assert_eq!(gateway.query(statistics).await["errors"][0]["extensions"]["code"], "PLACE_AMBIGUOUS");
}

#[tokio::test]
async fn an_answer_says_which_place_a_name_was_taken_for() {
    let feed = towns().await;
    let gateway = in_mode(&feed, "live").await;
    let places = async |near: &str| {
        let query = format!("{{ services(filter: {{ near: {{ {near} }} }}) {{ totalCount }} }}");
        gateway.query(&query).await["extensions"]["places"].take()
    };
    let told = places(r#"place: { name: "elmcombe" }"#).await;
    let expected = json!([{ "asked": "elmcombe", "found": "Elmcombe, Bristol", "kind": "SETTLEMENT",
                            "latitude": 51.4405, "longitude": -2.5961 }]);
    assert_eq!(told, expected);
    let told = places(r#"postcode: { postcode: "bs3" }"#).await;
    assert_eq!((&told[0]["asked"], &told[0]["kind"]), (&json!("BS3"), &json!("POSTCODE_DISTRICT")), "{told}");
    assert_eq!(places(r#"postcode: { postcode: "BS3 4DJ" }"#).await, Value::Null, "that is where it is");
}

#[tokio::test]
async fn places_are_suggested_as_they_can_be_asked_for_and_from_addresses_too() {
    let feed = towns().await;
    for mode in ["live", "catalogue"] {
        let gateway = in_mode(&feed, mode).await;
        // Makes the gateway read the addresses.
        assert_eq!(names(&gateway, json!({ "near": { "place": { "name": "Elmcombe" } } })).await, "ABC");
        let suggest = r#"{ suggest(prefix: "Elmc", kinds: [PLACE]) { text ask } }"#;
        let told = data(gateway.query(suggest).await)["suggest"].take();
        let elmcombe = json!({ "text": "Elmcombe, Bristol", "ask": "Elmcombe, Bristol" });
        assert_eq!(told, json!([elmcombe]), "{mode}");
    }
}

#[tokio::test]
async fn a_postcode_that_is_nowhere_says_why() {
    let feed = towns().await;
    let gateway = in_mode(&feed, "live").await;
    for (typed, word) in [
        ("BT1 5GS", "`places.postcodes`"),
        ("JE2 3AB", "Jersey"),
        ("ZZ1 1AA", "letters"),
        ("BS88", "district"),
    ] {
        for near in ["postcode: { postcode:", "place: { name:"] {
            let query =
                format!("{{ services(filter: {{ near: {{ {near} \"{typed}\" }} }} }}) {{ totalCount }} }}");
            let error = gateway.query(&query).await["errors"][0].take();
            assert_eq!(error["extensions"]["code"], "POSTCODE_UNKNOWN", "{error}");
            assert!(error["message"].as_str().unwrap().contains(word), "{error}");
        }
    }
    let half = gateway
        .query(r#"{ services(filter: { near: { place: { name: "BS3 4D" } } }) { totalCount } }"#)
        .await;
    assert_eq!(half["errors"][0]["extensions"]["code"], "BAD_USER_INPUT", "{half}");
    assert!(half["errors"][0]["message"].as_str().unwrap().contains("`BS1 4DJ`"), "{half}");
    let wales =
        gateway.query(r#"{ services(filter: { near: { place: { name: "Wales" } } }) { totalCount } }"#).await;
    assert_eq!(wales["errors"][0]["extensions"]["code"], "PLACE_UNKNOWN", "{wales}");
    assert!(wales["errors"][0]["message"].as_str().unwrap().contains("country"), "{wales}");
}

#[tokio::test]
async fn postcodes_are_read_as_people_type_them() {
    let feed = towns().await;
    let gateway = in_mode(&feed, "live").await;
    let place = async |postcode: &str| {
        let query = "query($postcode: Postcode!) { place(postcode: $postcode) { postcode accuracy } }";
        gateway.query_with(query, json!({ "postcode": postcode })).await
    };
    for (typed, postcode, accuracy) in [
        ("bs34dj", "BS3 4DJ", "POSTCODE"),
        ("BS3-4DJ", "BS3 4DJ", "POSTCODE"),
        ("AB1 0AE", "AB1 0AE", "APPROXIMATE"),
        ("bs1", "BS1", "DISTRICT"),
        ("BS1 4", "BS1 4", "SECTOR"),
    ] {
        let told = data(place(typed).await)["place"].take();
        assert_eq!(told, json!({ "postcode": postcode, "accuracy": accuracy }), "{typed}");
    }
    for typed in ["Bristol", "BS3 4D", ""] {
        let answer = place(typed).await;
        let message = answer["errors"][0]["message"].as_str().unwrap();
        assert!(message.contains("\"BS1 4DJ\"") && message.contains("\"BS1\""), "{message}");
        assert!(typed.is_empty() || !message.contains(typed), "{message}");
    }
    let literal = gateway.query(r#"{ place(postcode: "nowhere") { latitude } }"#).await;
    assert!(literal["errors"][0]["message"].as_str().unwrap().contains("\"BS1 4DJ\""), "{literal}");
    let locations = r#"{ locations(filter: { postcode: "bs4" }) { totalCount } }"#;
    assert_eq!(data(gateway.query(locations).await)["locations"]["totalCount"], 1);
}
