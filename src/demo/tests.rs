//! Tests of every feed of the demonstration, whatever its variety.

use std::collections::{HashMap, HashSet};

use futures_util::FutureExt;
use poem::Request;
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::*;

mod behaviour;
mod own_words;
mod truth;
mod turning;
mod unlike;
use own_words::{services_of, written};

/// The varieties whose pages have the member names of version 3 of the standards.
const STANDARD: [FeedVariety; 3] = [FeedVariety::Oruk3, FeedVariety::Hsds31, FeedVariety::Aggregator];

async fn body(endpoint: &impl Endpoint<Output = Response>, target: &str) -> (u16, String) {
    let request = Request::builder().uri(target.parse().unwrap()).finish();
    let response = endpoint.get_response(request).await;
    let status = response.status().as_u16();
    (status, response.into_body().into_string().await.unwrap())
}

async fn json(endpoint: &impl Endpoint<Output = Response>, target: &str) -> Value {
    let (status, body) = body(endpoint, target).await;
    assert_eq!(status, 200, "{target}: {body}");
    serde_json::from_str(&body).unwrap()
}

async fn every_row(endpoint: &impl Endpoint<Output = Response>, list: &str) -> Vec<Value> {
    let mut rows = Vec::new();
    for page in 1..1000 {
        let page = json(endpoint, &format!("/{list}?page={page}")).await;
        rows.extend(page["contents"].as_array().unwrap().iter().cloned());
        if page["last_page"] == true {
            return rows;
        }
    }
    panic!("{list} never ends");
}

/// Fetches every service and organisation of a feed as a single record.
async fn every_detail(feed: &InventedFeed) -> Vec<Value> {
    let endpoint = feed.endpoint();
    let mut details = Vec::new();
    for list in ["services", "organizations"] {
        for row in every_row(&endpoint, list).await {
            details.push(json(&endpoint, &format!("/{list}/{}", row["id"].as_str().unwrap())).await);
        }
    }
    details
}

fn texts<'a>(value: &'a Value, found: &mut Vec<&'a str>) {
    match value {
        Value::String(text) => found.push(text),
        Value::Array(list) => list.iter().for_each(|item| texts(item, found)),
        Value::Object(members) => members.values().for_each(|member| texts(member, found)),
        _ => {}
    }
}

#[tokio::test]
async fn the_same_seed_gives_the_same_bytes_and_another_seed_other_bytes() {
    for variety in FeedVariety::all() {
        let page = |seed| {
            let endpoint = InventedFeed::new(*variety).seed(seed).endpoint();
            let publisher = variety.publisher();
            let first = format!("/{}?{}=50", services_of(publisher), publisher.paging().size);
            async move { body(&endpoint, &first).await }
        };
        assert_eq!(page(4).await.0, 200, "{variety}");
        assert_eq!(page(4).await, page(4).await);
        assert_ne!(page(4).await, page(5).await);
    }
}

#[tokio::test]
async fn a_record_does_not_depend_on_how_many_there_are() {
    let few = InventedFeed::new(FeedVariety::Hsds31).services(9).endpoint();
    let many = InventedFeed::new(FeedVariety::Hsds31).services(60).endpoint();
    for row in every_row(&few, "services").await {
        let target = format!("/services/{}", row["id"].as_str().unwrap());
        assert_eq!(body(&few, &target).await, body(&many, &target).await);
    }
}

#[tokio::test]
async fn pages_hold_every_record_once_and_details_hold_their_rows() {
    for variety in STANDARD {
        let feed = InventedFeed::new(variety).services(137);
        let endpoint = feed.endpoint();
        let rows = every_row(&endpoint, "services").await;
        let ids: HashSet<_> = rows.iter().map(|row| row["id"].as_str().unwrap()).collect();
        assert_eq!((rows.len(), ids.len()), (137, 137), "{variety}");
        for row in &rows {
            let detail = json(&endpoint, &format!("/services/{}", row["id"].as_str().unwrap())).await;
            let organization = format!("/organizations/{}", row["organization_id"].as_str().unwrap());
            assert_eq!(json(&endpoint, &organization).await["id"], row["organization"]["id"]);
            for (name, member) in row.as_object().unwrap() {
                assert_eq!(&detail[name], member, "{variety} {name}");
            }
        }
    }
}

