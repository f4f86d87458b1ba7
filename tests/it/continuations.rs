//! Feeds that name the next page of a list, each in its own way. Links are followed only to the feed's own address, and
//! the report says what could not be followed.

use serde_json::{Value, json};

use crate::support::{Asked, FakeFeed, Gateway, Plan, Said, data, opened, records};

const SERVICES: &str = "{ services(first: 100) { totalCount complete nodes { upstreamId } sources { status error { code message } } } }";

/// Reads a feed's list through a gateway: the number of records, the status in the report, and its error message.
async fn read(feed: &FakeFeed) -> (usize, String, String) {
    let gateway = Gateway::over(&[feed]).start().await;
    let services = data(gateway.query(SERVICES).await)["services"].take();
    gateway.stop().await;
    let report = &services["sources"][0];
    let count = services["nodes"].as_array().unwrap().len();
    assert_eq!(services["totalCount"], count);
    assert_eq!(services["complete"], report["status"] == "COMPLETE");
    let said = report["error"]["message"].as_str().unwrap_or_default().to_owned();
    (count, report["status"].as_str().unwrap().to_owned(), said)
}

/// Returns three rows from an index on, and the index of the next rows.
fn portion(all: &[Value], from: usize) -> (Vec<Value>, Option<usize>) {
    let rows = all.iter().skip(from).take(3).cloned().collect();
    (rows, (from + 3 < all.len()).then_some(from + 3))
}

fn of_seven() -> Plan {
    FakeFeed::called("one").with_services(7)
}

/// A feed that takes the index to continue at from a parameter. `page` writes a page with the rows and the next index.
fn going_on(
    parameter: &'static str,
    page: impl Fn(&Asked, Vec<Value>, Option<usize>) -> Said + Send + Sync + 'static,
) -> Plan {
    of_seven().listing(move |asked, all| {
        let (rows, next) = portion(all, asked.number(parameter).unwrap_or(0));
        page(asked, rows, next)
    })
}

fn link(asked: &Asked, parameter: &str, next: Option<usize>) -> Value {
    next.map_or(Value::Null, |next| json!(format!("http://{}/services?{parameter}={next}", asked.host())))
}

/// A feed that names the next page by a token in `offset`, without the word "next", and only if there is a next page.
fn bare_tokens() -> Plan {
    of_seven().listing(|asked, all| {
        let place = asked.query.get("offset").and_then(|token| token.strip_prefix("row")?.parse().ok());
        let (rows, next) = portion(all, place.unwrap_or(0));
        let mut page = json!({ "records": rows });
        if let Some(next) = next {
            page["offset"] = json!(format!("row{next}"));
        }
        Said::json(&page)
    })
}

/// Every way of naming the next page, with its name.
fn ways() -> Vec<(&'static str, Plan)> {
    let at = |name: &'static str, place: fn(Value) -> Value| {
        let plan = going_on("cursor", move |asked, rows, next| {
            let mut page = place(link(asked, "cursor", next));
            page.as_object_mut().unwrap().insert("contents".to_owned(), json!(rows));
            Said::json(&page)
        });
        (name, plan)
    };
    let token = |name: &'static str, parameter, place: fn(Option<usize>) -> Value| {
        let plan = going_on(parameter, move |_, rows, next| {
            let mut page = place(next);
            page.as_object_mut().unwrap().insert("contents".to_owned(), json!(rows));
            Said::json(&page)
        });
        (name, plan)
    };
    let header = going_on("cursor", |asked, rows, next| {
        let line = |next: usize| {
            format!("link: <http://{0}/>; rel=up, </services?cursor={next}>; rel=\"next\"\r\n", asked.host())
        };
        Said { headers: next.map(line).unwrap_or_default(), ..Said::json(&json!(rows)) }
    });
    vec![
        at("@odata.nextLink", |next| json!({ "@odata.nextLink": next })),
        at("nextPage", |next| json!({ "nextPage": next })),
        at("next_page_url", |next| json!({ "meta": { "next_page_url": next } })),
        at("paging.next", |next| json!({ "paging": { "next": next, "previous": null } })),
        at(
            "a list of links",
            |next| json!({ "links": [{ "rel": "self", "href": "/" }, { "rel": "next", "href": next }] }),
        ),
        at(
            "links by name",
            |next| json!({ "_links": { "self": { "href": "/" }, "next": { "href": next } } }),
        ),
        ("a header", header),
        token("a cursor", "cursor", |next| json!({ "next_cursor": next.map(|next| next.to_string()) })),
        token("a token", "pageToken", |next| json!({ "nextPageToken": next.map(|next| format!("{next}")) })),
        token("an offset", "offset", |next| json!({ "paging": { "next_offset": next } })),
        ("a bare token", bare_tokens()),
        // The index of this page rather than of the next one.
        token(
            "a place",
            "skip",
            |next| json!({ "paging": { "skip": next.map_or(6, |next| next - 3), "take": 3, "total": 7 } }),
        ),
        token(
            "the end of a page",
            "after",
            |next| json!({ "page_info": { "has_next_page": next.is_some(), "end_cursor": next.unwrap_or(7).to_string() } }),
        ),
    ]
}

