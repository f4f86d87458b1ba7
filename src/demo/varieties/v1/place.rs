//! The locations of a service in Open Referral UK 1.0.

use serde_json::{Map, Value, json};

use crate::demo::varieties::members::{inner, list, member, members};

/// Returns a service at a location.
pub(in crate::demo::varieties) fn link(link: &Value) -> Value {
    json!({
        "id": member(link, "id"),
        "location": link.get("location").map(location),
        "regular_schedule": [],
        "holiday_schedules": [],
    })
}

/// Returns a location. In 1.0, a virtual location cannot be told from a physical one.
pub(in crate::demo::varieties) fn location(place: &Value) -> Map<String, Value> {
    let mut location = members(json!({
        "id": member(place, "id"),
        "name": member(place, "name"),
        "description": member(place, "description"),
        "latitude": member(place, "latitude"),
        "longitude": member(place, "longitude"),
        "physical_addresses": list(place, "addresses").map(address).collect::<Vec<_>>(),
        "accessibility_for_disabilities": list(place, "accessibility").map(|statement| json!({
            "id": member(statement, "id"), "accessibility": member(statement, "description"),
        })).collect::<Vec<_>>(),
    }));
    location.retain(|name, value| !value.is_null() || name != "description");
    location
}

fn address(address: &Value) -> Value {
    json!({
        "id": member(address, "id"),
        "attention": null,
        "address_1": member(address, "address_1"),
        "city": member(address, "city"),
        "state_province": member(address, "state_province"),
        "postal_code": member(address, "postal_code"),
        "country": member(address, "country"),
    })
}

/// Applies a function to every location of a service.
pub(in crate::demo::varieties) fn each_location(
    record: &mut Map<String, Value>,
    mut change: impl FnMut(&mut Map<String, Value>),
) {
    let links = crate::demo::varieties::members::each(record, "service_at_locations");
    links.filter_map(|link| inner(link, "location")).for_each(&mut change);
}
