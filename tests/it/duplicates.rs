//! Lists that contain a record twice: this is reported as an issue of the feed, and is no reason to doubt the rest.

use oruk_gateway::model::IssueCode;
use oruk_gateway::sync::SyncOutcome;
use serde_json::{Value, json};

use crate::support::{FakeFeed, Gateway, Plan, Said, data, opened, records};

/// Forty-five services on pages of ten, one of which is listed again on another page.
fn with_a_twin(members: Value) -> Plan {
    let twin = records::with(records::service(3), members);
    let plan = FakeFeed::called("one").with_services(44).with_service(twin);
    plan.page_size_cap(10)
}

const SERVICES: &str = "{ services(first: 100) {
  totalCount complete sources { status error { message } }
  nodes { upstreamId name provenance { issues { code path original } } }
} }";
const CONFORMANCE: &str = "{ source(key: \"one\") { conformance { issues { code count } } } }";

#[tokio::test]
async fn quirk_32_an_id_on_two_pages_is_said_and_doubts_nothing() {
    for (members, name) in [
        (json!({}), records::service(3)["name"].as_str().unwrap().to_owned()),
        (json!({ "name": "Twin" }), records::service(3)["name"].as_str().unwrap().to_owned()),
        (json!({ "name": "Twin", "last_modified": "2026-06-01T09:00:00Z" }), "Twin".to_owned()),
    ] {
        let feed = with_a_twin(members.clone()).spawn().await;
        let gateway = Gateway::over(&[&feed]).start().await;
        let answer = data(gateway.query(SERVICES).await);
        let services = &answer["services"];
        assert_eq!(
            (&services["totalCount"], &services["complete"]),
            (&json!(44), &json!(true)),
            "{services}"
        );
        let nodes = services["nodes"].as_array().unwrap();
        let marked: Vec<&Value> = nodes
            .iter()
            .filter(|node| {
                node["provenance"]["issues"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .any(|one| one["code"] == "DUPLICATE_ID")
            })
            .collect();
        assert_eq!(marked.len(), 1, "{members}");
        assert_eq!((&marked[0]["upstreamId"], &marked[0]["name"]), (&json!("s-00003"), &json!(name)));
        let issues = marked[0]["provenance"]["issues"].as_array().unwrap();
        let issue = issues.iter().find(|issue| issue["code"] == "DUPLICATE_ID").unwrap();
        let other = issue["original"]["name"].as_str().unwrap();
        assert_eq!(other == name, members == json!({}), "the other row is kept: {issue}");
        let answer = data(gateway.query(CONFORMANCE).await);
        let issues = answer["source"]["conformance"]["issues"].as_array().unwrap();
        assert!(issues.iter().any(|one| one["code"] == "DUPLICATE_ID"), "{issues:?}");
        gateway.stop().await;
    }
}

#[tokio::test]
async fn a_synchronised_list_with_a_twin_is_whole_and_stands_still() {
    for members in [
        json!({}),
        json!({ "name": "Twin" }),
        json!({ "name": "Twin", "last_modified": "2026-06-01T09:00:00Z" }),
    ] {
        let feed = with_a_twin(members.clone()).spawn().await;
        let (kept, running) = opened(&feed).await;
        let of_twin = |running: &crate::support::Running| {
            let issues = running.service("s-00003").provenance.issues.clone();
            issues.into_iter().filter(|issue| issue.code == IssueCode::DuplicateId).collect::<Vec<_>>()
        };
        let mut changes = Vec::new();
        for _ in 0..4 {
            assert_eq!(running.synchronise().await, SyncOutcome::Whole, "{members}: {}", running.said());
            assert!(running.progress().is_warm, "{members}");
            assert_eq!((running.services(), of_twin(&running).len()), (44, 1), "{members}");
            changes.push(running.changes());
            kept.minutes_pass(60);
        }
        assert!(of_twin(&running)[0].original.is_some(), "{members}");
        assert_eq!(
            changes[1..],
            vec![changes[1]; 3],
            "{members}: it is not told as a change again and again"
        );
        feed.now_has((0..44).map(records::service).collect());
        for _ in 0..2 {
            running.synchronise().await;
            kept.minutes_pass(60);
        }
        assert_eq!(of_twin(&running), [], "{members}: what is mended is said no more");
        running.stop().await;
    }
}

#[tokio::test]
async fn a_list_in_pages_of_one_size_whose_last_row_is_listed_twice_stands_still() {
    let twice = [2, 3, 4].map(records::service);
    let plan = twice.into_iter().fold(FakeFeed::called("one").with_services(7), Plan::with_service);
    let plan = plan.listing(|asked, all| {
        let rows = all.chunks(3).nth(asked.page() - 1).unwrap_or_default();
        Said::json(&json!({ "total_items": all.len(), "contents": rows }))
    });
    let feed = plan.spawn().await;
    let (kept, running) = opened(&feed).await;
    for _ in 0..2 {
        assert_eq!(running.synchronise().await, SyncOutcome::Whole, "{}", running.said());
        kept.minutes_pass(60);
    }
    assert_eq!((running.services(), running.progress().is_warm), (7, true));
    running.stop().await;
}
