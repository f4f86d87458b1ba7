//! Synchronising with the catalogue: whatever a feed does, nothing stored is lost, nothing is invented, and a
//! broken-off walk is resumed.

use std::collections::BTreeSet;
use std::sync::Arc;

use oruk_gateway::model::{AnyRecord, RecordKind};
use oruk_gateway::sync::{DeletionDoubt, SyncOutcome, SyncPhase};
use serde_json::json;

use crate::support::{FakeFeed, Habit, Kept, Manner, Scope, opened, records};

fn services(numbers: std::ops::Range<usize>) -> Vec<serde_json::Value> {
    numbers.map(records::service).collect()
}

#[tokio::test]
async fn all_that_a_feed_has_is_kept_with_details_and_what_services_say_of_the_rest() {
    let feed = FakeFeed::called("one").with_services(45).spawn().await;
    let (kept, running) = opened(&feed).await;
    assert_eq!(running.synchronise().await, SyncOutcome::Whole);
    assert_eq!(running.services(), 45);
    let service = running.service("s-00003");
    assert_eq!((service.phones.len(), service.provenance.shallow), (1, false));
    assert_eq!(running.ids(RecordKind::Organization).len(), 3, "taken from services");
    assert_eq!(running.ids(RecordKind::Location), BTreeSet::from(["l-hall".to_owned()]));
    assert_eq!(running.ids(RecordKind::ServiceAtLocation).len(), 45);
    assert_eq!(running.ids(RecordKind::TaxonomyTerm).len(), 2);
    let progress = running.synchroniser.progress(&running.key).unwrap();
    assert_eq!((progress.walked, progress.expected, progress.hydrated), (45, Some(45), 45));
    assert_eq!((progress.phase, progress.is_warm, progress.error), (SyncPhase::Waiting, true, None));

    let (asked, changes) = (feed.details().len(), running.changes());
    kept.minutes_pass(60);
    assert_eq!(running.synchronise().await, SyncOutcome::Whole);
    assert_eq!(running.changes(), changes, "nothing changed");
    assert!(feed.details().len() <= asked + 3, "own pages are not read again for nothing");
    running.stop().await;
}

#[tokio::test]
async fn what_cannot_be_kept_shows_at_the_source() {
    let feed = FakeFeed::called("one").with_services(5).spawn().await;
    let (_kept, running) = opened(&feed).await;
    running.catalogue.close().await;
    let outcome = running.synchronise().await;
    assert!(matches!(outcome, SyncOutcome::NotKept(_)), "{outcome:?}");
    let progress = running.synchroniser.progress(&running.key).unwrap();
    assert_eq!(progress.phase, SyncPhase::Waiting);
    assert_eq!(progress.error.unwrap().code.as_str(), "MISCONFIGURED");
}

#[tokio::test]
async fn only_new_and_changed_services_are_read_again() {
    let feed = FakeFeed::called("one").with_services(45).spawn().await;
    let (kept, running) = opened(&feed).await;
    running.synchronise().await;
    let asked = feed.details().len();
    let mut now = services(0..46);
    now[7] =
        records::with(now[7].clone(), json!({ "name": "Renamed", "last_modified": "2026-06-01T09:00:00Z" }));
    feed.now_has(now);
    kept.minutes_pass(60);
    assert_eq!(running.synchronise().await, SyncOutcome::Whole);
    let again: BTreeSet<String> = feed.details().into_iter().skip(asked).collect();
    assert!(again.contains("s-00007") && again.contains("s-00045") && again.len() <= 4, "{again:?}");
    let renamed = running.service("s-00007");
    assert_eq!((renamed.name.as_str(), renamed.phones.len()), ("Renamed", 1));
    assert_eq!(running.services(), 46);
    running.stop().await;
}

#[tokio::test]
async fn lists_that_carry_everything_are_enough() {
    let feed = FakeFeed::called("one").with_services(45).with(Habit::FullLists).spawn().await;
    let (_kept, running) = opened(&feed).await;
    assert_eq!(running.synchronise().await, SyncOutcome::Whole);
    assert!(feed.details().len() <= 5, "{:?}", feed.details());
    let service = running.service("s-00044");
    assert_eq!((service.phones.len(), service.provenance.shallow), (1, false));
    assert_eq!(running.ids(RecordKind::ServiceAtLocation).len(), 45);
    running.stop().await;
}

