//! Outpost, the family information directory of several councils. It has a format of its own: ids are numbers,
//! locations are listed next to services, some locations are masked, and requests are counted.

mod schedules;

use serde_json::{Map, Value, json};

use super::members::{list, member, members, set, text};
use super::v1;
use crate::demo::answer::FeedAnswer;
use crate::demo::identity::{numbered, slug};
use crate::demo::publisher::{
    CollectionOffer, FeedCollection, FeedFilters, FeedPaging, FeedPublisher, MissingAnswer, PageFacts,
    RequestBudget,
};
use crate::demo::record::InventedService;
use crate::demo::vocabulary;

pub(super) struct Outpost;

impl FeedPublisher for Outpost {
    fn root(&self) -> FeedAnswer {
        self.missing(MissingAnswer::Route)
    }

    fn offers(&self, collection: FeedCollection) -> CollectionOffer {
        if collection == FeedCollection::Services { CollectionOffer::Full } else { CollectionOffer::Absent }
    }

    fn paging(&self) -> FeedPaging {
        FeedPaging::of(50)
    }

    fn filters(&self) -> FeedFilters {
        FeedFilters { search: Some("keywords"), ..FeedFilters::default() }
    }

    fn budget(&self) -> Option<RequestBudget> {
        Some(RequestBudget { requests: 100, seconds: 60 })
    }

    fn tags(&self) -> bool {
        true
    }

    fn service_row(&self, service: &InventedService) -> Value {
        let mut row = record(service);
        set(&mut row, "distance_away", Value::Null);
        Value::Object(row)
    }

    fn service(&self, service: &InventedService) -> Value {
        Value::Object(record(service))
    }

    fn organization_row(&self, record: &Value) -> Value {
        organisation(record)
    }

    fn organization(&self, record: &Value, _: &[&InventedService]) -> Value {
        organisation(record)
    }

    fn envelope(&self, page: &PageFacts) -> Map<String, Value> {
        members(json!({
            "number": page.number,
            "size": page.rows,
            "perPage": page.per_page,
            "totalPages": page.pages(),
            "totalElements": page.total,
            "first": page.number == 1,
            "last": page.number == page.pages(),
        }))
    }

    fn list_member(&self) -> &'static str {
        "content"
    }

    #[cfg(test)]
    fn own_words(&self) -> &'static [(&'static str, &'static str)] {
        &[("min_age", "minimum_age"), ("max_age", "maximum_age"), ("phone", "number")]
    }

    fn missing(&self, what: MissingAnswer) -> FeedAnswer {
        let error = match what {
            MissingAnswer::Route => "No route matches your request",
            MissingAnswer::Record => "No matching document",
            MissingAnswer::Broken => "There was an internal server error. Please try again later",
        };
        FeedAnswer::json(what.status(), &json!({ "error": error }))
    }
}

/// The first id of a service; the position of the service in the feed is added to it.
const FIRST: usize = 10_000;
/// The code of the circumstance whose services have answers to the local offer survey.
const LEARNING_DISABILITY: u16 = 753;

