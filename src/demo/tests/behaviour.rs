//! Tests of the behaviour of each variety: its pages, its errors and the irregularities of its records.

use std::collections::HashSet;
use std::time::Duration;

use poem::http::StatusCode;
use poem::{Endpoint, Request, Response};
use serde_json::{Value, json as value};

use super::{body, json, over_the_wire, written};
use crate::demo::{DemoPlace, FeedVariety, InventedFeed};

async fn get(feed: &impl Endpoint<Output = Response>, target: &str, header: (&str, &str)) -> Response {
    let request = Request::builder().uri(target.parse().unwrap()).header(header.0, header.1).finish();
    feed.get_response(request).await
}

fn ids(page: &Value) -> Vec<String> {
    let list = ["contents", "content", "data"].iter().find_map(|name| page[*name].as_array()).unwrap();
    list.iter().filter_map(|row| row.get("id").map(|id| id.to_string().replace('"', ""))).collect()
}

fn feed(variety: FeedVariety, services: usize) -> impl Endpoint<Output = Response> {
    InventedFeed::new(variety).services(services).budget(1_000_000).endpoint()
}

#[tokio::test]
async fn what_is_not_there_is_not_there_in_its_own_way() {
    let cases = [
        (FeedVariety::Oruk1, "/services/none", 200, ""),
        (FeedVariety::Placecube1, "/organizations", 404, "<!doctype html>"),
        (FeedVariety::Outpost, "/services/1", 404, "No matching document"),
        (FeedVariety::Outpost, "/taxonomies", 404, "No route matches"),
        (FeedVariety::LocalgovDrupal, "/organizations", 404, "{\"message\":"),
        (FeedVariety::LocalgovDrupal, "/taxonomies?vocabulary=none", 404, "vocabulary"),
        (FeedVariety::ConnectToSupport, "/", 404, ""),
        (FeedVariety::Southampton, "/services/1", 404, "<!doctype html>"),
    ];
    for (variety, target, status, words) in cases {
        let (answered, text) = body(&feed(variety, 3), target).await;
        assert_eq!(answered, status, "{variety} {target}");
        assert!(text.contains(words) && (status != 200 || text.is_empty()), "{variety} {target}: {text}");
    }
}

#[tokio::test]
async fn porism_has_three_forms_of_a_record() {
    let feed = feed(FeedVariety::Oruk1, 200);
    let page = json(&feed, "/services.json?per_page=200").await;
    assert_eq!((&page["number"], &page["size"], page.get("empty")), (&value!(1), &value!(200), None));
    let members: HashSet<_> =
        page["content"].as_array().unwrap().iter().map(|row| row.as_object().unwrap().len()).collect();
    assert_eq!(members, HashSet::from([4]));

    let page =
        json(&feed, "/services?per_page=200&include=contacts&include=reviews&include=regular_schedules")
            .await;
    assert_eq!((&page["number"], &page["size"]), (&value!(0), &value!(200)));
    let rows = page["content"].as_array().unwrap();
    assert!(
        rows.iter()
            .all(|row| row.get("cost_options").is_none() && row["contacts"][0]["phones"][0] == value!({}))
    );
    assert!(rows.iter().all(|row| row["assured_date"].as_str().unwrap().ends_with(" 00:00:00")));
    assert!(rows.iter().any(|row| row["regular_schedules"][0]["valid_from"].is_i64()));

    let texts: String = written(FeedVariety::Oruk1, DemoPlace::named("leeds").unwrap(), 200)
        .iter()
        .map(Value::to_string)
        .collect();
    for odd in ["<script", "\"state_province\":\"None\"", "T00:00:00.000+0000", "\"www.", "\"parent\":{"] {
        assert!(texts.contains(odd), "{odd}");
    }
}