#[tokio::test]
async fn however_a_list_is_paged_all_of_it_is_kept() {
    let cases: [&[Habit]; 9] = [
        &[Habit::TotalsOffBy(-20)],
        &[Habit::WithoutTotals],
        &[Habit::BareArray, Habit::Clamped],
        &[Habit::Links],
        &[Habit::LinksInCircles],
        &[Habit::Clamped, Habit::WithoutTotals],
        &[Habit::NotFoundPastEnd, Habit::WithoutTotals],
        &[Habit::EmptyObjectPastEnd, Habit::WithoutTotals],
        &[Habit::Repeating],
    ];
    for habits in cases {
        let plan = FakeFeed::called("one").with_services(45).page_size_cap(10).with(Habit::FullLists);
        let feed = habits.iter().fold(plan, |plan, habit| plan.with(*habit)).spawn().await;
        let (kept, running) = opened(&feed).await;
        assert_eq!(running.synchronise().await, SyncOutcome::Whole, "{habits:?}");
        assert_eq!(running.services(), 45, "{habits:?}");
        feed.now_has(services(0..40));
        for _ in 0..2 {
            kept.minutes_pass(60);
            running.synchronise().await;
        }
        let is_steady = !habits.iter().any(|habit| matches!(habit, Habit::TotalsOffBy(_)));
        assert!(!is_steady || running.services() == 40, "{habits:?}: {}", running.services());
        running.stop().await;
    }
}

#[tokio::test]
async fn a_feed_that_does_not_stand_still_or_does_not_turn_its_pages_takes_nothing_away() {
    for habit in [Habit::Shifting, Habit::IgnoresPage] {
        let feed = FakeFeed::called("one").with_services(45).with(Habit::FullLists).with(habit).spawn().await;
        let (kept, running) = opened(&feed).await;
        let mut most = 0;
        for _ in 0..5 {
            running.synchronise().await;
            assert!(running.services() >= most, "{habit:?}: {} after {most}", running.services());
            most = running.services();
            kept.minutes_pass(180);
        }
        running.stop().await;
    }
}

#[tokio::test]
async fn a_feed_that_dies_in_the_middle_loses_nothing_and_is_gone_on_with_where_it_died() {
    let feed = FakeFeed::called("one").with_services(200).with(Habit::FullLists).spawn().await;
    feed.behave_at(Scope::ListFrom(8), Manner::Resetting);
    let (kept, running) = opened(&feed).await;
    assert!(matches!(running.synchronise().await, SyncOutcome::BrokenOff(_)));
    assert_eq!(running.services(), 70, "what has arrived is served");
    assert!(!running.synchroniser.progress(&running.key).unwrap().is_warm);
    running.stop().await;

    let running = kept.open(&feed).await;
    feed.behave(Manner::Healthy);
    let asked = feed.asked().len();
    assert_eq!(running.synchronise().await, SyncOutcome::Whole);
    assert_eq!(running.services(), 200);
    let pages: Vec<usize> = feed.asked()[asked..]
        .iter()
        .filter(|asked| asked.path == "/services")
        .map(|asked| asked.query["page"].parse().unwrap())
        .collect();
    assert_eq!(pages, (8..=20).collect::<Vec<_>>(), "only the pages that are missing");
    running.stop().await;

    // Everything is stored, and the walk breaks off again. Nothing is removed, neither now nor when the feed recovers.
    let running = kept.open(&feed).await;
    kept.minutes_pass(60);
    feed.behave_at(Scope::ListFrom(5), Manner::Status(500));
    assert!(matches!(running.synchronise().await, SyncOutcome::BrokenOff(_)));
    assert_eq!(running.services(), 200);
    running.stop().await;
    let running = kept.open(&feed).await;
    feed.behave(Manner::Healthy);
    assert_eq!(running.synchronise().await, SyncOutcome::Whole);
    assert_eq!(running.services(), 200);
    running.stop().await;
}

