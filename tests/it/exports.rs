//! Exports: all matches as one file, from one version of the data, complete or broken off.

mod documented;
mod held;
mod one_version;

use std::collections::BTreeSet;

use reqwest::header::HeaderMap;
use serde_json::{Value, json};

use crate::support::{FakeFeed, Gateway, Habit, Manner, Reply, data, records};

/// More records than are read at once.
const SERVICES: usize = 150;

async fn gateway() -> (FakeFeed, Gateway) {
    let feed = FakeFeed::called("one").with_services(SERVICES).with(Habit::FullLists).spawn().await;
    let gateway = Gateway::over(&[&feed])
        .with_source("one", "licence = 'OGL-UK-3.0'\npublisher = 'Elmshire'")
        .start()
        .await;
    gateway.is_fresh().await;
    (feed, gateway)
}

/// Returns the rows of a CSV file, by column name.
fn rows(text: &str) -> Vec<Value> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let header = reader.headers().unwrap().clone();
    let row = |record: csv::StringRecord| {
        let cells = header.iter().zip(&record).map(|(name, cell)| (name.to_owned(), json!(cell)));
        Value::Object(cells.collect())
    };
    reader.records().map(|record| row(record.unwrap())).collect()
}

fn column(text: &str, name: &str) -> Vec<String> {
    rows(text).iter().map(|row| row[name].as_str().unwrap().to_owned()).collect()
}

fn encoded(filter: &Value) -> String {
    url::form_urlencoded::byte_serialize(filter.to_string().as_bytes()).collect()
}

/// Returns the ids that the graph lists, page by page.
async fn listed(gateway: &Gateway, filter: &Value) -> Vec<String> {
    let text = "query($filter: ServiceFilter, $after: String) {
      services(filter: $filter, after: $after, first: 40) { nodes { id } pageInfo { hasNextPage endCursor } } }";
    let (mut ids, mut after) = (Vec::new(), Value::Null);
    loop {
        let answer = gateway.query_with(text, json!({ "filter": filter, "after": after })).await;
        let page = data(answer)["services"].take();
        ids.extend(
            page["nodes"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap().to_owned()),
        );
        if page["pageInfo"]["hasNextPage"] == false {
            return ids;
        }
        after = page["pageInfo"]["endCursor"].clone();
    }
}

#[tokio::test]
async fn every_format_holds_what_the_graph_lists_in_its_order() {
    let (_feed, gateway) = gateway().await;
    for filter in [
        json!({}),
        json!({ "text": "7th" }),
        json!({ "near": { "point": { "latitude": 51.4, "longitude": -2.5 } } }),
        json!({ "not": { "taxonomyTerms": { "anyOf": [{ "name": "A plain thing" }] } } }),
    ] {
        let expected = listed(&gateway, &filter).await;
        let filter = encoded(&filter);
        let csv = gateway.get(&format!("/export/services.csv?filter={filter}")).await;
        assert_eq!(column(&csv.text, "id"), expected);
        assert_eq!(csv.header("x-total-count"), expected.len().to_string());
        let map = gateway.get(&format!("/export/services.geojson?filter={filter}")).await.json();
        let ids: Vec<&str> = map["features"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["properties"]["id"].as_str().unwrap())
            .collect();
        assert_eq!(ids, expected, "each has one place");
        let calendar = gateway.get(&format!("/export/services.ics?filter={filter}")).await.text;
        assert_eq!(calendar.matches("BEGIN:VEVENT").count(), expected.len(), "each has one schedule");
    }
    gateway.stop().await;
}

