//! Open Referral UK 1.0 as Porism serves it: each record has three forms. A list has very little, a single record has
//! everything, and a list with nested lists comes from another serialiser that writes dates and page numbers
//! differently.

use chrono::NaiveDate;
use poem::http::StatusCode;
use serde_json::{Map, Value, json};

use super::members::{each, inner, members, set, text};
use super::v1;
use crate::demo::answer::FeedAnswer;
use crate::demo::identity::{derived, numbered};
use crate::demo::pages::ListQuery;
use crate::demo::publisher::{
    CollectionOffer, CollectionPaths, FeedCollection, FeedFilters, FeedPaging, FeedPublisher, MissingAnswer,
    PageFacts,
};
use crate::demo::record::InventedService;
use crate::demo::vocabulary;

pub(super) struct Oruk1;

impl FeedPublisher for Oruk1 {
    fn root(&self) -> FeedAnswer {
        FeedAnswer::found("/swagger-ui.html")
    }

    fn offers(&self, collection: FeedCollection) -> CollectionOffer {
        match collection {
            FeedCollection::Taxonomies => CollectionOffer::Bare,
            FeedCollection::ServiceAtLocations => CollectionOffer::Absent,
            _ => CollectionOffer::Full,
        }
    }

    // 1.0 calls taxonomy terms `taxonomies`, and taxonomies vocabularies.
    fn paths(&self, collection: FeedCollection) -> CollectionPaths {
        match collection {
            FeedCollection::Services => CollectionPaths::at("services"),
            FeedCollection::Organizations => CollectionPaths::at("organizations"),
            FeedCollection::Locations => CollectionPaths::at("locations"),
            FeedCollection::TaxonomyTerms => CollectionPaths { list: Some("taxonomies"), record: None },
            FeedCollection::Taxonomies => CollectionPaths { list: Some("vocabularies"), record: None },
            FeedCollection::ServiceAtLocations => CollectionPaths::default(),
        }
    }

    fn spelled<'a>(&self, segment: &'a str) -> &'a str {
        match segment.strip_suffix(".json").unwrap_or(segment) {
            "hservices" => "services",
            segment => segment,
        }
    }

    fn paging(&self) -> FeedPaging {
        FeedPaging { unsteady: true, ..FeedPaging::of(50) }
    }

    fn filters(&self) -> FeedFilters {
        FeedFilters { search: Some("text"), vocabulary: true, ..FeedFilters::default() }
    }

    fn refuse(&self, collection: FeedCollection, ask: &ListQuery) -> Option<FeedAnswer> {
        let failed = |body| Some(FeedAnswer::json(StatusCode::INTERNAL_SERVER_ERROR, &body));
        if ask.number() == Some(0) {
            return failed(json!({
                "status": 500,
                "error": "Internal Server Error",
                "message": "Page index must not be less than zero!",
            }));
        }
        if collection == FeedCollection::TaxonomyTerms && ask.vocabulary.is_none() {
            return failed(json!({ "error": "Required parameter 'vocabulary' is missing.", "code": 1 }));
        }
        None
    }

    // Lists include the provider with an empty description.
    fn service_row(&self, service: &InventedService) -> Value {
        let provider = service.record.get("organization").cloned().unwrap_or_default();
        json!({
            "id": text(&service.record, "id"),
            "name": text(&service.record, "name"),
            "status": text(&service.record, "status"),
            "organization": {
                "id": text(&provider, "id"), "name": text(&provider, "name"), "description": "",
            },
        })
    }

    fn service(&self, service: &InventedService) -> Value {
        let mut record = whole(service);
        set(&mut record, "assured_date", timestamp(text(&service.record, "assured_date")));
        for schedule in each(&mut record, "regular_schedules") {
            for bound in ["valid_from", "valid_to"] {
                if let Some(day) = schedule.get(bound).and_then(Value::as_str).map(timestamp) {
                    set(schedule, bound, day);
                }
            }
        }
        each(&mut record, "reviews").for_each(|review| set(review, "date", timestamp(REVIEWED)));
        Value::Object(record)
    }

    fn including_row(&self, service: &InventedService) -> Option<Value> {
        let mut record = whole(service);
        let provider = service.record.get("organization").cloned().unwrap_or_default();
        let provider =
            json!({ "id": text(&provider, "id"), "name": text(&provider, "name"), "description": "" });
        set(&mut record, "organization", provider);
        set(&mut record, "assured_date", day_first(text(&service.record, "assured_date")));
        for contact in each(&mut record, "contacts") {
            each(contact, "phones").for_each(Map::clear);
        }
        for schedule in each(&mut record, "regular_schedules") {
            for bound in ["valid_from", "valid_to"] {
                let day = schedule.get(bound).and_then(Value::as_str).map(milliseconds);
                set(schedule, bound, day.flatten());
            }
        }
        each(&mut record, "reviews").for_each(|review| set(review, "date", milliseconds(REVIEWED)));
        Some(Value::Object(record))
    }

    // The list is ordered by completeness, and the order of equally complete services is not fixed.
    fn rank(&self, service: &InventedService) -> u8 {
        let has = |name: &str| u8::from(service.record.get(name).is_some());
        let eligibility = has("minimum_age").max(has("maximum_age"));
        2 - has("schedules") - eligibility
    }

    fn organization_row(&self, record: &Value) -> Value {
        v1::organization(record)
    }

    fn organization(&self, record: &Value, _: &[&InventedService]) -> Value {
        v1::organization(record)
    }

    fn other(&self, collection: FeedCollection, record: &Value) -> Value {
        match collection {
            FeedCollection::Locations => {
                let mut place = v1::location(record);
                imported(&mut place);
                Value::Object(place)
            }
            FeedCollection::TaxonomyTerms => vocabulary::nested(text(record, "code")).unwrap_or_default(),
            _ => vocabulary::plural(text(record, "name")).unwrap_or_default().into(),
        }
    }

    fn envelope(&self, page: &PageFacts) -> Map<String, Value> {
        let mut envelope = v1::envelope(page);
        if page.including {
            set(&mut envelope, "number", page.number - 1);
            set(&mut envelope, "size", page.rows);
        }
        envelope
    }

    fn list_member(&self) -> &'static str {
        "content"
    }

    fn missing(&self, what: MissingAnswer) -> FeedAnswer {
        match what {
            MissingAnswer::Route => FeedAnswer::text(StatusCode::OK, "text/html", DOCUMENTATION),
            MissingAnswer::Record | MissingAnswer::Broken => {
                FeedAnswer::text(StatusCode::OK, "application/json", "")
            }
        }
    }
}

