//! Feeds whose paging is unstable, which count wrongly, clamp, repeat, ignore parameters or never end. Each read ends
//! within limits, and shows each record once.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::support::{FakeFeed, Gateway, Habit, data};

const SERVICES: &str = "{ services(first: 100) {
  totalCount complete nodes { upstreamId provenance { issues { code } } } sources { status matched error { code } }
} }";

async fn read(habits: &[Habit], count: usize) -> (Value, usize) {
    let plan = FakeFeed::called("one").with_services(count).page_size_cap(10);
    let feed = habits.iter().fold(plan, |plan, habit| plan.with(*habit)).spawn().await;
    let gateway = Gateway::over(&[&feed]).start().await;
    let services = data(gateway.query(SERVICES).await)["services"].take();
    gateway.stop().await;
    (services, feed.all_hits())
}

fn distinct(services: &Value) -> usize {
    let nodes = services["nodes"].as_array().unwrap();
    let ids: BTreeSet<&str> = nodes.iter().map(|node| node["upstreamId"].as_str().unwrap()).collect();
    assert_eq!(ids.len(), nodes.len(), "each once");
    ids.len()
}

#[tokio::test]
async fn quirk_12_and_16_a_whole_list_is_read_however_it_is_paged() {
    // Habits, with the most requests that reading 45 records on pages of ten may take.
    let cases: [(&[Habit], usize); 15] = [
        (&[], 6),
        (&[Habit::TotalsOffBy(-20)], 7),
        (&[Habit::TotalsOffBy(-45)], 7),
        (&[Habit::WithoutTotals], 7),
        (&[Habit::BareArray], 7),
        (&[Habit::BareArray, Habit::Clamped], 7),
        (&[Habit::BareArray, Habit::NotFoundPastEnd], 7),
        (&[Habit::Links], 6),
        (&[Habit::Links, Habit::WithoutTotals], 6),
        (&[Habit::LinksInCircles], 7),
        (&[Habit::Clamped, Habit::WithoutTotals], 7),
        (&[Habit::NotFoundPastEnd, Habit::WithoutTotals], 7),
        (&[Habit::EmptyObjectPastEnd, Habit::WithoutTotals], 7),
        (&[Habit::Repeating], 6),
        (&[Habit::Gzipped, Habit::Links], 6),
    ];
    for (habits, most) in cases {
        let (services, hits) = read(habits, 45).await;
        assert_eq!(distinct(&services), 45, "{habits:?}");
        assert!(hits <= most, "{habits:?} took {hits} requests");
        assert_eq!(services["sources"][0]["error"], Value::Null, "{habits:?}");
        assert_eq!(services["complete"], true, "{habits:?}");
        assert_eq!(services["totalCount"], 45, "{habits:?}: what is counted is what is there");
    }
}

#[tokio::test]
async fn a_list_that_claims_more_than_it_shows_is_read_whole_and_called_partial() {
    for (habits, most) in
        [(&[Habit::TotalsOffBy(200)][..], 25), (&[Habit::Clamped, Habit::TotalsOffBy(30)][..], 9)]
    {
        let (services, hits) = read(habits, 45).await;
        assert_eq!((distinct(&services), &services["totalCount"]), (45, &json!(45)), "{habits:?}");
        assert!(hits <= most, "{habits:?} took {hits} requests");
        let report = &services["sources"][0];
        assert_eq!(
            (&report["status"], &report["error"]["code"]),
            (&json!("PARTIAL"), &json!("INVALID_RESPONSE"))
        );
    }
}

#[tokio::test]
async fn an_empty_page_among_those_claimed_costs_itself_and_is_owned_up_to() {
    let (services, hits) = read(&[Habit::EmptyPage(3)], 45).await;
    assert_eq!(distinct(&services), 35);
    assert!(hits <= 14, "{hits}");
    assert_eq!((&services["complete"], &services["totalCount"]), (&json!(false), &json!(35)));
    assert_eq!(services["sources"][0]["status"], "PARTIAL");
}

#[tokio::test]
async fn an_empty_list_is_empty_however_it_is_said() {
    for habits in [&[][..], &[Habit::BareArray], &[Habit::WithoutTotals], &[Habit::Links]] {
        let (services, hits) = read(habits, 0).await;
        assert_eq!((&services["totalCount"], &services["complete"]), (&json!(0), &json!(true)), "{habits:?}");
        assert!(hits <= 2, "{habits:?} took {hits} requests");
    }
}

