//! Reads the ids that clients send, and looks up their records.

use crate::graphql::context::FieldContext;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::error::ApiError;
use super::types::{
    Location, Node, Organization, Service, ServiceAtLocation, Source, Taxonomy, TaxonomyTerm,
};
use crate::model::{AnyRecord, NodeId, RecordId, RecordKind, SourceKey, StubRecord};

/// The most ids that one field accepts.
pub(super) const MAX_IDS: usize = 100;

/// Reads the id of a record of one kind.
pub(super) fn record_id(argument: &str, text: &str, kind: RecordKind) -> Result<RecordId, ApiError> {
    let wanted = kind.type_name();
    let found = match node_id(argument, text)? {
        NodeId::Record(id) if id.kind() == kind => return Ok(id),
        NodeId::Record(id) => id.kind().type_name(),
        NodeId::Source(_) => "Source",
    };
    Err(ApiError::bad_input(format!("`{argument}` is the id of a record of type `{found}`, not `{wanted}`")))
}

fn node_id(argument: &str, text: &str) -> Result<NodeId, ApiError> {
    NodeId::parse(text).map_err(|error| ApiError::bad_input(format!("`{argument}` {error}")))
}

/// Reads the id of a source.
pub(super) fn source_id(argument: &str, text: &str) -> Result<SourceKey, ApiError> {
    match node_id(argument, text)? {
        NodeId::Source(key) => Ok(key),
        NodeId::Record(id) => {
            let found = id.kind().type_name();
            Err(ApiError::bad_input(format!(
                "`{argument}` is the id of a record of type `{found}`, not `Source`"
            )))
        }
    }
}

/// Returns records by id, in the same order. `None` if the source has no record with the id, or is not configured.
pub(super) async fn records(
    ctx: &FieldContext<'_>,
    ids: &[RecordId],
) -> Vec<Result<Option<AnyRecord>, ApiError>> {
    let mut counted = None;
    for _ in ids {
        counted = Some(ctx.reading().await);
    }
    let Some(asking) = counted else { return Vec::new() };
    let found = ctx.federation().records.many(ids, asking).await;
    let weights = found.iter().flatten().flatten().map(AnyRecord::weight);
    asking.hold(weights.sum()).await;
    found.into_iter().map(|record| record.map_err(ApiError::from)).collect()
}

/// Returns the object that an id identifies, of any kind. `None` if there is none.
pub(super) async fn node(
    ctx: &FieldContext<'_>,
    argument: &str,
    text: &str,
) -> Result<Option<Node>, ApiError> {
    let id = match node_id(argument, text)? {
        NodeId::Source(key) => return Ok(source(ctx, &key).map(Node::Source)),
        NodeId::Record(id) => id,
    };
    Ok(match id.kind() {
        RecordKind::Service => service(ctx, &id).await?.map(Node::Service),
        RecordKind::Organization => organization(ctx, &id).await?.map(Node::Organization),
        RecordKind::Location => location(ctx, &id).await?.map(Node::Location),
        RecordKind::ServiceAtLocation => service_at_location(ctx, &id).await?.map(Node::ServiceAtLocation),
        RecordKind::Taxonomy => taxonomy(ctx, &id).await?.map(Node::Taxonomy),
        RecordKind::TaxonomyTerm => taxonomy_term(ctx, &id).await?.map(Node::TaxonomyTerm),
    })
}

/// Returns a configured source.
pub(super) fn source(ctx: &FieldContext<'_>, key: &SourceKey) -> Option<Source> {
    ctx.source_info(key).map(Source::new)
}

macro_rules! lookups {
    ($($(#[$doc:meta])* $name:ident: $View:ident),* $(,)?) => {$(
        $(#[$doc])*
        pub(super) async fn $name(ctx: &FieldContext<'_>, id: &RecordId) -> Result<Option<$View>, ApiError> {
            if ctx.federation().info(id.source()).is_none() {
                return Ok(None);
            }
            let asking = ctx.reading().await;
            let Some(found) = ctx.federation().records.any(id, asking).await? else { return Ok(None) };
            asking.hold(found.weight()).await;
            Ok(Arc::try_from(found).ok().map($View))
        }
    )*};
}

lookups! {
    /// Returns a service. `None` if its source has none with this id, or is not configured.
    service: Service,
    /// Returns an organisation, like `service`.
    organization: Organization,
    /// Returns a location, like `service`.
    location: Location,
    /// Returns a service at a location, like `service`.
    service_at_location: ServiceAtLocation,
    /// Returns a taxonomy, like `service`.
    taxonomy: Taxonomy,
    /// Returns a taxonomy term, like `service`.
    taxonomy_term: TaxonomyTerm,
}

/// Returns a related record. If its source is unavailable, returns `None` rather than an error, because the client did
/// not ask for the record by its id. The response is then degraded.
pub(super) fn found<V>(found: Result<Option<V>, ApiError>) -> Option<V> {
    found.unwrap_or_default()
}

/// Like [`found`], but if the feed has no record with the id, returns a stub with the id.
pub(super) fn related<R: StubRecord, V>(
    found: Result<Option<V>, ApiError>,
    id: &RecordId,
    read: (DateTime<Utc>, DateTime<Utc>),
    view: fn(Arc<R>) -> V,
) -> Option<V> {
    match found {
        Ok(None) => Some(view(Arc::new(R::stub(id.clone(), read)))),
        found => found.unwrap_or_default(),
    }
}
