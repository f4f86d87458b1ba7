//! Getting: one record by its id, and what a record at hand does not carry.
//!
//! What is asked here is boxed: these futures are large and seldom needed, and every field of every record would
//! carry the room for them through its resolvers.

use std::sync::Arc;

use super::holding::StoredAnswer;
use super::{Federation, QueryContext, SourceError};
use crate::model::{
    AnyRecord, Dialect, Location, Organization, RecordId, RecordKind, Service, ServiceAtLocation, SourceKey,
    Taxonomy, TaxonomyTerm,
};
use crate::source::{FeedDeclaration, NestedRecord};

/// The source of a record cannot answer and nothing of the record is kept.
#[derive(Clone, Debug)]
pub struct SourceUnavailable {
    /// The source.
    pub source: SourceKey,
    /// Why.
    pub error: SourceError,
}

impl Federation {
    /// A service with everything its feed has of it; none where the feed has no such service.
    ///
    /// # Errors
    /// When its source cannot answer and nothing is kept.
    pub async fn service(
        &self,
        id: &RecordId,
        asking: &QueryContext,
    ) -> Result<Option<Arc<Service>>, SourceUnavailable> {
        let Some(holding) = self.holdings.get(id.source()) else { return Ok(None) };
        match holding.stored_answer(id) {
            StoredAnswer::Record(service) => Ok(Some(service)),
            StoredAnswer::Gone => Ok(None),
            StoredAnswer::Unknown => Box::pin(holding.feed().service(id, asking)).await,
        }
    }

    /// A service, likewise, with what its feed says elsewhere of its provider.
    ///
    /// # Errors
    /// As [`Federation::service`].
    pub async fn full_service(
        &self,
        id: &RecordId,
        asking: &QueryContext,
    ) -> Result<Option<Arc<Service>>, SourceUnavailable> {
        let Some(service) = self.service(id, asking).await? else { return Ok(None) };
        let Some(provider) = service.provider_apart() else { return Ok(Some(service)) };
        // A provider that cannot be had is only named, as its feed does.
        let provider = self.organization(provider, asking).await.ok().flatten();
        Ok(Some(
            provider.map_or_else(|| Arc::clone(&service), |provider| Arc::new(service.provided_by(provider))),
        ))
    }

    /// An organisation, likewise.
    ///
    /// # Errors
    /// As [`Federation::service`].
    pub async fn organization(
        &self,
        id: &RecordId,
        asking: &QueryContext,
    ) -> Result<Option<Arc<Organization>>, SourceUnavailable> {
        self.stored_or_asked(id, asking).await
    }

    /// A location, likewise.
    ///
    /// # Errors
    /// As [`Federation::service`].
    pub async fn location(
        &self,
        id: &RecordId,
        asking: &QueryContext,
    ) -> Result<Option<Arc<Location>>, SourceUnavailable> {
        self.stored_or_asked(id, asking).await
    }

    /// A service at a location, likewise.
    ///
    /// # Errors
    /// As [`Federation::service`].
    pub async fn service_at_location(
        &self,
        id: &RecordId,
        asking: &QueryContext,
    ) -> Result<Option<Arc<ServiceAtLocation>>, SourceUnavailable> {
        self.stored_or_asked(id, asking).await
    }

    /// A taxonomy, likewise.
    ///
    /// # Errors
    /// As [`Federation::service`].
    pub async fn taxonomy(
        &self,
        id: &RecordId,
        asking: &QueryContext,
    ) -> Result<Option<Arc<Taxonomy>>, SourceUnavailable> {
        self.stored_or_asked(id, asking).await
    }

    /// A taxonomy term, likewise.
    ///
    /// # Errors
    /// As [`Federation::service`].
    pub async fn taxonomy_term(
        &self,
        id: &RecordId,
        asking: &QueryContext,
    ) -> Result<Option<Arc<TaxonomyTerm>>, SourceUnavailable> {
        self.stored_or_asked(id, asking).await
    }

    /// The same organisation with what it leaves out and its own page has; as it is where that cannot be had, with an
    /// issue that says so.
    pub async fn organization_in_detail(
        &self,
        organization: &Arc<Organization>,
        asking: &QueryContext,
    ) -> Arc<Organization> {
        match self.holdings.get(organization.id.source()) {
            Some(holding) => holding.organization_in_detail(organization, asking).await,
            None => Arc::clone(organization),
        }
    }

    /// Whether an id that a record names is that of no record of its feed. False where that is not certain: the source
    /// cannot answer, or it would take all services' own pages to tell.
    pub async fn is_dangling(&self, id: &RecordId, asking: &QueryContext) -> bool {
        let Some(holding) = self.holdings.get(id.source()) else { return id.kind() == RecordKind::Service };
        match id.kind() {
            RecordKind::Service => matches!(self.service(id, asking).await, Ok(None)),
            RecordKind::Organization => Box::pin(holding.is_nowhere::<Organization>(id, asking)).await,
            RecordKind::Location => Box::pin(holding.is_nowhere::<Location>(id, asking)).await,
            RecordKind::ServiceAtLocation => {
                Box::pin(holding.is_nowhere::<ServiceAtLocation>(id, asking)).await
            }
            RecordKind::Taxonomy => Box::pin(holding.is_nowhere::<Taxonomy>(id, asking)).await,
            RecordKind::TaxonomyTerm => Box::pin(holding.is_nowhere::<TaxonomyTerm>(id, asking)).await,
        }
    }

    /// The dialect a source is read as; none before that is found out.
    pub async fn dialect(&self, source: &SourceKey, asking: &QueryContext) -> Option<Dialect> {
        let source = self.source(source)?;
        Box::pin(source.make_sure_of_dialect(asking.until(source.limits().deadline))).await;
        source.dialect()
    }

    /// What the feed declares at its root; none where it does not answer.
    pub async fn declared(&self, source: &SourceKey, asking: &QueryContext) -> Option<Arc<FeedDeclaration>> {
        let source = self.source(source)?;
        Box::pin(source.declared(asking.until(source.limits().deadline))).await.value
    }

    // What is stored is looked for before a future is made that has room for asking feeds.
    async fn stored_or_asked<T: NestedRecord>(
        &self,
        id: &RecordId,
        asking: &QueryContext,
    ) -> Result<Option<Arc<T>>, SourceUnavailable>
    where
        Arc<T>: TryFrom<AnyRecord>,
    {
        let Some(holding) = self.holdings.get(id.source()) else { return Ok(None) };
        match holding.stored_answer(id) {
            StoredAnswer::Record(record) => Ok(Some(record)),
            StoredAnswer::Gone => Ok(None),
            StoredAnswer::Unknown => Box::pin(holding.feed().record(id, asking)).await,
        }
    }
}
