//! Every condition of the feed works, on services and on services at locations, and a bad one is refused by its name.

use serde_json::{Value, json};

use super::{names, walk};
use crate::support::{FakeFeed, Gateway, Habit, records};

fn service(number: usize, name: &str, members: Value) -> Value {
    let mut own = records::in_detail(&records::service(number));
    own["name"] = json!(name);
    records::with(own, members)
}

fn place(number: usize, latitude: f64, longitude: f64) -> Value {
    json!([{ "id": format!("at-{number}"), "location": {
        "id": format!("l-{number}"), "name": format!("Hall {number}"), "location_type": "physical",
        "latitude": latitude, "longitude": longitude,
    } }])
}

const LEEDS: &str =
    r#"{"type":"Polygon","coordinates":[[[-1.8,53.7],[-1.3,53.7],[-1.3,53.9],[-1.8,53.9],[-1.8,53.7]]]}"#;

/// Services that each condition tells apart.
fn services() -> Vec<Value> {
    vec![
        service(
            1,
            "Toddler music",
            json!({
                "minimum_age": 1, "maximum_age": 4, "last_modified": "2026-01-05T09:00:00Z",
                "service_at_locations": place(1, 51.4545, -2.5879),
                "schedules": [{ "id": "t1", "freq": "WEEKLY", "byday": "TU", "opens_at": "09:30", "closes_at": "11:00" }],
            }),
        ),
        service(
            7,
            "Walking football",
            json!({
                "minimum_age": 50, "last_modified": "2026-06-05T09:00:00Z",
                "service_at_locations": place(7, 53.8008, -1.5491),
                "schedules": [{ "id": "t7", "freq": "WEEKLY", "byday": "SA", "opens_at": "14:00", "closes_at": "16:00" }],
                "service_areas": [{ "id": "a7", "name": "Around Leeds", "extent_type": "geojson", "extent": LEEDS }],
            }),
        ),
    ]
}

async fn gateway(mode: &str) -> (FakeFeed, Gateway) {
    let plan = FakeFeed::called("one").with_services(0).with(Habit::FullLists).with(Habit::Verbatim);
    let feed = services().into_iter().fold(plan, |plan, one| plan.with_service(one)).spawn().await;
    let gateway = Gateway::over(&[&feed]).with_defaults(&format!("mode = '{mode}'")).start().await;
    gateway.is_fresh().await;
    (feed, gateway)
}

#[tokio::test]
async fn each_condition_keeps_what_it_should() {
    let (toddlers, football) = ("Toddler music", "Walking football");
    for mode in ["catalogue", "live"] {
        let (_feed, gateway) = gateway(mode).await;
        for (query, expected) in [
            ("", vec![toddlers, football]),
            ("search=cricket", vec![]),
            ("search=footba", vec![football]),
            ("minimum_age=60&maximum_age=60", vec![football]),
            ("minimum_age=2&maximum_age=60", vec![toddlers, football]),
            ("minimum_age=2&maximum_age=3&age_match=covers", vec![toddlers]),
            ("day=SA", vec![football]),
            ("day=TU,SA", vec![toddlers, football]),
            ("start_time=09:00&end_time=12:00", vec![toddlers]),
            ("start_time=10:00&end_time=12:00", vec![]),
            ("start_time=10:00&end_time=12:00&time_match=overlaps", vec![toddlers]),
            ("day=SA&start_time=09:00&end_time=12:00", vec![]),
            ("modified_after=2026-03-01", vec![football]),
            ("modified_after=2026-06-05T09:00:00Z", vec![football]),
            ("postcode=BS1+4DJ&proximity=5000", vec![toddlers]),
            ("postcode=BS1+4DJ", vec![toddlers]),
            ("postcode=LS1", vec![toddlers, football]),
            ("taxonomy_term_id=lucky", vec![football]),
            ("taxonomy_term_id=lucky,plain", vec![toddlers, football]),
            ("search=football&day=TU", vec![]),
        ] {
            let found = walk(&gateway, &format!("/oruk/v3/services?{query}"), true).await;
            let mut found = names(&found);
            found.sort();
            assert_eq!(found, expected, "{mode} {query}");
            let places = walk(&gateway, &format!("/oruk/v3/service_at_locations?{query}"), true).await;
            let mut halls: Vec<&str> =
                places.iter().map(|one| one["location"]["name"].as_str().unwrap()).collect();
            halls.sort_unstable();
            let of = |name: &&str| if *name == toddlers { "Hall 1" } else { "Hall 7" };
            assert_eq!(halls, expected.iter().map(of).collect::<Vec<_>>(), "{mode} {query}");
        }
        gateway.stop().await;
    }
}

#[tokio::test]
async fn ids_of_the_feed_go_for_terms_and_organisations() {
    let (_feed, gateway) = gateway("catalogue").await;
    let terms = walk(&gateway, "/oruk/v3/taxonomy_terms", true).await;
    let lucky = terms.iter().find(|term| term["code"] == "lucky").unwrap();
    for id in [&lucky["id"], &lucky["gateway"]["id"]] {
        let query = format!("/oruk/v3/services?taxonomy_term_id={}", id.as_str().unwrap());
        assert_eq!(names(&walk(&gateway, &query, true).await), ["Walking football"]);
    }
    let all = walk(&gateway, "/oruk/v3/services?search=football", true).await;
    let provider = all[0]["organization_id"].as_str().unwrap();
    let own = walk(&gateway, &format!("/oruk/v3/services?organization_id={provider}"), true).await;
    assert!(own.iter().all(|one| one["organization_id"] == provider) && !own.is_empty());
    let found = walk(&gateway, "/oruk/v3/organizations?search=organisation", true).await;
    assert_eq!(found.len(), 1, "both services have one provider");
    gateway.stop().await;
}

#[tokio::test]
async fn what_is_wrong_is_refused_with_its_name_and_what_would_be_right() {
    let (_feed, gateway) = gateway("catalogue").await;
    for (path, argument, words) in [
        ("services?serch=x", "serch", "did you mean `search`?"),
        ("services?page=0", "page", "1 to 1000000"),
        ("services?minimum_age=old", "minimum_age", "0 to 150"),
        ("services?postcode=QQ1+1AA", "postcode", "no postcode area"),
        ("services?taxonomy_term_id=lukcy", "taxonomy_term_id", "did you mean `lucky`?"),
        ("services?organization_id=8f0f6b7e-5b0a-4c1e-9d0a-0a1b2c3d4e5f", "organization_id", "unchanged"),
        ("organizations?postcode=BS1", "postcode", "it takes `search`"),
        ("taxonomies?search=x", "search", "it takes `page`"),
        ("services/8f0f6b7e-5b0a-4c1e-9d0a-0a1b2c3d4e5f?full=true", "full", "it takes none"),
        ("?page=1", "page", "it takes none"),
    ] {
        let reply = gateway.get(&format!("/oruk/v3/{path}")).await;
        let error = reply.json()["errors"][0].clone();
        assert_eq!(
            (reply.status, &error["extensions"]["argument"]),
            (400, &json!(argument)),
            "{path}: {error}"
        );
        assert_eq!(
            error["extensions"]["code"].as_str().unwrap() == "POSTCODE_UNKNOWN",
            argument == "postcode" && path.contains("QQ1")
        );
        let message = error["message"].as_str().unwrap();
        assert!(message.contains(words), "{path}: {message}");
    }
    gateway.stop().await;
}