fn record(service: &InventedService) -> Map<String, Value> {
    let record = &service.record;
    let id = FIRST + service.number;
    let modified = text(record, "last_modified").trim_end_matches('Z');
    let (minimum_age, maximum_age) = (member(record, "minimum_age"), member(record, "maximum_age"));
    let mut document = members(json!({
        "id": id,
        "updated_at": format!("{modified}.{:03}Z", service.dice % 1000),
        "name": text(record, "name"),
        "description": text(record, "description").replace('\n', "\r\n"),
        "url": text(record, "url"),
        "email": member(record, "email"),
        "min_age": minimum_age,
        "max_age": maximum_age,
    }));
    document.extend(age_bands(minimum_age.as_u64(), maximum_age.as_u64()));
    document.extend(members(json!({
        "needs_referral": text(record, "application_process").contains("refer").then_some(true),
        "free": free(record),
        "created_at": "2021-03-02T11:20:44.001Z",
        "status": text(record, "status"),
        "directories": [{ "name": "Family Information Service", "label": "fis" }],
        "locations": links(record).map(location).collect::<Vec<_>>(),
        "service_at_locations": list(record, "service_at_locations").map(|link| delivery(link, id)).collect::<Vec<_>>(),
        "contacts": contacts(record),
        "meta": list(record, "capacities").map(vacancies).collect::<Vec<_>>(),
        "organisation": provider(service),
        "taxonomies": taxonomies(service),
        "regular_schedules": schedules::of(service),
        "cost_options": list(record, "cost_options").map(price).collect::<Vec<_>>(),
        "links": list(record, "additional_urls").map(|link| json!({
            "label": member(link, "label"), "url": member(link, "url"),
        })).collect::<Vec<_>>(),
        "send_needs": [],
        "suitabilities": service.audience.iter().map(|(code, label)| json!({
            "id": code, "name": label, "slug": slug(label),
        })).collect::<Vec<_>>(),
        "local_offer": local_offer(service),
    })));
    document
}

/// Returns for each age band whether it overlaps the service's ages. Null if the service states no maximum age or one
/// over 25.
fn age_bands(minimum: Option<u64>, maximum: Option<u64>) -> Map<String, Value> {
    const BANDS: [(&str, u64, u64); 5] = [
        ("age_band_under_2", 0, 1),
        ("age_band_2", 2, 2),
        ("age_band_3_4", 3, 4),
        ("age_band_5_7", 5, 7),
        ("age_band_8_plus", 8, 18),
    ];
    let within = |low: u64, high: u64| {
        let maximum = maximum.filter(|maximum| *maximum <= 25)?;
        Some(low <= maximum && high >= minimum.unwrap_or_default())
    };
    let bands = BANDS.iter().map(|(name, low, high)| ((*name).to_owned(), json!(within(*low, *high))));
    bands.chain([("age_band_all".to_owned(), Value::Null)]).collect()
}

fn free(record: &Value) -> Option<bool> {
    let mut amounts = list(record, "cost_options").filter_map(|price| price.get("amount")?.as_f64());
    let says_free =
        ["Free", "No charge"].iter().any(|word| text(record, "fees_description").starts_with(word));
    if says_free { Some(true) } else { amounts.next().map(|amount| amount == 0.0) }
}

fn links(record: &Value) -> impl Iterator<Item = &Value> {
    list(record, "service_at_locations").filter_map(|link| link.get("location"))
}

/// Returns a location with its address. Some locations are masked, as those of people who work from home often are:
/// they have no name and no street, and only an approximate position and postcode.
fn location(place: &Value) -> Value {
    let address = list(place, "addresses").next().cloned().unwrap_or_default();
    let is_masked = is_masked(place);
    let degrees = |name: &str| {
        let exact = place.get(name).and_then(Value::as_f64);
        exact.map(|degrees| if is_masked { (degrees * 100.0).round() / 100.0 } else { degrees })
    };
    let point = degrees("longitude").zip(degrees("latitude"));
    let postcode = text(&address, "postal_code");
    let outcode = postcode.split(' ').next();
    let statement = |statement: &Value| {
        let name = text(statement, "description");
        json!({ "name": name, "slug": slug(name) })
    };
    json!({
        "id": numbered(text(place, "id")),
        "name": if is_masked { Value::Null } else { member(place, "name") },
        "address_1": if is_masked { Value::Null } else { member(&address, "address_1") },
        "city": member(&address, "city"),
        "state_province": member(&address, "state_province"),
        "postal_code": if is_masked { outcode.into() } else { member(&address, "postal_code") },
        "country": member(&address, "country"),
        "geometry": point.map(|(x, y)| json!({ "type": "Point", "coordinates": [x, y] })),
        "mask_exact_address": is_masked,
        "accessibilities": list(place, "accessibility").map(statement).collect::<Vec<_>>(),
    })
}

