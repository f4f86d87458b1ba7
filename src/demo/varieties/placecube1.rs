//! Open Referral UK 1.0 as Placecube's older service serves it: empty texts for missing values, its own words in the
//! standard's code lists, text that was decoded with the wrong encoding, and occasionally an unescaped line break.

use poem::http::StatusCode;
use serde_json::{Map, Value, json};

use super::members::{each, inner, list, set, text};
use super::placecube::{audience, curation, html};
use super::v1;
use crate::demo::answer::FeedAnswer;
use crate::demo::identity::numbered;
use crate::demo::publisher::{
    CollectionOffer, FeedCollection, FeedPaging, FeedPublisher, MissingAnswer, PageFacts,
};
use crate::demo::record::InventedService;

pub(super) struct Placecube1;

/// A placeholder for a line break that is written unescaped.
const RAW: char = '\u{E000}';
const NESTED: [&str; 8] = [
    "service_areas",
    "fundings",
    "regular_schedules",
    "eligibilitys",
    "cost_options",
    "contacts",
    "service_taxonomys",
    "service_at_locations",
];
const MOJIBAKE: [(&str, &str); 4] = [("£", "Â£"), ("é", "Ã©"), ("’", "â€™"), ("'", "â€™")];

impl FeedPublisher for Placecube1 {
    fn root(&self) -> FeedAnswer {
        FeedAnswer::text(StatusCode::OK, "text/html", "<!doctype html><title>Community directory</title>")
    }

    fn offers(&self, collection: FeedCollection) -> CollectionOffer {
        if collection == FeedCollection::Services { CollectionOffer::Full } else { CollectionOffer::Absent }
    }

    fn paging(&self) -> FeedPaging {
        FeedPaging::of(50)
    }

    fn service_row(&self, service: &InventedService) -> Value {
        let mut row = record(service);
        row.retain(|_, member| !member.is_array());
        audiences(&mut row, service);
        finished(row)
    }

    fn service(&self, service: &InventedService) -> Value {
        let mut record = record(service);
        if service.dice % 40 == 11 {
            set(&mut record, "organization", Value::Null);
        }
        each(&mut record, "eligibilitys").for_each(ageless);
        let closed = list(&service.record, "schedules").any(|schedule| schedule.get("notes").is_some());
        for link in each(&mut record, "service_at_locations") {
            renumber(link);
            place(link, closed);
        }
        for name in NESTED {
            each(&mut record, name).for_each(renumber);
        }
        for contact in each(&mut record, "contacts") {
            each(contact, "phones").for_each(|phone| phone.retain(|name, _| name == "number"));
        }
        each(&mut record, "service_areas").for_each(|area| area.retain(|name, _| name != "uri"));
        each(&mut record, "languages").for_each(|language| language.retain(|name, _| name != "id"));
        audiences(&mut record, service);
        let organization = record.get("organization").cloned();
        let Value::Object(mut record) = finished(record) else { return Value::Null };
        if organization == Some(Value::Null) {
            set(&mut record, "organization", Value::Null);
        }
        Value::Object(record)
    }

    fn is_broken(&self, service: &InventedService) -> bool {
        service.dice % 50 == 9
    }

    fn organization_row(&self, record: &Value) -> Value {
        v1::organization(record)
    }

    fn organization(&self, record: &Value, _: &[&InventedService]) -> Value {
        v1::organization(record)
    }

    fn write(&self, record: &Value) -> String {
        record.to_string().replace(RAW, "\n")
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
        FeedAnswer::text(what.status(), "text/html", "<!doctype html><title>Status page</title>")
    }
}