#[tokio::test]
async fn a_walk_that_is_cut_off_anywhere_is_gone_on_with_after_a_restart() {
    let feed = FakeFeed::called("one").with_services(60).spawn().await;
    let kept = Kept::new();
    for at in ["/services?2", "/services?4", "/services/s-00001", "/services/s-00040"] {
        let running = kept.open(&feed).await;
        let scope = match at.split_once('?') {
            Some((_, page)) => Scope::ListFrom(page.parse().unwrap()),
            None => Scope::At(at.to_owned()),
        };
        feed.behave(Manner::Healthy);
        feed.behave_at(scope, Manner::Hanging);
        let before = feed.asked().len();
        let synchroniser = Arc::clone(&running.synchroniser);
        let key = running.key.clone();
        let walk = tokio::spawn(async move { synchroniser.synchronise(&key).await });
        feed.has_under_way(1).await;
        // The walk hangs sooner or later. Until then it continues.
        while !walk.is_finished() && !hangs(&feed, before, at) {
            tokio::task::yield_now().await;
        }
        walk.abort();
        let _ = walk.await;
        running.stop().await;
    }
    feed.behave(Manner::Healthy);
    let running = kept.open(&feed).await;
    assert_eq!(running.synchronise().await, SyncOutcome::Whole);
    assert_eq!(running.services(), 60);
    assert!(running.all(RecordKind::Service).iter().all(|service| !service.provenance().shallow));
    let mut own = feed.details();
    own.sort();
    let often = own.chunk_by(|a, b| a == b).filter(|same| same.len() > 3).count();
    assert_eq!(often, 0, "what was read is not read again after each restart");
    running.stop().await;
}

fn hangs(feed: &FakeFeed, before: usize, at: &str) -> bool {
    let (path, page) = at.split_once('?').unwrap_or((at, ""));
    feed.asked()[before..].iter().any(|asked| {
        asked.path == path && (page.is_empty() || asked.query.get("page").is_some_and(|asked| asked == page))
    })
}

#[tokio::test]
async fn a_third_of_the_records_is_not_believed_for_hours_and_said_so() {
    let feed = FakeFeed::called("one").with_services(90).with(Habit::FullLists).spawn().await;
    let (kept, running) = opened(&feed).await;
    running.synchronise().await;
    feed.now_has(services(0..30));
    for walks in 1..=6 {
        kept.minutes_pass(60);
        assert_eq!(running.synchronise().await, SyncOutcome::Whole);
        assert_eq!(running.services(), 90, "after {walks} walks");
        let progress = running.synchroniser.progress(&running.key).unwrap();
        let said = progress.error.expect("something is said").message;
        assert!(said.contains("60 Service records are missing") && said.contains("far fewer"), "{said}");
        assert_eq!(progress.doubt, Some(DeletionDoubt::FarFewer(walks)));
    }
    feed.now_has(services(0..90));
    running.synchronise().await;
    assert_eq!(running.synchroniser.progress(&running.key).unwrap().doubt, None);
    feed.now_has(services(0..30));
    for _ in 0..7 {
        kept.minutes_pass(60);
        running.synchronise().await;
    }
    assert_eq!(running.services(), 30, "what lasts is believed in the end");
    assert_eq!(running.ids(RecordKind::ServiceAtLocation).len(), 30, "and what went with it");
    running.stop().await;
}

#[tokio::test]
async fn deletions_are_followed_at_once_where_the_feed_counts_and_with_the_second_walk_elsewhere() {
    for (habits, walks) in [(&[Habit::FullLists][..], 1), (&[Habit::FullLists, Habit::WithoutTotals], 2)] {
        let plan = FakeFeed::called("one").with_services(45);
        let feed = habits.iter().fold(plan, |plan, habit| plan.with(*habit)).spawn().await;
        let (kept, running) = opened(&feed).await;
        running.synchronise().await;
        feed.now_has(services(2..45));
        for walk in 1..=walks {
            assert_eq!(running.services(), 45, "before walk {walk}");
            kept.minutes_pass(60);
            running.synchronise().await;
        }
        assert_eq!(running.services(), 43);
        assert!(!running.ids(RecordKind::Service).contains("s-00001"));
        running.stop().await;
    }
}

#[tokio::test]
async fn renamed_ids_are_new_records_and_the_old_ones_go_with_the_second_walk() {
    let feed = FakeFeed::called("one").with_services(45).with(Habit::FullLists).spawn().await;
    let (kept, running) = opened(&feed).await;
    running.synchronise().await;
    feed.now_has(services(100..145));
    kept.minutes_pass(60);
    running.synchronise().await;
    assert_eq!(running.services(), 90, "nothing is lost on the word of one walk");
    kept.minutes_pass(60);
    running.synchronise().await;
    assert_eq!(running.services(), 45);
    assert!(running.ids(RecordKind::Service).contains("s-00144"));
    running.stop().await;
}

