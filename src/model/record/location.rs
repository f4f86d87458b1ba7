//! Locations, physical or virtual, where services are delivered.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use url::Url;

use crate::model::{
    Attribute, CarriedMembers, Contact, Coordinates, Language, LocationType, Metadata, OrderKey, Phone,
    Postcode, Provenance, RecordId, RecordPart, RichText, Schedule,
};

/// A place where services are delivered.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Location {
    /// Kind, source and the feed's own id.
    pub id: RecordId,
    /// Where the record came from.
    pub provenance: Provenance,
    /// The key that sorts locations by name.
    pub order_key: OrderKey,
    /// The nested members that the feed sent with the record.
    pub carried: CarriedMembers,
    /// Kind of place.
    pub location_type: LocationType,
    /// Name.
    pub name: Option<String>,
    /// Other name.
    pub alternate_name: Option<String>,
    /// Description.
    pub description: Option<RichText>,
    /// Web address of a virtual location.
    pub url: Option<Url>,
    /// How to get there.
    pub transportation: Option<String>,
    /// Coordinates, as accurate as the publisher gives them.
    pub coordinates: Option<Coordinates>,
    /// Identifier from another scheme, e.g. a UPRN.
    pub external_identifier: Option<String>,
    /// Name of that scheme.
    pub external_identifier_type: Option<String>,
    /// The organisation that maintains the record.
    pub organization_id: Option<RecordId>,
    /// Addresses.
    pub addresses: Vec<Arc<Address>>,
    /// Statements about access for disabled people.
    pub accessibility: Vec<Arc<Accessibility>>,
    /// Languages offered here.
    pub languages: Vec<Arc<Language>>,
    /// People and desks here.
    pub contacts: Vec<Arc<Contact>>,
    /// Telephones here.
    pub phones: Vec<Arc<Phone>>,
    /// Opening times of the place itself.
    pub schedules: Vec<Arc<Schedule>>,
    /// Taxonomy-based annotations.
    pub attributes: Vec<Arc<Attribute>>,
    /// Change history.
    pub metadata: Vec<Arc<Metadata>>,
    /// Members that the feed sent and the standard does not define.
    pub extra: Map<String, Value>,
}

super::record!(Location);

/// A postal, physical or virtual address.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Address {
    /// Id, annotations and history.
    pub part: RecordPart,
    /// Person or office the post should be marked for.
    pub attention: Option<String>,
    /// House or building and street.
    pub address_1: Option<String>,
    /// Second line.
    pub address_2: Option<String>,
    /// Town or city.
    pub city: Option<String>,
    /// Wider region.
    pub region: Option<String>,
    /// County, in UK use.
    pub state_province: Option<String>,
    /// The postcode as published.
    pub postal_code: Option<String>,
    /// The postcode, if `postal_code` is a complete one.
    pub postcode: Option<Postcode>,
    /// ISO 3166-1 country code, `GB` expected.
    pub country: Option<String>,
    /// Kind of address.
    pub address_type: LocationType,
}

/// One statement about disabled people's access at a location.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Accessibility {
    /// Id, annotations and history.
    pub part: RecordPart,
    /// What is provided: ramp, loop, lift …
    pub description: Option<String>,
    /// Practical notes on using it.
    pub details: Option<String>,
    /// Page that describes access here.
    pub url: Option<Url>,
}
