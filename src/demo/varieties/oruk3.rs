//! Open Referral UK 3.0 as a council's directory product serves it: sparse lists, single records with the product's own
//! members in addition to the standard's, and filters without effect.

use poem::http::StatusCode;
use serde_json::{Map, Value, json};

use super::members::{each, only, set, text};
use super::placecube::{audience, curation, html};
use crate::demo::answer::FeedAnswer;
#[cfg(test)]
use crate::demo::publisher::ServiceFact;
use crate::demo::publisher::{CollectionOffer, FeedCollection, FeedPaging, FeedPublisher, MissingAnswer};
use crate::demo::record::InventedService;

pub(super) struct Oruk3;

const ORGANIZATION: &[&str] =
    &["description", "id", "name", "email", "website", "logo", "parent_organization_id"];
const FIRST: &[&str] = &["id", "name", "description", "url", "email", "status", "assured_date"];
const DETAIL: &[&str] = &[
    "fees",
    "accreditations",
    "alert",
    "service_areas",
    "contacts",
    "schedules",
    "languages",
    "funding",
    "cost_options",
    "attributes",
    "service_at_locations",
];

impl FeedPublisher for Oruk3 {
    fn root(&self) -> FeedAnswer {
        let root = json!({
            "version": "HSDS-UK-3.0",
            "profile": "https://path/to/profile",
            "openapi_url": "https://specification.example/3.0/openapi.json",
        });
        FeedAnswer::json(StatusCode::OK, &root)
    }

    fn offers(&self, collection: FeedCollection) -> CollectionOffer {
        match collection {
            FeedCollection::Services | FeedCollection::Organizations => CollectionOffer::Full,
            FeedCollection::Taxonomies => CollectionOffer::Empty,
            _ => CollectionOffer::Absent,
        }
    }

    fn paging(&self) -> FeedPaging {
        FeedPaging::of(50)
    }

    fn service_row(&self, service: &InventedService) -> Value {
        Value::Object(row(service))
    }

    fn service(&self, service: &InventedService) -> Value {
        let mut record = row(service);
        record.extend(only(&service.record, DETAIL));
        let id = text(&service.record, "id").to_owned();
        for area in each(&mut record, "service_areas") {
            *area = only(&Value::Object(std::mem::take(area)), &["id", "name", "extent", "extent_type"]);
            set(area, "serviceId", id.as_str());
            set(area, "uri", "http://www.example.com");
        }
        for contact in each(&mut record, "contacts") {
            contact.retain(|name, _| matches!(name.as_str(), "id" | "name" | "title" | "phones"));
            each(contact, "phones").for_each(|phone| bare_number(phone, service.dice));
        }
        each(&mut record, "attributes").for_each(undress_term);
        Value::Object(record)
    }

    fn organization_row(&self, record: &Value) -> Value {
        Value::Object(organization(record))
    }

    fn organization(&self, record: &Value, services: &[&InventedService]) -> Value {
        let mut record_out = organization(record);
        record_out.extend(only(record, &["organization_identifiers"]));
        let services: Vec<_> =
            services.iter().map(|service| only(&service.record, &["id", "name", "status"])).collect();
        set(&mut record_out, "services", services.into_iter().map(Value::Object).collect::<Vec<_>>());
        Value::Object(record_out)
    }

    #[cfg(test)]
    fn leaves_out(&self) -> &'static [ServiceFact] {
        &[ServiceFact::Phones]
    }

    fn missing(&self, what: MissingAnswer) -> FeedAnswer {
        FeedAnswer::json(what.status(), &json!({ "error": "Not Found", "status": 404 }))
    }
}

fn row(service: &InventedService) -> Map<String, Value> {
    let record = &service.record;
    let mut row = only(record, FIRST);
    set(&mut row, "name", name(record, service.dice));
    set(&mut row, "description", html(text(record, "description"), service.dice));
    if !row.contains_key("email") && service.dice.is_multiple_of(2) {
        set(&mut row, "email", format!("Unknown-{}@noemail.invalid", text(record, "id")));
    }
    if let Some(provider) = record.get("organization") {
        set(&mut row, "organization", organization(provider));
    }
    set(&mut row, "pc_metadata", curation(record, service.dice));
    let audience = service.audience.iter().map(|(code, label)| audience(*code, label, service.dice));
    set(&mut row, "pc_targetAudience", audience.collect::<Vec<_>>());
    row.extend(only(record, &["assurer_email"]));
    let modified = text(record, "last_modified").trim_end_matches('Z');
    set(&mut row, "last_modified", format!("{modified}.{:03}", service.dice % 1000));
    for age in ["maximum_age", "minimum_age"] {
        set(&mut row, age, record.get(age).cloned().unwrap_or_else(|| json!(-1)));
    }
    row.extend(only(record, &["organization_id"]));
    row
}

/// Returns an organisation. The product fills `uri` with the website.
fn organization(record: &Value) -> Map<String, Value> {
    let mut organization = only(record, ORGANIZATION);
    organization.extend(record.get("website").map(|website| ("uri".to_owned(), website.clone())));
    organization
}

fn name(record: &Value, dice: u64) -> String {
    let name = text(record, "name");
    if dice.is_multiple_of(3) { name.replace(" and ", " &amp; ") } else { name.to_owned() }
}

/// Reduces a telephone to its number. In some records, there are words around the number.
fn bare_number(phone: &mut Map<String, Value>, dice: u64) {
    let number = phone.get("number").and_then(Value::as_str).unwrap_or_default();
    let written = match dice % 30 {
        2 => format!("Booking line: {number}"),
        3 => format!("{number} (ask for the office)"),
        _ => number.to_owned(),
    };
    *phone = Map::from_iter([("number".to_owned(), Value::String(written))]);
}

/// Removes members that the UK profile does not have, such as `code` and the nested taxonomy of a term.
fn undress_term(attribute: &mut Map<String, Value>) {
    attribute.shift_remove("link_entity");
    if let Some(term) = attribute.get_mut("taxonomy_term").and_then(Value::as_object_mut) {
        for left_out in ["code", "taxonomy_detail", "language"] {
            term.shift_remove(left_out);
        }
    }
}
