//! Tests that what is written can be read, that changes are noted, and that a damaged file does not keep the store from
//! opening.

mod derivation;
mod locations;

use std::sync::Arc;

use chrono::TimeDelta;
use proptest::prelude::*;
use serde_json::json;

use super::open::FACTS_FORMAT;
use super::{HistoryChangeKind, RecordStore, StoreError};
use crate::catalogue::ListStretch;
use crate::catalogue::batch::{RecordUpsert, SyncBatch, WrittenCounts};
use crate::catalogue::encoded::{EncodedRecord, decode};
use crate::catalogue::tests::{as_row, at, batch, id, organization, rich, service_id, source};
use crate::model::{
    AnyRecord, ContentHash, NestedMember, Organization, PostcodePlaces, RecordKind, Service, ServiceFacts,
};

fn write(store: &RecordStore, batch: SyncBatch) -> WrittenCounts {
    store.write(&[batch], at(60)).unwrap().written[0]
}

fn stored(store: &RecordStore, upstream: &str) -> Arc<Service> {
    match store.read().unwrap().get(&service_id(upstream)).unwrap() {
        Some(AnyRecord::Service(service)) => service,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_record_comes_back_down_to_the_last_member() {
    let service = rich("a", at(0));
    let bytes = EncodedRecord::of(&AnyRecord::from(Arc::clone(&service))).unwrap().packed();
    let Ok(AnyRecord::Service(read)) = decode(RecordKind::Service, &bytes) else { panic!("no service") };
    assert_eq!(json!(*read), json!(*service));
    assert_eq!((&read.order_key, read.provenance.read_bytes), (&service.order_key, 1234));
    assert_eq!(read.cost_options[0].part.id, service.cost_options[0].part.id);
}

proptest! {
    #[test]
    fn damaged_bytes_are_an_error_and_no_more(at_byte in 0usize..400, to in any::<u8>(), cut in 0usize..400) {
        let mut bytes = EncodedRecord::of(&AnyRecord::from(rich("a", at(0)))).unwrap().packed();
        let place = at_byte.min(bytes.len() - 1);
        bytes[place] = to;
        let _ = decode(RecordKind::Service, &bytes);
        bytes.truncate(cut);
        let _ = decode(RecordKind::Service, &bytes);
    }
}

#[test]
fn only_what_says_something_else_is_a_change() {
    let store = RecordStore::open(None, &PostcodePlaces::default()).unwrap();
    assert_eq!(write(&store, batch(1, [rich("a", at(0))])).created, 1);
    let again = write(&store, batch(2, [rich("a", at(7200))]));
    assert_eq!((again.unchanged, again.updated, again.sequence), (1, 0, 1));
    let seen = stored(&store, "a").provenance.clone();
    assert_eq!(seen.fetched_at.timestamp(), at(7200).timestamp(), "what was met again is as fresh as that");
    assert_eq!((seen.fresh_until - seen.fetched_at).num_seconds(), 3600);
    let provider = stored(&store, "a").organization.clone().unwrap();
    assert_eq!(provider.provenance.fetched_at, seen.fetched_at, "and so is what was read along with it");

    let mut changed = Service::clone(&rich("a", at(7300)));
    changed.name = "Tea, talk".to_owned();
    changed.phones.clear();
    changed.organization_id = None;
    assert_eq!(write(&store, batch(3, [Arc::new(changed)])).updated, 1);
    write(
        &store,
        SyncBatch { removals: vec![service_id("a"), service_id("b")], ..batch(3, [rich("c", at(0))]) },
    );
    let history = store.read().unwrap().history(0, 10).unwrap();
    let lines = history.changes.iter().map(|(number, change)| (*number, change.kind, change.id.upstream()));
    let (created, updated, deleted) =
        (HistoryChangeKind::Created, HistoryChangeKind::Updated, HistoryChangeKind::Deleted);
    let expected = [(1, created, "a"), (2, updated, "a"), (3, created, "c"), (4, deleted, "a")];
    assert_eq!(lines.collect::<Vec<_>>(), expected);
    assert_eq!(history.changes[1].1.fields, ["name", "organization_id", "phones"]);
    assert_eq!((history.forgotten, history.newest), (0, 4));
}

/// Facts are stored, and derived again only if their format is another one.
#[test]
fn facts_change_only_with_their_format() {
    let facts = ServiceFacts::of(&rich("a", at(0)), &PostcodePlaces::default());
    let (_, format) = FACTS_FORMAT.split_once('/').unwrap();
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings
        .set_description("If the facts of an unchanged service change, raise FACTS_FORMAT in store/open.rs.");
    settings.bind(|| insta::assert_json_snapshot!("facts", json!({ "format": format, "facts": facts })));
}

#[test]
fn nested_times_are_no_change() {
    let store = RecordStore::open(None, &PostcodePlaces::default()).unwrap();
    write(&store, batch(1, [rich("a", at(0))]));
    let mut later = Service::clone(&rich("a", at(10)));
    let provider = later.organization.as_mut().map(Arc::make_mut).unwrap();
    provider.provenance.fetched_at = at(500);
    assert_eq!(write(&store, batch(2, [Arc::new(later.clone())])).unchanged, 1);
    later.organization.as_mut().map(Arc::make_mut).unwrap().name = "Elm".to_owned();
    assert_eq!(write(&store, batch(2, [Arc::new(later)])).updated, 1);
}

#[test]
fn a_row_does_not_undo_what_its_own_page_said() {
    let store = RecordStore::open(None, &PostcodePlaces::default()).unwrap();
    let whole = rich("a", at(0));
    let row_hash = ContentHash::of(b"row");
    let known = RecordUpsert { row: Some(row_hash), ..RecordUpsert::from(Arc::clone(&whole)) };
    write(&store, SyncBatch { upserts: vec![known], ..SyncBatch::new(source("elmshire"), 1) });

    let mut row = Service::clone(&as_row(&whole));
    row.provenance.content_hash = row_hash;
    row.name = "As the row has it".to_owned();
    assert_eq!(write(&store, batch(2, [Arc::new(row.clone())])).unchanged, 1, "the row it was found by");

    row.provenance.content_hash = ContentHash::of(b"another row");
    assert_eq!(write(&store, batch(2, [Arc::new(row.clone())])).outdone, 1, "nothing says that it is newer");
    assert_eq!(stored(&store, "a").name, "Tea and talk");
    assert_eq!(
        store.read().unwrap().mark(&service_id("a")).unwrap().unwrap().walk,
        2,
        "it was seen all the same"
    );

    let newer = RecordUpsert { newer: true, ..RecordUpsert::from(Arc::new(row)) };
    write(&store, SyncBatch { upserts: vec![newer], ..SyncBatch::new(source("elmshire"), 3) });
    let merged = stored(&store, "a");
    assert_eq!((merged.name.as_str(), merged.phones.len()), ("As the row has it", 1));
    assert!(merged.provenance.shallow && merged.organization.is_some());

    assert_eq!(write(&store, batch(4, [whole])).updated, 1, "its own page always holds");
    assert!(!stored(&store, "a").provenance.shallow);
}

#[test]
fn the_time_of_the_first_read_stands_in_for_a_date_until_a_detail_states_it() {
    let store = RecordStore::open(None, &PostcodePlaces::default()).unwrap();
    let changed_at =
        || store.read().unwrap().all_facts().unwrap().first().and_then(|(_, facts)| facts.changed_at());
    let mut whole = Service::clone(&rich("a", at(0)));
    whole.provenance.last_modified = whole.last_modified;
    let whole = Arc::new(whole);
    let mut row = Service::clone(&as_row(&whole));
    (row.last_modified, row.provenance.last_modified) = (None, None);
    write(&store, batch(1, [Arc::new(row)]));
    let first_read = changed_at();
    write(&store, batch(1, [Arc::clone(&whole)]));
    assert!(whole.last_modified.is_some() && first_read > whole.last_modified);
    assert_eq!(changed_at(), whole.last_modified);

    let mut changed = Service::clone(&whole);
    changed.name = "Tea, talk".to_owned();
    write(&store, batch(2, [Arc::new(changed)]));
    assert!(changed_at() >= first_read, "a change that is not dated is noticed");
}

#[test]
fn forms_of_one_record_do_not_take_turns() {
    let store = RecordStore::open(None, &PostcodePlaces::default()).unwrap();
    let form = |carried: &[NestedMember], name| {
        let mut form = Organization::clone(&organization("o", name, at(0)));
        form.provenance.shallow = true;
        form.carried = carried.iter().copied().collect();
        Arc::new(form)
    };
    let (poor, full, other) =
        (form(&[], "Elm"), form(&[NestedMember::Phones], "Elm"), form(&[NestedMember::Phones], "Oak"));
    let first = write(&store, batch(1, [&poor, &full, &other].map(Arc::clone)));
    assert_eq!(
        (first.created, first.updated, first.outdone),
        (1, 0, 1),
        "the second says the same and carries more"
    );
    let second = write(&store, batch(2, [&other, &poor, &full].map(Arc::clone)));
    assert_eq!((second.outdone, second.unchanged, second.sequence), (2, 1, 1));
    assert_eq!(write(&store, batch(3, [Arc::clone(&other)])).outdone, 1, "the other may come yet");
    assert_eq!(write(&store, batch(4, [other])).updated, 1, "it did not");
}

#[test]
fn a_walk_can_ask_what_it_has_not_met() {
    let store = RecordStore::open(None, &PostcodePlaces::default()).unwrap();
    write(&store, batch(1, ["a", "b", "c"].map(|one| rich(one, at(0)))));
    write(&store, batch(1, [organization("b", "Elm", at(0))]));
    let other = SyncBatch { state: Some(b"page 2".to_vec()), ..SyncBatch::new(source("elmshire"), 2) };
    write(&store, SyncBatch { seen: vec![service_id("a")], missed: vec![service_id("c")], ..other });
    let snapshot = store.read().unwrap();
    let unseen = snapshot.unseen(RecordKind::Service, &source("elmshire"), 2).unwrap();
    let unseen: Vec<_> = unseen.iter().map(|one| (one.id.upstream(), one.missed)).collect();
    assert_eq!(unseen, [("b", 0), ("c", 1)]);
    assert_eq!(snapshot.state(&source("elmshire")).unwrap().as_deref(), Some(&b"page 2"[..]));
    let behind = |after| snapshot.records(RecordKind::Service, &source("elmshire"), after, 2).unwrap();
    let ids = |stretch: ListStretch<AnyRecord>| {
        stretch.records.iter().map(|one| one.id().upstream().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!((behind(None).last.as_deref(), behind(Some("b")).last), (Some("b"), None));
    assert_eq!((ids(behind(None)), ids(behind(Some("b")))), (vec!["a".into(), "b".into()], vec!["c".into()]));
    assert!(snapshot.get(&id(RecordKind::Organization, "b")).unwrap().is_some());
}

#[test]
fn another_sources_records_are_left_out() {
    let store = RecordStore::open(None, &PostcodePlaces::default()).unwrap();
    let foreign = SyncBatch { source: source("ashford"), ..batch(1, [rich("a", at(0))]) };
    assert_eq!(write(&store, foreign), WrittenCounts::default());
}

#[test]
fn old_changes_are_forgotten() {
    let store = RecordStore::open(None, &PostcodePlaces::default()).unwrap();
    store.write(&[batch(1, [rich("a", at(0))])], at(0)).unwrap();
    let later = at(0) + TimeDelta::days(91);
    store.write(&[batch(2, [rich("b", later)])], later).unwrap();
    let history = store.read().unwrap().history(0, 10).unwrap();
    assert_eq!((history.forgotten, history.newest, history.changes.len()), (1, 2, 1));
}

#[test]
fn what_is_damaged_is_moved_aside() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("catalogue.redb");
    let begin = || {
        let store = RecordStore::open(Some(directory.path()), &PostcodePlaces::default()).unwrap();
        write(&store, batch(1, (0..200).map(|number| rich(&format!("s{number}"), at(0)))));
    };
    begin();
    let sound = std::fs::read(&path).unwrap();
    let damaged = [
        b"not a store at all".to_vec(),
        sound[..sound.len() / 2].to_vec(),
        sound.iter().enumerate().map(|(place, byte)| if place < 4096 { 0x5a } else { *byte }).collect(),
        sound.iter().enumerate().map(|(place, byte)| if place > 4096 { 0xa5 } else { *byte }).collect(),
    ];
    for (number, bytes) in damaged.into_iter().enumerate() {
        std::fs::write(&path, bytes).unwrap();
        let store = RecordStore::open(Some(directory.path()), &PostcodePlaces::default()).unwrap();
        assert_eq!(
            store.read().unwrap().count(RecordKind::Service, &source("elmshire")).unwrap(),
            0,
            "{number}"
        );
        assert!(path.with_extension("redb.broken").exists());
        drop(store);
        begin();
    }
}

#[test]
fn a_store_in_use_is_not_touched() {
    let directory = tempfile::tempdir().unwrap();
    let store = RecordStore::open(Some(directory.path()), &PostcodePlaces::default()).unwrap();
    let second = RecordStore::open(Some(directory.path()), &PostcodePlaces::default());
    assert!(matches!(second, Err(StoreError::InUse(_))), "{second:?}");
    write(&store, batch(1, [rich("a", at(0))]));
    let no_directory = directory.path().join("catalogue.redb");
    assert!(matches!(
        RecordStore::open(Some(&no_directory), &PostcodePlaces::default()),
        Err(StoreError::Unavailable { .. })
    ));
}
