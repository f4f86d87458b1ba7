//! What a feed says is private stays private as long as any of its pages says so.

use chrono::{DateTime, TimeDelta, Utc};

use super::*;

fn at(days: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_790_000_000, 0).unwrap() + TimeDelta::days(days)
}

fn known() -> KeptBack {
    KeptBack::default()
}

fn hidden(ids: &[&str]) -> StatedPrivacy {
    let mut stated = StatedPrivacy::default();
    ids.iter().for_each(|id| stated.add(PrivateKind::Place, PrivacyLevel::Hidden, id));
    stated
}

fn hides(known: &KeptBack, id: &str) -> bool {
    known.says(PrivateKind::Place, PrivacyLevel::Hidden, id)
}

#[test]
fn a_place_is_hidden_until_no_page_says_so_any_more() {
    let known = known();
    known.hear("own/services/1", &StatedPrivacy::default(), at(0));
    assert!(known.is_empty() && known.to_remember().is_empty(), "most feeds hide nothing");
    known.hear("listed/services/1", &hidden(&["x", "y"]), at(0));
    known.hear("own/services/1", &hidden(&["x"]), at(0));
    assert!(hides(&known, "x") && hides(&known, "y") && !hides(&known, "z"));
    assert!(
        !known.says(PrivateKind::Contact, PrivacyLevel::Personal, "x"),
        "ids of different kinds may be equal"
    );
    let generation = known.generation();
    known.hear("listed/services/1", &StatedPrivacy::default(), at(0));
    assert!(hides(&known, "x") && !hides(&known, "y"));
    known.hear("own/services/1", &StatedPrivacy::default(), at(0));
    assert!(!hides(&known, "x"));
    assert_eq!(known.generation(), generation, "nothing has become private");
    known.hear("own/services/1", &hidden(&["x"]), at(0));
    assert!(known.generation() > generation);
}

#[test]
fn what_pages_said_is_known_again_after_a_start() {
    let (before, after) = (known(), known());
    before.hear("listed/services/1", &hidden(&["x"]), at(0));
    before.hear("listed/services/2", &hidden(&["y"]), at(0));
    before.hear("listed/services/2", &StatedPrivacy::default(), at(0));
    let written = before.to_remember();
    assert_eq!(written.iter().map(|(_, said)| said.is_some()).collect::<Vec<_>>(), [true, false]);
    assert_eq!(before.to_remember(), [], "once");
    for (page, said) in &written {
        said.iter().for_each(|said| after.recall(page, said));
    }
    assert!(hides(&after, "x") && !hides(&after, "y"));
    assert_eq!(after.to_remember(), [], "it is written down already");
    after.recall("listed/services/3", b"broken");
}

#[test]
fn what_a_page_said_that_is_gone_holds_for_a_month() {
    let known = known();
    known.hear("listed/services/1", &hidden(&["x"]), at(0));
    known.hear("listed/services/2", &hidden(&["y"]), at(20));
    assert!(hides(&known, "x"));
    known.hear("listed/services/2", &hidden(&["y"]), at(40));
    assert!(!hides(&known, "x") && hides(&known, "y"));
}

#[test]
fn where_not_all_that_is_private_can_be_kept_everything_is_private() {
    let known = known();
    let long = "x".repeat(500);
    for page in 0..20 {
        let ids: Vec<String> = (0..1000).map(|number| format!("{page}-{number}-{long}")).collect();
        let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
        known.hear(&format!("listed/services/{page}"), &hidden(&ids), at(0));
    }
    assert!(hides(&known, "never heard of"));
    assert!(known.says(PrivateKind::Contact, PrivacyLevel::Personal, "never heard of"));
    assert!(!known.says(PrivateKind::Organization, PrivacyLevel::Personal, "never heard of"));
}
