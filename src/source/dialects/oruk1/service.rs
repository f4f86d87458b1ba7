//! Services.

use std::sync::Arc;

use serde_json::{Value, json};

use super::super::hsds3::attribute::attributes_named;
use super::super::hsds3::service as standard;
use super::super::lenient::{ObjectMembers, RecordHead, id_text};
use super::area::service_areas;
use super::coded::{
    ATTENDING_ACCESS, ATTENDING_TYPE, CodeList, CodeWord, DELIVERABLE_TYPE, coded, spelled, words,
};
use super::eligibility::eligibility;
use super::language::languages;
use super::location::make_virtual;
use super::people::{contacts, phones};
use super::schedule::schedules;
use super::{NESTED, unstub};
use crate::model::{Attribute, IssueCode, Schedule, Service};
use crate::source::dialect::ReadingContext;

const TERMS: [&str; 5] = [
    "service_taxonomys",
    "service_taxonomies",
    "service_taxonomy_collection",
    "link_taxonomies",
    "link_taxonomy_collection",
];

pub(super) fn read(
    row: Value,
    reading: &ReadingContext<'_>,
    outer: Option<&ObjectMembers<'_>>,
) -> Option<Service> {
    standard::read_as(row, reading, outer, service)
}

/// Takes the members of a service.
pub(in crate::source::dialects) fn service(m: &mut ObjectMembers<'_>, head: &RecordHead<'_>) -> Service {
    know_provider(m);
    withhold_widgets(m);
    let who = eligibility(m);
    let attending = Attending::take(m);
    let mut attributes = attributes_named(m, &TERMS, None);
    attributes.extend(terms_by_id(m));
    attributes.extend(who.attributes);
    attributes.extend(code_list(m, DELIVERABLE_TYPE, "deliverable_type"));
    attributes.extend(attending.access.iter().cloned());
    let (contacts, phones, languages) = (contacts(m), phones(m), languages(m));
    let (areas, schedules) = (service_areas(m), schedules(m));
    let mut service = standard::service(m, head, &NESTED);
    service.attributes.splice(..0, attributes);
    service.contacts.splice(..0, contacts);
    service.phones.splice(..0, phones);
    service.languages.splice(..0, languages);
    service.service_areas.splice(..0, areas);
    service.schedules.splice(..0, schedules);
    service.minimum_age = service.minimum_age.or(who.minimum_age);
    service.maximum_age = service.maximum_age.or(who.maximum_age);
    service.age_bands = who.age_bands;
    service.unread_ages = service.unread_ages.or(who.unread_ages);
    service.eligibility_description = service.eligibility_description.take().or(who.description);
    service.fees_description = service.fees_description.take().or_else(|| service.fees.clone());
    attending.apply(&mut service);
    service
}

// Parts of the service may refer to its organisation before that has been read.
fn know_provider(m: &mut ObjectMembers<'_>) {
    unstub(m, "organization", "organization_id");
    let nested = m.peek("organization").and_then(|organization| organization.get("id"));
    let id = nested.or_else(|| m.peek("organization_id")).and_then(id_text);
    if let Some(id) = id {
        m.own("organization_id", id);
    }
}

// Reviews have no place in the standard and stay in the extra, without the scripts that some contain.
fn withhold_widgets(m: &mut ObjectMembers<'_>) {
    let key = m.spelled(&["reviews"]);
    let Some(mut reviews) = m.value(&["reviews"]) else { return };
    let objects = reviews.as_array_mut().into_iter().flatten().filter_map(Value::as_object_mut);
    let scripts =
        objects.filter_map(|review| review.remove("widget").filter(|widget| !widget.is_null())).count();
    if scripts > 0 {
        let message = format!("{scripts} of them had a widget, which is a script and was left out");
        m.note(IssueCode::UnsafeMarkup, &key, message, None);
    }
    m.put(&key, reviews);
}

// Takes the deprecated list of bare ids.
fn terms_by_id(m: &mut ObjectMembers<'_>) -> Vec<Arc<Attribute>> {
    let ids = m.line(&["taxonomy_ids"]);
    let rows: Vec<Value> = words(ids.as_deref()).map(|id| json!({"id": id, "taxonomy_id": id})).collect();
    if rows.is_empty() {
        return Vec::new();
    }
    m.put("taxonomy_ids", Value::Array(rows));
    attributes_named(m, &["taxonomy_ids"], None)
}

fn code_list(m: &mut ObjectMembers<'_>, list: CodeList, name: &str) -> Vec<Arc<Attribute>> {
    let text = m.line(&[name]);
    words(text.as_deref()).filter_map(|text| coded(m, list, &CodeWord { text, id: None })).collect()
}

/// How people get access to the service and attend it. 3.0 has no member for access, and states attendance for each
/// schedule.
struct Attending {
    how: Option<String>,
    types: Vec<Arc<Attribute>>,
    access_text: Option<String>,
    access: Vec<Arc<Attribute>>,
}

impl Attending {
    fn take(m: &mut ObjectMembers<'_>) -> Self {
        let how = attending_type(m);
        let access_text = m.line(&["attending_access"]);
        let as_terms = |list, text: &Option<String>| {
            words(text.as_deref()).filter_map(|text| coded(m, list, &CodeWord { text, id: None })).collect()
        };
        let types = as_terms(ATTENDING_TYPE, &how);
        let access = as_terms(ATTENDING_ACCESS, &access_text);
        Self { how, types, access_text, access }
    }

    fn apply(self, service: &mut Service) {
        service.application_process = service.application_process.take().or(self.access_text);
        let Some(how) = self.how else { return };
        let is_online = how.to_lowercase().contains("online");
        let places = service.service_at_locations.iter_mut().map(Arc::make_mut);
        let mut is_said = attend(&mut service.schedules, &how);
        for place in places {
            is_said |= attend(&mut place.schedules, &how);
            place.location.iter_mut().filter(|_| is_online).for_each(make_virtual);
        }
        if !is_said {
            service.attributes.extend(self.types);
        }
    }
}

fn attending_type(m: &mut ObjectMembers<'_>) -> Option<String> {
    let key = m.spelled(&["attending_type"]);
    let sent = m.line(&["attending_type"])?;
    let listed = spelled(&sent, ATTENDING_TYPE);
    if listed != sent {
        m.note(IssueCode::NonStandardFormat, &key, "is listed in another case", Some(json!(sent)));
    }
    Some(listed)
}

fn attend(schedules: &mut [Arc<Schedule>], how: &str) -> bool {
    for schedule in schedules.iter_mut() {
        Arc::make_mut(schedule).attending_type.get_or_insert_with(|| how.to_owned());
    }
    !schedules.is_empty()
}