#[tokio::test]
async fn organizations_run_several_services_and_their_parents_exist() {
    let endpoint = InventedFeed::new(FeedVariety::Hsds31).services(120).endpoint();
    let organizations = every_row(&endpoint, "organizations").await;
    let ids: HashSet<_> = organizations.iter().map(|row| row["id"].as_str().unwrap()).collect();
    assert!(ids.len() < 60, "{}", ids.len());
    let parents: Vec<_> =
        organizations.iter().filter_map(|row| row["parent_organization_id"].as_str()).collect();
    assert!(!parents.is_empty() && parents.iter().all(|parent| ids.contains(parent)));
}

#[tokio::test]
async fn collections_are_there_or_not_as_the_variety_has_them() {
    let statuses = |variety| async move {
        let endpoint = InventedFeed::new(variety).services(3).endpoint();
        let mut statuses = Vec::new();
        for list in ["", "taxonomies", "taxonomy_terms", "service_at_locations", "locations", "services/none"]
        {
            statuses.push(body(&endpoint, &format!("/{list}")).await.0);
        }
        statuses
    };
    assert_eq!(statuses(FeedVariety::Oruk3).await, [200, 200, 404, 404, 404, 404]);
    assert_eq!(statuses(FeedVariety::Hsds31).await, [200, 200, 200, 200, 404, 404]);
    assert_eq!(statuses(FeedVariety::Aggregator).await, [200, 404, 404, 404, 404, 404]);
}

#[tokio::test]
async fn terms_and_links_have_pages_of_their_own() {
    let endpoint = InventedFeed::new(FeedVariety::Hsds31).services(20).endpoint();
    for list in ["taxonomies", "taxonomy_terms", "service_at_locations"] {
        let rows = every_row(&endpoint, list).await;
        let ids: HashSet<_> = rows.iter().map(|row| row["id"].as_str().unwrap()).collect();
        assert!(!ids.is_empty() && ids.len() == rows.len(), "{list}");
        for row in &rows {
            let parent = row["parent_id"].as_str();
            assert!(parent.is_none_or(|parent| ids.contains(parent)), "{row}");
        }
        let alone = json(&endpoint, &format!("/{list}/{}", rows[0]["id"].as_str().unwrap())).await;
        assert_eq!(alone, rows[0]);
    }
}

#[tokio::test]
async fn only_the_international_variety_filters() {
    for variety in STANDARD {
        let endpoint = InventedFeed::new(variety).services(60).endpoint();
        let nonsense = json(&endpoint, "/services?search=qzxv").await;
        let future = json(&endpoint, "/services?modified_after=2027-01-01").await;
        let expected = if variety == FeedVariety::Hsds31 { 0 } else { 60 };
        assert_eq!(nonsense["total_items"], expected, "{variety}");
        assert_eq!(future["total_items"], expected, "{variety}");
    }
    let endpoint = InventedFeed::new(FeedVariety::Hsds31).services(60).endpoint();
    let some = json(&endpoint, "/services?modified_after=2026-01-01T00:00:00Z&per_page=100").await;
    let rows = some["contents"].as_array().unwrap();
    assert!(!rows.is_empty() && rows.len() < 60);
    assert!(rows.iter().all(|row| row["last_modified"].as_str() > Some("2026-01-01T00:00:00Z")));
}

#[tokio::test]
async fn page_lengths_are_as_the_variety_has_them() {
    let size = |variety, target: &'static str| async move {
        json(&InventedFeed::new(variety).services(130).endpoint(), target).await["size"].clone()
    };
    assert_eq!(size(FeedVariety::Oruk3, "/services?per_page=1000").await, 130);
    assert_eq!(size(FeedVariety::Hsds31, "/services?per_page=1000").await, 100);
    assert_eq!(size(FeedVariety::Aggregator, "/services?per_page=1000").await, 50);
    assert_eq!(size(FeedVariety::Aggregator, "/services").await, 10);
}

#[test]
fn every_number_is_kept_for_drama() {
    let ranges = ["01174960", "01134960", "02920180", "01632960", "07700900", "08081570"];
    for (variety, place) in FeedVariety::all().iter().zip([0, 2, 4].into_iter().cycle()) {
        let details = written(*variety, &DemoPlace::all()[place], 100);
        let mut numbers = Vec::new();
        details.iter().for_each(|detail| phone_numbers(detail, &mut numbers));
        assert!(numbers.len() > 50, "{variety}");
        for number in numbers {
            let digits: String = number.chars().filter(char::is_ascii_digit).collect();
            assert!(digits.len() == 11 && ranges.iter().any(|range| digits.starts_with(range)), "{number}");
        }
    }
}

