//! Writes the parts of records, such as contacts, schedules and prices: one function for each kind of part and one line
//! for each property.

use std::sync::Arc;

use chrono::{DateTime, NaiveTime, SecondsFormat, Timelike as _, Utc};
use serde_json::{Value, json};

use super::object::OrukObject;
use super::records;
use crate::model::{
    Accessibility, Address, Attribute, Contact, CostOption, DayOfWeek, Frequency, Funding, Language, Link,
    LocationType, Metadata, OrganizationIdentifier, Phone, Program, RecordPart, RequiredDocument, Schedule,
    ScheduleException, ServiceArea, ServiceCapacity, Unit,
};

/// Returns the object of a part with its id, attributes and metadata.
fn begin(part: &RecordPart) -> OrukObject {
    let mut object = OrukObject::with_id(part.id.published());
    object.list("attributes", attributes(&part.attributes));
    object.list("metadata", metadata(&part.metadata));
    object
}

pub(super) fn attributes(all: &[Arc<Attribute>]) -> impl Iterator<Item = OrukObject> {
    all.iter().map(|one| {
        let mut object = OrukObject::with_id(one.id.published());
        object.some("label", one.label.as_deref());
        object.some("value", one.value.as_deref());
        object.some("link_type", one.link_type.as_deref());
        object.some("link_entity", one.link_entity.as_deref());
        object.some("taxonomy_term_id", one.taxonomy_term_id.as_ref().map(records::id));
        let term = one.taxonomy_term.as_deref();
        object.some("taxonomy_term", term.map(|term| records::taxonomy_term(term).into_value()));
        object.list("metadata", metadata(&one.metadata));
        object
    })
}

/// Writes entries of the change history.
pub(super) fn metadata(all: &[Arc<Metadata>]) -> impl Iterator<Item = OrukObject> {
    all.iter().map(|one| {
        let mut object = OrukObject::with_id(one.id.published());
        object.some("resource_type", one.resource_type.as_deref());
        object.required("last_action_date", one.last_action_date.map(|date| date.to_string()), "");
        object.required_text("last_action_type", one.last_action_type.as_deref());
        object.required_text("field_name", one.field_name.as_deref());
        object.required_text("previous_value", one.previous_value.as_deref());
        object.required_text("replacement_value", one.replacement_value.as_deref());
        object.required_text("updated_by", one.updated_by.as_deref());
        object
    })
}

