//! Where lists begin and end: pages counted from 0, sizes that are refused or cut short, and ends that look like
//! errors.

use oruk_gateway::sync::SyncOutcome;
use serde_json::{Value, json};

use crate::support::{Asked, FakeFeed, Gateway, Plan, Said, data, opened, records};

const SERVICES: &str = "{ services(first: 100) { totalCount complete nodes { upstreamId } sources { status error { message } } } }";

async fn read(feed: &FakeFeed) -> (usize, String, String) {
    let gateway = Gateway::over(&[feed]).start().await;
    let services = data(gateway.query(SERVICES).await)["services"].take();
    gateway.stop().await;
    let report = &services["sources"][0];
    let said = report["error"]["message"].as_str().unwrap_or_default().to_owned();
    let count = services["nodes"].as_array().unwrap().len();
    (count, report["status"].as_str().unwrap().to_owned(), said)
}

async fn is_whole(feed: &FakeFeed, count: usize, what: &str) {
    assert_eq!(read(feed).await, (count, "COMPLETE".to_owned(), String::new()), "{what}");
    let (_kept, running) = opened(feed).await;
    assert_eq!(running.synchronise().await, SyncOutcome::Whole, "{what}: {}", running.said());
    assert_eq!((running.services(), running.said()), (count, String::new()), "{what}");
    assert!(running.progress().is_warm, "{what}");
    running.stop().await;
}

/// Returns the rows of page `number`, counted from 0, with `size` rows on each page.
fn rows(all: &[Value], number: usize, size: usize) -> Vec<Value> {
    all.iter().skip(number * size).take(size).cloned().collect()
}

fn seven(page: impl Fn(&Asked, &[Value]) -> Said + Send + Sync + 'static) -> Plan {
    FakeFeed::called("one").with_services(7).listing(page)
}

#[tokio::test]
async fn quirk_108_pages_counted_from_0_are_read_from_the_first_on() {
    let number = |asked: &Asked| asked.number("page").unwrap_or(0);
    let said_so = seven(move |asked, all| {
        let (number, rows) = (number(asked), rows(all, number(asked), 3));
        Said::json(
            &json!({ "content": rows, "totalElements": 7, "totalPages": 3, "number": number, "first": number == 0 }),
        )
    });
    let counted = seven(move |asked, all| {
        Said::json(&json!({ "contents": rows(all, number(asked), 3), "total_items": 7 }))
    });
    let silent = seven(move |asked, all| Said::json(&json!(rows(all, number(asked), 3))));
    let single = seven(move |asked, all| {
        Said::json(&json!({ "contents": rows(all, number(asked), 50), "total_items": 7 }))
    });
    for (what, plan) in [("said so", said_so), ("counted", counted), ("silent", silent), ("single", single)] {
        is_whole(&plan.spawn().await, 7, what).await;
    }
}

#[tokio::test]
async fn quirk_109_sizes_that_are_refused_are_made_smaller_and_then_left_out() {
    for (status, most) in [(422, 50), (400, 9), (400, 0)] {
        let plan = seven(move |asked, all| match asked.number("per_page") {
            Some(size) if size > most => Said::status(status, r#"{"detail":"per_page is too large"}"#),
            _ => Said::json(&json!({ "contents": rows(all, asked.page() - 1, 3), "total_items": 7 })),
        });
        is_whole(&plan.spawn().await, 7, &format!("{status}, {most} at most")).await;
    }
    let nothing = seven(|asked, all| match asked.query.is_empty() {
        true => Said::json(&json!(all)),
        false => Said::status(422, "{}"),
    });
    assert_eq!(read(&nothing.spawn().await).await.0, 7, "no parameter is taken at all");
}

#[tokio::test]
async fn quirk_110_what_a_lower_cap_cuts_off_is_not_skipped() {
    let plan = FakeFeed::called("one").with_services(123).listing(|asked, all| {
        let size = asked.number("per_page").unwrap_or(100);
        let page: Vec<Value> = rows(all, asked.page() - 1, size).into_iter().take(50).collect();
        Said::json(&json!({ "contents": page, "total_items": 123, "total_pages": 123_usize.div_ceil(size) }))
    });
    let feed = plan.spawn().await;
    let gateway = Gateway::over(&[&feed]).start().await;
    let services = data(gateway.query("{ services { totalCount complete } }").await)["services"].take();
    assert_eq!(services, json!({ "totalCount": 123, "complete": true }));
    gateway.stop().await;
}

#[tokio::test]
async fn quirk_111_a_claim_that_is_not_reached_makes_the_source_partial() {
    let plan = seven(|asked, all| {
        Said::json(&json!({ "contents": rows(all, asked.page() - 1, 10), "total_items": 12 }))
    });
    let deep = seven(|asked, all| {
        let meta = json!({ "page": { "total": 12, "size": 10 }, "count": 7 });
        Said::json(&json!({ "contents": rows(all, asked.page() - 1, 10), "meta": meta }))
    });
    let feed = plan.spawn().await;
    for feed in [&deep.spawn().await, &feed] {
        let (count, status, said) = read(feed).await;
        assert_eq!((count, &*status), (7, "PARTIAL"));
        assert_eq!(said, "the feed says that it has 12 records, but lists 7");
    }
    let (kept, running) = opened(&feed).await;
    for _ in 0..4 {
        running.synchronise().await;
        assert!(running.said().contains("12 records, but lists 7"), "{}", running.said());
        kept.minutes_pass(3 * 60);
    }
    assert!(running.progress().is_warm && running.progress().falls_short, "believed, and said all the same");
    running.stop().await;
}

#[tokio::test]
async fn quirk_112_an_end_that_looks_like_an_error_is_the_end() {
    for (status, body) in [
        (204, ""),
        (200, ""),
        (200, "null"),
        (200, r#"{"message":"No more results"}"#),
        (400, r#"{"code":"invalid_page_number"}"#),
        (404, r#"{"detail":"Invalid page."}"#),
        (416, "{}"),
        (422, "{}"),
    ] {
        let plan = FakeFeed::called("one").with_services(30).listing(move |asked, all| {
            match rows(all, asked.page() - 1, 10) {
                rows if rows.is_empty() => Said::status(status, body),
                rows => Said::json(&json!({ "contents": rows })),
            }
        });
        let feed = plan.spawn().await;
        assert_eq!(read(&feed).await, (30, "COMPLETE".to_owned(), String::new()), "{status} {body}");
        let (kept, running) = opened(&feed).await;
        for _ in 0..4 {
            assert_eq!(
                running.synchronise().await,
                SyncOutcome::Whole,
                "{status} {body}: {}",
                running.said()
            );
            kept.minutes_pass(60);
        }
        feed.now_has((0..29).map(records::service).collect());
        for _ in 0..2 {
            running.synchronise().await;
            kept.minutes_pass(60);
        }
        assert_eq!((running.services(), running.said()), (29, String::new()), "{status} {body}");
        running.stop().await;
    }
}
