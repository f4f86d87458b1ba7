//! A re-publisher of another council's Open Referral UK 3.0 feed. For any page after the last one, it sends the last
//! page again.

use poem::http::StatusCode;
use serde_json::{Value, json};

use super::oruk3::Oruk3;
use crate::demo::answer::FeedAnswer;
#[cfg(test)]
use crate::demo::publisher::ServiceFact;
use crate::demo::publisher::{
    CollectionOffer, FeedCollection, FeedPaging, FeedPublisher, MissingAnswer, PagingStep,
};
use crate::demo::record::InventedService;

pub(super) struct Clamp;

impl FeedPublisher for Clamp {
    fn root(&self) -> FeedAnswer {
        let root = json!({
            "version": "HSDS-UK-3.0",
            "profile": "https://specification.example/3.0",
            "openapi_url": "https://specification.example/3.0/openapi.json",
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
        FeedPaging { most: Some(200), step: PagingStep::Clamped("page"), ..FeedPaging::of(50) }
    }

    fn service_row(&self, service: &InventedService) -> Value {
        Oruk3.service_row(service)
    }

    fn service(&self, service: &InventedService) -> Value {
        Oruk3.service(service)
    }

    fn organization_row(&self, record: &Value) -> Value {
        Oruk3.organization_row(record)
    }

    fn organization(&self, record: &Value, services: &[&InventedService]) -> Value {
        Oruk3.organization(record, services)
    }

    #[cfg(test)]
    fn leaves_out(&self) -> &'static [ServiceFact] {
        Oruk3.leaves_out()
    }

    fn missing(&self, what: MissingAnswer) -> FeedAnswer {
        FeedAnswer::json(what.status(), &json!({ "error": "Not found" }))
    }
}
