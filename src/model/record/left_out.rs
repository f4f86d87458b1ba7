//! What records of organisations and locations may leave out. For services see [`crate::model::EssentialDetail`].

use crate::model::{Contact, Location, Organization, Phone};

/// Something that a record of an organisation may leave out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OrganizationField {
    /// What it is called.
    Name,
    /// What it does.
    Description,
    /// An email address: its own, or of a contact.
    Email,
    /// A telephone number: its own, or of a contact.
    Phone,
    /// Its website.
    Website,
    /// Registration numbers.
    Identifiers,
    /// Its legal form.
    LegalStatus,
    /// A picture.
    Logo,
    /// When it was last changed.
    LastModified,
}

/// Something that a record of a location may leave out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LocationField {
    /// What it is called.
    Name,
    /// What it is.
    Description,
    /// An address: a line of it, or its town.
    Address,
    /// A postcode.
    Postcode,
    /// Its coordinates, as published.
    Coordinates,
    /// An email address of a contact.
    Email,
    /// A telephone number: its own, or of a contact.
    Phone,
    /// When it is open.
    Schedules,
    /// Access for disabled people.
    Accessibility,
    /// Languages.
    Languages,
    /// How to get there.
    Transportation,
    /// An identifier of another scheme, such as a UPRN.
    ExternalIdentifier,
    /// When it was last changed.
    LastModified,
}

impl OrganizationField {
    /// Returns whether `organization` leaves this out.
    pub fn is_missing_in(self, organization: &Organization) -> bool {
        let Organization { name, description, email, website, identifiers, .. } = organization;
        let Organization { legal_status, logo, contacts, phones, provenance, .. } = organization;
        match self {
            Self::Name => organization.is_nameless() || is_blank(Some(name)),
            Self::Description => is_blank(description.as_ref().map(crate::model::RichText::text)),
            Self::Email => is_blank(email.as_deref()) && !contacts.iter().any(|one| has_email(one)),
            Self::Phone => !can_be_rung(phones.iter().map(AsRef::as_ref), contacts.iter().map(AsRef::as_ref)),
            Self::Website => website.is_none(),
            Self::Identifiers => identifiers.is_empty(),
            Self::LegalStatus => is_blank(legal_status.as_deref()),
            Self::Logo => logo.is_none(),
            Self::LastModified => provenance.last_modified.is_none(),
        }
    }
}

impl LocationField {
    /// Returns whether `location` leaves this out.
    pub fn is_missing_in(self, location: &Location) -> bool {
        let Location { name, description, addresses, contacts, phones, .. } = location;
        match self {
            Self::Name => is_blank(name.as_deref()),
            Self::Description => is_blank(description.as_ref().map(crate::model::RichText::text)),
            Self::Address => !addresses.iter().any(|address| {
                let lines = [&address.address_1, &address.address_2, &address.city];
                lines.into_iter().any(|line| !is_blank(line.as_deref()))
            }),
            Self::Postcode => addresses.iter().all(|address| is_blank(address.postal_code.as_deref())),
            Self::Coordinates => location.coordinates.is_none(),
            Self::Email => !contacts.iter().any(|one| has_email(one)),
            Self::Phone => !can_be_rung(phones.iter().map(AsRef::as_ref), contacts.iter().map(AsRef::as_ref)),
            Self::Schedules => location.schedules.is_empty(),
            Self::Accessibility => location.accessibility.is_empty(),
            Self::Languages => location.languages.is_empty(),
            Self::Transportation => is_blank(location.transportation.as_deref()),
            Self::ExternalIdentifier => is_blank(location.external_identifier.as_deref()),
            Self::LastModified => location.provenance.last_modified.is_none(),
        }
    }
}

fn has_email(contact: &Contact) -> bool {
    !is_blank(contact.email.as_deref())
}

fn can_be_rung<'a>(
    mut phones: impl Iterator<Item = &'a Phone>,
    mut contacts: impl Iterator<Item = &'a Contact>,
) -> bool {
    let is_number = |phone: &Phone| !is_blank(phone.number.as_deref());
    phones.any(is_number) || contacts.any(|contact| contact.phones.iter().any(|phone| is_number(phone)))
}

fn is_blank(text: Option<&str>) -> bool {
    text.is_none_or(|text| text.trim().is_empty())
}
