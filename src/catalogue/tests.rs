//! Invented records, and tests of the catalogue as a whole.

mod agree;
mod copies;
mod decided;
mod killed;
mod room;
pub(crate) mod simulated;

use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::{CatalogueSnapshot, RecordUpsert, StoredCatalogue, SyncBatch};
use crate::model::{
    AnyRecord, FilterNarrowing, InstantClock, OrderKey, Organization, PostcodePlaces, RecordId, RecordKind,
    Rendering, Service, Shape, SourceKey, TaxonomyTerm, sample,
};

/// Returns an instant, `seconds` after a fixed one.
pub(crate) fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_790_000_000 + seconds, 123_456_789).unwrap()
}

pub(super) fn source(key: &str) -> SourceKey {
    SourceKey::parse(key).unwrap()
}

pub(super) fn id(kind: RecordKind, upstream: &str) -> RecordId {
    RecordId::new(kind, &source("elmshire"), upstream)
}

pub(super) fn service_id(upstream: &str) -> RecordId {
    id(RecordKind::Service, upstream)
}

/// Creates a full service, read at an instant. `said` are its special members.
pub(crate) fn service(upstream: &str, name: &str, read_at: DateTime<Utc>, said: Value) -> Arc<Service> {
    let mut members = json!({
        "id": format!("Service(elmshire/{upstream})"),
        "provenance": provenance(&format!("{upstream} {name} {said}"), read_at),
        "order_key": OrderKey::of(name).as_str(),
        "name": name,
    });
    members.as_object_mut().unwrap().extend(said.as_object().unwrap().clone());
    Arc::new(sample::service(&members))
}

/// Creates a service with values in members of every type.
pub(crate) fn rich(upstream: &str, read_at: DateTime<Utc>) -> Arc<Service> {
    let part = |kind: &str, number: u8| json!({"id": format!("{kind}:elmshire:{number}")});
    let term = json!({
        "id": "TaxonomyTerm(elmshire/t(1)/a)", "provenance": provenance("term", read_at), "order_key": "tea",
        "carried": 0, "code": "T1", "name": "Tea", "term_uri": "https://terms.example/t1", "metadata": [],
        "parent_id": "TaxonomyTerm(elmshire/t0)", "extra": {"weight": 1.5, "big": 18_446_744_073_709_551_615_u64},
    });
    let attribute = json!({"id": "Attribute:elmshire:9", "link_type": "topic", "taxonomy_term": term});
    let annotated = json!({"id": "CostOption:elmshire:3", "attributes": [attribute]});
    let organization = organization("o1", "Elm trust", read_at);
    let organization = serde_json::to_value(&*organization).unwrap();
    let said = json!({
        "carried": 0b1011,
        "description": {"raw": "<p>Tea &amp; talk</p>", "plain": "Tea & talk"},
        "url": "https://elm.example/tea",
        "minimum_age": 0.1,
        "age_bands": [[0.0, 5.0], [60.0, null]],
        "assured_date": "2026-02-28",
        "last_modified": "2026-03-01T10:11:12.000000013Z",
        "organization_id": "Organization(elmshire/o1)",
        "organization": organization,
        "phones": [{"part": part("Phone", 1), "number": "0117 496 0000", "languages": []}],
        "schedules": [{
            "part": part("Schedule", 2), "dtstart": "2026-01-05", "freq": "Weekly", "wkst": "Monday",
            "byday": ["MO", "-1TU"], "bymonthday": [-1], "byweekno": [], "byyearday": [],
            "opens_at": "09:30:00", "closes_at": "12:00:00",
        }],
        "service_areas": [{"part": part("ServiceArea", 4), "geojson": {"type": "Point", "coordinates": [-2.5, 51.0]}}],
        "cost_options": [{"part": annotated, "amount": 2.35, "currency": "GBP"}],
        "free": false,
        "extra": {"x": [null, true, -3, "ÿ\u{0}"], "provenance": "ours"},
    });
    service(upstream, "Tea and talk", read_at, said)
}

pub(super) fn organization(upstream: &str, name: &str, read_at: DateTime<Utc>) -> Arc<Organization> {
    let mut written = json!({
        "id": format!("Organization(elmshire/{upstream})"),
        "provenance": provenance(name, read_at),
        "order_key": OrderKey::of(name).as_str(),
        "carried": 0,
        "name": name,
        "extra": {},
    });
    let lists = [
        "additional_websites",
        "identifiers",
        "funding",
        "contacts",
        "phones",
        "locations",
        "programs",
        "attributes",
        "metadata",
    ];
    written.as_object_mut().unwrap().extend(lists.map(|list| (list.to_owned(), json!([]))));
    Arc::new(serde_json::from_value(written).unwrap())
}

/// Creates a term that has only a name.
pub(super) fn term(upstream: &str, name: &str) -> TaxonomyTerm {
    let written = json!({
        "id": format!("TaxonomyTerm(elmshire/{upstream})"),
        "provenance": provenance(name, at(0)),
        "order_key": OrderKey::of(name).as_str(),
        "carried": 0,
        "name": name,
        "metadata": [],
        "extra": {},
    });
    serde_json::from_value(written).unwrap()
}

pub(super) fn provenance(content: &str, read_at: DateTime<Utc>) -> Value {
    json!({
        "upstream_url": "https://feed.example/one",
        "fetched_at": read_at,
        "fresh_until": read_at + chrono::TimeDelta::hours(1),
        "shallow": false,
        "content_hash": crate::model::ContentHash::of(content.as_bytes()).as_str(),
        "issues": [{"code": "WRONG_TYPE", "path": "minimum_age", "message": "is a text", "original": "5"}],
        "read_bytes": 1234,
    })
}