#[tokio::test]
async fn rows_say_what_records_say_and_where_they_come_from() {
    let (_feed, gateway) = gateway().await;
    let text = gateway.get("/export/services.csv?rows=places").await.text;
    let row = rows(&text).into_iter().find(|row| row["original_id"] == records::service_id(3)).unwrap();
    for (column, cell) in [
        ("description", "The 3th of many."),
        ("status", "active"),
        ("organization", "Organisation 0"),
        ("phones", "0117 496 0000"),
        ("contacts", "Front desk"),
        ("taxonomy_terms", "A plain thing"),
        ("opening_times", "Mon 09:00-17:00"),
        ("locations", "Village hall"),
        ("postcodes", "BS1 4DJ"),
        ("longitude", "-2.58"),
        ("latitude", "51.45"),
        ("source", "one"),
        ("publisher", "Elmshire"),
        ("licence", "OGL-UK-3.0"),
        ("last_modified", "2026-05-01T09:00:00Z"),
    ] {
        assert_eq!(row[column], cell, "{column}");
    }
    let map = gateway.get("/export/services.geojson?fields=name,longitude,phones").await.json();
    let feature = &map["features"][0];
    assert_eq!(feature["geometry"], json!({ "type": "Point", "coordinates": [-2.58, 51.45] }));
    let properties: Vec<&String> = feature["properties"].as_object().unwrap().keys().collect();
    assert_eq!(properties, ["name", "longitude", "phones"]);
    assert_eq!(map["sources"][0]["licence"], "OGL-UK-3.0");
    let ids: BTreeSet<&str> =
        map["features"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap()).collect();
    assert_eq!(ids.len(), SERVICES, "no two features share an id");
    gateway.stop().await;
}

#[tokio::test]
async fn other_lists_are_exported_too() {
    let (_feed, gateway) = gateway().await;
    for (path, name, count) in [
        ("/export/organizations.csv", "Organisation 1", 3),
        ("/export/organizations.csv?search=1", "Organisation 1", 1),
        ("/export/locations.csv", "Village hall", 1),
        ("/export/taxonomy_terms.csv", "A lucky thing", 2),
    ] {
        let names = column(&gateway.get(path).await.text, "name");
        assert!(names.len() == count && names.contains(&name.to_owned()), "{path}: {names:?}");
    }
    let places = gateway.get("/export/locations.geojson").await.json();
    assert_eq!(places["features"][0]["properties"]["name"], "Village hall");
    gateway.stop().await;
}

#[tokio::test]
async fn parameters_narrow_the_filter_down() {
    let (_feed, gateway) = gateway().await;
    let all = column(&gateway.get("/export/services.csv?fields=original_id").await.text, "original_id");
    assert_eq!(all.len(), SERVICES);
    let lucky = encoded(&json!({ "taxonomyTerms": { "anyOf": [{ "name": "A lucky thing" }] } }));
    let ids = async |query: &str| {
        let reply =
            gateway.get(&format!("/export/services.csv?fields=original_id&filter={lucky}{query}")).await;
        column(&reply.text, "original_id").into_iter().collect::<BTreeSet<_>>()
    };
    let sevenths = (0..SERVICES).filter(|number| number % 10 == 7).map(records::service_id);
    assert_eq!(ids("").await, sevenths.collect());
    assert_eq!(ids("&search=27th&source=one").await, BTreeSet::from([records::service_id(27)]));
    assert_eq!(ids("&search=28th").await, BTreeSet::new());
    let within = gateway.get("/export/services.csv?postcode=BS1+4DJ&proximity=2000&day=MO").await;
    assert_eq!(rows(&within.text).len(), SERVICES);
    gateway.stop().await;
}

