//! A minimal service for tests.

use serde_json::{Value, json};

use crate::model::Service;

/// Returns a full service with these members, named as they are stored, and no others.
pub(crate) fn service(said: &Value) -> Service {
    let mut written = json!({
        "id": "Service(elmshire/1)", "order_key": "a", "carried": 0, "name": "A", "status": "Active", "extra": {},
        "provenance": {
            "fetched_at": "2026-01-01T00:00:00Z", "fresh_until": "2026-01-01T00:00:00Z", "shallow": false,
            "content_hash": "00000000000000000000000000000000", "issues": [], "read_bytes": 1,
        },
    });
    let lists = [
        "additional_urls",
        "phones",
        "contacts",
        "schedules",
        "service_areas",
        "service_at_locations",
        "languages",
        "funding",
        "cost_options",
        "required_documents",
        "capacities",
        "attributes",
        "metadata",
    ];
    let members = written.as_object_mut().unwrap();
    members.extend(lists.map(|list| (list.to_owned(), json!([]))));
    members.extend(said.as_object().unwrap().clone());
    serde_json::from_value(written).unwrap()
}
