//! The record that says that a service is delivered at a location.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::model::{
    Attribute, CarriedMembers, Contact, Location, Metadata, OrderKey, Phone, Provenance, RecordId, Schedule,
    Service, ServiceArea,
};

/// A service delivered at a location, with what is different there.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ServiceAtLocation {
    /// Kind, source and the feed's own id.
    pub id: RecordId,
    /// Where the record came from.
    pub provenance: Provenance,
    /// The key that sorts these records: the location's name.
    pub order_key: OrderKey,
    /// The nested members that the feed sent with the record.
    pub carried: CarriedMembers,
    /// How the service differs here.
    pub description: Option<String>,
    /// The service delivered.
    pub service_id: Option<RecordId>,
    /// The service, if the feed nests it in this record.
    pub service: Option<Arc<Service>>,
    /// The location.
    pub location_id: Option<RecordId>,
    /// The location, if the feed nests it in this record.
    pub location: Option<Arc<Location>>,
    /// Areas served from here (HSDS 3.1).
    pub service_areas: Vec<Arc<ServiceArea>>,
    /// People and desks for the service here.
    pub contacts: Vec<Arc<Contact>>,
    /// Telephones for the service here.
    pub phones: Vec<Arc<Phone>>,
    /// When it runs here.
    pub schedules: Vec<Arc<Schedule>>,
    /// Taxonomy-based annotations.
    pub attributes: Vec<Arc<Attribute>>,
    /// Change history.
    pub metadata: Vec<Arc<Metadata>>,
    /// Members that the feed sent and the standard does not define.
    pub extra: Map<String, Value>,
}

super::record!(ServiceAtLocation);