#[tokio::test]
async fn what_is_wrong_with_a_request_is_named() {
    let (_feed, gateway) = gateway().await;
    let unknown = encoded(&json!({ "agee": 3 }));
    let negative = encoded(&json!({ "age": -3 }));
    let text = encoded(&json!({ "text": "a" }));
    for (path, status, argument, words) in [
        (format!("services.csv?filter={unknown}"), 400, "filter", "did you mean `age`"),
        (format!("services.csv?filter={negative}"), 400, "filter", "`filter.age` must not be negative"),
        ("services.csv?filter=%7B".to_owned(), 400, "filter", "is not JSON"),
        ("services.csv?filter=1".to_owned(), 400, "filter", "must be a JSON object"),
        ("services.csv?fields=nam".to_owned(), 400, "fields", "did you mean `name`"),
        ("services.csv?fields=%60%0a".to_owned(), 400, "fields", "is not a column"),
        ("services.csv?feilds=name".to_owned(), 400, "feilds", "did you mean `fields`"),
        ("services.csv?rows=x".to_owned(), 400, "rows", "`services`, `places`"),
        ("services.csv?source=two".to_owned(), 400, "source", "the sources are: `one`"),
        (
            "services.csv?taxonomy_term_id=nowhere".to_owned(),
            400,
            "taxonomy_term_id",
            "matches no taxonomy term",
        ),
        (
            format!("organizations.csv?search=a&filter={text}"),
            400,
            "search",
            "cannot be combined with `filter.text`",
        ),
        ("services.pdf".to_owned(), 404, "", "`/export/services.ics`"),
        ("pets.csv".to_owned(), 404, "", "there is no such export"),
    ] {
        let reply = gateway.get(&format!("/export/{path}")).await;
        let error = &reply.json()["errors"][0];
        assert_eq!(reply.status, status, "{path}: {error}");
        assert_eq!(error["extensions"]["argument"].as_str().unwrap_or_default(), argument, "{path}: {error}");
        assert!(error["message"].as_str().unwrap().contains(words), "{path}: {error}");
    }
    // The message is the same as in the graph.
    let ours = gateway.get(&format!("/export/services.csv?filter={negative}")).await.json();
    let graphs = gateway.query("{ services(filter: { age: -3 }) { complete } }").await;
    assert_eq!(ours["errors"][0]["message"], graphs["errors"][0]["message"]);
    gateway.stop().await;
}

async fn accepting(gateway: &Gateway, path: &str, headers: &[(&str, &str)]) -> Reply {
    gateway
        .send_as(|client, url| {
            let request = client.get(url.replace("/graphql", path));
            headers.iter().fold(request, |request, (name, value)| request.header(*name, *value))
        })
        .await
}

#[tokio::test]
async fn the_format_is_negotiated() {
    let (_feed, gateway) = gateway().await;
    for (accept, status, content_type) in [
        ("text/csv", 200, "text/csv; charset=utf-8; header=present"),
        ("application/geo+json", 200, "application/geo+json"),
        ("text/calendar;q=0.9, text/csv;q=0.1", 200, "text/calendar; charset=utf-8"),
        ("*/*", 200, "text/csv; charset=utf-8; header=present"),
        ("application/json", 406, "application/json; charset=utf-8"),
    ] {
        let reply = accepting(&gateway, "/export/services", &[("accept", accept)]).await;
        assert_eq!((reply.status, reply.header("content-type")), (status, content_type), "{accept}");
        assert_eq!(reply.header("vary"), "accept, accept-encoding", "{accept}");
    }
    let refused = accepting(&gateway, "/export/organizations", &[("accept", "text/calendar")]).await;
    assert_eq!(refused.status, 406);
    assert!(refused.text.contains("`text/csv`"), "{}", refused.text);
    gateway.stop().await;
}

#[tokio::test]
async fn what_a_client_has_is_not_sent_again() {
    let (feed, gateway) = gateway().await;
    let first = gateway.get("/export/services.csv").await;
    let etag = first.header("etag").to_owned();
    assert!(etag.starts_with("W/\""), "{etag}");
    let again = accepting(&gateway, "/export/services.csv", &[("if-none-match", &etag)]).await;
    assert_eq!((again.status, again.text.as_str(), again.header("etag")), (304, "", etag.as_str()));
    let other = accepting(&gateway, "/export/services.csv?fields=name", &[("if-none-match", &etag)]).await;
    assert_eq!(other.status, 200, "another question has another tag");
    let head =
        gateway.send_as(|client, url| client.head(url.replace("/graphql", "/export/services.csv"))).await;
    assert_eq!((head.status, head.text.as_str(), head.header("etag")), (200, "", etag.as_str()));
    assert_eq!(told(&head.headers), told(&first.headers));
    // The client decompresses what it receives.
    let plain = accepting(&gateway, "/export/services.csv", &[("accept-encoding", "identity")]).await;
    assert_eq!(plain.text, first.text);
    drop(feed);
    gateway.stop().await;
}

