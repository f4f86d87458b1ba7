//! A well-kept feed in international HSDS 3.1: lists with all nested records, every collection, working filters, and a
//! few records with a member of the wrong type.

use poem::http::StatusCode;
use serde_json::{Map, Value, json};

use super::members::{each, set};
use crate::demo::answer::FeedAnswer;
use crate::demo::identity::derived;
use crate::demo::publisher::{
    CollectionOffer, FeedCollection, FeedFilters, FeedPaging, FeedPublisher, MissingAnswer,
};
use crate::demo::record::InventedService;

pub(super) struct Hsds31;

impl FeedPublisher for Hsds31 {
    fn root(&self) -> FeedAnswer {
        let root = json!({
            "version": "3.1.1",
            "profile": "https://specification.example/hsds/3.1",
            "openapi_url": "https://specification.example/hsds/3.1/openapi.json",
        });
        FeedAnswer::json(StatusCode::OK, &root)
    }

    fn offers(&self, collection: FeedCollection) -> CollectionOffer {
        // HSDS does not define a list of locations.
        if collection == FeedCollection::Locations { CollectionOffer::Absent } else { CollectionOffer::Full }
    }

    fn paging(&self) -> FeedPaging {
        FeedPaging { most: Some(100), ..FeedPaging::of(25) }
    }

    fn filters(&self) -> FeedFilters {
        FeedFilters { search: Some("search"), modified_after: true, ..FeedFilters::default() }
    }

    fn service_row(&self, service: &InventedService) -> Value {
        self.service(service)
    }

    fn service(&self, service: &InventedService) -> Value {
        let mut record = service.record.as_object().cloned().unwrap_or_default();
        each(&mut record, "attributes").for_each(label);
        if service.dice.is_multiple_of(3) {
            areas_at_places(&mut record);
        }
        mistype(&mut record, service.dice);
        Value::Object(record)
    }

    fn organization_row(&self, record: &Value) -> Value {
        record.clone()
    }

    fn organization(&self, record: &Value, services: &[&InventedService]) -> Value {
        let mut record = record.as_object().cloned().unwrap_or_default();
        let services = services.iter().map(|service| {
            let mut service = service.record.as_object().cloned().unwrap_or_default();
            service.retain(|name, member| !member.is_array() && name != "organization");
            Value::Object(service)
        });
        set(&mut record, "services", services.collect::<Vec<_>>());
        Value::Object(record)
    }

    fn missing(&self, what: MissingAnswer) -> FeedAnswer {
        FeedAnswer::json(
            what.status(),
            &json!({ "error": { "code": "not_found", "message": "There is no such record." } }),
        )
    }
}

/// Adds `attribute.label`, which HSDS 3.1 introduced.
fn label(attribute: &mut Map<String, Value>) {
    let words = match attribute.get("link_type").and_then(Value::as_str) {
        Some("service_type") => "Type of service",
        Some("need") => "Helps with",
        _ => "Meant for",
    };
    set(attribute, "label", words);
}

/// Adds service areas to services at locations, which HSDS 3.1 also introduced.
fn areas_at_places(record: &mut Map<String, Value>) {
    let Some(areas) = record.get("service_areas").cloned() else { return };
    for link in each(record, "service_at_locations") {
        let at = link.get("id").and_then(Value::as_str).unwrap_or_default().to_owned();
        set(link, "service_areas", areas.clone());
        each(link, "service_areas").for_each(|area| {
            area.shift_remove("service_id");
            set(area, "id", derived(&format!("service_area/{at}")));
            set(area, "service_at_location_id", at.as_str());
        });
    }
}

fn mistype(record: &mut Map<String, Value>, dice: u64) {
    match dice % 90 {
        0 => {
            let age = record.get("minimum_age").map_or("18".to_owned(), Value::to_string);
            set(record, "minimum_age", age);
        }
        1 => set(record, "email", false),
        _ => {}
    }
}