const NAMELESS: &str = r#"{"total_items":3,"total_pages":1,"page_number":1,"contents":[
  {"id":["s-00001"],"name":["x"],"status":["active"]},{"id":["s-00002"],"name":["y"]},{"name":7,"id":{"a":1}}]}"#;
const EMPTY: &str = r#"{"total_items":0,"total_pages":0,"page_number":1,"contents":[]}"#;
const SHELLS: &str = r#"{"total_items":2,"total_pages":1,"page_number":1,"contents":[
  {"id":"s-00001","name":null},{"id":"s-00002","name":"Befriending"}]}"#;

#[tokio::test]
async fn rubbish_replaces_nothing_and_is_not_kept() {
    let feed = FakeFeed::called("one").with_services(45).spawn().await;
    let (kept, running) = opened(&feed).await;
    running.synchronise().await;
    let (before, changes) = (running.ids(RecordKind::Service), running.changes());
    let lists = "/services".to_owned();
    let rubbish = [
        Manner::Html,
        Manner::WrongTypes,
        Manner::TruncatedJson,
        Manner::HalfABody,
        Manner::Saying(NAMELESS),
        Manner::Saying(EMPTY),
        Manner::Saying(SHELLS),
        Manner::Saying("null"),
        Manner::Status(404),
    ];
    for manner in rubbish {
        feed.behave_at(Scope::At(lists.clone()), manner.clone());
        kept.minutes_pass(20);
        running.synchronise().await;
        assert_eq!(running.ids(RecordKind::Service), before, "{manner:?}");
        assert_eq!(running.changes(), changes, "{manner:?}");
    }
    running.stop().await;
    let running = kept.open(&feed).await;
    feed.behave(Manner::Healthy);
    feed.behave_at(Scope::Details, Manner::Saying(r#"{"id":"s-00001","name":["?"]}"#));
    let mut now = services(0..45);
    now[1] = records::with(now[1].clone(), json!({ "description": "New words." }));
    feed.now_has(now);
    kept.minutes_pass(60);
    running.synchronise().await;
    assert_eq!(
        running.service("s-00001").phones.len(),
        1,
        "an own page that is rubbish replaces nothing either"
    );
    running.stop().await;
}

#[tokio::test]
async fn pages_that_have_not_changed_are_not_sent_again() {
    let feed =
        FakeFeed::called("one").with_services(45).with(Habit::FullLists).with(Habit::Tagged).spawn().await;
    let (kept, running) = opened(&feed).await;
    running.synchronise().await;
    let asked = feed.asked().len();
    kept.minutes_pass(60);
    let mut now = services(0..45);
    now[44] =
        records::with(now[44].clone(), json!({ "name": "Another", "last_modified": "2026-06-01T09:00:00Z" }));
    feed.now_has(now);
    assert_eq!(running.synchronise().await, SyncOutcome::Whole);
    let pages: Vec<_> =
        feed.asked()[asked..].iter().filter(|asked| asked.path == "/services").cloned().collect();
    assert_eq!(pages.len(), 5);
    assert!(pages.iter().all(|asked| asked.headers.contains_key("if-none-match")));
    assert_eq!((running.services(), running.service("s-00044").name.as_str()), (45, "Another"));
    running.stop().await;
}

#[tokio::test]
async fn lists_of_other_records_are_kept_where_there_are_some() {
    let organizations = (0..4).map(
        |n| json!({ "id": format!("o-{n}"), "name": format!("Organisation {n}"), "email": "o@feed.example" }),
    );
    let feed = FakeFeed::called("one")
        .with_services(20)
        .with_list("organizations", organizations.collect())
        .with_list("taxonomies", vec![json!({ "id": "x-things", "name": "Things", "description": "Kinds" })])
        .spawn()
        .await;
    let (_kept, running) = opened(&feed).await;
    assert_eq!(running.synchronise().await, SyncOutcome::Whole);
    let organizations = running.all(RecordKind::Organization);
    assert_eq!(organizations.len(), 4);
    let is_listed = |record: &AnyRecord| match record {
        AnyRecord::Organization(organization) => organization.email.is_some(),
        _ => false,
    };
    assert!(organizations.iter().all(is_listed), "those inside services do not replace them");
    assert_eq!(running.ids(RecordKind::Taxonomy).len(), 1);
    assert_eq!(running.ids(RecordKind::TaxonomyTerm).len(), 2);
    running.stop().await;
}
