//! Bodies that deliver services, their registration numbers and programmes.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use url::Url;

use super::{
    Attribute, Carried, Contact, Funding, Link, Location, Metadata, OrderKey, Part, Phone, Provenance,
    RecordId, RichText, Service,
};

/// A body that delivers services.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Organization {
    /// Kind, source and the feed's own id.
    pub id: RecordId,
    /// Where the record came from.
    pub provenance: Provenance,
    /// Its place in name order.
    pub order_key: OrderKey,
    /// The nested members it came with.
    pub carried: Carried,
    /// Official name; "(unnamed)" where the feed gives none.
    pub name: String,
    /// Other or trading name.
    pub alternate_name: Option<String>,
    /// Summary.
    pub description: Option<RichText>,
    /// General email.
    pub email: Option<String>,
    /// Website.
    pub website: Option<Url>,
    /// Further labelled links (HSDS 3.1).
    pub additional_websites: Vec<Arc<Link>>,
    /// Legal form.
    pub legal_status: Option<String>,
    /// Year of legal formation.
    pub year_incorporated: Option<i32>,
    /// Tax designation; deprecated in the standard.
    pub tax_status: Option<String>,
    /// Tax number; deprecated in the standard.
    pub tax_id: Option<String>,
    /// Logo image.
    pub logo: Option<Url>,
    /// Persistent identifying URI, not the website.
    pub uri: Option<String>,
    /// The organisation it is part of.
    pub parent_organization_id: Option<RecordId>,
    /// Registration numbers.
    pub identifiers: Vec<Arc<OrganizationIdentifier>>,
    /// Its funders.
    pub funding: Vec<Arc<Funding>>,
    /// People and desks.
    pub contacts: Vec<Arc<Contact>>,
    /// Telephones.
    pub phones: Vec<Arc<Phone>>,
    /// Places it operates.
    pub locations: Vec<Arc<Location>>,
    /// The services that its own record nests, whether or not the feed lists them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub services: Vec<Arc<Service>>,
    /// Programmes it runs.
    pub programs: Vec<Arc<Program>>,
    /// Taxonomy-based annotations.
    pub attributes: Vec<Arc<Attribute>>,
    /// Change history.
    pub metadata: Vec<Arc<Metadata>>,
    /// What the feed sent that the standard has no place for.
    pub extra: Map<String, Value>,
}

super::record!(Organization);

/// A registration number from another register.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct OrganizationIdentifier {
    /// Id, annotations and history.
    pub part: Part,
    /// org-id.guide scheme code, e.g. `GB-CHC`.
    pub scheme: Option<String>,
    /// Readable name of the scheme.
    pub identifier_type: Option<String>,
    /// The number itself.
    pub value: Option<String>,
}

/// A named group of services.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Program {
    /// Id, annotations and history.
    pub part: Part,
    /// Name.
    pub name: Option<String>,
    /// Other name.
    pub alternate_name: Option<String>,
    /// Summary.
    pub description: Option<String>,
}
