//! Open Referral UK 1.0 as documented: records have every possible member, null if there is no value. The varieties of
//! 1.0 change records from this form.

mod event;
mod place;

use serde_json::{Map, Value, json};

use super::members::{list, member, members, text};
use crate::demo::identity::derived;
use crate::demo::publisher::PageFacts;
use crate::demo::record::InventedService;
use crate::demo::vocabulary;

pub(super) use event::{days, schedules};
pub(super) use place::{each_location, location};

use place::link;

/// Returns a service with all nested records.
pub(super) fn service(service: &InventedService) -> Map<String, Value> {
    let record = &service.record;
    members(json!({
        "id": member(record, "id"),
        "name": member(record, "name"),
        "description": member(record, "description"),
        "url": member(record, "url"),
        "email": member(record, "email"),
        "status": member(record, "status"),
        "fees": member(record, "fees_description"),
        "accreditations": member(record, "accreditations"),
        "deliverable_type": null,
        "attending_type": attending_type(record),
        "attending_access": attending_access(record),
        "assured_date": member(record, "assured_date"),
        "organization": record.get("organization").map(organization),
        "contacts": contacts(record),
        "service_areas": list(record, "service_areas").map(area).collect::<Vec<_>>(),
        "fundings": list(record, "funding").map(|funding| part(funding, &["source"])).collect::<Vec<_>>(),
        "regular_schedules": schedules(record),
        "holiday_schedules": [],
        "eligibilitys": [eligibility(record)],
        "service_taxonomys": concepts(record, false),
        "service_at_locations": list(record, "service_at_locations").map(link).collect::<Vec<_>>(),
        "cost_options": list(record, "cost_options").map(cost).collect::<Vec<_>>(),
        "reviews": [],
        "languages": list(record, "languages").map(|language| json!({
            "id": member(language, "id"), "language": member(language, "name"),
        })).collect::<Vec<_>>(),
    }))
}

pub(super) fn organization(record: &Value) -> Value {
    let mut organization = part(record, &["name", "description"]);
    if let Value::Object(members) = &mut organization {
        members.insert("url".to_owned(), member(record, "website"));
        members.insert("logo".to_owned(), member(record, "logo"));
        members.insert("uri".to_owned(), member(record, "uri"));
    }
    organization
}

/// Returns the members of a page except its list of records.
pub(super) fn envelope(page: &PageFacts) -> Map<String, Value> {
    members(json!({
        "totalElements": page.total,
        "totalPages": page.pages(),
        "number": page.number,
        "size": page.per_page,
        "first": page.number == 1,
        "last": page.is_last(),
    }))
}

/// Replaces every null in a record by another value.
pub(super) fn fill(record: &mut Value, filling: &Value) {
    super::members::everywhere(record, &mut |value| {
        if value.is_null() {
            *value = filling.clone();
        }
    });
}

fn part(record: &Value, names: &[&str]) -> Value {
    let named = |name: &&str| ((*name).to_owned(), member(record, name));
    Value::Object(["id"].iter().chain(names).map(named).collect())
}

fn attending_type(record: &Value) -> Value {
    list(record, "schedules").next().map(|schedule| member(schedule, "attending_type")).unwrap_or_default()
}

/// Returns the code of 1.0 for what 3.0 states in a sentence. `None` if no code fits.
fn attending_access(record: &Value) -> Option<&'static str> {
    let sentence = text(record, "application_process");
    let words = [("turn up", "drop-in"), ("book", "appointment"), ("refer", "referral")];
    words.into_iter().find(|(part, _)| sentence.contains(part)).map(|(_, word)| word)
}

/// Returns the contacts of a service. In 1.0, only contacts have telephones: the service's own telephones go into a
/// contact without a name.
fn contacts(record: &Value) -> Vec<Value> {
    let contact = |contact: &Value| {
        json!({
            "id": member(contact, "id"),
            "name": member(contact, "name"),
            "title": member(contact, "title"),
            "phones": phones(contact),
        })
    };
    let line = phones(record);
    let own = (!line.is_empty()).then(|| {
        let id = derived(&format!("contact/{}", text(record, "id")));
        json!({ "id": id, "name": null, "title": null, "phones": line })
    });
    list(record, "contacts").map(contact).chain(own).collect()
}

fn phones(record: &Value) -> Vec<Value> {
    let phone = |phone: &Value| json!({ "id": member(phone, "id"), "number": member(phone, "number"), "language": null });
    list(record, "phones").map(phone).collect()
}

fn area(area: &Value) -> Value {
    json!({
        "id": member(area, "id"),
        "service_area": member(area, "name"),
        "extent": member(area, "extent"),
        "uri": member(area, "uri"),
    })
}

fn eligibility(record: &Value) -> Value {
    let age = |name: &str| record.get(name).and_then(Value::as_u64);
    let (minimum, maximum) = (age("minimum_age"), age("maximum_age"));
    let word = match (minimum, maximum) {
        (None, None) => None,
        (Some(18..), _) => Some("adult"),
        (_, Some(..=12)) => Some("child"),
        (Some(10..), Some(..=19)) => Some("teen"),
        _ => Some("family"),
    };
    json!({
        "id": derived(&format!("eligibility/{}", text(record, "id"))),
        "eligibility": word,
        "minimum_age": minimum,
        "maximum_age": maximum,
        "taxonomys": concepts(record, true),
    })
}

/// Returns the terms of a service: those for groups of people, or all others.
pub(super) fn concepts(record: &Value, of_people: bool) -> Vec<Value> {
    let attributes = list(record, "attributes")
        .filter(|attribute| (text(attribute, "link_type") == "intended audience") == of_people);
    let concept = |attribute: &Value| {
        let curie = text(attribute.get("taxonomy_term")?, "code");
        Some(json!({ "id": member(attribute, "id"), "taxonomy": vocabulary::nested(curie)? }))
    };
    attributes.filter_map(concept).collect()
}

fn cost(price: &Value) -> Value {
    json!({
        "id": member(price, "id"),
        "valid_from": null,
        "valid_to": null,
        "option": member(price, "option"),
        "amount": member(price, "amount"),
        "amount_description": member(price, "amount_description"),
    })
}