const DOCUMENTATION: &str = "<!doctype html><title>Service directory</title><h1>Service directory API</h1>";
const REVIEWED: &str = "2025-05-01";

/// Returns all members of a service except its dates, with traces of an import from another system.
fn whole(service: &InventedService) -> Map<String, Value> {
    let mut record = v1::service(service);
    each(&mut record, "service_areas")
        .for_each(|area| area.retain(|name, _| name != "id" && name != "extent"));
    for link in each(&mut record, "service_at_locations") {
        link.shift_remove("holiday_schedules");
        let Some(location) = inner(link, "location") else { continue };
        location.shift_remove("accessibility_for_disabilities");
        imported(location);
    }
    match service.dice % 20 {
        0 => set(&mut record, "url", text(&service.record, "url").replacen("https://", "www.", 1)),
        1 | 2 => set(&mut record, "reviews", json!([review(&service.record)])),
        _ => {}
    }
    record
}

/// Changes one location in five as if it was imported from another system, with line breaks and `None` in its
/// addresses.
fn imported(location: &mut Map<String, Value>) {
    let id = location.get("id").and_then(Value::as_str).unwrap_or_default();
    if numbered(id).is_multiple_of(5) {
        each(location, "physical_addresses").for_each(import);
    }
}

fn import(address: &mut Map<String, Value>) {
    let line = address.get("address_1").and_then(Value::as_str).unwrap_or_default().replace(", ", "\n");
    set(address, "address_1", line);
    set(address, "state_province", "None");
}

fn review(record: &Value) -> Map<String, Value> {
    let id = derived(&format!("review/{}", text(record, "id")));
    members(json!({
        "id": id,
        "title": "Rating",
        "description": null,
        "date": null,
        "score": "Good",
        "url": format!("https://ratings.example/{id}"),
        "widget": "<script src=\"https://ratings.example/widget.js\"></script>",
    }))
}

fn timestamp(day: &str) -> String {
    format!("{day}T00:00:00.000+0000")
}

fn day_first(day: &str) -> String {
    day.parse::<NaiveDate>().map(|day| day.format("%d/%m/%Y 00:00:00").to_string()).unwrap_or_default()
}

fn milliseconds(day: &str) -> Option<i64> {
    let day: NaiveDate = day.parse().ok()?;
    Some(day.and_hms_opt(0, 0, 0)?.and_utc().timestamp_millis())
}
