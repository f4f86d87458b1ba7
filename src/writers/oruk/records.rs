//! Writes records: one function for each kind of record and one line for each property.

use serde_json::{Map, Value, json};

use super::object::OrukObject;
use super::parts::{
    accessibility, addresses, attributes, capacities, contacts, cost_options, funding, identifiers, instant,
    languages, links, location_type, metadata, phones, programs, required_documents, schedules,
    service_areas,
};
use crate::model::{
    Location, Organization, RecordId, RichText, Service, ServiceAtLocation, ServiceStatus, Taxonomy,
    TaxonomyTerm,
};

/// Returns the UUID under which a record is published.
pub(super) fn id(id: &RecordId) -> String {
    id.published().to_string()
}

fn begin(id: &RecordId, extra: &Map<String, Value>) -> OrukObject {
    let mut object = OrukObject::with_id(id.published());
    object.aside("extra", (!extra.is_empty()).then(|| extra.clone()));
    object
}

pub(super) fn service(one: &Service) -> OrukObject {
    let mut object = begin(&one.id, &one.extra);
    object.some("organization_id", one.organization_id.as_ref().map(id));
    object.some("organization", one.organization.as_deref().map(|one| organization(one).into_value()));
    object.required_name("name", &one.name);
    object.some("alternate_name", one.alternate_name.as_deref());
    object.some("description", one.description.as_ref().map(RichText::published));
    object.some("url", one.url.as_ref().map(url::Url::as_str));
    object.list("additional_urls", links(&one.additional_urls));
    object.email("email", one.email.as_deref());
    object.required("status", status(one.status), "active");
    object.some("interpretation_services", one.interpretation_services.as_deref());
    object.some("application_process", one.application_process.as_deref());
    object.some("fees_description", one.fees_description.as_deref());
    object.some("wait_time", one.wait_time.as_deref());
    object.some("fees", one.fees.as_deref());
    object.some("accreditations", one.accreditations.as_deref());
    object.some("eligibility_description", one.eligibility_description.as_deref());
    object.number("minimum_age", one.minimum_age);
    object.number("maximum_age", one.maximum_age);
    object.aside("age_bands", (!one.age_bands.is_empty()).then(|| json!(one.age_bands)));
    object.unread(one.unread_ages);
    object.some("alert", one.alert.as_deref());
    object.some("licenses", one.licenses.as_deref());
    object.some("assured_date", one.assured_date.map(|date| date.to_string()));
    object.email("assurer_email", one.assurer_email.as_deref());
    object.some("last_modified", one.last_modified.map(instant));
    object.some("program", programs(one.program.as_slice()).next().map(OrukObject::into_value));
    object.list("phones", phones(&one.phones));
    object.list("contacts", contacts(&one.contacts));
    object.list("schedules", schedules(&one.schedules));
    object.list("service_areas", service_areas(&one.service_areas));
    object.list("service_at_locations", one.service_at_locations.iter().map(|one| service_at_location(one)));
    object.list("languages", languages(&one.languages));
    object.list("funding", funding(&one.funding));
    object.list("cost_options", cost_options(&one.cost_options));
    object.some("free", one.free);
    object.list("required_documents", required_documents(&one.required_documents));
    object.list("capacities", capacities(&one.capacities));
    object.list("attributes", attributes(&one.attributes));
    object.list("metadata", metadata(&one.metadata));
    object
}

pub(super) fn organization(one: &Organization) -> OrukObject {
    let mut object = begin(&one.id, &one.extra);
    object.required_name("name", &one.name);
    object.some("alternate_name", one.alternate_name.as_deref());
    object.required("description", one.description.as_ref().map(RichText::published), "");
    object.email("email", one.email.as_deref());
    object.some("website", one.website.as_ref().map(url::Url::as_str));
    object.list("additional_websites", links(&one.additional_websites));
    object.some("legal_status", one.legal_status.as_deref());
    object.some("year_incorporated", one.year_incorporated);
    object.some("tax_status", one.tax_status.as_deref());
    object.some("tax_id", one.tax_id.as_deref());
    object.some("logo", one.logo.as_ref().map(url::Url::as_str));
    object.uri("uri", one.uri.as_deref());
    object.some("parent_organization_id", one.parent_organization_id.as_ref().map(id));
    object.list("organization_identifiers", identifiers(&one.identifiers));
    object.list("funding", funding(&one.funding));
    object.list("contacts", contacts(&one.contacts));
    object.list("phones", phones(&one.phones));
    object.list("locations", one.locations.iter().map(|one| location(one)));
    object.list("services", one.services.iter().map(|one| service(one)));
    object.list("programs", programs(&one.programs));
    object.list("attributes", attributes(&one.attributes));
    object.list("metadata", metadata(&one.metadata));
    object
}

