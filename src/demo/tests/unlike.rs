//! A publishing system unlike any variety. It shows that a variety needs no more than its own file, however it names,
//! nests and pages its records.

use serde_json::{Map, Value, json};

use super::own_words::services_of;
use super::turning::holds_every_record;
use crate::demo::DemoPlace;
use crate::demo::answer::FeedAnswer;
use crate::demo::publication::RenderedFeed;
use crate::demo::publisher::{
    CollectionOffer, CollectionPaths, FeedCollection, FeedPaging, FeedPublisher, MissingAnswer, PageFacts,
    PagingStep, ServiceFact,
};
use crate::demo::record::InventedService;
use crate::demo::tests::truth::{Gist, holds_the_truth};

/// A system whose list is nested, and whose pages are turned by its step.
struct Unlike(PagingStep);

impl FeedPublisher for Unlike {
    fn root(&self) -> FeedAnswer {
        self.missing(MissingAnswer::Route)
    }

    fn offers(&self, collection: FeedCollection) -> CollectionOffer {
        if collection == FeedCollection::Services { CollectionOffer::Full } else { CollectionOffer::Absent }
    }

    fn paths(&self, _: FeedCollection) -> CollectionPaths {
        CollectionPaths { list: Some("api/v2/search"), record: Some("api/v2/entry") }
    }

    fn paging(&self) -> FeedPaging {
        FeedPaging { size: "rows", most: Some(40), step: self.0, ..FeedPaging::of(20) }
    }

    fn service_row(&self, service: &InventedService) -> Value {
        json!({ "ref": service.record["id"], "title": service.record["name"] })
    }

    fn service(&self, service: &InventedService) -> Value {
        let mut record = service.record.clone();
        let members = record.as_object_mut().unwrap();
        for left_out in ["schedules", "cost_options", "minimum_age"] {
            members.shift_remove(left_out);
        }
        let (id, name) = (members["id"].take(), members["name"].take());
        members.extend([("ref".to_owned(), id), ("title".to_owned(), name)]);
        record
    }

    fn organization_row(&self, record: &Value) -> Value {
        record.clone()
    }

    fn organization(&self, record: &Value, _: &[&InventedService]) -> Value {
        record.clone()
    }

    fn envelope(&self, page: &PageFacts) -> Map<String, Value> {
        let next = match self.0 {
            PagingStep::Link(name) => page.next.as_ref().map(|id| format!("/{}?{name}={id}", page.list)),
            _ => page.next.clone(),
        };
        let members = json!({ "status": "ok", "data": { "marker": next, "count": page.rows } });
        members.as_object().cloned().unwrap()
    }

    fn list_member(&self) -> &'static str {
        "data.page.entries"
    }

    fn record_member(&self) -> Option<&'static str> {
        Some("data.entry")
    }

    fn id_member(&self) -> &'static str {
        "ref"
    }

    fn own_words(&self) -> &'static [(&'static str, &'static str)] {
        &[("title", "name")]
    }

    fn leaves_out(&self) -> &'static [ServiceFact] {
        &[ServiceFact::OpeningTimes, ServiceFact::Prices, ServiceFact::Ages]
    }

    fn missing(&self, what: MissingAnswer) -> FeedAnswer {
        FeedAnswer::json(what.status(), &json!({}))
    }
}

const BY_TOKEN: Unlike = Unlike(PagingStep::Token("from"));

#[test]
fn every_way_of_turning_pages_leads_through_a_nested_list() {
    holds_every_record("token", &BY_TOKEN, 97);
    holds_every_record("link", &const { Unlike(PagingStep::Link("after")) }, 97);
    holds_every_record("offset", &const { Unlike(PagingStep::Offset("skip")) }, 97);
    holds_every_record("number", &const { Unlike(PagingStep::Number("p")) }, 97);
    holds_every_record("clamped", &const { Unlike(PagingStep::Clamped("p")) }, 97);
}

#[test]
fn only_the_last_page_has_no_token() {
    let feed = RenderedFeed::new(&BY_TOKEN, &DemoPlace::all()[0], 0, 80);
    let page = |query: &str| -> Value {
        serde_json::from_slice(&feed.answer(services_of(&BY_TOKEN), query).body).unwrap()
    };
    let first = page("rows=40");
    let token = first["data"]["marker"].as_str().unwrap();
    let last = page(&format!("rows=40&from={token}"));
    assert_eq!((&first["status"], &last["data"]["marker"]), (&json!("ok"), &Value::Null));
    assert_eq!(last["data"]["page"]["entries"].as_array().unwrap().len(), 40);
    assert_eq!(page("rows=40&from=nonsense"), first);
}

#[test]
fn what_a_system_leaves_out_is_not_expected_and_nothing_else_may_take_its_place() {
    holds_the_truth("unlike", &BY_TOKEN);
    let record = json!({
        "name": "Tea", "minimum_age": 5, "maximum_age": 9, "opens_at": "10:00", "postal_code": "DT1 1AA",
        "taxonomy_term": { "name": "Meals" }, "amount": 2, "number": "01632 960000",
    });
    let truth = Gist::of(&record);
    let mut nothing = Gist::of(&json!({ "name": "Tea" }));
    nothing.forgive(&ServiceFact::ALL, &truth);
    assert_eq!(nothing, truth);
    for fact in ServiceFact::ALL {
        let mut told = Gist::of(&record);
        let refused = std::panic::catch_unwind(move || told.forgive(&[fact], &Gist::default()));
        assert!(refused.is_err(), "{fact:?}");
    }
}
