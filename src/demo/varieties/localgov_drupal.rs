//! LocalGov Drupal: Open Referral UK 1.0 through a normaliser that writes a list of one object as the object itself and
//! a missing value as an empty list, in pages of ten with guessed totals.

use poem::http::StatusCode;
use serde_json::{Map, Value, json};

use super::members::{each, everywhere, inner, list, member, members, only, set, text};
use super::v1;
use crate::demo::answer::FeedAnswer;
use crate::demo::identity::numbered;
use crate::demo::pages::ListQuery;
use crate::demo::publisher::{
    CollectionOffer, CollectionPaths, FeedCollection, FeedFilters, FeedPaging, FeedPublisher, MissingAnswer,
    PageFacts,
};
use crate::demo::record::InventedService;

pub(super) struct LocalgovDrupal;

/// The names of the standard's vocabularies with the names that this system gives them.
const VOCABULARIES: [(&str, &str); 3] =
    [("Service types", "service_types"), ("Needs", "needs"), ("Circumstances", "circumstances")];

impl FeedPublisher for LocalgovDrupal {
    fn root(&self) -> FeedAnswer {
        self.missing(MissingAnswer::Route)
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
        let record = |segment| CollectionPaths { list: None, record: Some(segment) };
        match collection {
            FeedCollection::Services => CollectionPaths::at("services"),
            FeedCollection::Organizations => record("organization"),
            FeedCollection::Locations => record("location"),
            FeedCollection::TaxonomyTerms => CollectionPaths { list: Some("taxonomies"), record: None },
            FeedCollection::Taxonomies => CollectionPaths { list: Some("vocabulary"), record: None },
            FeedCollection::ServiceAtLocations => CollectionPaths::default(),
        }
    }

    fn paging(&self) -> FeedPaging {
        FeedPaging { asked: false, ..FeedPaging::of(10) }
    }

    fn filters(&self) -> FeedFilters {
        FeedFilters { search: Some("text"), vocabulary: true, ..FeedFilters::default() }
    }

    fn refuse(&self, collection: FeedCollection, ask: &ListQuery) -> Option<FeedAnswer> {
        let known =
            ask.vocabulary.as_ref().is_some_and(|asked| VOCABULARIES.iter().any(|(_, name)| name == asked));
        let is_refused = collection == FeedCollection::TaxonomyTerms && !known;
        is_refused.then(|| message(StatusCode::NOT_FOUND, "The vocabulary does not exist."))
    }

    fn service_row(&self, service: &InventedService) -> Value {
        let mut whole = v1::service(service);
        let mut row = only(
            &Value::Object(std::mem::take(&mut whole)),
            &["id", "name", "description", "status", "organization"],
        );
        if let Some(description) = formatted(&service.record) {
            set(&mut row, "description", description);
        }
        if let Some(provider) = inner(&mut row, "organization") {
            provider.retain(|name, _| name == "id" || name == "name");
        }
        unpublish(&mut row, service);
        normalized(row)
    }

    fn service(&self, service: &InventedService) -> Value {
        let mut record = v1::service(service);
        if let Some(description) = formatted(&service.record) {
            set(&mut record, "description", description);
        }
        unpublish(&mut record, service);
        let id = text(&service.record, "id");
        each(&mut record, "service_taxonomys").for_each(|row| term(row, service, id));
        for eligibility in each(&mut record, "eligibilitys") {
            each(eligibility, "taxonomys").for_each(|row| term(row, service, id));
        }
        for link in each(&mut record, "service_at_locations") {
            let place = link.get("location").map(|place| text(place, "id").to_owned()).unwrap_or_default();
            set(link, "id", format!("{id}-{place}"));
            if let Some(place) = inner(link, "location") {
                location(place);
            }
        }
        for contact in each(&mut record, "contacts") {
            prefix(contact, "paragraph");
            each(contact, "phones").for_each(|phone| phone.retain(|name, _| name == "number"));
            collapse(contact, "phones");
        }
        normalized(record)
    }

    // A record that the system cannot render leaves an empty text in the list.
    fn stray_row(&self, service: &InventedService) -> Option<Value> {
        (service.dice % 30 == 17).then(|| json!(""))
    }

    fn organization_row(&self, record: &Value) -> Value {
        normalized(members(v1::organization(record)))
    }

    fn organization(&self, record: &Value, _: &[&InventedService]) -> Value {
        self.organization_row(record)
    }

