//! Invented records, as small as complete records can be.

use serde_json::{Value, json};

/// Several services share each name, within a feed and across feeds, because merging must handle equal names.
const NAMES: [&str; 7] =
    ["Advice line", "Befriending", "Carers' café", "dance class", "Éclair bakers", "Food bank", "Zumba"];

/// Returns the feed's id of service number `n`.
pub(crate) fn service_id(n: usize) -> String {
    format!("s-{n:05}")
}

/// Returns service number `n` as lists show it: without nested members except its organisation.
pub(crate) fn service(n: usize) -> Value {
    json!({
        "id": service_id(n),
        "name": NAMES[n * 5 % NAMES.len()],
        "description": format!("The {n}th of many."),
        "status": "active",
        "last_modified": "2026-05-01T09:00:00Z",
        "organization": { "id": format!("o-{}", n % 3), "name": format!("Organisation {}", n % 3) },
    })
}

/// Returns a service as its detail page shows it.
pub(crate) fn in_detail(listed: &Value) -> Value {
    let id = listed["id"].as_str().unwrap_or_default();
    let nested = json!({
        "phones": [{ "id": format!("{id}-p"), "number": "0117 496 0000" }],
        "contacts": [{ "id": format!("{id}-c"), "name": "Front desk", "email": "desk@feed.example" }],
        "schedules": [{ "id": format!("{id}-t"), "freq": "WEEKLY", "byday": "MO", "opens_at": "09:00", "closes_at": "17:00" }],
        "service_at_locations": [{
            "id": format!("{id}-a"),
            "location": {
                "id": "l-hall", "name": "Village hall", "location_type": "physical",
                "latitude": 51.45, "longitude": -2.58,
                "addresses": [{
                    "id": "l-hall-a", "address_1": "1 High Street", "city": "Bristol", "state_province": "",
                    "postal_code": "BS1 4DJ", "country": "GB", "address_type": "physical",
                }],
            },
        }],
        "attributes": [{
            "id": format!("{id}-x"), "link_entity": "service", "link_id": id,
            "taxonomy_term": term(if id.ends_with('7') { "lucky" } else { "plain" }),
        }],
    });
    with(nested, listed.clone())
}

/// Returns a taxonomy term that contains its taxonomy.
pub(crate) fn term(code: &str) -> Value {
    json!({
        "id": format!("t-{code}"), "code": code, "name": format!("A {code} thing"),
        "taxonomy": "things",
        "taxonomy_detail": { "id": "x-things", "name": "Things", "description": "Kinds of things" },
    })
}

/// Returns a record with some members replaced. Members that are `null` are removed.
pub(crate) fn with(mut record: Value, members: Value) -> Value {
    let own = record.as_object_mut().unwrap();
    for (name, value) in members.as_object().unwrap() {
        own.insert(name.clone(), value.clone());
    }
    own.retain(|_, value| !value.is_null());
    record
}

/// Returns a record without these members.
pub(super) fn without(mut record: Value, members: &[&str]) -> Value {
    record.as_object_mut().unwrap().retain(|name, _| !members.contains(&name.as_str()));
    record
}

/// The member that holds what only a record's detail page says. Only for records of lists other than services.
pub(crate) const OWN: &str = "on its own page";

pub(super) fn on_list(record: &Value) -> Value {
    let mut row = record.clone();
    row.as_object_mut().unwrap().remove(OWN);
    row
}

pub(super) fn on_own_page(record: &Value) -> Value {
    with(on_list(record), record.get(OWN).cloned().unwrap_or_else(|| json!({})))
}
