//! Open Sessions: records much like Open Referral UK 3.0, in a feed that clients read by following links. Every page
//! claims to be the only one.

use serde_json::{Map, Value, json};

use super::members::{members, only, set};
use crate::demo::answer::FeedAnswer;
use crate::demo::publisher::{
    CollectionOffer, FeedCollection, FeedPaging, FeedPublisher, MissingAnswer, PageFacts, PagingStep,
};
use crate::demo::record::InventedService;

pub(super) struct OpenSessions;

/// The parameter of links: the id of the record after which a page begins.
const AFTER: &str = "after_id";

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

impl FeedPublisher for OpenSessions {
    fn root(&self) -> FeedAnswer {
        self.missing(MissingAnswer::Route)
    }

    fn offers(&self, collection: FeedCollection) -> CollectionOffer {
        if collection == FeedCollection::Services { CollectionOffer::Full } else { CollectionOffer::Absent }
    }

    fn paging(&self) -> FeedPaging {
        FeedPaging { asked: false, step: PagingStep::Link(AFTER), ..FeedPaging::of(50) }
    }

    fn service_row(&self, service: &InventedService) -> Value {
        Value::Object(row(service))
    }

    fn service(&self, service: &InventedService) -> Value {
        let mut record = row(service);
        record.extend(only(&service.record, DETAIL));
        Value::Object(record)
    }

    fn organization_row(&self, record: &Value) -> Value {
        record.clone()
    }

    fn organization(&self, record: &Value, _: &[&InventedService]) -> Value {
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
            "next_url": page.next.as_ref().map(|id| format!("/{}?{AFTER}={id}", page.list)),
        }))
    }

    fn missing(&self, what: MissingAnswer) -> FeedAnswer {
        FeedAnswer::json(what.status(), &json!({ "error": "Not found" }))
    }
}

/// Returns the row of a service. A missing maximum age is written as 0.
fn row(service: &InventedService) -> Map<String, Value> {
    let mut row = only(&service.record, ROW);
    let maximum_age = service.record.get("maximum_age").cloned().unwrap_or_else(|| json!(0));
    set(&mut row, "maximum_age", maximum_age);
    if let Some(provider) = service.record.get("organization") {
        set(&mut row, "organization", only(provider, &["id", "name", "description", "website"]));
    }
    row
}