#[tokio::test]
async fn quirk_106_lists_are_followed_however_they_say_that_they_go_on() {
    for (name, plan) in ways() {
        let feed = plan.spawn().await;
        assert_eq!(read(&feed).await, (7, "COMPLETE".to_owned(), String::new()), "{name}");
        assert!(feed.all_hits() <= 8, "{name}: {} requests", feed.all_hits());
    }
}

#[tokio::test]
async fn synchronisation_follows_them_too() {
    for (name, plan) in ways() {
        let feed = plan.spawn().await;
        let (_kept, running) = opened(&feed).await;
        running.synchronise().await;
        assert_eq!((running.services(), running.said()), (7, String::new()), "{name}");
        assert!(running.progress().is_warm, "{name}");
        running.stop().await;
    }
}

#[tokio::test]
async fn quirk_107_a_link_to_the_host_behind_a_proxy_is_followed_at_the_feeds_own_address() {
    let inner = FakeFeed::called("inner").with_services(3).spawn().await;
    for path in ["/services", "/api/v1/services"] {
        let start = format!("{}{path}", inner.url);
        let feed = going_on("cursor", move |_, rows, next| {
            let next = next.map(|next| format!("{start}?cursor={next}"));
            Said::json(&json!({ "contents": rows, "next": next }))
        });
        let feed = feed.spawn().await;
        assert_eq!(read(&feed).await, (7, "COMPLETE".to_owned(), String::new()), "{path}");
    }
    assert_eq!(inner.all_hits(), 0, "nobody is led to another host");
}

#[tokio::test]
async fn what_is_seen_and_cannot_be_followed_is_said() {
    let elsewhere = |next: &'static str| {
        of_seven().listing(move |_, all| Said::json(&json!({ "contents": portion(all, 0).0, "next": next })))
    };
    let more =
        of_seven().listing(|_, all| Said::json(&json!({ "data": portion(all, 0).0, "has_more": true })));
    let unknown =
        of_seven().listing(|_, all| Said::json(&json!({ "data": portion(all, 0).0, "next": "b2Zmc2V0" })));
    for (plan, words) in [
        (elsewhere("http://127.0.0.1:9/other"), "another address"),
        (elsewhere("/services?cursor=3"), "no further records"),
        (more, "paging does not work"),
        (unknown, "no further records"),
    ] {
        let feed = plan.spawn().await;
        let (count, status, said) = read(&feed).await;
        assert_eq!((count, &*status), (3, "PARTIAL"), "{words}");
        assert!(said.contains(words), "{said}");
        let (_kept, running) = opened(&feed).await;
        running.synchronise().await;
        assert!(running.said().contains(words), "{}", running.said());
        assert!(!running.progress().is_warm, "{words}");
        running.stop().await;
    }
}

#[tokio::test]
async fn what_only_looks_like_a_continuation_is_none() {
    for last in [
        json!({ "next": null }),
        json!({ "next": "", "has_more": false }),
        json!({ "links": { "next": false, "self": "/services" } }),
        json!({ "next": "/services?per_page=100&page=1" }),
        json!({ "next": "/services?page=2" }),
        json!({ "next_cursor": "2", "has_more": true }),
        json!({ "metadata": { "next_update": "2026-12-01" } }),
        json!({ "organization": { "next": "https://feed.example/next" } }),
    ] {
        let page = last.clone();
        let plan = FakeFeed::called("one").with_services(2).listing(move |asked, all| {
            let is_first = asked.page() == 1 && !asked.query.contains_key("cursor");
            let rows = if is_first { all } else { &[] };
            let rows: Vec<Value> =
                rows.iter().map(|row| records::with(row.clone(), json!({ "next": "/x" }))).collect();
            let mut page = page.clone();
            page.as_object_mut().unwrap().insert("contents".to_owned(), json!(rows));
            Said::json(&page)
        });
        let feed = plan.spawn().await;
        assert_eq!(read(&feed).await, (2, "COMPLETE".to_owned(), String::new()), "{last}");
        assert!(feed.all_hits() <= 4, "{last}");
    }
}
