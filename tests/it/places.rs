//! Where services are and whom they serve, by nothing but postcodes and names: what is built in is enough.

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