/// Returns the members that rows and single records have in common, and everything that single records nest.
fn record(service: &InventedService) -> Map<String, Value> {
    let mut record = v1::service(service);
    let dice = service.dice;
    if dice.is_multiple_of(8) {
        set(&mut record, "id", numbered(text(&service.record, "id")).to_string());
    }
    set(&mut record, "description", description(service));
    set(&mut record, "deliverable_type", *DELIVERABLE.get((dice % 24) as usize).unwrap_or(&""));
    let is_coded = dice.is_multiple_of(3);
    for (name, words) in [("attending_type", ATTENDING.as_slice()), ("attending_access", ACCESS.as_slice())] {
        let word = record.get(name).and_then(Value::as_str).filter(|_| is_coded);
        let word = word.and_then(|word| words.iter().find(|(standard, _)| *standard == word));
        let word = word.map_or("", |(_, own)| own);
        set(&mut record, name, word);
    }
    set(&mut record, "pc_attendingAccess_additionalInfo", text(&service.record, "application_process"));
    if is_garbled(service) {
        let fees = garble(record.get("fees").and_then(Value::as_str).unwrap_or_default());
        set(&mut record, "fees", fees);
    }
    record
}

const DELIVERABLE: [&str; 4] = ["1 to 1 support", "Social activity", "Peer group", "Specialist-led group"];
const ATTENDING: [(&str, &str); 2] = [("venue", "Venue"), ("online", "Online")];
const ACCESS: [(&str, &str); 3] =
    [("drop-in", "Drop-in"), ("appointment", "Appointment"), ("referral", "Self referral")];

fn description(service: &InventedService) -> String {
    let dice = service.dice;
    let mut description = html(text(&service.record, "description"), dice);
    if is_garbled(service) {
        // Adds a dash, as the product's editor often does.
        description = garble(&description).replacen(", ", " â€“ ", 1);
    }
    match dice % 60 {
        7 => description.replacen(". ", &format!(".{RAW}"), 1),
        22 | 42 => {
            let page = text(&service.record, "url");
            format!(
                "{description}<p>See <a data-cke-saved-href=\"{page}\" href=\"{page}\" target=\"\">our page</a></p>"
            )
        }
        _ => description,
    }
}

fn is_garbled(service: &InventedService) -> bool {
    service.dice % 12 == 5
}

fn garble(text: &str) -> String {
    MOJIBAKE.iter().fold(text.to_owned(), |text, (right, wrong)| text.replace(right, wrong))
}

fn audiences(record: &mut Map<String, Value>, service: &InventedService) {
    set(record, "pc_metadata", curation(&service.record, service.dice));
    let groups = service.audience.iter().map(|(code, label)| audience(*code, label, service.dice));
    set(record, "pc_targetAudience", groups.collect::<Vec<_>>());
}

/// Replaces every null by an empty text.
fn finished(record: Map<String, Value>) -> Value {
    let mut record = Value::Object(record);
    v1::fill(&mut record, &json!(""));
    record
}

fn ageless(eligibility: &mut Map<String, Value>) {
    for age in ["minimum_age", "maximum_age"] {
        let known = eligibility.get(age).and_then(Value::as_u64).unwrap_or_default();
        set(eligibility, age, known);
    }
}

fn renumber(part: &mut Map<String, Value>) {
    if let Some(id) = part.get("id").and_then(Value::as_str).filter(|id| id.len() == 36) {
        let number = numbered(id).to_string();
        set(part, "id", number);
    }
}

/// Changes a service at a location: removes its id, and writes its holidays under the product's own name.
fn place(link: &mut Map<String, Value>, closed: bool) {
    link.shift_remove("id");
    link.shift_remove("holiday_schedules");
    let holiday = json!({
        "closed": "true", "open_at": "", "closes_at": "", "start_date": "2026-12-25", "end_date": "2026-12-26",
    });
    set(link, "holidayScheduleCollection", if closed { vec![holiday] } else { Vec::new() });
    let Some(location) = inner(link, "location") else { return };
    renumber(location);
    for address in each(location, "physical_addresses") {
        address.retain(|name, _| name != "id" && name != "attention");
        set(address, "country", "United Kingdom");
    }
    let statements = each(location, "accessibility_for_disabilities");
    statements.for_each(|statement| statement.retain(|name, _| name != "id"));
}
