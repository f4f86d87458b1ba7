//! The details that records may lack, for publishers who look for gaps.

use async_graphql::Enum;

use crate::model;

/// Information that a service's record may lack. Blank text counts as missing, and so does information the publisher
/// withholds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "model::EssentialDetail")]
pub(crate) enum ServiceField {
    /// A description.
    Description,
    /// The organisation that runs it.
    Organization,
    /// Whether the service operates.
    Status,
    /// An email address or a telephone number: its own, a contact's or a place's.
    Contact,
    /// Its web page.
    Url,
    /// Opening times in a structured form.
    Schedules,
    /// A place with a position on a map.
    Locations,
    /// The areas it covers.
    ServiceAreas,
    /// Prices, or charges in words.
    Costs,
    /// Who it is for, in words or by age.
    Eligibility,
    /// Taxonomy terms.
    TaxonomyTerms,
    /// Access for disabled people at its places.
    Accessibility,
    /// Languages.
    Languages,
    /// The date of the last check.
    AssuredDate,
    /// The date of the last change.
    LastModified,
    /// Its name.
    Name,
    /// An email address: its own, a contact's or a place's.
    Email,
    /// A telephone number: its own, a contact's or a place's.
    Phone,
    /// An address of one of its places: a line of it, or a town.
    Address,
    /// A postcode of one of its places.
    Postcode,
    /// The coordinates of one of its places, as published.
    Coordinates,
    /// The ages it is for.
    Ages,
    /// Operating licences.
    Licenses,
    /// How many units of a capacity are free.
    Capacities,
}

/// Information that an organisation's record may lack. Blank text counts as missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "model::OrganizationField")]
pub(crate) enum OrganizationField {
    /// Its name.
    Name,
    /// A description.
    Description,
    /// An email address: its own or a contact's.
    Email,
    /// A telephone number: its own or a contact's.
    Phone,
    /// Its website.
    Website,
    /// Registration numbers.
    Identifiers,
    /// Its legal form.
    LegalStatus,
    /// A logo.
    Logo,
    /// The date of the last change.
    LastModified,
}

/// Information that a location's record may lack. Blank text counts as missing, and so does information the publisher
/// withholds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "model::LocationField")]
pub(crate) enum LocationField {
    /// Its name.
    Name,
    /// A description.
    Description,
    /// A line of an address, or a town.
    Address,
    /// A postcode.
    Postcode,
    /// Coordinates, as published.
    Coordinates,
    /// An email address of a contact.
    Email,
    /// A telephone number: its own or a contact's.
    Phone,
    /// Opening times.
    Schedules,
    /// Access for disabled people.
    Accessibility,
    /// Languages.
    Languages,
    /// Directions.
    Transportation,
    /// An identifier from another scheme, such as a UPRN.
    ExternalIdentifier,
    /// The date of the last change.
    LastModified,
}
