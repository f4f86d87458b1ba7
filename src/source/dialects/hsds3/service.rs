//! Services.

use std::sync::{Arc, OnceLock};

use serde_json::{Value, json};
use uuid::Uuid;

use super::super::lenient::{
    AgeLimits, ObjectMembers, RecordHead, ages, instant_of, read_record, service_status,
};
use super::area::service_areas;
use super::attribute::attributes;
use super::cost::{capacities, cost_options, funding, required_documents};
use super::languages::languages;
use super::nested::{NESTED, NestedReaders};
use super::organization::program_of_service;
use super::part::reference;
use super::people::{contacts, links, phones};
use super::schedule::schedules;
use super::taxonomy::metadata;
use crate::model::{
    IssueCode, NestedMember, OrderKey, Organization, Provenance, Record as _, RecordId, RecordKind, Service,
    ServiceAtLocation,
};
use crate::source::dialect::ReadingContext;

pub(in crate::source::dialects) fn read(
    row: Value,
    reading: &ReadingContext<'_>,
    outer: Option<&ObjectMembers<'_>>,
) -> Option<Service> {
    read_as(row, reading, outer, |m, head| service(m, head, &NESTED))
}

/// Reads a service with `read`, which takes its members.
pub(in crate::source::dialects) fn read_as(
    row: Value,
    reading: &ReadingContext<'_>,
    outer: Option<&ObjectMembers<'_>>,
    read: impl FnOnce(&mut ObjectMembers<'_>, &RecordHead<'_>) -> Service,
) -> Option<Service> {
    let mut service = read_record(row, RecordKind::Service, "service_id", reading, outer, read)?;
    let Service { last_modified, assured_date, assurer_email, .. } = &service;
    service.provenance = Provenance {
        last_modified: *last_modified,
        assured_date: *assured_date,
        assurer_email: assurer_email.clone(),
        ..service.provenance
    };
    Some(service)
}

/// Takes the members of a service. As long as the standard's list of members.
pub(in crate::source::dialects) fn service(
    m: &mut ObjectMembers<'_>,
    head: &RecordHead<'_>,
    nested: &NestedReaders,
) -> Service {
    let organization = provider(m, nested);
    let organization_id = provider_id(m, organization.as_ref().map(|one| one.id()));
    let name = m.required_name(&["name"]);
    let AgeLimits { minimum: minimum_age, maximum: maximum_age, unread: unread_ages } =
        ages(m, &["minimum_age", "min_age"], &["maximum_age", "max_age"]);
    let vendor_modified = m.peek("pc_metadata").and_then(|vendor| instant_of(vendor.get("date_modified")?));
    Service {
        id: head.id.clone(),
        order_key: OrderKey::of(&name),
        name,
        alternate_name: m.name(&["alternate_name"]),
        description: m.rich(&["description"]),
        url: m.url(&["url"]),
        additional_urls: links(m, &["additional_urls"]),
        email: m.email(&["email"]),
        status: service_status(m, &["status"]),
        interpretation_services: m.prose(&["interpretation_services"]),
        application_process: m.prose(&["application_process"]),
        fees_description: m.prose(&["fees_description"]),
        wait_time: m.prose(&["wait_time"]),
        fees: m.prose(&["fees"]),
        accreditations: m.prose(&["accreditations"]),
        eligibility_description: m.prose(&["eligibility_description"]),
        minimum_age,
        maximum_age,
        age_bands: m.aside("age_bands").unwrap_or_default(),
        unread_ages: unread_ages.or(m.aside("unread").unwrap_or_default()),
        alert: m.prose(&["alert"]),
        licenses: m.prose(&["licenses"]),
        assured_date: m.date(&["assured_date"]),
        assurer_email: m.email(&["assurer_email"]),
        last_modified: m.instant(&["last_modified", "modified_date", "updated_at"]).or(vendor_modified),
        organization_id,
        organization,
        program: program_of_service(m),
        phones: phones(m),
        contacts: contacts(m),
        schedules: schedules(m),
        service_areas: service_areas(m),
        service_at_locations: places(m, nested),
        languages: languages(m),
        funding: funding(m),
        cost_options: cost_options(m),
        free: m.truth(&["free"]),
        required_documents: required_documents(m),
        capacities: capacities(m),
        attributes: attributes(m),
        metadata: metadata(m),
        carried: m.carried(),
        provenance: head.provenance(m),
        extra: head.extra(),
        search_text: OnceLock::new(),
        ask_text: OnceLock::new(),
        facts: OnceLock::new(),
        renderings: Default::default(),
    }
}

fn provider(m: &mut ObjectMembers<'_>, nested: &NestedReaders) -> Option<Arc<Organization>> {
    name_alone(m);
    m.one(Some(NestedMember::Organization), &["organization", "organisation"], "name", |outer, _, object| {
        (nested.organization)(Value::Object(object), outer.reading(), Some(outer))
    })
}

// A text instead of an organisation is its name, and its id is beside it. A text that is an id is a reference.
fn name_alone(m: &mut ObjectMembers<'_>) {
    let names = ["organization", "organisation"];
    let said = names.iter().find_map(|name| m.peek(name)).filter(|said| said.is_string() || said.is_number());
    let Some(said) = said.cloned() else { return };
    let is_id = said.is_number() || said.as_str().is_some_and(|text| Uuid::try_parse(text).is_ok());
    let key = m.peek("organization_id").cloned();
    if !is_id && key.is_none() {
        return;
    }
    let path = m.spelled(&names);
    m.value(&names);
    m.note(
        IssueCode::WrongType,
        &path,
        "is not an object; it was read as the name or the key",
        Some(said.clone()),
    );
    match key {
        None => m.put("organization_id", said),
        Some(_) if is_id => {}
        Some(key) => m.put("organization", json!({"id": key, "name": said})),
    }
}

fn provider_id(m: &mut ObjectMembers<'_>, nested: Option<&RecordId>) -> Option<RecordId> {
    let id = reference(m, &["organization_id", "organisation_id"], RecordKind::Organization, nested);
    match &id {
        Some(id) => m.own("organization_id", id.upstream()),
        // Nested in its own organisation, a service need not name it.
        None if m.owner("organization_id").is_some() => {}
        None => m.note_missing("organization"),
    }
    id.or_else(|| Some(RecordId::new(RecordKind::Organization, m.source(), m.owner("organization_id")?)))
}

fn places(m: &mut ObjectMembers<'_>, nested: &NestedReaders) -> Vec<Arc<ServiceAtLocation>> {
    m.list(Some(NestedMember::ServiceAtLocations), &["service_at_locations"], "", |outer, _, object| {
        (nested.service_at_location)(Value::Object(object), outer.reading(), Some(outer))
    })
}
