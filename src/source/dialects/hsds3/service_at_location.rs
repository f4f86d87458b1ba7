//! Services at locations.

use std::sync::Arc;

use serde_json::{Map, Value};

use super::super::lenient::{ObjectMembers, RecordHead, id_text, member, read_record};
use super::area::service_areas;
use super::attribute::attributes;
use super::nested::{NESTED, NestedReaders};
use super::part::reference;
use super::people::{contacts, phones};
use super::schedule::schedules;
use super::taxonomy::metadata;
use crate::model::{
    Location, NestedMember, OrderKey, Record as _, RecordId, RecordKind, Service, ServiceAtLocation,
};
use crate::source::dialect::ReadingContext;

pub(in crate::source::dialects) fn read(
    row: Value,
    reading: &ReadingContext<'_>,
    outer: Option<&ObjectMembers<'_>>,
) -> Option<ServiceAtLocation> {
    let kind = RecordKind::ServiceAtLocation;
    read_record(row, kind, "service_at_location_id", reading, outer, |m, head| {
        service_at_location(m, head, &NESTED)
    })
}

/// Takes the members of a service at a location.
pub(in crate::source::dialects) fn service_at_location(
    m: &mut ObjectMembers<'_>,
    head: &RecordHead<'_>,
    nested: &NestedReaders,
) -> ServiceAtLocation {
    let location = nested_location(m, nested);
    let location_id =
        known(m, RecordKind::Location, "location_id", location.as_ref().map(|place| place.id()));
    let service = nested_service(m, nested);
    let service_id = known(m, RecordKind::Service, "service_id", service.as_ref().map(|one| one.id()));
    let name = location.as_ref().and_then(|location| location.name.as_deref());
    ServiceAtLocation {
        id: head.id.clone(),
        order_key: OrderKey::of(name.unwrap_or_default()),
        description: m.prose(&["description"]),
        service_id,
        service,
        location_id,
        location,
        service_areas: service_areas(m),
        contacts: contacts(m),
        phones: phones(m),
        schedules: schedules(m),
        attributes: attributes(m),
        metadata: metadata(m),
        carried: m.carried(),
        provenance: head.provenance(m),
        extra: head.extra(),
    }
}

/// The message about an id that [`identify`] made.
pub(in crate::source::dialects) const MADE_ID: &str =
    "is missing; it was made from the ids of its service and location";

/// Gives a service at a location without an id one made from the ids of its service and location. Returns whether it
/// did. `service` and `location` are the ids of the enclosing records, if there are any.
///
/// The ids identify it, whatever else changes. Its content would not: two services may be open at one place at the same
/// times.
pub(in crate::source::dialects) fn identify(
    members: &mut Map<String, Value>,
    service: Option<&str>,
    location: Option<&str>,
) -> bool {
    if member(members, "id").is_some() {
        return false;
    }
    let id_of = |name: &str, key: &str, around: Option<&str>| {
        let nested = member(members, name).map(|one| one.get(0).unwrap_or(one));
        let nested = nested.and_then(|one| id_text(member(one.as_object()?, "id")?));
        nested.or_else(|| around.map(ToOwned::to_owned)).or_else(|| id_text(member(members, key)?))
    };
    let service = id_of("service", "service_id", service);
    let location = id_of("location", "location_id", location);
    let (Some(service), Some(location)) = (service, location) else { return false };
    members.insert("id".to_owned(), format!("{service}-{location}").into());
    true
}

fn nested_location(m: &mut ObjectMembers<'_>, nested: &NestedReaders) -> Option<Arc<Location>> {
    m.one(Some(NestedMember::Location), &["location"], "name", |outer, _, object| {
        (nested.location)(Value::Object(object), outer.reading(), Some(outer))
    })
}

fn nested_service(m: &mut ObjectMembers<'_>, nested: &NestedReaders) -> Option<Arc<Service>> {
    m.one(Some(NestedMember::Service), &["service"], "", |outer, _, object| {
        (nested.service)(Value::Object(object), outer.reading(), Some(outer))
    })
}

// The nested record counts, or else the enclosing one. Parts of this record may name it too.
fn known(
    m: &mut ObjectMembers<'_>,
    kind: RecordKind,
    key: &'static str,
    nested: Option<&RecordId>,
) -> Option<RecordId> {
    let around = m.owner(key).map(|id| RecordId::new(kind, m.source(), id));
    let id = reference(m, &[key], kind, nested.or(around.as_ref()))?;
    m.own(key, id.upstream());
    Some(id)
}
