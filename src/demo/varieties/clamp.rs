//! A re-publisher of another council's Open Referral UK 3.0 feed, whose last page goes on for ever: asked for any
//! page past the end it sends the last one again.

use poem::http::StatusCode;
use serde_json::{Value, json};

use super::oruk3::Oruk3;
use crate::demo::answer::Answer;
use crate::demo::publisher::{Collection, Missing, Offer, Paging, Publisher, Step};
use crate::demo::record::Service;

pub(super) struct Clamp;

impl Publisher for Clamp {
    fn root(&self) -> Answer {
        let root = json!({
            "version": "HSDS-UK-3.0",
            "profile": "https://specification.example/3.0",
            "openapi_url": "https://specification.example/3.0/openapi.json",
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
        Paging { most: Some(200), step: Step::Clamped, ..Paging::of(50) }
    }

    fn service_row(&self, service: &Service) -> Value {
        Oruk3.service_row(service)
    }

    fn service(&self, service: &Service) -> Value {
        Oruk3.service(service)
    }

    fn organization_row(&self, record: &Value) -> Value {
        Oruk3.organization_row(record)
    }

    fn organization(&self, record: &Value, services: &[&Service]) -> Value {
        Oruk3.organization(record, services)
    }

    fn missing(&self, what: Missing) -> Answer {
        Answer::json(what.status(), &json!({ "error": "Not found" }))
    }
}
