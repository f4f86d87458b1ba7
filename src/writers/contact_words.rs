//! Contacts, telephone numbers and addresses as the text of one table cell.

use std::sync::Arc;

use crate::model::{Address, Attribute, Contact, OrganizationIdentifier, Phone};

/// Returns a telephone number with its extension. Empty if there is no number.
pub(super) fn phone_in_words(phone: &Phone) -> String {
    let number = phone.number.as_deref().unwrap_or_default();
    match phone.extension.as_deref().filter(|extension| !number.is_empty() && !extension.is_empty()) {
        Some(extension) => format!("{number} ext. {extension}"),
        None => number.to_owned(),
    }
}

/// Returns a contact's name, title and department.
pub(super) fn contact_in_words(contact: &Contact) -> String {
    let parts = [&contact.name, &contact.title, &contact.department];
    joined(parts.into_iter().map(|part| part.as_deref()))
}

/// Returns an address on one line, without its postcode.
pub(super) fn address_in_words(address: &Address) -> String {
    let Address { attention, address_1, address_2, city, region, state_province, .. } = address;
    joined([attention, address_1, address_2, city, region, state_province].map(|line| line.as_deref()))
}

/// Returns the postcode of an address: in the usual notation if it is a complete postcode, otherwise as published.
pub(super) fn postcode_in_words(address: &Address) -> Option<String> {
    let published = || address.postal_code.clone();
    address.postcode.as_ref().map(ToString::to_string).or_else(published)
}

/// Returns a registration number preceded by its scheme: `GB-CHC 1234567`. Empty if there is no number.
pub(super) fn identifier_in_words(identifier: &OrganizationIdentifier) -> String {
    let scheme = identifier.scheme.as_deref().or(identifier.identifier_type.as_deref());
    let Some(value) = identifier.value.as_deref() else { return String::new() };
    scheme.map_or_else(|| value.to_owned(), |scheme| format!("{scheme} {value}"))
}

/// Returns the names of the taxonomy terms that attributes carry.
pub(super) fn term_names<'r>(
    attributes: impl Iterator<Item = &'r Arc<Attribute>>,
) -> impl Iterator<Item = &'r str> {
    attributes.filter_map(|one| one.taxonomy_term.as_ref()).map(|term| term.name.as_str())
}

fn joined<'r>(parts: impl IntoIterator<Item = Option<&'r str>>) -> String {
    let parts = parts.into_iter().flatten().map(str::trim).filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join(", ")
}
