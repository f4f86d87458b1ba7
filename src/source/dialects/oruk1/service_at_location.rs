//! Services at locations.

use serde_json::{Value, json};

use super::super::hsds3::service_at_location as standard;
use super::super::lenient::{Head, Members, read_record};
use super::people::{contacts, phones};
use super::schedule::schedules;
use super::{NESTED, unstub};
use crate::model::{IssueCode, RecordKind, ServiceAtLocation};
use crate::source::dialect::Reading;

pub(super) fn read(
    mut row: Value,
    reading: &Reading<'_>,
    outer: Option<&Members<'_>>,
) -> Option<ServiceAtLocation> {
    let is_named = identify(&mut row, outer);
    let kind = RecordKind::ServiceAtLocation;
    read_record(row, kind, "service_at_location_id", reading, outer, |m, head| {
        if is_named {
            m.note(
                IssueCode::MissingId,
                "id",
                "is not there; it was made of its service's and location's",
                None,
            );
        }
        service_at_location(m, head)
    })
}

fn service_at_location(m: &mut Members<'_>, head: &Head<'_>) -> ServiceAtLocation {
    unstub(m, "location", "location_id");
    unstub(m, "service", "service_id");
    let (contacts, phones, schedules) = (contacts(m), phones(m), schedules(m));
    let mut place = standard::service_at_location(m, head, &NESTED);
    place.contacts.splice(..0, contacts);
    place.phones.splice(..0, phones);
    place.schedules.splice(..0, schedules);
    place
}

// Without an id it is still the only one of its service at its location. Its content would not do: two services
// may be open at one place at the same times.
fn identify(row: &mut Value, outer: Option<&Members<'_>>) -> bool {
    let Some(service) = outer.and_then(|outer| outer.owner("service_id")) else { return false };
    let Some(members) = row.as_object_mut() else { return false };
    let has_id = members.iter().any(|(key, id)| key.eq_ignore_ascii_case("id") && !is_blank(id));
    let location = members.get("location").map(|location| location.get(0).unwrap_or(location));
    let location = location.and_then(|location| location.get("id")).and_then(Value::as_str);
    let Some(location) = location.filter(|id| !has_id && !id.trim().is_empty()) else { return false };
    let id = format!("{service}-{}", location.trim());
    members.insert("id".to_owned(), json!(id));
    true
}

fn is_blank(id: &Value) -> bool {
    id.is_null() || id.as_str().is_some_and(|id| id.trim().is_empty())
}
