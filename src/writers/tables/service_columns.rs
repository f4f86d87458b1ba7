//! The columns of services.

use super::service_row::ServiceRow;
use crate::model::{
    AttendingTypes, LanguageCode, LocationType, ServiceStatus, SpokenLanguages, TriState, is_free,
    wheelchair_accessible,
};
use crate::writers::contact_words::{
    address_in_words, contact_in_words, identifier_in_words, phone_in_words, postcode_in_words, term_names,
};
use crate::writers::cost_words::cost_in_words;
use crate::writers::export_column::{ColumnValue, ExportColumn};
use crate::writers::opening_words::opening_in_words;

macro_rules! columns {
    ($($name:literal, $description:literal, $read:expr;)*) => {
        &[$(ExportColumn { name: $name, description: $description, read: $read },)*]
    };
}
pub(super) use columns;

pub(super) const SERVICE_COLUMNS: &[ExportColumn<ServiceRow>] = columns! {
    "id", "The id of the service in this gateway: opaque, stable, and unique over all sources.",
        |row| (&row.service.id).into();
    "name", "The name of the service.", |row| row.service.name.as_str().into();
    "alternate_name", "Another name.", |row| row.service.alternate_name.as_deref().into();
    "status", "`active`, `inactive`, `defunct` or `temporarily closed`; empty if the feed does not say.",
        |row| status(row.service.status).into();
    "description", "What the service does, as plain text.", |row| row.service.description.as_ref().into();
    "alert", "A short-term notice.", |row| row.service.alert.as_deref().into();
    "url", "The web page of the service.", |row| row.service.url.as_ref().into();
    "email", "The email address of the service.", |row| row.service.email.as_deref().into();
    "phones", "Telephone numbers of the service, of its contacts and of its places.", phones;
    "contacts", "People and desks to get in touch with: name, title, department.",
        |row| ColumnValue::texts(row.service.contacts.iter().map(|contact| contact_in_words(contact)));
    "contact_emails", "Their email addresses.",
        |row| ColumnValue::texts(row.service.contacts.iter().filter_map(|contact| contact.email.as_deref()));
    "organization_id", "The id of the organisation that provides it.",
        |row| row.service.organization_id.as_ref().into();
    "organization", "The name of that organisation.",
        |row| row.service.organization.as_ref().map(|one| one.name.as_str()).into();
    "organization_url", "Its website.",
        |row| row.service.organization.as_ref().and_then(|one| one.website.as_ref()).into();
    "organization_identifiers", "Its registration numbers, each after its scheme: `GB-CHC 1234567`.",
        |row| {
            let organization = row.service.organization.iter();
            ColumnValue::texts(organization.flat_map(|one| &one.identifiers).map(|one| identifier_in_words(one)))
        };
    "taxonomy_terms", "The names of the taxonomy terms that the service carries.",
        |row| ColumnValue::texts(term_names(row.service.attributes.iter()));
    "taxonomy_term_ids", "Their ids, for the filter's `taxonomyTerms`.",
        |row| {
            let ids = row.service.attributes.iter().filter_map(|one| one.taxonomy_term_id.as_ref());
            ColumnValue::texts(ids.map(|id| id.as_str()))
        };
    "eligibility", "Who it is for.", |row| row.service.eligibility_description.as_deref().into();
    "minimum_age", "The lowest age it is for, in years.", |row| row.service.minimum_age.into();
    "maximum_age", "The highest age it is for, in years.", |row| row.service.maximum_age.into();
    "free", "Whether it is free today: `true` or `false`; empty if the feed does not say.",
        |row| is_free(&row.service, row.today()).into();
    "fees", "Charges, in the publisher's words.",
        |row| row.service.fees_description.as_deref().or(row.service.fees.as_deref()).into();
    "costs", "Structured prices: `Adults: 4.50 GBP per session`.",
        |row| ColumnValue::texts(row.service.cost_options.iter().map(|cost| cost_in_words(cost)));
    "application_process", "How to apply or be referred.",
        |row| row.service.application_process.as_deref().into();
    "wait_time", "The expected wait.", |row| row.service.wait_time.as_deref().into();
    "required_documents", "Documents to bring.",
        |row| ColumnValue::texts(row.service.required_documents.iter().filter_map(|one| one.document.as_deref()));
    "accreditations", "Accreditations held.", |row| row.service.accreditations.as_deref().into();
    "languages", "Languages it is offered in.",
        |row| ColumnValue::texts(SpokenLanguages::of(&row.service).codes().iter().copied().map(LanguageCode::name));
    "interpretation_services", "Interpreting available.",
        |row| row.service.interpretation_services.as_deref().into();
    "attending_types", "How people attend, in small letters without spaces: `inperson`, `online`.",
        |row| {
            let types = AttendingTypes::of(&row.service);
            ColumnValue::texts(types.named_types().iter().map(|one| one.as_str().to_owned()))
        };
    "opening_times", "When it is open: the publisher's words, or days and times such as `Mon, Wed 09:00-12:30`, with limits as far as they are known: `Mon 09:00-10:00 from 2026-11-16, 3 times`, `Tue 10:00-12:00, end unclear`.",
        |row| ColumnValue::texts(row.schedules().into_iter().map(|schedule| opening_in_words(schedule)));
    "service_areas", "The areas it covers.",
        |row| ColumnValue::texts(row.service.service_areas.iter().filter_map(|area| area.name.as_deref()));
    "service_area_uris", "Their identifiers, e.g. ONS codes.",
        |row| ColumnValue::texts(row.service.service_areas.iter().filter_map(|area| area.uri.as_deref()));
    "place_count", "The number of its places, on every row.", place_count;
    "service_at_location_ids", "The ids of the service at its places.",
        |row| ColumnValue::texts(row.places().map(|place| place.id.as_str()));
    "location_ids", "The ids of its places.",
        |row| ColumnValue::texts(row.places().filter_map(|place| place.location_id.as_ref()).map(|id| id.as_str()));
    "locations", "The names of its places.",
        |row| ColumnValue::texts(row.locations().filter_map(|location| location.name.as_deref()));
    "location_types", "`physical`, `postal` or `virtual`.",
        |row| ColumnValue::texts(row.locations().filter_map(|location| location_type(location.location_type)));
    "addresses", "Their addresses, without postcodes. Empty where the publisher keeps an address private.",
        |row| {
            let addresses = row.locations().flat_map(|location| &location.addresses);
            ColumnValue::texts(addresses.map(|address| address_in_words(address)))
        };
    "postcodes", "Their postcodes.",
        |row| {
            let addresses = row.locations().flat_map(|location| &location.addresses);
            ColumnValue::texts(addresses.filter_map(|address| postcode_in_words(address)))
        };
    "latitude", "Degrees north (WGS 84) of its first place whose position is known.",
        |row| row.position().map(|(point, _)| point.latitude).into();
    "longitude", "Degrees east of that place.", |row| row.position().map(|(point, _)| point.longitude).into();
    "position", "`exact`, or `approximate` if it is the middle of a postcode or was rounded by its publisher.",
        |row| row.position().map(|(_, is_approximate)| exactness(is_approximate)).into();
    "wheelchair", "Whether a wheelchair user can get in at all of these places: `true` or `false`; empty if unknown.",
        |row| {
            let each: Vec<TriState> = row.locations().map(|location| wheelchair_accessible(location)).collect();
            if each.is_empty() { ColumnValue::Nothing } else { TriState::all(each).into() }
        };
};

