//! A feed whose records are expensive to return: long HTML texts, many members that the model does not have, a service
//! with 100 places, and a vocabulary with 200 terms below one root.

use poem::listener::TcpListener as Listener;
use poem::web::{Json, Query};
use poem::{EndpointExt as _, Route, Server, get, handler};
use serde::Deserialize;
use serde_json::{Value, json};
use url::Url;

/// The number of services.
pub(crate) const SERVICES: usize = 120;

/// Places of the first service, places of every other service, and terms below the root.
const PLACES: usize = 100;
const FEW_PLACES: usize = 3;
const TERMS: usize = 200;

/// Serves the feed on a free port until the runtime ends, and returns its address.
pub(crate) async fn serve() -> anyhow::Result<Url> {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    drop(listener);
    let services: Vec<Value> = (0..SERVICES).map(service).collect();
    let terms: Vec<Value> = (0..=TERMS).map(term).collect();
    let app = Route::new()
        .at("/", get(root))
        .at("/services", get(page).data(services))
        .at("/taxonomy_terms", get(page).data(terms));
    tokio::spawn(Server::new(Listener::bind(address)).run(app));
    Ok(Url::parse(&format!("http://{address}"))?)
}

#[derive(Deserialize)]
struct Asked {
    page: Option<usize>,
    per_page: Option<usize>,
}

#[handler]
fn root() -> Json<Value> {
    Json(
        json!({ "version": "3.1", "profile": "https://docs.openreferral.org/en/latest/hsds/", "openapi_url": "" }),
    )
}

#[handler]
fn page(Query(asked): Query<Asked>, records: poem::web::Data<&Vec<Value>>) -> Json<Value> {
    let (number, size) = (asked.page.unwrap_or(1), asked.per_page.unwrap_or(50).max(1));
    let pages = records.len().div_ceil(size);
    let contents: Vec<&Value> = records.iter().skip((number - 1) * size).take(size).collect();
    Json(
        json!({ "total_items": records.len(), "total_pages": pages, "page_number": number, "size": contents.len(),
        "first_page": number == 1, "last_page": number >= pages, "empty": contents.is_empty(),
        "contents": contents }),
    )
}

fn service(number: usize) -> Value {
    let places = if number == 0 { PLACES } else { FEW_PLACES };
    let at = |place: usize| {
        json!({ "id": format!("sal-{number}-{place}"), "service_id": format!("s{number}"),
            "location": { "id": format!("l-{number}-{place}"), "name": format!("Hall {place}"),
                "location_type": "physical", "latitude": 51.4, "longitude": -2.6 } })
    };
    let paragraph = "<p>Meet <strong>others</strong> at the <em>green door</em>, <a href=\"https://a.example/x\">see \
        the map</a>; bring a friend &amp; a coat.</p><ul><li>Tea</li><li>Talk</li></ul>";
    json!({
        "id": format!("s{number}"), "name": format!("Heavy service {number}"), "status": "active",
        "description": paragraph.repeat(20),
        "organization": { "id": "o1", "name": "Heavy organisation", "description": "All of it" },
        "service_at_locations": (0..places).map(at).collect::<Vec<_>>(),
        "schedules": [{ "id": format!("sc{number}"), "freq": "DAILY", "opens_at": "09:00", "closes_at": "17:00",
            "valid_from": "2026-01-01", "dtstart": "2026-01-01" }],
        "attributes": [{ "id": format!("a{number}"), "taxonomy_term": { "id": "t1", "name": "Term 1" } }],
        "custom": (0..60).map(|n| json!({ "key": format!("member {n}"), "value": ["some text", n, true] }))
            .collect::<Vec<_>>(),
    })
}

fn term(number: usize) -> Value {
    let parent = (number > 0).then_some("t0");
    json!({ "id": format!("t{number}"), "name": format!("Term {number}"), "parent_id": parent,
        "taxonomy_detail": { "id": "x", "name": "Heavy vocabulary" } })
}