/// Returns the headers that describe the export.
fn told(headers: &HeaderMap) -> Vec<(String, String)> {
    let names =
        ["content-type", "content-disposition", "link", "x-complete", "x-data-version", "x-total-count"];
    names.map(|name| (name.to_owned(), headers[name].to_str().unwrap().to_owned())).into()
}

#[tokio::test]
async fn what_is_missing_is_said_wherever_somebody_may_look() {
    let well = FakeFeed::called("well").with_services(3).with(Habit::FullLists).spawn().await;
    let ill = FakeFeed::called("ill").with_services(3).behaving(Manner::Status(503)).spawn().await;
    let shallow = FakeFeed::called("shallow").with_services(3).spawn().await;
    let gateway = Gateway::over(&[&well, &ill, &shallow]).start().await;
    let csv = gateway.get("/export/services.csv").await;
    assert_eq!(rows(&csv.text).len(), 6);
    assert_eq!(csv.header("x-complete"), "false");
    assert_eq!(csv.header("x-incomplete-sources"), "ill=FAILED, shallow=PARTIAL");
    assert!(csv.header("content-disposition").ends_with("-incomplete.csv\""), "for those who see no header");
    let map = gateway.get("/export/services.geojson").await.json();
    let ill = json!({ "source": "ill", "status": "FAILED" });
    assert_eq!((&map["complete"], &map["incomplete"][0]), (&json!(false), &ill));
    let calendar = gateway.get("/export/services.ics").await.text.replace("\r\n ", "");
    assert!(
        calendar
            .contains("DESCRIPTION:Not complete: some services of these sources are missing: ill (FAILED)")
    );
    let strict = gateway.get("/export/services.csv?require_complete=true").await;
    assert_eq!(
        (strict.status, strict.json()["errors"][0]["extensions"]["code"].as_str()),
        (503, Some("SOURCE_UNAVAILABLE"))
    );
    let whole = gateway.get("/export/services.csv?require_complete=true&source=well").await;
    assert_eq!((whole.status, whole.header("x-complete"), rows(&whole.text).len()), (200, "true", 3));
    gateway.stop().await;
}

#[tokio::test]
async fn no_cell_is_a_formula_and_excel_is_told_the_encoding() {
    let feed = FakeFeed::called("one").with(Habit::FullLists);
    let feed = feed.with_service(json!({
        "name": "=HYPERLINK(\"https://evil.example\",\"Café\")",
        "description": "@SUM(1+1)",
        "phones": [{ "id": "p", "number": "+44 117 496 0123" }],
        "fees": "-",
    }));
    let feed = feed.spawn().await;
    let gateway = Gateway::over(&[&feed]).start().await;
    gateway.is_fresh().await;
    let text = gateway.get("/export/services.csv?bom=true").await.text;
    let text = text.strip_prefix('\u{feff}').expect("a byte order mark");
    let row = &rows(text)[0];
    assert_eq!(row["name"], "'=HYPERLINK(\"https://evil.example\",\"Café\")");
    assert_eq!((&row["description"], &row["phones"]), (&json!("'@SUM(1+1)"), &json!("+44 117 496 0123")));
    let map = gateway.get("/export/services.geojson").await.json();
    assert!(map["features"][0]["properties"]["name"].as_str().unwrap().starts_with("=HYPERLINK"), "as it is");
    gateway.stop().await;
}
