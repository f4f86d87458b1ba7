//! An aggregator of several directories: sparse lists in small pages, detailed single records, no optional collections,
//! and whatever placeholders the directories behind it use for missing values.

use poem::http::StatusCode;
use serde_json::{Map, Value, json};

use super::members::{each, only, set, text};
use crate::demo::answer::FeedAnswer;
use crate::demo::publisher::{CollectionOffer, FeedCollection, FeedPaging, FeedPublisher, MissingAnswer};
use crate::demo::record::InventedService;

pub(super) struct Aggregator;

const ROW: &[&str] = &["id", "organization_id", "name", "description", "url", "email", "status"];
const DETAIL: &[&str] = &[
    "alternate_name",
    "fees_description",
    "application_process",
    "eligibility_description",
    "assured_date",
    "alert",
    "phones",
    "schedules",
    "service_areas",
    "languages",
    "cost_options",
    "contacts",
    "attributes",
    "service_at_locations",
];

impl FeedPublisher for Aggregator {
    fn root(&self) -> FeedAnswer {
        let root = json!({
            "version": "V3",
            "profile": "https://profile.example/",
            "openapi_url": "https://aggregator.example/openapi",
        });
        FeedAnswer::json(StatusCode::OK, &root)
    }

    fn offers(&self, collection: FeedCollection) -> CollectionOffer {
        match collection {
            FeedCollection::Services | FeedCollection::Organizations => CollectionOffer::Full,
            _ => CollectionOffer::Absent,
        }
    }

    fn paging(&self) -> FeedPaging {
        FeedPaging { most: Some(50), ..FeedPaging::of(10) }
    }

    fn service_row(&self, service: &InventedService) -> Value {
        Value::Object(row(service))
    }

    fn service(&self, service: &InventedService) -> Value {
        let mut record = row(service);
        record.extend(only(&service.record, DETAIL));
        match service.dice % 20 {
            2 => set(&mut record, "fees_description", ""),
            3 => set(&mut record, "alert", "None"),
            4 => each(&mut record, "service_at_locations").for_each(nameless_county),
            _ => {}
        }
        Value::Object(record)
    }

    fn organization_row(&self, record: &Value) -> Value {
        Value::Object(only(record, &["id", "name", "description", "email", "website"]))
    }

    fn organization(&self, record: &Value, _: &[&InventedService]) -> Value {
        let members =
            ["id", "name", "description", "email", "website", "legal_status", "organization_identifiers"];
        Value::Object(only(record, &members))
    }

    fn missing(&self, what: MissingAnswer) -> FeedAnswer {
        FeedAnswer::json(what.status(), &json!({ "error": "The requested resource was not found." }))
    }
}

fn row(service: &InventedService) -> Map<String, Value> {
    let record = &service.record;
    let mut row = only(record, ROW);
    for age in ["minimum_age", "maximum_age"] {
        set(&mut row, age, record.get(age).cloned().unwrap_or_default());
    }
    row.extend(only(record, &["last_modified"]));
    if let Some(provider) = record.get("organization") {
        set(&mut row, "organization", only(provider, &["id", "name", "description"]));
    }
    match service.dice % 20 {
        0 => set(&mut row, "url", text(record, "url").replacen("https://", "www.", 1)),
        1 => set(&mut row, "email", ""),
        _ => {}
    }
    row
}

fn nameless_county(link: &mut Map<String, Value>) {
    if let Some(place) = link.get_mut("location").and_then(Value::as_object_mut) {
        each(place, "addresses").for_each(|address| set(address, "state_province", "None"));
    }
}