/// Returns the service as a list row has it.
pub(super) fn as_row(service: &Service) -> Arc<Service> {
    let mut row = service.clone();
    row.provenance.shallow = true;
    row.description = None;
    row.organization = None;
    row.carried = Default::default();
    row.phones.clear();
    Arc::new(row)
}

pub(super) fn batch(walk: u64, records: impl IntoIterator<Item = impl Into<AnyRecord>>) -> SyncBatch {
    let upserts = records.into_iter().map(|record| RecordUpsert::from(record.into())).collect();
    SyncBatch { upserts, ..SyncBatch::new(source("elmshire"), walk) }
}

/// Returns how many services the index finds.
pub(super) fn indexed(snapshot: &CatalogueSnapshot) -> usize {
    snapshot.searcher.candidates(&FilterNarrowing::All).unwrap().len()
}

fn named(catalogue: &StoredCatalogue) -> Vec<String> {
    let snapshot = catalogue.snapshot();
    let found = snapshot.searcher.candidates(&FilterNarrowing::All).unwrap();
    let mut named: Vec<_> =
        found.iter().map(|one| snapshot.facts().get(one.ordinal).unwrap().id.upstream().to_owned()).collect();
    named.sort();
    named
}

#[tokio::test]
async fn what_was_submitted_shows_in_store_facts_and_index_and_comes_back() {
    let directory = tempfile::tempdir().unwrap();
    let open = || {
        StoredCatalogue::open(
            Some(directory.path().to_owned()),
            PostcodePlaces::default(),
            InstantClock::fixed(at(60)),
        )
    };
    let catalogue = open().await.unwrap();
    let before = catalogue.snapshot();
    let services = ["a", "b", "c"].map(|upstream| rich(upstream, at(0)));
    let written = catalogue.submit(batch(1, services)).await.unwrap();
    assert_eq!((written.created, written.sequence), (3, 3));
    let removal = SyncBatch { removals: vec![service_id("b")], ..SyncBatch::new(source("elmshire"), 1) };
    assert_eq!(catalogue.submit(removal).await.unwrap().deleted, 1);
    assert_eq!(named(&catalogue), ["a", "c"]);
    assert_eq!((before.facts().len(), indexed(&before)), (0, 0));
    catalogue.close().await;
    let late = catalogue.submit(SyncBatch::new(source("elmshire"), 2)).await;
    assert!(late.is_err(), "a closed catalogue takes nothing");
    drop((catalogue, before));

    let catalogue = open().await.unwrap();
    assert_eq!(named(&catalogue), ["a", "c"]);
    assert_eq!(catalogue.snapshot().store().count(RecordKind::Service, &source("elmshire")).unwrap(), 2);
    assert_eq!(catalogue.snapshot().facts().iter().map(|(ordinal, _)| ordinal).collect::<Vec<_>>(), [0, 2]);
}

#[tokio::test]
async fn many_hand_in_at_once_and_each_is_told_of_its_own() {
    let catalogue =
        StoredCatalogue::open(None, PostcodePlaces::default(), InstantClock::fixed(at(60))).await.unwrap();
    let submits = (0..200).map(|number| {
        let catalogue = catalogue.clone();
        let one = service(&format!("s{number}"), "Tea", at(0), json!({}));
        async move { catalogue.submit(batch(1, [one])).await.unwrap().created }
    });
    let created = futures_util::future::join_all(submits).await;
    assert_eq!(created, vec![1; 200]);
    assert_eq!(indexed(&catalogue.snapshot()), 200);
}

/// Reads a service as pages do, and caches something written of it.
fn read_and_written(catalogue: &StoredCatalogue, shape: Shape) -> DateTime<Utc> {
    let (snapshot, bytes) = (catalogue.snapshot(), Arc::from(*b"{}"));
    snapshot.hold_service_rendering(0, Rendering { shape, day: None, nodes: 0, bytes });
    assert!(snapshot.service_rendering(shape, 0, Default::default()).is_some());
    snapshot.service(0).unwrap().service.provenance.fetched_at
}

#[tokio::test]
async fn a_service_that_was_only_seen_again_is_read_and_written_anew() {
    let seen = |walk| SyncBatch { seen: vec![service_id("a")], ..SyncBatch::new(source("elmshire"), walk) };
    let settled = |walk| SyncBatch {
        settled: vec![(service_id("a"), None)],
        ..SyncBatch::new(source("elmshire"), walk)
    };
    let read_again = |walk| batch(walk, [rich("a", at(60))]);
    for confirming in [seen(2), settled(2), read_again(2)] {
        let clock = InstantClock::fixed(at(60));
        let catalogue = StoredCatalogue::open(None, PostcodePlaces::default(), clock).await.unwrap();
        catalogue.submit(batch(1, [rich("a", at(0))])).await.unwrap();
        let shape = Shape::unique();
        assert_eq!(read_and_written(&catalogue, shape).timestamp(), at(0).timestamp());
        assert_eq!(catalogue.submit(confirming).await.unwrap().unchanged, 1);
        assert!(catalogue.snapshot().service_rendering(shape, 0, Default::default()).is_none());
        assert_eq!(read_and_written(&catalogue, shape).timestamp(), at(60).timestamp());
    }
}
