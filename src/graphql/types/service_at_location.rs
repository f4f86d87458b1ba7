//! Services at locations.

use crate::graphql::context::FieldContext;
use oruk_gateway_derive::graph_object;
use std::sync::Arc;

use super::provenance::source_of;
use super::{
    Attribute, Contact, Location, Metadata, Phone, Provenance, Schedule, Service, ServiceArea, Source,
    carried, views,
};
use crate::graphql::error::ApiError;
use crate::graphql::lookup;
use crate::graphql::scalars::{Id, Json};
use crate::model;

/// A service at a location as clients see it.
#[derive(Clone)]
pub(crate) struct ServiceAtLocation(pub(crate) Arc<model::ServiceAtLocation>);

/// A service at one place, with details that differ there.
#[graph_object]
impl ServiceAtLocation {
    /// The opaque, globally unique id, stable across restarts and re-reading.
    pub(super) fn id(&self) -> Id<'_> {
        Id(self.0.id.as_str())
    }

    /// The record's id in the feed.
    pub(super) fn upstream_id(&self) -> &str {
        self.0.id.upstream()
    }

    /// The source it comes from.
    pub(super) fn source(&self, ctx: &FieldContext<'_>) -> Result<Source, ApiError> {
        source_of(ctx, &self.0.id)
    }

    /// Where the record comes from, when it was read, and what the gateway changed.
    pub(super) fn provenance(&self) -> Provenance {
        Provenance::of(&self.0)
    }

    /// How the service differs here. `null` when the feed does not say.
    fn description(&self) -> Option<&str> {
        self.0.description.as_deref()
    }

    /// The service. `null` when the feed names none or it cannot be fetched.
    async fn service(&self, ctx: &FieldContext<'_>) -> Option<Service> {
        let id = self.0.service_id.as_ref()?;
        match (lookup::service(ctx, id).await, &self.0.service) {
            (Ok(None) | Err(_), Some(carried)) => Some(Service(Arc::clone(carried))),
            (found, _) => lookup::related(found, id, self.0.provenance.read(), Service),
        }
    }

    /// The place. `null` when the feed names none or it cannot be fetched.
    #[at_hand(carried(self.0.location.as_ref(), self.0.location_id.as_ref(), Location))]
    async fn location(&self, ctx: &FieldContext<'_>) -> Option<Location> {
        if let Some(location) = &self.0.location {
            return Some(Location(Arc::clone(location)));
        }
        let id = self.0.location_id.as_ref()?;
        lookup::related(lookup::location(ctx, id).await, id, self.0.provenance.read(), Location)
    }

    /// Areas covered from here.
    fn service_areas(&self) -> Vec<ServiceArea> {
        views(&self.0.service_areas, ServiceArea)
    }

    /// People and desks to contact about the service here.
    fn contacts(&self) -> Vec<Contact> {
        views(&self.0.contacts, Contact)
    }

    /// Telephone numbers for the service here.
    fn phones(&self) -> Vec<Phone> {
        views(&self.0.phones, Phone)
    }

    /// When the service runs here.
    fn schedules(&self) -> Vec<Schedule> {
        views(&self.0.schedules, Schedule)
    }

    /// Taxonomy-based annotations.
    fn attributes(&self) -> Vec<Attribute> {
        views(&self.0.attributes, Attribute)
    }

    /// The history of changes.
    fn metadata(&self) -> Vec<Metadata> {
        views(&self.0.metadata, Metadata)
    }

    /// Members the feed sends that the schema has no field for, unchanged. Members of nested objects are named by path,
    /// e.g. `phones[0].fax`. `null` when there are none.
    fn extra(&self) -> Option<Json<'_>> {
        Json::extra(&self.0.extra)
    }
}

/// The place: as the record carries it, or fetched.
pub(super) async fn location_of(
    ctx: &FieldContext<'_>,
    place: &model::ServiceAtLocation,
) -> Option<Location> {
    if let Some(location) = &place.location {
        return Some(Location(Arc::clone(location)));
    }
    lookup::found(lookup::location(ctx, place.location_id.as_ref()?).await)
}
