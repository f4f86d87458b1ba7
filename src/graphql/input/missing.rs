//! What records are asked to leave out, for publishers who look for gaps.

use async_graphql::Enum;

use crate::model;

/// Something that a record of a service may leave out. Blank texts count as left out, and so does what its publisher
/// keeps back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "model::Essential")]
pub(crate) enum ServiceField {
    /// What it is.
    Description,
    /// Who runs it.
    Organization,
    /// Whether it operates.
    Status,
    /// An email address or a telephone number: its own, of a contact, or of one of its places.
    Contact,
    /// Its web page.
    Url,
    /// When it is open, in a structured form.
    Schedules,
    /// A place that can be put on a map.
    Locations,
    /// The areas it covers.
    ServiceAreas,
    /// What it costs, in figures or in words.
    Costs,
    /// Who it is for, in words or by age.
    Eligibility,
    /// Taxonomy terms.
    TaxonomyTerms,
    /// Access for disabled people at its places.
    Accessibility,
    /// Languages.
    Languages,
    /// When it was last checked.
    AssuredDate,
    /// When it was last changed.
    LastModified,
    /// What it is called.
    Name,
    /// An email address: its own, of a contact, or of one of its places.
    Email,
    /// A telephone number: its own, of a contact, or of one of its places.
    Phone,
    /// An address of one of its places: a line of it, or its town.
    Address,
    /// A postcode of one of its places.
    Postcode,
    /// The coordinates of one of its places, as published.
    Coordinates,
    /// The ages it is for.
    Ages,
    /// Operating licences.
    Licenses,
    /// What of its capacities is free.
    Capacities,
}

/// Something that a record of an organisation may leave out. Blank texts count as left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "model::OrganizationField")]
pub(crate) enum OrganizationField {
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

/// Something that a record of a location may leave out. Blank texts count as left out, and so does what its publisher
/// keeps back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "model::LocationField")]
pub(crate) enum LocationField {
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