fn phones(row: &ServiceRow) -> ColumnValue<'_> {
    let service = &row.service;
    let of_contacts = service.contacts.iter().flat_map(|contact| &contact.phones);
    let of_places = row.places().flat_map(|place| &place.phones);
    let all = service.phones.iter().chain(of_contacts).chain(of_places);
    ColumnValue::texts(all.map(|phone| phone_in_words(phone)))
}

#[expect(clippy::cast_precision_loss, reason = "no service has 2^52 places")]
fn place_count(row: &ServiceRow) -> ColumnValue<'_> {
    ColumnValue::Number(row.service.service_at_locations.len() as f64)
}

fn status(status: ServiceStatus) -> &'static str {
    match status {
        ServiceStatus::Active => "active",
        ServiceStatus::Inactive => "inactive",
        ServiceStatus::Defunct => "defunct",
        ServiceStatus::TemporarilyClosed => "temporarily closed",
        ServiceStatus::Unknown => "",
    }
}

pub(super) fn location_type(of: LocationType) -> Option<&'static str> {
    match of {
        LocationType::Physical => Some("physical"),
        LocationType::Postal => Some("postal"),
        LocationType::Virtual => Some("virtual"),
        LocationType::Unknown => None,
    }
}

pub(super) fn exactness(is_approximate: bool) -> &'static str {
    if is_approximate { "approximate" } else { "exact" }
}
