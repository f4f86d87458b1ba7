//! Getting: one record by its id, and what a record at hand does not carry.
//!
//! What is asked here is boxed: these futures are large and seldom needed, and every field of every record would
//! carry the room for them through its resolvers.

use std::sync::Arc;

use super::holding::{Holdings, StoredAnswer};
use super::{QueryContext, SourceError};
use crate::model::{
    AnyRecord, Location, Organization, RecordId, RecordKind, ServiceAtLocation, SourceKey, Taxonomy,
    TaxonomyTerm,
};

/// The source of a record cannot answer and nothing of the record is stored.
#[derive(Clone, Debug)]
pub struct SourceUnavailable {
    /// The source.
    pub source: SourceKey,
    /// Why.
    pub error: SourceError,
}

/// Gets records by their ids.
#[derive(Clone)]
pub struct RecordGetter {
    pub(super) holdings: Arc<Holdings>,
}

impl RecordGetter {
    /// A record with everything its feed has of it, of a service also what that says elsewhere of its provider. `None` if
    /// the feed has no such record.
    ///
    /// # Errors
    /// When its source cannot answer and nothing is stored.
    pub async fn full(
        &self,
        id: &RecordId,
        asking: &QueryContext,
    ) -> Result<Option<AnyRecord>, SourceUnavailable> {
        let found = self.any(id, asking).await?;
        let Some(AnyRecord::Service(service)) = &found else { return Ok(found) };
        let Some(provider) = service.provider_apart() else { return Ok(found) };
        // A provider that cannot be had is only named, as its feed does.
        match self.any(provider, asking).await {
            Ok(Some(AnyRecord::Organization(provider))) => {
                Ok(Some(AnyRecord::Service(Arc::new(service.provided_by(provider)))))
            }
            _ => Ok(found),
        }
    }

    /// A record with everything its feed has of it, likewise.
    ///
    /// # Errors
    /// As [`Self::full`].
    pub async fn any(
        &self,
        id: &RecordId,
        asking: &QueryContext,
    ) -> Result<Option<AnyRecord>, SourceUnavailable> {
        let Some(holding) = self.holdings.get(id.source()) else { return Ok(None) };
        match holding.stored_answer(id) {
            StoredAnswer::Record(record) => Ok(Some(record)),
            StoredAnswer::Gone => Ok(None),
            StoredAnswer::Unknown => Box::pin(holding.feed().any(id, asking)).await,
        }
    }

    /// The same organisation with what it leaves out and its detail has; as it is where that cannot be had, with an
    /// issue that says so.
    pub async fn organization_in_detail(
        &self,
        organization: &Arc<Organization>,
        asking: &QueryContext,
    ) -> Arc<Organization> {
        self.holdings.organization_in_detail(organization, asking).await
    }

    /// Whether an id that a record names is that of no record of its feed. False where that is not certain: the source
    /// cannot answer, or it would take all services' own pages to tell.
    pub async fn is_dangling(&self, id: &RecordId, asking: &QueryContext) -> bool {
        let Some(holding) = self.holdings.get(id.source()) else { return id.kind() == RecordKind::Service };
        match id.kind() {
            RecordKind::Service => matches!(self.any(id, asking).await, Ok(None)),
            RecordKind::Organization => Box::pin(holding.is_nowhere::<Organization>(id, asking)).await,
            RecordKind::Location => Box::pin(holding.is_nowhere::<Location>(id, asking)).await,
            RecordKind::ServiceAtLocation => {
                Box::pin(holding.is_nowhere::<ServiceAtLocation>(id, asking)).await
            }
            RecordKind::Taxonomy => Box::pin(holding.is_nowhere::<Taxonomy>(id, asking)).await,
            RecordKind::TaxonomyTerm => Box::pin(holding.is_nowhere::<TaxonomyTerm>(id, asking)).await,
        }
    }
}
