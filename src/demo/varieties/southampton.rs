//! Southampton's directory (Etch): Open Referral UK 1.0 with numbers as text for ids, weekdays spelled out, and some
//! addresses marked as hidden.

use poem::http::StatusCode;
use serde_json::{Map, Value, json};

use super::members::{each, inner, list, member, rename, set, text};
use super::v1;
use crate::demo::answer::FeedAnswer;
use crate::demo::identity::numbered;
use crate::demo::publisher::{
    CollectionOffer, FeedCollection, FeedPaging, FeedPublisher, MissingAnswer, PageFacts,
};
use crate::demo::record::InventedService;

pub(super) struct Southampton;

/// The first id of a service; the position of the service in the feed is added to it.
const FIRST: usize = 3_000;

impl FeedPublisher for Southampton {
    fn root(&self) -> FeedAnswer {
        FeedAnswer::text(StatusCode::OK, "text/html", "<!doctype html><title>Directory</title>")
    }

    fn offers(&self, collection: FeedCollection) -> CollectionOffer {
        if collection == FeedCollection::Services { CollectionOffer::Full } else { CollectionOffer::Absent }
    }

    fn paging(&self) -> FeedPaging {
        FeedPaging::of(50)
    }

    fn service_row(&self, service: &InventedService) -> Value {
        self.service(service)
    }

    fn service(&self, service: &InventedService) -> Value {
        let mut document = v1::service(service);
        number(&mut document);
        set(&mut document, "id", (FIRST + service.number).to_string());
        rearrange(&mut document, service);
        for name in ["attending_type", "attending_access", "holiday_schedules"] {
            document.shift_remove(name);
        }
        document.extend(extras(service));
        let mut document = Value::Object(document);
        blank(&mut document, &["url", "email", "fees", "accreditations", "deliverable_type"]);
        document
    }

    fn organization_row(&self, record: &Value) -> Value {
        v1::organization(record)
    }

    fn organization(&self, record: &Value, _: &[&InventedService]) -> Value {
        v1::organization(record)
    }

    fn envelope(&self, page: &PageFacts) -> Map<String, Value> {
        let mut envelope = v1::envelope(page);
        set(&mut envelope, "empty", page.rows == 0);
        envelope
    }

    fn list_member(&self) -> &'static str {
        "content"
    }

    fn missing(&self, what: MissingAnswer) -> FeedAnswer {
        FeedAnswer::text(what.status(), "text/html", "<!doctype html><title>Not Found</title>")
    }
}

/// Replaces the id of every nested record by a number, and the id of every term by its code.
fn number(record: &mut Map<String, Value>) {
    if let Some(id) = record.get("id").and_then(Value::as_str) {
        let id = match id.split_once(':') {
            Some((_, code)) => code.to_owned(),
            None => numbered(id).to_string(),
        };
        set(record, "id", id);
    }
    for value in record.values_mut() {
        match value {
            Value::Object(inner) => number(inner),
            Value::Array(list) => list.iter_mut().filter_map(Value::as_object_mut).for_each(number),
            _ => {}
        }
    }
}

fn rearrange(document: &mut Map<String, Value>, service: &InventedService) {
    let assured = text(&service.record, "assured_date");
    set(document, "assured_date", format!("{assured}T00:00:00+00:00"));
    set(document, "regular_schedules", days(&service.record));
    each(document, "languages").for_each(|language| rename(language, "language", "name"));
    for area in each(document, "service_areas") {
        area.retain(|name, _| matches!(name.as_str(), "id" | "service_area"));
        rename(area, "service_area", "name");
    }
    for link in each(document, "service_at_locations") {
        set(link, "id", Value::Null);
        link.retain(|name, _| matches!(name.as_str(), "id" | "location"));
    }
    for row in each(document, "service_taxonomys") {
        let Some(term) = inner(row, "taxonomy") else { continue };
        term.shift_remove("parent");
        set(term, "prerequisite_taxonomies", json!([]));
    }
    v1::each_location(document, |location| {
        rename(location, "accessibility_for_disabilities", "accessibilities");
        each(location, "accessibilities").for_each(|statement| rename(statement, "accessibility", "name"));
        for address in each(location, "physical_addresses") {
            rename(address, "address_1", "address1");
            address.shift_remove("attention");
            set(address, "country", "United Kingdom");
        }
    });
}

/// Returns one row for each day of a rule. Rows are weekly, whatever the rule's frequency.
fn days(record: &Value) -> Vec<Value> {
    let mut rows = Vec::new();
    for schedule in list(record, "schedules") {
        for (n, (_, weekday)) in v1::days(schedule).into_iter().enumerate() {
            let seconds = |name: &str| format!("{}:00", text(schedule, name));
            rows.push(json!({
                "id": (numbered(text(schedule, "id")) + n as u64).to_string(),
                "weekday": weekday,
                "opens_at": seconds("opens_at"),
                "closes_at": seconds("closes_at"),
            }));
        }
    }
    rows
}

/// Returns the members that only this directory has.
fn extras(service: &InventedService) -> Map<String, Value> {
    let record = &service.record;
    let said = list(record, "schedules").next().map(|schedule| member(schedule, "description"));
    let referral = Some(text(record, "application_process")).filter(|sentence| sentence.contains("refer"));
    super::members::members(json!({
        "schedule_description": said,
        "alert": record.get("alert").map(|alert| json!({ "text": alert })),
        "needs_referral": referral.is_some(),
        "referral_notes": referral.unwrap_or_default(),
        "special_needs": [],
        "school_pickups": [],
        "links": [],
        "local_offer": null,
        "hide_address": service.dice % 15 == 8,
        "distance_away": null,
        "distance_away_is_service_area": null,
        "eligible_for2_yo_funding": false,
    }))
}

/// Replaces null by an empty text in the named members.
fn blank(document: &mut Value, names: &[&str]) {
    for name in names {
        if let Some(value) = document.get_mut(*name).filter(|value| value.is_null()) {
            *value = json!("");
        }
    }
}