#[tokio::test]
async fn quirk_13_a_feed_that_ignores_the_page_is_read_once_and_not_for_ever() {
    let (services, hits) = read(&[Habit::IgnoresPage], 45).await;
    assert_eq!(distinct(&services), 10);
    assert!(hits <= 6, "{hits}");
    assert_eq!(services["sources"][0]["status"], "PARTIAL", "it spoke of more than it would show");
    assert_eq!((&services["complete"], &services["totalCount"]), (&json!(false), &json!(10)));
    let (services, hits) = read(&[Habit::IgnoresPage, Habit::WithoutTotals], 45).await;
    assert_eq!(distinct(&services), 10);
    assert!(hits <= 3, "{hits}");
}

#[tokio::test]
async fn quirk_19_rows_that_move_between_pages_show_once_and_gaps_are_owned_up_to() {
    let (services, hits) = read(&[Habit::Shifting], 45).await;
    let found = distinct(&services);
    assert!(hits <= 20, "{hits}");
    let status = &services["sources"][0]["status"];
    let expected = if found == 45 { "COMPLETE" } else { "PARTIAL" };
    assert_eq!(status, expected, "{found} of 45 were found");
    assert!(found >= 40, "{found}");
}

#[tokio::test]
async fn a_list_without_end_is_read_up_to_the_scan_limit() {
    let feed = FakeFeed::called("one").with(Habit::Endless).page_size_cap(10).spawn().await;
    let gateway = Gateway::over(&[&feed]).with_defaults("scan_limit = 60").start().await;
    let services = data(gateway.query(SERVICES).await)["services"].take();
    assert_eq!(services["sources"][0]["status"], "PARTIAL");
    assert_eq!((&services["complete"], &services["totalCount"]), (&json!(false), &json!(60)));
    assert_eq!(services["sources"][0]["error"]["code"], "TOO_LARGE");
    assert_eq!(distinct(&services), 60);
    assert!(feed.all_hits() <= 8, "{}", feed.all_hits());
}

#[tokio::test]
async fn the_scan_limit_lets_as_many_through_as_it_says() {
    for (count, status) in [(59, "COMPLETE"), (60, "COMPLETE"), (61, "PARTIAL")] {
        let feed = FakeFeed::called("one").with_services(count).page_size_cap(10).spawn().await;
        let gateway = Gateway::over(&[&feed]).with_defaults("scan_limit = 60").start().await;
        let services = data(gateway.query(SERVICES).await)["services"].take();
        assert_eq!(services["sources"][0]["status"], status, "{count} records");
        assert_eq!(distinct(&services), count.min(60));
    }
}

#[tokio::test]
async fn quirk_32_of_two_records_with_one_id_the_newer_is_kept_and_says_so() {
    let feed = FakeFeed::called("one")
        .with_service(json!({ "id": "twin", "name": "Old", "last_modified": "2020-01-01T00:00:00Z" }))
        .with_service(json!({ "id": "twin", "name": "New", "last_modified": "2026-01-01T00:00:00Z" }))
        .spawn()
        .await;
    let gateway = Gateway::over(&[&feed]).start().await;
    let text = "{ services { totalCount nodes { name provenance { issues { code } } } } }";
    let services = data(gateway.query(text).await)["services"].take();
    assert_eq!((&services["totalCount"], &services["nodes"][0]["name"]), (&json!(1), &json!("New")));
    let issues = services["nodes"][0]["provenance"]["issues"].as_array().unwrap();
    assert!(issues.iter().any(|issue| issue["code"] == "DUPLICATE_ID"), "{issues:?}");
}

#[tokio::test]
async fn a_bad_record_costs_itself() {
    let feed = FakeFeed::called("one")
        .with_service(json!({}))
        .with_service(json!({ "id": null }))
        .with_service(json!({ "name": 7, "status": ["?"], "organization": "none", "minimum_age": "old" }))
        .with_service(json!({ "name": null }))
        .spawn()
        .await;
    let gateway = Gateway::over(&[&feed]).start().await;
    let text = "{ services { totalCount complete nodes { upstreamId name status } } }";
    let services = data(gateway.query(text).await)["services"].take();
    assert_eq!((&services["totalCount"], &services["complete"]), (&json!(4), &json!(true)));
    let unnamed = services["nodes"].as_array().unwrap().iter().filter(|node| node["name"] == "(unnamed)");
    assert_eq!(unnamed.count(), 1, "{services}");
}
