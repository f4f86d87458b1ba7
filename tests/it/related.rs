//! Locations over all sources, and the services of a location or a term: the same from a live source as from the
//! catalogue, there even with the feed down.

use std::time::Duration;

use serde_json::{Value, json};

use crate::support::{FakeFeed, Gateway, Habit, Manner, Setup, data, records};

/// Three places in Bristol, from the centre outwards, and one without a known position.
async fn feed() -> FakeFeed {
    let place = |id: &str, name: &str, members: Value| {
        let location = json!({ "id": id, "name": name, "location_type": "physical" });
        json!([{ "id": format!("at-{id}"), "location": records::with(location, members) }])
    };
    let carrying =
        |code: &str| json!([{ "id": format!("x-{code}"), "taxonomy_term": { "id": code, "name": code } }]);
    let hall = place(
        "hall",
        "Hall",
        json!({ "latitude": 51.4545, "longitude": -2.5879,
        "external_identifier": "1000123", "external_identifier_type": "UPRN",
        "accessibility": [{ "id": "a", "description": "Step-free entrance" }] }),
    );
    let mill = place(
        "mill",
        "Mill",
        json!({ "latitude": 51.4645, "longitude": -2.5879,
        "addresses": [{ "id": "m", "address_1": "Mill Lane", "city": "Bristol", "state_province": "",
            "postal_code": "BS5 6XX", "country": "GB", "address_type": "physical" }],
        "accessibility": [{ "id": "b", "description": "No wheelchair access" }] }),
    );
    let barn = place("barn", "Barn", json!({ "latitude": 51.6, "longitude": -2.5879 }));
    let cloud = place("cloud", "Cloud", json!({}));
    let term =
        |id: &str, parent: Option<&str>| json!({ "id": id, "name": id, "code": id, "parent_id": parent });
    FakeFeed::called("one")
        .with(Habit::FullLists)
        .with_service(json!({ "service_at_locations": hall, "attributes": carrying("soup") }))
        .with_service(json!({ "service_at_locations": mill, "attributes": carrying("bread") }))
        .with_service(json!({ "service_at_locations": barn, "attributes": carrying("food") }))
        .with_service(json!({ "service_at_locations": cloud, "attributes": carrying("music") }))
        // A cycle: `food` and `bread` are each below the other.
        .with_list(
            "taxonomy_terms",
            vec![
                term("food", Some("bread")),
                term("soup", Some("food")),
                term("bread", Some("food")),
                term("music", None),
            ],
        )
        .spawn()
        .await
}