fn is_masked(place: &Value) -> bool {
    numbered(text(place, "id")) % 9 == 4 && place.get("addresses").is_some()
}

/// Returns a service at a location. Its location has only an id, a name and a postcode.
fn delivery(link: &Value, service: usize) -> Value {
    let place = location(&member(link, "location"));
    json!({
        "id": numbered(text(link, "id")),
        "service_id": service,
        "location_id": member(&place, "id"),
        "location": {
            "id": member(&place, "id"), "name": member(&place, "name"), "postal_code": member(&place, "postal_code"),
        },
        "regular_schedule": [],
    })
}

/// Returns the contacts of a service. A contact has at most one telephone, so a contact with two telephones is listed
/// twice.
fn contacts(record: &Value) -> Vec<Value> {
    let contact = |contact: &Value, phone: &Value| {
        json!({
            "id": numbered(text(phone, "id")),
            "name": member(contact, "name"),
            "title": member(contact, "title"),
            "email": member(contact, "email"),
            "phone": member(phone, "number"),
        })
    };
    let people = list(record, "contacts")
        .flat_map(|person| list(person, "phones").map(move |phone| contact(person, phone)));
    people.chain(list(record, "phones").map(|phone| contact(&Value::Null, phone))).collect()
}

fn vacancies(capacity: &Value) -> Value {
    let is_free = capacity.get("available").and_then(Value::as_i64).is_some_and(|available| available > 0);
    let id = numbered(text(capacity, "id"));
    json!({ "id": id, "label": "Vacancies", "key": "Vacancies", "value": if is_free { "Yes" } else { "No" } })
}

/// Returns the provider of a service. Some have no name, as providers often do that are one person.
fn provider(service: &InventedService) -> Value {
    let mut provider = organisation(&member(&service.record, "organization"));
    if let Some(provider) = provider.as_object_mut().filter(|_| service.dice % 25 == 3) {
        ["name", "description", "email", "url"].iter().for_each(|name| set(provider, name, Value::Null));
    }
    provider
}

fn organisation(record: &Value) -> Value {
    json!({
        "id": numbered(text(record, "id")),
        "name": member(record, "name"),
        "description": member(record, "description"),
        "email": member(record, "email"),
        "url": member(record, "website"),
    })
}

/// Returns the terms of a service, except those for groups of people. Some names end in a space.
fn taxonomies(service: &InventedService) -> Vec<Value> {
    let number = |term: &Value| text(term, "id").rsplit(':').next()?.parse::<u64>().ok();
    let term = |concept: Value| {
        let term = member(&concept, "taxonomy");
        let name = text(&term, "name");
        let space = if number(&term).is_some_and(|number| number.is_multiple_of(3)) { " " } else { "" };
        json!({
            "id": number(&term),
            "name": format!("{name}{space}"),
            "slug": slug(name),
            "parent_id": term.get("parent").and_then(number),
        })
    };
    v1::concepts(&service.record, false).into_iter().map(term).collect()
}

fn price(price: &Value) -> Value {
    json!({
        "id": numbered(text(price, "id")),
        "option": member(price, "option"),
        "amount": price.get("amount").and_then(Value::as_f64).map(|amount| format!("{amount:.2}")),
        "cost_type": member(price, "amount_description"),
    })
}

fn local_offer(service: &InventedService) -> Value {
    let circumstance = vocabulary::circumstance(LEARNING_DISABILITY);
    let applies = service.audience.iter().any(|(code, _)| *code == LEARNING_DISABILITY);
    match circumstance.filter(|_| applies) {
        None => Value::Null,
        Some(_) => json!({
            "description": "We welcome children with additional needs.",
            "link": "https://offer.example",
            "survey_answers": [{ "question": "How do you adapt?", "answer": "We ask, and change what has to change" }],
        }),
    }
}
