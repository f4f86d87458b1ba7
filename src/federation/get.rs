//! Getting: one record by its id, and what a record at hand does not carry.
//!
//! What is asked here is boxed: these futures are large and seldom needed, and every field of every record would
//! carry the room for them through its resolvers.

use std::sync::Arc;

use futures_util::future::join_all;

use super::holding::{Holding, Holdings, StoredAnswer, StoredSource, look_up};
use super::{QueryContext, SourceError};
use crate::model::{
    AnyRecord, Location, Organization, RecordId, RecordKind, ServiceAtLocation, SourceKey, Taxonomy,
    TaxonomyTerm,
};

/// How many records are read on the thread that asks: changing threads would take longer.
const FEW: usize = 16;

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

    /// Returns records by their ids, in the order of the ids. `None` if a feed has no such record, or its source is not
    /// configured. Stored records are all of one state of the data; those of live sources are asked for at once.
    ///
    /// # Errors
    /// Each for itself, if its source cannot answer and nothing is stored.
    pub async fn many(
        &self,
        ids: &[RecordId],
        asking: &QueryContext,
    ) -> Vec<Result<Option<AnyRecord>, SourceUnavailable>> {
        let stored = self.look_up_all(ids, asking).await;
        let each = ids.iter().zip(stored).map(async |(id, stored)| match stored {
            StoredAnswer::Record(record) => Ok(Some(record)),
            StoredAnswer::Gone => Ok(None),
            StoredAnswer::Unknown => Box::pin(self.any(id, asking)).await,
        });
        join_all(each).await
    }

    async fn look_up_all(&self, ids: &[RecordId], asking: &QueryContext) -> Vec<StoredAnswer> {
        let unknown = || vec![StoredAnswer::Unknown; ids.len()];
        let Some(snapshot) = self.holdings.snapshot() else { return unknown() };
        // Of each id, whether its source has everything stored; nothing of live ones.
        let mut wanted: Vec<(RecordId, Option<bool>)> = Vec::with_capacity(ids.len());
        for id in ids {
            let stored = self.holdings.get(id.source()).and_then(Holding::stored);
            wanted.push((id.clone(), stored.map(StoredSource::has_everything)));
        }
        let look = move || {
            let each = wanted.iter().map(|(id, has_everything)| match has_everything {
                Some(has_everything) => look_up(&snapshot, id, || *has_everything),
                None => StoredAnswer::Unknown,
            });
            each.collect()
        };
        if ids.len() <= FEW {
            return look();
        }
        asking.off_thread(move |_| look()).await.unwrap_or_else(unknown)
    }
}
