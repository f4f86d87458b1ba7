//! Organisations that deliver services, their registration numbers and programmes.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use url::Url;

use crate::model::{
    Attribute, CarriedMembers, Contact, Funding, Link, Location, Metadata, NestedMember, OrderKey, Phone,
    Provenance, RecordId, RecordPart, RichText, Service,
};

/// A body that delivers services.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Organization {
    /// Kind, source and the feed's own id.
    pub id: RecordId,
    /// Where the record came from.
    pub provenance: Provenance,
    /// The key that sorts organisations by name.
    pub order_key: OrderKey,
    /// The nested members that the feed sent with the record.
    pub carried: CarriedMembers,
    /// Official name; "(unnamed)" if the feed gives none.
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
    /// The services nested in the organisation's own record, whether or not the feed also lists them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub services: Vec<Arc<Service>>,
    /// Programmes it runs.
    pub programs: Vec<Arc<Program>>,
    /// Taxonomy-based annotations.
    pub attributes: Vec<Arc<Attribute>>,
    /// Change history.
    pub metadata: Vec<Arc<Metadata>>,
    /// Members that the feed sent and the standard does not define.
    pub extra: Map<String, Value>,
}

super::record!(Organization);

impl Organization {
    /// Returns whether the feed gives the organisation no name.
    pub fn is_nameless(&self) -> bool {
        self.name == "(unnamed)"
    }

    /// Fills what this form leaves out from another form of the same record, and returns whether that added anything.
    /// Never overwrites a value, so that a field does not depend on which other fields a query asks for.
    pub fn fill_from(&mut self, other: &Self) -> bool {
        let mut has_more = self.is_nameless() && !other.is_nameless();
        macro_rules! fill {
            (scalars: $($scalar:ident)*; lists: $($member:ident $list:ident)*) => {
                $(if self.$scalar.is_none() && other.$scalar.is_some() {
                    self.$scalar.clone_from(&other.$scalar);
                    has_more = true;
                })*
                $(if !self.carried.has(NestedMember::$member) {
                    has_more |= self.$list.len() != other.$list.len();
                    self.$list.clone_from(&other.$list);
                })*
            };
        }
        if has_more {
            self.name.clone_from(&other.name);
            self.order_key.clone_from(&other.order_key);
        }
        fill!(
            scalars: alternate_name description email website legal_status year_incorporated tax_status tax_id logo uri
                parent_organization_id;
            lists: AdditionalLinks additional_websites Identifiers identifiers Funding funding Contacts contacts
                Phones phones Locations locations Services services Programs programs Attributes attributes
                Metadata metadata
        );
        for (key, value) in &other.extra {
            has_more |= !self.extra.contains_key(key);
            self.extra.entry(key).or_insert_with(|| value.clone());
        }
        self.carried = self.carried.or(other.carried);
        self.provenance.clone_from(&other.provenance);
        has_more
    }
}

/// A registration number from another register.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct OrganizationIdentifier {
    /// Id, annotations and history.
    pub part: RecordPart,
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
    pub part: RecordPart,
    /// Name.
    pub name: Option<String>,
    /// Other name.
    pub alternate_name: Option<String>,
    /// Summary.
    pub description: Option<String>,
}