    fn other(&self, collection: FeedCollection, record: &Value) -> Value {
        let vocabulary =
            |name: &str| VOCABULARIES.iter().find(|(long, _)| *long == name).map(|(_, short)| *short);
        match collection {
            FeedCollection::Locations => {
                let mut place = v1::location(record);
                location(&mut place);
                normalized(place)
            }
            FeedCollection::TaxonomyTerms => json!({
                "id": member(record, "id"),
                "name": member(record, "name"),
                "vocabulary": vocabulary(text(record, "taxonomy")),
                "parent": record.get("parent_id").map(|id| json!({ "id": id })).unwrap_or_else(|| json!([])),
            }),
            _ => vocabulary(text(record, "name")).into(),
        }
    }

    fn write(&self, record: &Value) -> String {
        let text = record.to_string();
        ESCAPED.iter().fold(text, |text, (character, escape)| text.replace(character, escape))
    }

    // The pager looks only one record ahead, so it does not know the total. PHP rounds up to a float, so the number of
    // pages is a float.
    fn envelope(&self, page: &PageFacts) -> Map<String, Value> {
        let before = (page.number - 1).saturating_mul(page.per_page);
        let seen = before + page.rows;
        let total = if page.rows == 0 { 0 } else { seen + usize::from(seen < page.total) };
        let pages = total.div_ceil(page.per_page.max(1));
        members(json!({
            "totalElements": total,
            "totalPages": pages as f64,
            "number": page.number,
            "size": page.per_page,
            "first": page.number == 1,
            "last": page.number == pages,
        }))
    }

    fn list_member(&self) -> &'static str {
        "content"
    }

    fn missing(&self, what: MissingAnswer) -> FeedAnswer {
        message(
            what.status(),
            match what {
                MissingAnswer::Route => "No route found for this path",
                MissingAnswer::Record | MissingAnswer::Broken => "The entity was not found.",
            },
        )
    }
}

const ESCAPED: [(&str, &str); 4] = [("<", "\\u003C"), (">", "\\u003E"), ("&", "\\u0026"), ("'", "\\u0027")];

fn message(status: StatusCode, message: &str) -> FeedAnswer {
    FeedAnswer::json(status, &json!({ "message": message }))
}

/// Returns a description with markup as an object that also has its format. `None` if the description has no markup.
fn formatted(record: &Value) -> Option<Value> {
    let description = text(record, "description");
    let formatted = || json!({ "value": description, "format": "wysiwyg", "processed": description });
    description.starts_with('<').then(formatted)
}

/// Removes the organisation from some services, as happens when its page is unpublished.
fn unpublish(record: &mut Map<String, Value>, service: &InventedService) {
    if service.dice % 45 == 6 {
        set(record, "organization", json!([]));
    }
}

fn term(row: &mut Map<String, Value>, service: &InventedService, id: &str) {
    let attribute = row.get("id").and_then(Value::as_str).unwrap_or_default();
    let attribute = list(&service.record, "attributes").find(|candidate| text(candidate, "id") == attribute);
    let term = attribute.and_then(|attribute| attribute.get("taxonomy_term")).cloned().unwrap_or_default();
    let vocabulary = VOCABULARIES.iter().find(|(long, _)| *long == text(&term, "taxonomy"));
    set(row, "id", format!("{id}-{}", text(&term, "id")));
    set(
        row,
        "taxonomy",
        json!({
            "id": member(&term, "id"), "name": member(&term, "name"), "vocabulary": vocabulary.map(|(_, short)| *short),
        }),
    );
}

fn location(place: &mut Map<String, Value>) {
    each(place, "physical_addresses").for_each(|address| prefix(address, "address"));
    collapse(place, "physical_addresses");
}

fn prefix(part: &mut Map<String, Value>, kind: &str) {
    let number = numbered(part.get("id").and_then(Value::as_str).unwrap_or_default());
    set(part, "id", format!("{kind}:{number}"));
}

/// Replaces a list of one element by the element.
fn collapse(record: &mut Map<String, Value>, name: &str) {
    if let Some([one]) = record.get(name).and_then(Value::as_array).map(Vec::as_slice) {
        let one = one.clone();
        set(record, name, one);
    }
}

/// Replaces every null by an empty list.
fn normalized(record: Map<String, Value>) -> Value {
    let mut record = Value::Object(record);
    everywhere(&mut record, &mut |value| {
        if value.is_null() {
            *value = json!([]);
        }
    });
    record
}