/// Runs a check on a gateway that reads live, and on one that has synchronised everything and whose feed is gone.
async fn both(check: impl AsyncFn(&Gateway)) {
    let feed = feed().await;
    let live: Setup = Gateway::over(&[&feed]);
    let gateway = live.start().await;
    check(&gateway).await;
    gateway.stop().await;
    let gateway = live.with_defaults("mode = 'catalogue'").start().await;
    let warm = async {
        loop {
            let answer = data(gateway.query("{ sources { status } }").await);
            if answer["sources"][0]["status"] == "FRESH" {
                return;
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(60), warm).await.expect("it is not synchronised");
    feed.behave(Manner::Status(500));
    let before = feed.all_hits();
    check(&gateway).await;
    assert_eq!(feed.all_hits(), before, "everything is answered from the catalogue");
    gateway.stop().await;
}

async fn names(gateway: &Gateway, filter: Value) -> Vec<String> {
    let text = "query($filter: LocationFilter) {
      locations(filter: $filter) { totalCount complete nodes { name } } }";
    let found = data(gateway.query_with(text, json!({ "filter": filter })).await)["locations"].take();
    assert_eq!(found["complete"], true, "{found}");
    let names: Vec<String> = found["nodes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|node| node["name"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(found["totalCount"], names.len());
    names
}

#[tokio::test]
async fn locations_are_found_by_what_they_state() {
    both(async |gateway| {
        let point = json!({ "latitude": 51.4545, "longitude": -2.5879, "withinMetres": 5000 });
        let cases: [(Value, &[&str]); 10] = [
            (json!({}), &["Barn", "Cloud", "Hall", "Mill"]),
            (json!({ "near": { "point": point } }), &["Hall", "Mill"]),
            (json!({ "near": { "point": point }, "includeUnknown": true }), &["Hall", "Mill", "Cloud"]),
            (json!({ "text": "mill lane" }), &["Mill"]),
            (json!({ "postcode": "bs56xx" }), &["Mill"]),
            (json!({ "postcode": "BS5 6XY", "includeUnknown": true }), &["Barn", "Cloud", "Hall"]),
            (json!({ "externalIdentifier": { "scheme": "uprn", "value": "1000123" } }), &["Hall"]),
            (json!({ "externalIdentifier": { "scheme": "usrn", "value": "1000123" } }), &[]),
            (json!({ "wheelchair": true }), &["Hall"]),
            (
                json!({ "wheelchair": false, "includeUnknown": true, "sources": ["one"] }),
                &["Barn", "Cloud", "Mill"],
            ),
        ];
        for (filter, expected) in cases {
            assert_eq!(names(gateway, filter.clone()).await, expected, "{filter}");
        }
    })
    .await;
}

#[tokio::test]
async fn near_locations_come_nearest_first_page_by_page_with_their_distances() {
    both(async |gateway| {
        let text = "query($after: String) {
          locations(first: 1, after: $after, filter: { includeUnknown: true, near: { point:
            { latitude: 51.4545, longitude: -2.5879, withinMetres: 50000 } } }) {
            edges { cursor distance { metres location { name } } node { name } }
            pageInfo { hasNextPage hasPreviousPage endCursor } } }";
        let (mut after, mut seen) = (Value::Null, Vec::new());
        for number in 0..4 {
            let page = data(gateway.query_with(text, json!({ "after": after })).await)["locations"].take();
            let info = (&page["pageInfo"]["hasPreviousPage"], &page["pageInfo"]["hasNextPage"]);
            assert_eq!(info, (&json!(number > 0), &json!(number < 3)));
            let edge = &page["edges"][0];
            let metres = edge["distance"]["metres"].as_f64().map(f64::round);
            seen.push((edge["node"]["name"].as_str().unwrap().to_owned(), metres));
            assert!(metres.is_none() || edge["distance"]["location"]["name"] == edge["node"]["name"]);
            after = page["pageInfo"]["endCursor"].clone();
        }
        // A hundredth of a degree of latitude is about 1,112 m.
        let expected =
            [("Hall", Some(0.0)), ("Mill", Some(1112.0)), ("Barn", Some(16179.0)), ("Cloud", None)];
        assert_eq!(seen, expected.map(|(name, metres)| (name.to_owned(), metres)));
        let of_another_order = format!("{{ locations(after: {after}) {{ complete }} }}");
        let refused = gateway.query(&of_another_order).await;
        assert_eq!(refused["errors"][0]["extensions"]["code"], "CURSOR_INVALID");
    })
    .await;
}

#[tokio::test]
async fn locations_and_terms_know_their_services_with_narrower_terms_though_they_go_in_circles() {
    both(async |gateway| {
        let text = "{ locations(filter: { text: \"hall\" }) { nodes { services { totalCount nodes { upstreamId } }
            none: services(filter: { text: \"zebra\" }) { totalCount } } }
          taxonomyTerms { nodes { name serviceCount own: serviceCount(includeDescendants: false)
            services { totalCount complete } below: services(includeDescendants: false, first: 5) { nodes { upstreamId } }
            parent { name } children { name } } } }";
        let found = data(gateway.query(text).await);
        let expected = json!([{
            "services": { "totalCount": 1, "nodes": [{ "upstreamId": "s-00000" }] }, "none": { "totalCount": 0 },
        }]);
        assert_eq!(found["locations"]["nodes"], expected);
        let term = |name: &str, all: i32, service: &str, parent: Option<&str>, children: &[&str]| {
            json!({
                "name": name, "serviceCount": all, "own": 1, "services": { "totalCount": all, "complete": true },
                "below": { "nodes": [{ "upstreamId": service }] },
                "parent": parent.map(|name| json!({ "name": name })),
                "children": children.iter().map(|name| json!({ "name": name })).collect::<Vec<_>>(),
            })
        };
        let expected = json!([
            term("bread", 3, "s-00001", Some("food"), &["food"]),
            term("food", 3, "s-00002", Some("bread"), &["bread", "soup"]),
            term("music", 1, "s-00003", None, &[]),
            term("soup", 1, "s-00000", Some("food"), &[]),
        ]);
        assert_eq!(found["taxonomyTerms"]["nodes"], expected);
    })
    .await;
}