pub(super) fn location(one: &Location) -> OrukObject {
    let mut object = begin(&one.id, &one.extra);
    object.required("location_type", location_type(one.location_type), "physical");
    object.some("name", one.name.as_deref());
    object.some("alternate_name", one.alternate_name.as_deref());
    object.some("description", one.description.as_ref().map(RichText::published));
    object.some("url", one.url.as_ref().map(url::Url::as_str));
    object.some("transportation", one.transportation.as_deref());
    object.some("latitude", one.coordinates.map(|point| point.latitude));
    object.some("longitude", one.coordinates.map(|point| point.longitude));
    object.some("external_identifier", one.external_identifier.as_deref());
    object.some("external_identifier_type", one.external_identifier_type.as_deref());
    object.some("organization_id", one.organization_id.as_ref().map(id));
    object.list("addresses", addresses(&one.addresses));
    object.list("accessibility", accessibility(&one.accessibility));
    object.list("languages", languages(&one.languages));
    object.list("contacts", contacts(&one.contacts));
    object.list("phones", phones(&one.phones));
    object.list("schedules", schedules(&one.schedules));
    object.list("attributes", attributes(&one.attributes));
    object.list("metadata", metadata(&one.metadata));
    object
}

pub(super) fn service_at_location(one: &ServiceAtLocation) -> OrukObject {
    let mut object = begin(&one.id, &one.extra);
    object.some("description", one.description.as_deref());
    object.some("service_id", one.service_id.as_ref().map(id));
    object.some("service", one.service.as_deref().map(|one| service(one).into_value()));
    object.some("location_id", one.location_id.as_ref().map(id));
    object.some("location", one.location.as_deref().map(|one| location(one).into_value()));
    object.list("service_areas", service_areas(&one.service_areas));
    object.list("contacts", contacts(&one.contacts));
    object.list("phones", phones(&one.phones));
    object.list("schedules", schedules(&one.schedules));
    object.list("attributes", attributes(&one.attributes));
    object.list("metadata", metadata(&one.metadata));
    object
}

pub(super) fn taxonomy(one: &Taxonomy) -> OrukObject {
    let mut object = begin(&one.id, &one.extra);
    object.required_name("name", &one.name);
    object.required_text("description", one.description.as_deref());
    object.some("uri", one.uri.as_ref().map(url::Url::as_str));
    object.some("version", one.version.as_deref());
    object.list("taxonomy_terms", one.terms.iter().map(|term| taxonomy_term(term)));
    object.list("metadata", metadata(&one.metadata));
    object
}

pub(super) fn taxonomy_term(one: &TaxonomyTerm) -> OrukObject {
    let mut object = begin(&one.id, &one.extra);
    object.some("code", one.code.as_deref());
    object.required_name("name", &one.name);
    object.required_text("description", one.description.as_deref());
    object.some("language", one.language.as_deref());
    object.some("term_uri", one.term_uri.as_ref().map(url::Url::as_str));
    object.some("taxonomy", one.taxonomy_name.as_deref());
    object.some("taxonomy_id", one.taxonomy_id.as_ref().map(id));
    object.some("taxonomy_detail", one.taxonomy.as_deref().map(|one| taxonomy(one).into_value()));
    object.some("parent_id", one.parent_id.as_ref().map(id));
    object.list("metadata", metadata(&one.metadata));
    object
}

fn status(status: ServiceStatus) -> Option<&'static str> {
    match status {
        ServiceStatus::Active => Some("active"),
        ServiceStatus::Inactive => Some("inactive"),
        ServiceStatus::Defunct => Some("defunct"),
        ServiceStatus::TemporarilyClosed => Some("temporarily closed"),
        ServiceStatus::Unknown => None,
    }
}
