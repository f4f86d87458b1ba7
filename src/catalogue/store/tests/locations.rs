//! Tests that the locations nested in records are the same, whether read alone or with the whole record.

use std::sync::Arc;

use serde_json::json;

use super::derivation::at_an_address;
use super::write;
use crate::catalogue::store::{LocationsOf, RecordStore};
use crate::catalogue::tests::{at, batch, organization, rich, source};
use crate::model::{AnyRecord, Location, Organization, PostcodePlaces, RecordKind, Service};
use crate::source::NestedRecord as _;

/// Returns the locations nested in a record.
fn within(record: &AnyRecord) -> Vec<Arc<Location>> {
    match record {
        AnyRecord::Service(service) => Location::within(service),
        AnyRecord::ServiceAtLocation(place) => place.location.iter().cloned().collect(),
        AnyRecord::Organization(provider) => provider.locations.clone(),
        other => panic!("{other:?}"),
    }
}

/// Creates an organisation with its own location, read at another time than the location of `like`.
fn settled(upstream: &str, like: &Service, read_at: i64) -> Organization {
    let mut provider = Organization::clone(&organization(upstream, "Elm trust", at(0)));
    let mut location = Location::clone(&Location::within(like)[0]);
    location.name = Some("Elm house".to_owned());
    location.provenance.fetched_at = at(read_at);
    provider.locations = vec![Arc::new(location)];
    provider
}

#[test]
fn they_are_as_they_are_in_the_records() {
    let store = RecordStore::open(None, &PostcodePlaces::default()).unwrap();
    let at_place = at_an_address("AA11 1AA");
    let provided = |upstream: &str, read_at| {
        let mut service = Service::clone(&at_place);
        service.organization = Some(Arc::new(settled(upstream, &at_place, read_at)));
        Arc::new(service)
    };
    let records: [AnyRecord; 5] = [
        provided("o1", 0).into(),
        rich("nowhere", at(0)).into(),
        Arc::new(settled("o2", &at_place, 0)).into(),
        Arc::new(settled("o3", &at_place, -50)).into(),
        Arc::clone(&at_place.service_at_locations[0]).into(),
    ];
    for (walk, seen_at) in [(1, at(0)), (2, at(7200))] {
        let mut again = records.clone();
        again.iter_mut().for_each(|record| record.see_again(seen_at, seen_at));
        write(&store, batch(walk, again));
        let snapshot = store.read().unwrap();
        for kind in [RecordKind::Service, RecordKind::Organization, RecordKind::ServiceAtLocation] {
            let of = source("elmshire");
            let whole = snapshot.records(kind, &of, None, 9).unwrap();
            let alone = snapshot.locations_within(kind, &of, None, 9).unwrap();
            let whole: Vec<_> =
                whole.records.iter().map(|record| json!([record.id(), within(record)])).collect();
            let alone: Vec<_> = alone
                .records
                .iter()
                .map(|LocationsOf { id, locations, .. }| json!([id, locations]))
                .collect();
            assert_eq!((whole.is_empty(), &alone), (false, &whole), "{kind:?} in walk {walk}");
        }
    }
    assert_eq!(read_at(&store, "o2"), [at(7200).timestamp()], "what was met again is as fresh as that");
    assert_eq!(read_at(&store, "o3"), [at(-50).timestamp()], "what was read before stays as old as it is");
}

/// Returns when the locations of an organisation were read, in seconds since 1970.
fn read_at(store: &RecordStore, upstream: &str) -> Vec<i64> {
    let snapshot = store.read().unwrap();
    let all = snapshot.locations_within(RecordKind::Organization, &source("elmshire"), None, 9).unwrap();
    let of = all.records.into_iter().filter(|one| one.id.upstream() == upstream);
    of.flat_map(|one| one.locations).map(|location| location.provenance.fetched_at.timestamp()).collect()
}
