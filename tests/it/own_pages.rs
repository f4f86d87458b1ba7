//! Detail pages of organisations, vocabularies and terms, during a walk.

use oruk_gateway::model::{AnyRecord, RecordKind};
use oruk_gateway::sync::SyncOutcome;
use serde_json::json;

use crate::support::{FakeFeed, Manner, Scope, opened, records};

/// Records of a list whose content is only on their detail pages.
fn with_own_pages(name: &str, said: &serde_json::Value) -> Vec<serde_json::Value> {
    let one =
        |n: usize| json!({ "id": format!("{name}-{n}"), "name": format!("{name} {n}"), records::OWN: said });
    (0..8).map(one).collect()
}

#[tokio::test]
async fn own_pages_of_other_records_are_read_where_they_say_more_than_the_list() {
    let feed = FakeFeed::called("one")
        .with_services(2)
        .with_list("organizations", with_own_pages("o", &json!({ "email": "o@feed.example" })))
        .with_list("taxonomies", with_own_pages("v", &json!({ "description": "Things", "version": "7" })))
        .with_list("taxonomy_terms", with_own_pages("t", &json!({})))
        .spawn()
        .await;
    let (kept, running) = opened(&feed).await;
    let pages = |list: &str| feed.asked().iter().filter(|asked| asked.path.starts_with(list)).count();
    assert_eq!(running.synchronise().await, SyncOutcome::Whole);
    for record in running.all(RecordKind::Organization) {
        let AnyRecord::Organization(one) = record else { panic!() };
        assert_eq!((one.email.as_deref(), one.provenance.shallow), (Some("o@feed.example"), false));
    }
    for record in running.all(RecordKind::Taxonomy) {
        let AnyRecord::Taxonomy(one) = record else { panic!() };
        assert_eq!(one.version.as_deref(), Some("7"), "{}", one.name);
    }
    assert_eq!((pages("/organizations/"), pages("/taxonomies/")), (8, 8));
    assert!((1..=3).contains(&pages("/taxonomy_terms/")), "a few tell that there is no more");
    kept.minutes_pass(60);
    assert_eq!(running.synchronise().await, SyncOutcome::Whole);
    assert!(pages("/organizations/") <= 10, "what has not changed is left for later");
    assert!(pages("/taxonomy_terms/") <= 3);
    running.stop().await;
}

#[tokio::test]
async fn one_changed_record_may_say_less_on_its_own_page_but_not_a_whole_list() {
    let said = json!({ "description": "Helps", "email": "o@feed.example" });
    let feed = FakeFeed::called("one")
        .with_services(2)
        .with_list("organizations", with_own_pages("o", &said))
        .spawn()
        .await;
    let (kept, running) = opened(&feed).await;
    running.synchronise().await;
    let describing = || {
        let all = running.all(RecordKind::Organization).into_iter();
        all.filter(|record| matches!(record, AnyRecord::Organization(one) if one.description.is_some()))
            .count()
    };
    assert_eq!(describing(), 8);
    let poorer = Manner::Rewriting(|body| body.replace(r#""Helps""#, "null").into_bytes());
    feed.behave_at(Scope::At("/organizations/o-3".to_owned()), poorer.clone());
    let renamed = Manner::Rewriting(|body| body.replace("o 3", "Renamed").into_bytes());
    feed.behave_at(Scope::At("/organizations".to_owned()), renamed);
    kept.minutes_pass(60);
    running.synchronise().await;
    assert_eq!(describing(), 7, "it is the only record that has changed");

    feed.behave(poorer);
    let renamed = Manner::Rewriting(|body| body.replace(r#""name":"o "#, r#""name":"Renamed "#).into_bytes());
    feed.behave_at(Scope::At("/organizations".to_owned()), renamed);
    kept.minutes_pass(60);
    running.synchronise().await;
    assert_eq!(describing(), 7, "so many at once are not believed");
    running.stop().await;
}
