//! Services at locations.

use serde_json::Value;

use super::super::hsds3::service_at_location::{self as standard, MADE_ID, identify};
use super::super::lenient::{ObjectMembers, RecordHead, read_record};
use super::people::{contacts, phones};
use super::schedule::schedules;
use super::{NESTED, unstub};
use crate::model::{IssueCode, RecordKind, ServiceAtLocation};
use crate::source::dialect::ReadingContext;

pub(super) fn read(
    mut row: Value,
    reading: &ReadingContext<'_>,
    outer: Option<&ObjectMembers<'_>>,
) -> Option<ServiceAtLocation> {
    let around = |key| outer.and_then(|outer| outer.owner(key));
    let (service, location) = (around("service_id"), around("location_id"));
    let is_made = row.as_object_mut().is_some_and(|members| identify(members, service, location));
    let kind = RecordKind::ServiceAtLocation;
    read_record(row, kind, "service_at_location_id", reading, outer, |m, head| {
        if is_made {
            m.note(IssueCode::MissingId, "id", MADE_ID, None);
        }
        service_at_location(m, head)
    })
}

fn service_at_location(m: &mut ObjectMembers<'_>, head: &RecordHead<'_>) -> ServiceAtLocation {
    unstub(m, "location", "location_id");
    unstub(m, "service", "service_id");
    let (contacts, phones, schedules) = (contacts(m), phones(m), schedules(m));
    let mut place = standard::service_at_location(m, head, &NESTED);
    place.contacts.splice(..0, contacts);
    place.phones.splice(..0, phones);
    place.schedules.splice(..0, schedules);
    place
}
