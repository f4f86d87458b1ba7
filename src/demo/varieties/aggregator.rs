//! An aggregator of several directories: sparse lists in small pages, rich details, absent optional collections,
//! and whatever the directories behind it wrote for "nothing".

use poem::http::StatusCode;
use serde_json::{Map, Value, json};

use super::members::{each, only, set, text};
use crate::demo::answer::Answer;
use crate::demo::publisher::{Collection, Missing, Offer, Paging, Publisher};
use crate::demo::record::Service;

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

impl Publisher for Aggregator {
    fn root(&self) -> Answer {
        let root = json!({
            "version": "V3",
            "profile": "https://profile.example/",
            "openapi_url": "https://aggregator.example/openapi",
        });
        Answer::json(StatusCode::OK, &root)
    }

    fn offers(&self, collection: Collection) -> Offer {
        match collection {
            Collection::Services | Collection::Organizations => Offer::Full,
            _ => Offer::Absent,
        }
    }

    fn paging(&self) -> Paging {
        Paging { most: Some(50), ..Paging::of(10) }
    }

    fn service_row(&self, service: &Service) -> Value {
        Value::Object(row(service))
    }

    fn service(&self, service: &Service) -> Value {
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

    fn organization(&self, record: &Value, _: &[&Service]) -> Value {
        let members =
            ["id", "name", "description", "email", "website", "legal_status", "organization_identifiers"];
        Value::Object(only(record, &members))
    }

    fn missing(&self, what: Missing) -> Answer {
        Answer::json(what.status(), &json!({ "error": "The requested resource was not found." }))
    }
}

fn row(service: &Service) -> Map<String, Value> {
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
