//! The statement that a service is delivered at a location.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::model::{
    Attribute, CarriedMembers, Contact, Location, Metadata, OrderKey, Phone, Provenance, RecordId, Schedule,
    Service, ServiceArea,
};

/// A service delivered at a place, with what differs there.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ServiceAtLocation {
    /// Kind, source and the feed's own id.
    pub id: RecordId,
    /// Where the record came from.
    pub provenance: Provenance,
    /// Its place in name order: its location's.
    pub order_key: OrderKey,
    /// The nested members it came with.
    pub carried: CarriedMembers,
    /// How the service differs here.
    pub description: Option<String>,
    /// The service delivered.
    pub service_id: Option<RecordId>,
    /// The service, as this record carries it.
    pub service: Option<Arc<Service>>,
    /// The place.
    pub location_id: Option<RecordId>,
    /// The place, as this record carries it.
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
    /// What the feed sent that the standard has no place for.
    pub extra: Map<String, Value>,
}

super::record!(ServiceAtLocation);
