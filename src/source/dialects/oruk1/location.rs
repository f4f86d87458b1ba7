//! Locations and their addresses.

use std::cell::RefCell;
use std::sync::Arc;

use serde_json::{Value, json};

use super::super::hsds3::location as standard;
use super::super::hsds3::part::parts;
use super::super::lenient::{ObjectMembers, PartKind, RecordHead, read_record};
use super::people::{contacts, phones};
use super::schedule::schedules;
use crate::model::{Address, Location, LocationType, RecordKind, RecordPart};
use crate::source::dialect::ReadingContext;

const PHYSICAL: PartKind = PartKind {
    names: &["physical_addresses", "physical_address", "physical_address_collection"],
    ..standard::ADDRESSES
};
const POSTAL: PartKind = PartKind {
    names: &["postal_addresses", "postal_address", "postal_address_collection"],
    ..standard::ADDRESSES
};

/// The register of addresses that `uprn` refers to.
const UPRN: &str = "UPRN";

pub(super) fn read(
    row: Value,
    reading: &ReadingContext<'_>,
    outer: Option<&ObjectMembers<'_>>,
) -> Option<Location> {
    read_record(row, RecordKind::Location, "location_id", reading, outer, location)
}

fn location(m: &mut ObjectMembers<'_>, head: &RecordHead<'_>) -> Location {
    let uprn = RefCell::new(None);
    let mut addresses = parts(m, &PHYSICAL, |m, part| address(m, part, LocationType::Physical, &uprn));
    let postal = parts(m, &POSTAL, |m, part| address(m, part, LocationType::Postal, &uprn));
    put_kind(m, addresses.is_empty() && !postal.is_empty());
    addresses.extend(postal);
    let (contacts, phones, schedules) = (contacts(m), phones(m), schedules(m));
    let said = m.peek("external_identifier").cloned();
    if let (Some(uprn), Some(_)) = (&*uprn.borrow(), said) {
        m.keep("uprn", json!(uprn));
    }
    let mut location = standard::location(m, head);
    if let Some(uprn) = uprn.into_inner().filter(|_| location.external_identifier.is_none()) {
        location.external_identifier = Some(uprn);
        location.external_identifier_type = Some(UPRN.to_owned());
    }
    location.addresses.splice(..0, addresses);
    location.contacts.splice(..0, contacts);
    location.phones.splice(..0, phones);
    location.schedules.splice(..0, schedules);
    location
}

// 1.0 does not state the kind of a place. It counts as physical, unless it has only a postal address.
fn put_kind(m: &mut ObjectMembers<'_>, is_postal: bool) {
    if m.peek("location_type").is_none() {
        m.put("location_type", json!(if is_postal { "postal" } else { "physical" }));
    }
}

fn address(
    m: &mut ObjectMembers<'_>,
    part: RecordPart,
    kind: LocationType,
    uprn: &RefCell<Option<String>>,
) -> Address {
    if let Some(found) = m.register_number(&["uprn"]) {
        let mut uprn = uprn.borrow_mut();
        // A place has one UPRN. Those of its other addresses stay with these.
        if *uprn.get_or_insert_with(|| found.clone()) != found {
            m.keep("uprn", json!(found));
        }
    }
    let lines = [m.line(&["address_3"]), m.line(&["address_4"])];
    let mut address = standard::address(m, part);
    let second: Vec<String> = [address.address_2.take()].into_iter().chain(lines).flatten().collect();
    address.address_2 = (!second.is_empty()).then(|| second.join(", "));
    if address.address_type == LocationType::Unknown {
        address.address_type = kind;
    }
    address
}

/// Makes a place without address and coordinates virtual, for a service that takes place online.
pub(super) fn make_virtual(location: &mut Arc<Location>) {
    if location.location_type == LocationType::Physical
        && location.addresses.is_empty()
        && location.coordinates.is_none()
    {
        Arc::make_mut(location).location_type = LocationType::Virtual;
    }
}