macro_rules! parts {
    ($($(#[$doc:meta])* $name:ident($one:ident: $Part:ident, $object:ident) $write:block)*) => {$(
        $(#[$doc])*
        pub(super) fn $name(all: &[Arc<$Part>]) -> impl Iterator<Item = OrukObject> {
            all.iter().map(|$one| {
                let mut $object = begin(&$one.part);
                $write
                $object
            })
        }
    )*};
}

parts! {
    contacts(one: Contact, object) {
        object.some("name", one.name.as_deref());
        object.some("title", one.title.as_deref());
        object.some("department", one.department.as_deref());
        object.email("email", one.email.as_deref());
        object.list("phones", phones(&one.phones));
    }

    phones(one: Phone, object) {
        object.required_text("number", one.number.as_deref());
        object.some("extension", one.extension.as_deref().map(numeric));
        object.some("type", one.phone_type.as_deref());
        object.some("description", one.description.as_deref());
        object.list("languages", languages(&one.languages));
    }

    languages(one: Language, object) {
        object.some("name", one.name.as_deref());
        object.some("code", one.code.as_deref());
        object.some("note", one.note.as_deref());
    }

    /// Writes labelled links.
    links(one: Link, object) {
        object.some("label", one.label.as_deref());
        object.required_text("url", one.url.as_ref().map(url::Url::as_str));
    }

    /// Writes schedules. The standard states times on the clock in London, so the time zone goes into `gateway`.
    schedules(one: Schedule, object) {
        object.some("valid_from", one.valid_from.map(|date| date.to_string()));
        object.some("valid_to", one.valid_to.map(|date| date.to_string()));
        object.some("dtstart", one.dtstart.map(|date| date.to_string()));
        object.some("until", one.until.map(|date| date.to_string()));
        object.some("count", one.count);
        object.word("freq", one.freq.map(Frequency::code), &["WEEKLY", "MONTHLY"]);
        object.some("interval", one.interval);
        object.some("wkst", one.wkst.map(DayOfWeek::code));
        object.joined("byday", &one.byday);
        object.joined("bymonthday", &one.bymonthday);
        object.joined("byweekno", &one.byweekno);
        object.joined("byyearday", &one.byyearday);
        object.some("opens_at", one.opens_at.map(time));
        object.some("closes_at", one.closes_at.map(time));
        object.some("attending_type", one.attending_type.as_deref());
        object.some("description", one.description.as_deref());
        object.some("notes", one.notes.as_deref());
        object.some("schedule_link", one.schedule_link.as_ref().map(url::Url::as_str));
        object.aside("timezone", one.timezone.as_deref());
        object.aside("universal", one.universal);
        object.aside("exception", one.exception.map(exception));
        object.unread(one.unread);
    }

    service_areas(one: ServiceArea, object) {
        object.some("name", one.name.as_deref());
        object.some("description", one.description.as_deref());
        object.some("extent", one.extent.as_deref());
        object.some("extent_type", one.extent_type.as_deref());
        object.some("uri", one.uri.as_deref());
    }

    cost_options(one: CostOption, object) {
        object.some("option", one.option.as_deref());
        object.number("amount", one.amount);
        object.some("amount_description", one.amount_description.as_deref());
        object.some("currency", one.currency.as_deref());
        object.some("valid_from", one.valid_from.map(|date| date.to_string()));
        object.some("valid_to", one.valid_to.map(|date| date.to_string()));
        object.unread(one.unread);
    }

    funding(one: Funding, object) {
        object.some("source", one.source.as_deref());
    }

    /// Writes documents to bring.
    required_documents(one: RequiredDocument, object) {
        object.some("document", one.document.as_deref());
        object.some("uri", one.uri.as_ref().map(url::Url::as_str));
    }

    capacities(one: ServiceCapacity, object) {
        object.some("unit", one.unit.as_deref().map(|unit| unit_object(unit).into_value()));
        object.number("available", one.available);
        object.number("maximum", one.maximum);
        object.some("description", one.description.as_deref());
        object.some("updated", one.updated.map(instant));
    }

    /// Writes registration numbers.
    identifiers(one: OrganizationIdentifier, object) {
        object.some("identifier_scheme", one.scheme.as_deref());
        object.required_text("identifier_type", one.identifier_type.as_deref());
        object.required_text("identifier", one.value.as_deref());
    }

    /// Writes programmes.
    programs(one: Program, object) {
        object.required_text("name", one.name.as_deref());
        object.some("alternate_name", one.alternate_name.as_deref());
        object.required_text("description", one.description.as_deref());
    }

    addresses(one: Address, object) {
        object.some("attention", one.attention.as_deref());
        object.required_text("address_1", one.address_1.as_deref());
        object.some("address_2", one.address_2.as_deref());
        object.required_text("city", one.city.as_deref());
        object.some("region", one.region.as_deref());
        object.required_text("state_province", one.state_province.as_deref());
        object.required_text("postal_code", one.postal_code.as_deref());
        object.required_text("country", one.country.as_deref());
        object.required("address_type", location_type(one.address_type), "physical");
    }

    /// Writes statements about accessibility.
    accessibility(one: Accessibility, object) {
        object.some("description", one.description.as_deref());
        object.some("details", one.details.as_deref());
        object.some("url", one.url.as_ref().map(url::Url::as_str));
    }
}

fn unit_object(unit: &Unit) -> OrukObject {
    let mut object = begin(&unit.part);
    object.required_text("name", unit.name.as_deref());
    object.some("scheme", unit.scheme.as_deref());
    object.some("identifier", unit.identifier.as_deref());
    object.uri("uri", unit.uri.as_deref());
    object
}

/// Returns the word of the standard for a type of location. `None` if the publisher states none or another word.
pub(super) fn location_type(kind: LocationType) -> Option<&'static str> {
    match kind {
        LocationType::Physical => Some("physical"),
        LocationType::Postal => Some("postal"),
        LocationType::Virtual => Some("virtual"),
        LocationType::Unknown => None,
    }
}

fn exception(exception: ScheduleException) -> &'static str {
    match exception {
        ScheduleException::Closed => "closed",
        ScheduleException::Open => "open",
    }
}

/// Formats an instant in RFC 3339, in UTC and with milliseconds.
pub(super) fn instant(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Millis, true)
}

fn time(time: NaiveTime) -> String {
    let form = if time.second() == 0 { "%H:%M" } else { "%H:%M:%S" };
    time.format(form).to_string()
}

// The standard requires a number, but a number would lose leading zeros: such an extension stays a text.
fn numeric(text: &str) -> Value {
    let number = text.parse::<u32>().ok().filter(|number| number.to_string() == text);
    number.map_or_else(|| text.into(), |number| json!(number))
}