#[tokio::test]
async fn porism_refuses_what_it_cannot_do() {
    let feed = feed(FeedVariety::Oruk1, 10);
    assert_eq!(body(&feed, "/services?page=0").await.0, 500);
    let (status, text) = body(&feed, "/taxonomies").await;
    assert_eq!(status, 500);
    assert_eq!(text, r#"{"error":"Required parameter 'vocabulary' is missing.","code":1}"#);
    let vocabularies = json(&feed, "/vocabularies").await;
    assert_eq!(vocabularies, value!(["esdServiceTypes", "esdNeeds", "esdCircumstances"]));
    let terms = json(&feed, "/taxonomies?vocabulary=esdNeeds&per_page=500").await;
    let rows = terms["content"].as_array().unwrap();
    assert!(rows.len() > 10 && rows.iter().all(|row| row["vocabulary"] == "esdNeeds"));
    let front = get(&feed, "/", ("accept", "*/*")).await;
    assert_eq!(
        (front.status(), &front.headers()["location"]),
        (StatusCode::FOUND, &"/swagger-ui.html".parse().unwrap())
    );
    assert!(json(&feed, "/locations").await["content"][0]["physical_addresses"].is_array());
}

#[tokio::test]
async fn placecube_leaves_text_where_values_should_be() {
    let feed = feed(FeedVariety::Placecube1, 300);
    let (_, page) = body(&feed, "/services?per_page=300").await;
    assert!(serde_json::from_str::<Value>(&page).is_err());
    let page: Value = serde_json::from_str(&page.replace('\n', " ")).unwrap();
    assert_eq!(page["empty"], false);
    let rows = page["content"].as_array().unwrap();
    assert!(rows.iter().all(|row| row.as_object().unwrap().values().all(|member| !member.is_null())));
    assert!(rows.iter().any(|row| row["url"] == "" || row["email"] == ""));
    let text = page.to_string();
    for odd in ["â€“", "&nbsp;", "data-cke-saved-href", "Peer group", "Self referral", "pc_targetAudience"]
    {
        assert!(text.contains(odd), "{odd}");
    }
    let details = &written(FeedVariety::Placecube1, DemoPlace::named("leeds").unwrap(), 300)[..300];
    assert!(details.iter().any(|detail| detail["organization"].is_null()));
    assert!(details.iter().any(|detail| detail["eligibilitys"][0]["maximum_age"] == 0));
    assert!(
        details
            .iter()
            .any(|detail| detail["service_at_locations"][0]["holidayScheduleCollection"][0]["open_at"] == "")
    );
    assert!(details.iter().all(|detail| detail["service_at_locations"][0].get("id").is_none()));
    assert!(details.iter().all(|detail| detail["regular_schedules"][0]["interval"].as_u64().is_none()));
}

#[tokio::test]
async fn outpost_has_a_shape_of_its_own() {
    let feed = feed(FeedVariety::Outpost, 300);
    let page = json(&feed, "/services?per_page=300").await;
    assert_eq!((&page["perPage"], &page["size"], &page["last"]), (&value!(300), &value!(300), &value!(true)));
    let rows = page["content"].as_array().unwrap();
    assert!(rows.iter().all(|row| row["id"].is_u64() && row["organisation"]["id"].is_u64()));
    let places: Vec<_> = rows.iter().flat_map(|row| row["locations"].as_array().unwrap()).collect();
    let (masked, plain): (Vec<&Value>, Vec<&Value>) =
        places.iter().partition(|place| place["mask_exact_address"] == true);
    assert!(!masked.is_empty() && masked.len() < plain.len());
    for place in masked {
        assert_eq!(place["address_1"], Value::Null);
        let degrees = place["geometry"]["coordinates"][0].as_f64().unwrap() * 100.0;
        assert!(
            (degrees - degrees.round()).abs() < 1e-6 && !place["postal_code"].as_str().unwrap().contains(' ')
        );
    }
    let slots: Vec<_> = rows.iter().flat_map(|row| row["regular_schedules"].as_array().unwrap()).collect();
    assert!(
        slots.iter().any(|slot| slot["freq"] == "week") && slots.iter().any(|slot| slot["ey_funded"] == true)
    );
    assert!(
        slots.iter().any(|slot| slot["freq"].is_null())
            && slots.iter().all(|slot| slot["weekday"].is_string())
    );
    let none = json(&feed, "/services?keywords=qzxv").await;
    assert_eq!(
        (&none["totalPages"], &none["last"], &none["content"]),
        (&value!(0), &value!(false), &value!([]))
    );
    let same = json(&feed, "/services/10000").await;
    assert!(same.get("distance_away").is_none() && rows[0]["distance_away"].is_null());
}

#[tokio::test(start_paused = true)]
async fn outpost_counts_its_callers() {
    let feed = InventedFeed::new(FeedVariety::Outpost).services(3).endpoint();
    let ask = || get(&feed, "/services", ("accept", "*/*"));
    let first = ask().await;
    let header = |response: &Response, name: &str| response.headers()[name].to_str().unwrap().to_owned();
    assert_eq!(header(&first, "ratelimit-policy"), "100;w=60");
    assert_eq!(
        (header(&first, "ratelimit-limit"), header(&first, "ratelimit-remaining")),
        ("100".into(), "99".into())
    );
    tokio::time::advance(Duration::from_secs(20)).await;
    for _ in 1..100 {
        assert_eq!(ask().await.status(), StatusCode::OK);
    }
    let refused = ask().await;
    assert_eq!(refused.status(), StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(
        (header(&refused, "retry-after"), header(&refused, "ratelimit-reset")),
        ("40".into(), "40".into())
    );
    assert!(refused.into_body().into_string().await.unwrap().starts_with("Too many requests"));
    tokio::time::advance(Duration::from_secs(41)).await;
    assert_eq!(ask().await.status(), StatusCode::OK);
    let strict = InventedFeed::new(FeedVariety::Outpost).services(1).budget(0).endpoint();
    assert_eq!(body(&strict, "/services").await.0, 429);
}

#[tokio::test]
async fn outpost_knows_what_a_caller_has_already() {
    let feed = feed(FeedVariety::Outpost, 3);
    let first = get(&feed, "/services", ("accept", "*/*")).await;
    let tag = first.headers()["etag"].to_str().unwrap().to_owned();
    assert!(tag.starts_with("W/\""), "{tag}");
    let again = get(&feed, "/services", ("if-none-match", &tag)).await;
    assert_eq!(
        (again.status(), again.headers()["etag"].to_str().unwrap()),
        (StatusCode::NOT_MODIFIED, tag.as_str())
    );
    assert_eq!(get(&feed, "/services?page=2", ("if-none-match", &tag)).await.status(), StatusCode::OK);
}

#[tokio::test]
async fn drupal_guesses_how_much_there_is() {
    let feed = feed(FeedVariety::LocalgovDrupal, 100);
    let first = body(&feed, "/services?page=1&per_page=100").await.1;
    assert!(
        first.starts_with(
            r#"{"totalElements":11,"totalPages":2.0,"number":1,"size":10,"first":true,"last":false"#
        ),
        "{first}"
    );
    assert_eq!(body(&feed, "/services?page=0").await.1, first);
    let beyond = json(&feed, "/services?page=99").await;
    assert_eq!(
        (&beyond["totalElements"], &beyond["last"], &beyond["content"]),
        (&value!(0), &value!(false), &value!([]))
    );
    let mut holes = 0;
    for page in 1..12 {
        let page = json(&feed, &format!("/services?page={page}")).await;
        holes += page["content"].as_array().unwrap().iter().filter(|row| **row == "").count();
    }
    assert!((1..10).contains(&holes), "{holes}");
}

#[tokio::test]
async fn drupal_has_lists_for_nothing_and_objects_for_lists() {
    let details = &written(FeedVariety::LocalgovDrupal, DemoPlace::named("leeds").unwrap(), 200)[..200];
    assert!(
        details.iter().any(|detail| detail["url"] == value!([]))
            && details.iter().any(|detail| detail["organization"] == value!([]))
    );
    assert!(details.iter().any(|detail| detail["description"]["format"] == "wysiwyg"));
    let address = &details
        .iter()
        .find_map(|detail| detail["service_at_locations"][0]["location"]["physical_addresses"].as_object())
        .unwrap();
    assert!(address["id"].as_str().unwrap().starts_with("address:"));
    assert_eq!(details[0]["service_taxonomys"][0]["id"].as_str().unwrap().len(), 73);
    let feed = feed(FeedVariety::LocalgovDrupal, 30);
    assert_eq!(json(&feed, "/vocabulary").await, value!(["service_types", "needs", "circumstances"]));
    let terms = json(&feed, "/taxonomies?vocabulary=needs").await;
    assert!(terms["content"].as_array().unwrap().iter().all(|row| row["vocabulary"] == "needs"));
    let page = json(&feed, "/services").await;
    let row = page["content"].as_array().unwrap().iter().find(|row| row["organization"].is_object()).unwrap();
    for (path, record) in [("organization", &row["organization"]), ("location", &details[0])] {
        let target = format!("/{path}/{}", record["id"].as_str().unwrap());
        assert_eq!(body(&feed, &target).await.0 == 200, path == "organization", "{target}");
    }
    assert!(body(&feed, "/services").await.1.contains("\\u003Cp\\u003E"));
}

#[tokio::test]
async fn connect_to_support_writes_text() {
    let page = json(&feed(FeedVariety::ConnectToSupport, 50), "/services?page=9").await;
    assert_eq!(
        (&page["totalelements"], &page["totalpages"], &page["last"]),
        (&value!(50), &value!(1), &value!(false))
    );
    fn numbers(value: &Value) -> usize {
        match value {
            Value::Number(_) => 1,
            Value::Array(list) => list.iter().map(numbers).sum(),
            Value::Object(members) => members.values().map(numbers).sum(),
            _ => 0,
        }
    }
    let details = &written(FeedVariety::ConnectToSupport, DemoPlace::named("leeds").unwrap(), 100)[..100];
    assert_eq!(details.iter().map(numbers).sum::<usize>(), 0);
    assert!(details.iter().all(|detail| detail["servicetaxonomycollection"][0]["taxonomy"].is_object()));
    assert!(details.iter().any(|detail| detail["eligibilitys"][0]["maximum_age"] == ""));
}

#[test]
fn southampton_numbers_everything_and_hides_some_addresses() {
    let details = &written(FeedVariety::Southampton, DemoPlace::named("leeds").unwrap(), 300)[..300];
    let is_number = |id: &Value| id.as_str().is_some_and(|id| id.parse::<u64>().is_ok());
    assert!(
        details.iter().all(|detail| is_number(&detail["id"]) && is_number(&detail["organization"]["id"]))
    );
    let hidden = details.iter().filter(|detail| detail["hide_address"] == true).count();
    assert!((1..60).contains(&hidden), "{hidden}");
    assert!(details.iter().any(|detail| detail["alert"]["text"].is_string()));
    let place = details
        .iter()
        .map(|detail| &detail["service_at_locations"][0])
        .find(|link| link["location"]["accessibilities"][0].is_object())
        .unwrap();
    assert!(place["id"].is_null() && place["location"]["physical_addresses"][0]["address1"].is_string());
    assert!(
        details.iter().any(|detail| detail["regular_schedules"][0]["opens_at"]
            .as_str()
            .is_some_and(|at| at.len() == 8))
    );
}

#[tokio::test]
async fn links_lead_through_open_sessions_although_every_page_is_the_last() {
    let page = json(&feed(FeedVariety::OpenSessions, 60), "/services?page=2").await;
    assert_eq!(
        (&page["total_pages"], &page["last_page"], &page["size"]),
        (&value!(1), &value!(true), &value!(50))
    );
    let rest = json(&feed(FeedVariety::OpenSessions, 60), page["next_url"].as_str().unwrap()).await;
    assert_eq!(ids(&rest).len(), 10);
    let end = json(&feed(FeedVariety::OpenSessions, 60), rest["next_url"].as_str().unwrap()).await;
    assert_eq!((ids(&end).len(), &end["next_url"]), (0, &Value::Null));
}

#[tokio::test]
async fn a_framework_wraps_pages_and_a_clamp_repeats_the_last() {
    let page = json(&feed(FeedVariety::Hsds32, 60), "/services?page=2&per_page=25").await;
    assert_eq!(page["links"]["next"], "/services?page=3&per_page=25");
    assert_eq!(
        (&page["total"], &page["count"], &page["current_page"]),
        (&value!(60), &value!(25), &value!(2))
    );
    let clamp = feed(FeedVariety::Clamp, 60);
    assert_eq!(body(&clamp, "/services?page=9999").await, body(&clamp, "/services?page=2").await);
    assert_eq!(json(&clamp, "/services?page=9999").await["page_number"], 2);
}

#[tokio::test]
async fn headers_and_odd_bytes_go_over_the_wire() {
    let outpost = over_the_wire(InventedFeed::new(FeedVariety::Outpost).services(3), "/services").await;
    let (head, page) = outpost.split_once("\r\n\r\n").unwrap();
    assert!(head.contains("ratelimit-remaining: 99") && head.contains("etag: W/\""), "{head}");
    assert_eq!(ids(&serde_json::from_str(page).unwrap()), ["10000", "10001", "10002"]);
    let porism = over_the_wire(InventedFeed::new(FeedVariety::Oruk1).services(3), "/services/none").await;
    assert!(porism.starts_with("HTTP/1.1 200") && porism.ends_with("\r\n\r\n"), "{porism}");
}
