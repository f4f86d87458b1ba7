//! Locations, their addresses and access statements.

use serde_json::Value;

use super::super::lenient::{
    ObjectMembers, PartKind, RecordHead, coordinates, country, location_type, postcode, read_record,
};
use super::attribute::attributes;
use super::languages::languages;
use super::part::{parts, reference};
use super::people::{contacts, phones};
use super::schedule::schedules;
use super::taxonomy::metadata;
use crate::model::{Accessibility, Address, Location, NestedMember, OrderKey, RecordKind, RecordPart};
use crate::source::dialect::ReadingContext;

/// Addresses, with the names of their members.
pub(in crate::source::dialects) const ADDRESSES: PartKind = PartKind {
    type_name: "Address",
    member: Some(NestedMember::Addresses),
    names: &["addresses", "physical_addresses", "postal_addresses", "address"],
    bare: "address_1",
    key: "address_id",
};
const ACCESSIBILITY: PartKind = PartKind {
    type_name: "Accessibility",
    member: Some(NestedMember::Accessibility),
    names: &["accessibility", "accessibility_for_disabilities", "accessibilities"],
    bare: "description",
    key: "accessibility_id",
};

pub(in crate::source::dialects) fn read(
    row: Value,
    reading: &ReadingContext<'_>,
    outer: Option<&ObjectMembers<'_>>,
) -> Option<Location> {
    read_record(row, RecordKind::Location, "location_id", reading, outer, location)
}

/// Takes the members of a location.
pub(in crate::source::dialects) fn location(m: &mut ObjectMembers<'_>, head: &RecordHead<'_>) -> Location {
    let name = m.name(&["name"]);
    let kind = location_type(m, &["location_type"]);
    if kind.is_none() {
        m.note_missing("location_type");
    }
    Location {
        id: head.id.clone(),
        order_key: OrderKey::of(name.as_deref().unwrap_or_default()),
        name,
        location_type: kind.unwrap_or_default(),
        alternate_name: m.name(&["alternate_name"]),
        description: m.rich(&["description"]),
        url: m.url(&["url"]),
        transportation: m.prose(&["transportation"]),
        coordinates: coordinates(m, &["latitude", "lat"], &["longitude", "lng", "lon"]),
        external_identifier: m.register_number(&["external_identifier"]),
        external_identifier_type: m.line(&["external_identifier_type"]),
        organization_id: reference(m, &["organization_id"], RecordKind::Organization, None),
        addresses: parts(m, &ADDRESSES, address),
        accessibility: parts(m, &ACCESSIBILITY, accessibility),
        languages: languages(m),
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

/// Reads one address.
pub(in crate::source::dialects) fn address(m: &mut ObjectMembers<'_>, part: RecordPart) -> Address {
    let country = country(m, &["country"]);
    let (postal_code, postcode) = postcode(m, &["postal_code", "postcode"], country.as_deref());
    Address {
        part,
        attention: m.line(&["attention"]),
        address_1: m.line(&["address_1", "address_line_1"]),
        address_2: m.line(&["address_2", "address_line_2"]),
        city: m.line(&["city"]),
        region: m.line(&["region"]),
        state_province: m.line(&["state_province"]),
        postal_code,
        postcode,
        country,
        address_type: location_type(m, &["address_type"]).unwrap_or_default(),
    }
}

fn accessibility(m: &mut ObjectMembers<'_>, part: RecordPart) -> Accessibility {
    Accessibility {
        part,
        description: m.prose(&["description", "accessibility"]),
        details: m.prose(&["details"]),
        url: m.url(&["url"]),
    }
}
