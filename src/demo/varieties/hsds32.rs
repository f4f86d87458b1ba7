//! A server of HSDS 3.1 and later whose pages have the envelope of its web framework: `data`, `links` and every fact
//! twice. Its records are those of `hsds31`.

use poem::http::StatusCode;
use serde_json::{Map, Value, json};

use super::hsds31::Hsds31;
use super::members::members;
use crate::demo::answer::FeedAnswer;
use crate::demo::publisher::{
    CollectionOffer, CollectionPaths, FeedCollection, FeedFilters, FeedPaging, FeedPublisher, MissingAnswer,
    PageFacts,
};
use crate::demo::record::InventedService;

pub(super) struct Hsds32;

impl FeedPublisher for Hsds32 {
    fn root(&self) -> FeedAnswer {
        let root = json!({
            "version": "3.1.1",
            "profile": "https://specification.example/hsds/3.1",
            "openapi_url": "https://specification.example/hsds/3.1/openapi.json",
            "name": "Community directory API",
        });
        FeedAnswer::json(StatusCode::OK, &root)
    }

    fn offers(&self, collection: FeedCollection) -> CollectionOffer {
        Hsds31.offers(collection)
    }

    fn paths(&self, collection: FeedCollection) -> CollectionPaths {
        match collection {
            FeedCollection::ServiceAtLocations => CollectionPaths::at("service-at-location"),
            collection => Hsds31.paths(collection),
        }
    }

    fn paging(&self) -> FeedPaging {
        Hsds31.paging()
    }

    fn filters(&self) -> FeedFilters {
        Hsds31.filters()
    }

    fn service_row(&self, service: &InventedService) -> Value {
        Hsds31.service_row(service)
    }

    fn service(&self, service: &InventedService) -> Value {
        Hsds31.service(service)
    }

    fn organization_row(&self, record: &Value) -> Value {
        Hsds31.organization_row(record)
    }

    fn organization(&self, record: &Value, services: &[&InventedService]) -> Value {
        Hsds31.organization(record, services)
    }

    fn envelope(&self, page: &PageFacts) -> Map<String, Value> {
        let at = |number: usize| format!("/{}?page={number}&per_page={}", page.list, page.per_page);
        let other =
            |number: Option<usize>| number.filter(|number| (1..=page.pages()).contains(number)).map(at);
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

    fn missing(&self, what: MissingAnswer) -> FeedAnswer {
        FeedAnswer::json(what.status(), &json!({ "detail": "Not Found" }))
    }
}
