//! Synchronising with feeds that send entity tags, lose content, ids or whole lists. Doubtful data does not replace
//! stored data, the report says so, and real changes are accepted in the end.

use oruk_gateway::catalogue::{HistoryChangeKind, HistoryStretch};
use oruk_gateway::model::RecordKind;
use oruk_gateway::sync::SyncOutcome;
use serde_json::{Value, json};

use crate::support::{FakeFeed, Habit, Manner, Plan, Running, SETTINGS, Scope, opened, records};

fn services(numbers: std::ops::Range<usize>) -> Vec<Value> {
    numbers.map(records::service).collect()
}

/// The same services, each with other members.
fn all_with(numbers: std::ops::Range<usize>, members: Value) -> Vec<Value> {
    numbers.map(|number| records::with(records::service(number), members.clone())).collect()
}

/// Returns the description and the number of phones of one of them.
fn told(running: &Running) -> (Option<String>, usize) {
    let service = running.service("s-00003");
    (service.description.as_ref().map(|text| text.text().to_owned()), service.phones.len())
}

/// Returns the kind of record and the kind of change for each change since then.
fn history(running: &Running, since: u64) -> Vec<(RecordKind, HistoryChangeKind)> {
    let HistoryStretch { changes, .. } = running.catalogue.snapshot().store().history(since, 10_000).unwrap();
    changes.iter().map(|(_, change)| (change.id.kind(), change.kind)).collect()
}

#[tokio::test]
async fn pages_that_have_not_changed_are_still_known_after_many_walks() {
    let plan = FakeFeed::called("one").with_services(45).with(Habit::FullLists).with(Habit::Tagged);
    let feed = plan.with(Habit::WithoutTotals).spawn().await;
    let (kept, running) = opened(&feed).await;
    for _ in 0..4 {
        assert_eq!(running.synchronise().await, SyncOutcome::Whole);
        assert_eq!((running.services(), running.said()), (45, String::new()));
        kept.minutes_pass(60);
    }
    feed.now_has(services(0..40));
    for _ in 0..2 {
        running.synchronise().await;
        kept.minutes_pass(60);
    }
    assert_eq!(running.services(), 40, "what is gone is noticed");
    running.stop().await;
}

#[tokio::test]
async fn own_pages_are_read_again_in_their_turn_where_lists_are_marked_too() {
    let feed = FakeFeed::called("one").with_services(20).with(Habit::Tagged).spawn().await;
    let (kept, running) = opened(&feed).await;
    running.synchronise().await;
    // The row stays the same, and only the detail page changes.
    let mut own = records::in_detail(&records::service(3));
    own["phones"] = json!([{ "id": "p", "number": "01632 960999" }]);
    feed.behave_at(Scope::At("/services/s-00003".to_owned()), Manner::Saying(own.to_string().leak()));
    let number = |running: &Running| running.service("s-00003").phones[0].number.clone().unwrap();
    running.stop().await;
    // A day has four sync runs, and each detail page is read again within a day.
    let running = kept.open_every(&feed, SETTINGS, 6 * 3600).await;
    for _ in 0..4 {
        kept.minutes_pass(6 * 60);
        running.synchronise().await;
    }
    assert_eq!(number(&running), "01632 960999");
    running.stop().await;
}

#[tokio::test]
async fn a_change_that_was_seen_is_read_though_the_walk_is_cut_off_before_its_page() {
    for manner in [Manner::Status(429), Manner::Resetting] {
        let feed = FakeFeed::called("one").with_services(30).with(Habit::Tagged).spawn().await;
        let (kept, running) = opened(&feed).await;
        running.synchronise().await;
        let mut now = services(0..30);
        now[5..25].iter_mut().for_each(|service| service["name"] = json!("Renamed"));
        feed.now_has(now);
        feed.behave_at(Scope::Details, manner.clone());
        kept.minutes_pass(60);
        assert_ne!(running.synchronise().await, SyncOutcome::Whole, "{manner:?}");
        running.stop().await;

        feed.behave_at(Scope::Details, Manner::Healthy);
        let running = kept.open(&feed).await;
        for _ in 0..3 {
            kept.minutes_pass(60);
            running.synchronise().await;
        }
        let renamed =
            (0..30).filter(|number| running.service(&records::service_id(*number)).name == "Renamed");
        assert_eq!(renamed.count(), 20, "{manner:?}");
        running.stop().await;
    }
}

#[tokio::test]
async fn very_many_records_that_say_less_are_not_believed_for_hours_and_said_so() {
    let poorer = [json!({ "description": null }), json!({ "phones": [], "schedules": [], "contacts": [] })];
    for (lost, habit) in poorer.iter().flat_map(|lost| [(lost, Some(Habit::FullLists)), (lost, None)]) {
        let plan = FakeFeed::called("one").with_services(20);
        let feed = habit.into_iter().fold(plan, Plan::with).spawn().await;
        let (kept, running) = opened(&feed).await;
        running.synchronise().await;
        let before = told(&running);
        feed.now_has(all_with(0..20, lost.clone()));
        for walk in 1..=4 {
            kept.minutes_pass(60);
            let asked = feed.details().len();
            running.synchronise().await;
            // A few more are read to find out whether lists contain everything.
            assert!(feed.details().len() - asked <= 25, "own pages are asked for once in a walk: {habit:?}");
            let now = told(&running);
            assert_eq!(now, before, "walk {walk} of {lost}");
            assert!(
                running.said().contains("have less content than before"),
                "{lost} {habit:?}: {}",
                running.said()
            );
        }
        for _ in 0..3 {
            kept.minutes_pass(120);
            running.synchronise().await;
        }
        let now = told(&running);
        assert_ne!(now, before, "believed in the end: {lost}");
        assert_eq!(running.said(), "");

        feed.now_has(services(0..20));
        kept.minutes_pass(60);
        running.synchronise().await;
        let mut said = lost.clone();
        said["last_modified"] = json!("2026-06-01T09:00:00Z");
        feed.now_has(all_with(0..20, said));
        kept.minutes_pass(60);
        running.synchronise().await;
        let now = told(&running);
        assert_ne!(now, before, "what is newer is believed");
        running.stop().await;
    }
}