fn phone_numbers<'a>(value: &'a Value, found: &mut Vec<&'a str>) {
    match value {
        Value::Array(list) => list.iter().for_each(|item| phone_numbers(item, found)),
        Value::Object(members) => {
            found.extend(["number", "phone"].iter().filter_map(|name| members.get(*name)?.as_str()));
            members.values().for_each(|member| phone_numbers(member, found));
        }
        _ => {}
    }
}

#[test]
fn every_host_is_nobodys() {
    for variety in FeedVariety::all() {
        for detail in written(*variety, &DemoPlace::all()[3], 150) {
            let mut found = Vec::new();
            texts(&detail, &mut found);
            for text in found
                .into_iter()
                .filter(|text| text.contains("://") || text.contains('@') || text.starts_with("www."))
            {
                let after = text.split("://").last().and_then(|rest| rest.split('@').next_back()).unwrap();
                let host = after.split('/').next().unwrap();
                // The council's product serves copied placeholders, so the imitation does too.
                let nobodys =
                    host.ends_with(".example") || host.ends_with(".invalid") || host == "www.example.com";
                assert!(nobodys, "{text}");
            }
        }
    }
}

#[tokio::test]
async fn places_lie_in_their_area_and_are_shared() {
    for place in DemoPlace::all() {
        let endpoint = InventedFeed::new(FeedVariety::Hsds31).place(place).services(80).endpoint();
        let [west, south, east, north] = place.bounds();
        let mut uses: HashMap<String, usize> = HashMap::new();
        for link in every_row(&endpoint, "service_at_locations").await {
            let location = &link["location"];
            *uses.entry(location["id"].as_str().unwrap().to_owned()).or_default() += 1;
            if location["location_type"] == "physical" {
                let (x, y) =
                    (location["longitude"].as_f64().unwrap(), location["latitude"].as_f64().unwrap());
                assert!((west..east).contains(&x) && (south..north).contains(&y), "{location}");
                let postcode = location["addresses"][0]["postal_code"].as_str().unwrap();
                let district = postcode.split(' ').next().unwrap();
                assert!(place.neighbourhoods.iter().any(|hood| hood.district == district), "{postcode}");
            }
        }
        assert!(uses.values().any(|count| *count > 1), "{}", place.key());
    }
}

#[tokio::test]
async fn irregular_records_are_there_and_few() {
    let feed = InventedFeed::new(FeedVariety::Oruk3).services(400);
    let details = every_detail(&feed).await;
    let texts = details.iter().map(Value::to_string);
    let share = |needle: &str| texts.clone().filter(|text| text.contains(needle)).count();
    for needle in ["@noemail.invalid", "Booking line: 0", "&nbsp;", "<h1>"] {
        assert!((1..60).contains(&share(needle)), "{needle}: {}", share(needle));
    }
    assert!(share("\"minimum_age\":-1") > 50);

    let feed = InventedFeed::new(FeedVariety::Aggregator).services(400);
    let details = every_detail(&feed).await;
    let none = details.iter().filter(|detail| detail["alert"] == "None").count();
    let bare = details
        .iter()
        .filter(|detail| detail["url"].as_str().is_some_and(|url| url.starts_with("www.")))
        .count();
    assert!((1..40).contains(&none) && (1..40).contains(&bare), "{none} {bare}");

    let endpoint = InventedFeed::new(FeedVariety::Hsds31).services(400).endpoint();
    let rows = every_row(&endpoint, "services").await;
    let mistyped = rows.iter().filter(|row| row["email"] == false || row["minimum_age"].is_string()).count();
    assert!((1..20).contains(&mistyped), "{mistyped}");
}

#[tokio::test]
async fn every_nested_id_is_a_uuid_and_means_one_record() {
    let endpoint = InventedFeed::new(FeedVariety::Hsds31).services(150).endpoint();
    let mut seen: HashMap<String, (String, Value)> = HashMap::new();
    for row in every_row(&endpoint, "services").await {
        for (list, member) in row.as_object().unwrap() {
            for record in member.as_array().into_iter().flatten() {
                let id = record["id"].as_str().unwrap().to_owned();
                assert!(uuid::Uuid::parse_str(&id).is_ok(), "{id}");
                let known = seen.entry(id).or_insert_with(|| (list.clone(), record.clone()));
                assert_eq!((&known.0, &known.1), (list, record));
            }
        }
        for link in row["service_at_locations"].as_array().into_iter().flatten() {
            let (id, location) = (link["location"]["id"].as_str().unwrap(), link["location"].clone());
            let known =
                seen.entry(id.to_owned()).or_insert_with(|| ("location".to_owned(), location.clone()));
            assert_eq!(known.1, location);
        }
    }
}

