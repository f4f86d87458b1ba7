//! Open Sessions: records much like Open Referral UK 3.0 in a feed that is read by following links, although every
//! page says that it is the only one.

use serde_json::{Map, Value, json};

use super::members::{members, only, set};
use crate::demo::answer::Answer;
use crate::demo::publisher::{Collection, Missing, Offer, PageFacts, Paging, Publisher, Step};
use crate::demo::record::Service;

pub(super) struct OpenSessions;

const ROW: &[&str] = &[
    "id",
    "organization_id",
    "name",
    "description",
    "url",
    "email",
    "status",
    "minimum_age",
    "last_modified",
];
const DETAIL: &[&str] = &[
    "fees_description",
    "phones",
    "schedules",
    "cost_options",
    "contacts",
    "attributes",
    "service_at_locations",
];

impl Publisher for OpenSessions {
    fn root(&self) -> Answer {
        self.missing(Missing::Route)
    }

    fn offers(&self, collection: Collection) -> Offer {
        if collection == Collection::Services { Offer::Full } else { Offer::Absent }
    }

    fn paging(&self) -> Paging {
        Paging { asked: false, step: Step::Link, ..Paging::of(50) }
    }

    fn service_row(&self, service: &Service) -> Value {
        Value::Object(row(service))
    }

    fn service(&self, service: &Service) -> Value {
        let mut record = row(service);
        record.extend(only(&service.record, DETAIL));
        Value::Object(record)
    }

    fn organization_row(&self, record: &Value) -> Value {
        record.clone()
    }

    fn organization(&self, record: &Value, _: &[&Service]) -> Value {
        record.clone()
    }

    fn envelope(&self, page: &PageFacts) -> Map<String, Value> {
        members(json!({
            "total_items": page.rows,
            "total_pages": 1,
            "page_number": 1,
            "size": page.rows,
            "first_page": true,
            "last_page": true,
            "empty": page.rows == 0,
            "next_url": page.last_id.as_ref().map(|id| format!("/{}?after_id={id}", page.list)),
        }))
    }

    fn missing(&self, what: Missing) -> Answer {
        Answer::json(what.status(), &json!({ "error": "Not found" }))
    }
}

/// No highest age is 0.
fn row(service: &Service) -> Map<String, Value> {
    let mut row = only(&service.record, ROW);
    let maximum_age = service.record.get("maximum_age").cloned().unwrap_or_else(|| json!(0));
    set(&mut row, "maximum_age", maximum_age);
    if let Some(provider) = service.record.get("organization") {
        set(&mut row, "organization", only(provider, &["id", "name", "description", "website"]));
    }
    row
}
