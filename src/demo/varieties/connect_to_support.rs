//! Connect to Support: Open Referral UK 1.0 with lower-case names, all values as text, and everything nested in the
//! lists.

use serde_json::{Map, Value, json};

use super::members::{each, everywhere, inner, members, rename, set, text};
use super::v1;
use crate::demo::answer::FeedAnswer;
use crate::demo::publisher::{
    CollectionOffer, FeedCollection, FeedPaging, FeedPublisher, MissingAnswer, PageFacts,
};
use crate::demo::record::InventedService;

pub(super) struct ConnectToSupport;

impl FeedPublisher for ConnectToSupport {
    fn root(&self) -> FeedAnswer {
        self.missing(MissingAnswer::Route)
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
        let mut record = v1::service(service);
        set(&mut record, "assured_date", format!("{}T00:00:00", text(&service.record, "assured_date")));
        rename(&mut record, "service_taxonomys", "servicetaxonomycollection");
        each(&mut record, "servicetaxonomycollection").for_each(unlinked);
        if let Some(provider) = inner(&mut record, "organization") {
            set(provider, "reviews", Value::Null);
            set(provider, "services", Value::Null);
        }
        for eligibility in each(&mut record, "eligibilitys") {
            rename(eligibility, "taxonomys", "linktaxonomycollection");
            each(eligibility, "linktaxonomycollection").for_each(unlinked);
            unlinked(eligibility);
            for age in ["minimum_age", "maximum_age"] {
                let known = eligibility.get(age).and_then(Value::as_u64).map(|age| age.to_string());
                set(eligibility, age, known.unwrap_or_default());
            }
        }
        v1::each_location(&mut record, |location| {
            each(location, "physical_addresses").for_each(|address| set(address, "country", "England"));
        });
        let mut record = Value::Object(record);
        everywhere(&mut record, &mut as_text);
        record
    }

    fn organization_row(&self, record: &Value) -> Value {
        v1::organization(record)
    }

    fn organization(&self, record: &Value, _: &[&InventedService]) -> Value {
        v1::organization(record)
    }

    fn envelope(&self, page: &PageFacts) -> Map<String, Value> {
        members(json!({
            "totalelements": page.total,
            "totalpages": page.pages(),
            "number": page.number,
            "size": page.per_page,
            "first": page.number == 1,
            "last": page.number == page.pages(),
        }))
    }

    fn list_member(&self) -> &'static str {
        "content"
    }

    fn missing(&self, what: MissingAnswer) -> FeedAnswer {
        FeedAnswer::text(what.status(), "text/plain", "")
    }
}

fn unlinked(part: &mut Map<String, Value>) {
    set(part, "linkid", Value::Null);
}

fn as_text(value: &mut Value) {
    if value.is_number() || value.is_boolean() {
        *value = Value::String(value.to_string());
    }
}
