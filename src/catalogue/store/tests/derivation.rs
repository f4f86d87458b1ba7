//! Tests that facts follow from the records and from the known postcodes.

use std::sync::Arc;

use serde_json::json;

use super::write;
use crate::catalogue::store::RecordStore;
use crate::catalogue::tests::{at, batch, provenance, service};
use crate::model::{AreaCode, PostcodePlaces, Service};

/// Creates a service at an address without coordinates.
pub(super) fn at_an_address(postcode: &str) -> Arc<Service> {
    let address = json!({
        "part": {"id": "Address:elmshire:1"}, "postal_code": postcode, "postcode": postcode,
        "address_type": "Physical",
    });
    let location = json!({
        "id": "Location(elmshire/l1)", "provenance": provenance("place", at(0)), "order_key": "l", "carried": 0,
        "location_type": "Physical", "addresses": [address], "languages": [], "contacts": [], "phones": [],
        "schedules": [], "attributes": [], "accessibility": [], "metadata": [], "extra": {},
    });
    let place = json!({
        "id": "ServiceAtLocation(elmshire/s1)", "provenance": provenance("at", at(0)), "order_key": "s",
        "carried": 0, "location_id": "Location(elmshire/l1)", "location": location, "service_areas": [],
        "contacts": [], "phones": [], "schedules": [], "attributes": [], "metadata": [], "extra": {},
    });
    service("a", "Tea", at(0), json!({"service_at_locations": [place]}))
}

#[test]
fn facts_are_derived_anew_when_postcodes_are_known_otherwise() {
    let directory = tempfile::tempdir().unwrap();
    let file = |council: &str| {
        let rows = format!("pcds,lad25cd,lat,long\nBS1 4DJ,{council},51.4500,-2.5900\n");
        PostcodePlaces::from_csv(rows.as_bytes()).unwrap()
    };
    write(
        &RecordStore::open(Some(directory.path()), &PostcodePlaces::default()).unwrap(),
        batch(1, [at_an_address("BS1 4DJ")]),
    );
    let mut derivations = Vec::new();
    for (postcodes, council, latitude) in [
        (PostcodePlaces::default(), "E06000023", 51.45172),
        (file("E06000025"), "E06000025", 51.45),
        (file("E06000024"), "E06000024", 51.45),
    ] {
        let store = RecordStore::open(Some(directory.path()), &postcodes).unwrap();
        let facts = store.read().unwrap().facts_of(0).unwrap().unwrap();
        let councils: Vec<&str> = facts.local_authorities.iter().map(AreaCode::as_str).collect();
        assert_eq!(councils, [council]);
        assert_eq!(facts.points.iter().next().unwrap().coordinates.latitude, latitude);
        derivations.push(store.read().unwrap().derivation().unwrap());
    }
    derivations.dedup();
    assert_eq!(derivations.len(), 3, "and what follows from facts is made again, too");
}
