//! A server of HSDS 3.1 and later whose pages are wrapped the way its web framework wraps any list: `data`, `links`
//! and everything twice. Its records are those of the well-kept international variety.

use poem::http::StatusCode;
use serde_json::{Map, Value, json};

use super::hsds31::Hsds31;
use super::members::members;
use crate::demo::answer::Answer;
use crate::demo::publisher::{Collection, Filters, Missing, Offer, PageFacts, Paging, Paths, Publisher};
use crate::demo::record::Service;

pub(super) struct Hsds32;

impl Publisher for Hsds32 {
    fn root(&self) -> Answer {
        let root = json!({
            "version": "3.1.1",
            "profile": "https://specification.example/hsds/3.1",
            "openapi_url": "https://specification.example/hsds/3.1/openapi.json",
            "name": "Community directory API",
        });
        Answer::json(StatusCode::OK, &root)
    }

    fn offers(&self, collection: Collection) -> Offer {
        Hsds31.offers(collection)
    }

    fn paths(&self, collection: Collection) -> Paths {
        match collection {
            Collection::ServiceAtLocations => Paths::at("service-at-location"),
            collection => Hsds31.paths(collection),
        }
    }

    fn paging(&self) -> Paging {
        Hsds31.paging()
    }

    fn filters(&self) -> Filters {
        Hsds31.filters()
    }

    fn service_row(&self, service: &Service) -> Value {
        Hsds31.service_row(service)
    }

    fn service(&self, service: &Service) -> Value {
        Hsds31.service(service)
    }

    fn organization_row(&self, record: &Value) -> Value {
        Hsds31.organization_row(record)
    }

    fn organization(&self, record: &Value, services: &[&Service]) -> Value {
        Hsds31.organization(record, services)
    }

    fn envelope(&self, page: &PageFacts) -> Map<String, Value> {
        let at = |number: usize| format!("/{}?page={number}&per_page={}", page.list, page.per_page);
        let is_within = |number: &usize| (1..=page.pages()).contains(number);
        let other = |number: Option<usize>| number.filter(is_within).map(at);
        members(json!({
            "count": page.rows,
            "total": page.total,
            "per_page": page.per_page,
            "current_page": page.number,
            "page": page.number,
            "total_pages": page.pages(),
            "links": {
                "first": at(1),
                "last": at(page.pages().max(1)),
                "next": other(page.number.checked_add(1)),
                "prev": other(page.number.checked_sub(1)),
            },
        }))
    }

    fn list_member(&self) -> &'static str {
        "data"
    }

    fn missing(&self, what: Missing) -> Answer {
        Answer::json(what.status(), &json!({ "detail": "Not Found" }))
    }
}
