//! What types have in common.

use async_graphql::Interface;

use super::{Location, Organization, Provenance, Service, ServiceAtLocation, Source, Taxonomy, TaxonomyTerm};
use crate::graphql::scalars::Id;

/// Anything with a globally unique id.
#[derive(Interface)]
#[graphql(field(name = "id", ty = "Id<'_>", desc = "The opaque, globally unique id."))]
pub(crate) enum Node {
    Source(Source),
    Service(Service),
    Organization(Organization),
    Location(Location),
    ServiceAtLocation(ServiceAtLocation),
    Taxonomy(Taxonomy),
    TaxonomyTerm(TaxonomyTerm),
}

/// Everything that comes from a feed.
#[derive(Interface)]
#[graphql(
    field(name = "id", ty = "Id<'_>", desc = "The opaque, globally unique id."),
    field(name = "upstream_id", ty = "&str", desc = "The id in the feed."),
    field(name = "source", ty = "Source", desc = "The source it comes from."),
    field(
        name = "provenance",
        ty = "Provenance",
        desc = "Where it comes from, when, and what reading it did to it."
    )
)]
pub(crate) enum Record {
    Service(Service),
    Organization(Organization),
    Location(Location),
    ServiceAtLocation(ServiceAtLocation),
    Taxonomy(Taxonomy),
    TaxonomyTerm(TaxonomyTerm),
}
