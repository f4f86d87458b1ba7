//! Services at locations.

use std::sync::Arc;

use async_graphql::{Context, Object};

use super::provenance::source_of;
use super::{
    Attribute, Contact, List, Location, Metadata, Phone, Provenance, Schedule, Service, ServiceArea, Source,
    views,
};
use crate::graphql::error::ApiError;
use crate::graphql::lookup;
use crate::graphql::scalars::{Id, Json};
use crate::model;

/// A service at a location as clients see it.
pub(crate) struct ServiceAtLocation(pub(crate) Arc<model::ServiceAtLocation>);

/// A service delivered at a place, with what differs there.
#[Object]
impl ServiceAtLocation {
    /// The opaque, globally unique id, stable across restarts and re-reading.
    pub(super) async fn id(&self) -> Id<'_> {
        Id(self.0.id.as_str())
    }

    /// The id in the feed.
    pub(super) async fn upstream_id(&self) -> &str {
        self.0.id.upstream()
    }

    /// The source it comes from.
    pub(super) async fn source(&self, ctx: &Context<'_>) -> Result<Source, ApiError> {
        source_of(ctx, &self.0.id)
    }

    /// Where it came from, when, and what reading it did to it.
    pub(super) async fn provenance(&self) -> Provenance {
        Provenance::of(&self.0)
    }

    /// How the service differs here. Null where the feed does not say.
    async fn description(&self) -> Option<&str> {
        self.0.description.as_deref()
    }

    /// The service delivered. Null where the feed names none, or cannot answer for it.
    async fn service(&self, ctx: &Context<'_>) -> Option<Service> {
        let id = self.0.service_id.as_ref()?;
        match (lookup::service(ctx, id).await, &self.0.service) {
            (Ok(None) | Err(_), Some(carried)) => Some(Service(Arc::clone(carried))),
            (found, _) => lookup::related(found, id, self.0.provenance.read(), Service),
        }
    }

    /// The place. Null where the feed names none, or cannot answer for it.
    async fn location(&self, ctx: &Context<'_>) -> Option<Location> {
        if let Some(location) = &self.0.location {
            return Some(Location(Arc::clone(location)));
        }
        let id = self.0.location_id.as_ref()?;
        lookup::related(lookup::location(ctx, id).await, id, self.0.provenance.read(), Location)
    }

    /// Areas covered from here.
    async fn service_areas(&self) -> List<ServiceArea> {
        views(&self.0.service_areas, ServiceArea)
    }

    /// People and desks for the service here.
    async fn contacts(&self) -> List<Contact> {
        views(&self.0.contacts, Contact)
    }

    /// Telephones for the service here.
    async fn phones(&self) -> List<Phone> {
        views(&self.0.phones, Phone)
    }

    /// When the service runs here.
    async fn schedules(&self) -> List<Schedule> {
        views(&self.0.schedules, Schedule)
    }

    /// Taxonomy-based annotations.
    async fn attributes(&self) -> List<Attribute> {
        views(&self.0.attributes, Attribute)
    }

    /// Change history.
    async fn metadata(&self) -> List<Metadata> {
        views(&self.0.metadata, Metadata)
    }

    /// What the feed sent that the model has no place for, kept as it came. Members of parts go by their path, e.g.
    /// `phones[0].fax`. Null where there is nothing.
    async fn extra(&self) -> Option<Json> {
        Json::extra(&self.0.extra)
    }
}

/// The place: as the record carries it, or fetched.
pub(super) async fn location_of(ctx: &Context<'_>, place: &model::ServiceAtLocation) -> Option<Location> {
    if let Some(location) = &place.location {
        return Some(Location(Arc::clone(location)));
    }
    lookup::found(lookup::location(ctx, place.location_id.as_ref()?).await)
}