#[tokio::test]
async fn a_few_records_may_say_less() {
    let feed = FakeFeed::called("one").with_services(20).with(Habit::FullLists).spawn().await;
    let (kept, running) = opened(&feed).await;
    running.synchronise().await;
    let mut now = services(0..20);
    now[3] = records::with(now[3].clone(), json!({ "description": null }));
    feed.now_has(now);
    kept.minutes_pass(60);
    running.synchronise().await;
    assert_eq!((told(&running).0, running.said()), (None, String::new()));
    running.stop().await;
}

#[tokio::test]
async fn the_only_detail_page_that_is_read_may_say_less() {
    let feed = FakeFeed::called("one").with_services(20).spawn().await;
    let (kept, running) = opened(&feed).await;
    running.synchronise().await;
    assert!(running.service("s-00003").description.is_some());
    let mut now = services(0..20);
    now[3] = records::with(now[3].clone(), json!({ "description": null }));
    feed.now_has(now);
    kept.minutes_pass(60);
    running.synchronise().await;
    assert!(running.service("s-00003").description.is_none());
    assert_eq!(running.said(), "");
    running.stop().await;
}

#[tokio::test]
async fn rows_that_have_lost_their_ids_are_no_new_records() {
    let feed = FakeFeed::called("one").with_services(20).with(Habit::FullLists).spawn().await;
    let (kept, running) = opened(&feed).await;
    running.synchronise().await;
    let before = running.ids(RecordKind::Service);
    feed.now_has(all_with(0..20, json!({ "id": null })));
    for _ in 0..10 {
        kept.minutes_pass(60);
        running.synchronise().await;
        assert_eq!(running.ids(RecordKind::Service), before);
        assert!(!running.said().is_empty());
    }
    running.stop().await;
}

#[tokio::test]
async fn a_list_of_one_is_not_believed_to_be_empty_either() {
    for count in [1, 2] {
        let feed = FakeFeed::called("one").with_services(count).with(Habit::FullLists).spawn().await;
        let (kept, running) = opened(&feed).await;
        running.synchronise().await;
        feed.now_has(Vec::new());
        for _ in 0..4 {
            kept.minutes_pass(60);
            running.synchronise().await;
            assert_eq!(running.services(), count);
            assert!(running.said().contains("missing from its list"), "{}", running.said());
        }
        running.stop().await;
    }
}

#[tokio::test]
async fn records_that_are_all_others_are_said_to_be_missing() {
    let feed = FakeFeed::called("one").with_services(20).with(Habit::FullLists).spawn().await;
    let (kept, running) = opened(&feed).await;
    running.synchronise().await;
    feed.now_has(services(100..120));
    kept.minutes_pass(60);
    running.synchronise().await;
    assert_eq!(running.services(), 40);
    assert!(running.said().contains("20 Service records are missing"), "{}", running.said());
    kept.minutes_pass(60);
    running.synchronise().await;
    assert_eq!((running.services(), running.said()), (20, String::new()));
    running.stop().await;
}

#[tokio::test]
async fn a_list_that_is_empty_while_services_carry_its_records_takes_none_of_them_away() {
    let organization =
        |number: usize| json!({ "id": format!("o-{number}"), "name": format!("Organisation {number}") });
    let listed = vec![organization(0), organization(1), organization(2)];
    let plan = FakeFeed::called("one").with_services(6).with(Habit::FullLists);
    let feed = plan.with_list("organizations", listed).spawn().await;
    let (kept, running) = opened(&feed).await;
    running.synchronise().await;
    let (before, since) = (running.ids(RecordKind::Organization), running.changes());
    assert_eq!(before.len(), 3);
    feed.behave_at(
        Scope::At("/organizations".to_owned()),
        Manner::Saying("{ \"total_items\": 0, \"total_pages\": 1, \"contents\": [] }"),
    );
    for _ in 0..12 {
        kept.minutes_pass(60);
        running.synchronise().await;
        assert_eq!(running.ids(RecordKind::Organization), before);
    }
    assert_eq!(history(&running, since), [], "nobody is told that any of them went or came");
    running.stop().await;
}

#[tokio::test]
async fn services_whose_own_pages_cannot_be_had_are_counted_and_named() {
    for manner in [Manner::Status(500), Manner::Resetting, Manner::Html] {
        let feed = FakeFeed::called("one").with_services(20).spawn().await;
        feed.behave_at(Scope::At("/services/s-00003".to_owned()), manner.clone());
        let (kept, running) = opened(&feed).await;
        running.synchronise().await;
        assert_eq!(running.progress().without_page, 1, "{manner:?}");
        assert!(!running.said().is_empty(), "{manner:?}");
        let issues = &running.service("s-00003").provenance.issues;
        assert!(
            issues.iter().any(|issue| issue.code.as_str() == "DETAIL_UNAVAILABLE"),
            "{manner:?}: {issues:?}"
        );
        feed.behave_at(Scope::At("/services/s-00003".to_owned()), Manner::Healthy);
        for _ in 0..2 {
            kept.minutes_pass(60);
            running.synchronise().await;
        }
        assert_eq!((running.progress().without_page, running.said()), (0, String::new()), "{manner:?}");
        assert!(!running.service("s-00003").provenance.shallow, "{manner:?}");
        running.stop().await;
    }
}