/// Returns one raw HTTP answer as it is sent over a socket.
async fn over_the_wire(feed: InventedFeed, target: &str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let served = tokio::spawn(feed.serve(listener, stopped.map(|_| ())));
    let mut stream = TcpStream::connect(address).await.unwrap();
    let request = format!("GET {target} HTTP/1.1\r\nhost: feed\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    stop.send(()).unwrap();
    served.await.unwrap().unwrap();
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test]
async fn answers_over_a_socket() {
    let feed = InventedFeed::new(FeedVariety::Oruk3).services(3);
    let answer = over_the_wire(feed.clone(), "/services?page=1&per_page=2").await;
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("HTTP/1.1 200") && head.contains("access-control-allow-origin: *"), "{head}");
    let page: Value = serde_json::from_str(body).unwrap();
    assert_eq!((&page["total_items"], &page["size"]), (&3.into(), &2.into()));
    assert_eq!(feed.requests(), 1);
}

#[tokio::test]
async fn faults_look_like_what_they_are_called() {
    let spoilt = |kind| {
        over_the_wire(InventedFeed::new(FeedVariety::Oruk3).fault(FeedFault { kind, rate: 1.0 }), "/services")
    };
    assert!(spoilt(FaultKind::Error500).await.starts_with("HTTP/1.1 500"));
    assert!(spoilt(FaultKind::Unavailable503).await.starts_with("HTTP/1.1 503"));
    let busy = spoilt(FaultKind::TooMany429).await;
    assert!(busy.starts_with("HTTP/1.1 429") && busy.contains("retry-after: 1"));
    assert!(spoilt(FaultKind::Html).await.contains("text/html"));
    assert!(spoilt(FaultKind::Empty).await.ends_with("\r\n\r\n"));
    let truncated = spoilt(FaultKind::Truncated).await;
    let (head, body) = truncated.split_once("\r\n\r\n").unwrap();
    assert!(head.contains("200") && serde_json::from_str::<Value>(body).is_err());
    let reset = spoilt(FaultKind::Reset).await;
    let (head, body) = reset.split_once("\r\n\r\n").unwrap();
    assert!(body.starts_with("{\"total_items\"") && !head.contains("chunked"), "{head}");
    assert!(!head.contains(&format!("content-length: {}", body.len())), "{head}");
}

#[tokio::test(start_paused = true)]
async fn latency_slowness_and_dripping_take_their_time() {
    let feed = InventedFeed::new(FeedVariety::Oruk3).services(1).latency(Duration::from_millis(70));
    let took = |feed: InventedFeed| async move {
        let endpoint = feed.endpoint();
        let start = tokio::time::Instant::now();
        let length = body(&endpoint, "/").await.1.len();
        (start.elapsed(), u32::try_from(length).unwrap())
    };
    assert!(took(feed.clone()).await.0 >= Duration::from_millis(70));
    let slow = FeedFault { kind: FaultKind::Slow, rate: 1.0 };
    assert!(took(feed.clone().fault(slow)).await.0 >= Duration::from_secs(3));
    let drip = FeedFault { kind: FaultKind::Drip, rate: 1.0 };
    let (elapsed, length) = took(feed.fault(drip)).await;
    assert!(elapsed >= Duration::from_millis(100) * length);
}

#[tokio::test]
async fn huge_is_a_hundred_megabytes() {
    let feed = InventedFeed::new(FeedVariety::Oruk3)
        .services(1)
        .fault(FeedFault { kind: FaultKind::Huge, rate: 1.0 });
    let (status, body) = body(&feed.endpoint(), "/services").await;
    assert_eq!(status, 200);
    assert!((99_000_000..101_000_000).contains(&body.len()), "{}", body.len());
}

#[tokio::test]
async fn a_server_stops_although_an_answer_hangs() {
    let feed =
        InventedFeed::new(FeedVariety::Aggregator).fault(FeedFault { kind: FaultKind::Hang, rate: 1.0 });
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let served = tokio::spawn(feed.clone().serve(listener, stopped.map(|_| ())));
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(b"GET / HTTP/1.1\r\nhost: feed\r\n\r\n").await.unwrap();
    while feed.requests() == 0 {
        tokio::task::yield_now().await;
    }
    stop.send(()).unwrap();
    served.await.unwrap().unwrap();
    assert_eq!(stream.read(&mut [0; 16]).await.unwrap_or_default(), 0);
}
