//! Gets records by id, completes organisations and terms that are nested in part, and tells which ids belong to no
//! record.
//!
//! These futures are boxed because they are large and seldom needed: otherwise every field of every record would carry
//! room for them.

use std::sync::Arc;

use futures_util::future::join_all;

use super::holding::{Holding, Holdings, StoredAnswer, StoredSource, look_up};
use super::{QueryContext, SourceError};
use crate::model::{
    AnyRecord, Location, Organization, RecordId, RecordKind, ServiceAtLocation, SourceKey, Taxonomy,
    TaxonomyTerm,
};

/// Up to this many records are read on the calling thread, because changing threads would take longer.
const FEW: usize = 16;

/// The source of a record cannot respond, and the record is not stored.
#[derive(Clone, Debug)]
pub struct SourceUnavailable {
    /// The source.
    pub source: SourceKey,
    /// Why it cannot respond.
    pub error: SourceError,
}

/// Gets records by their ids.
#[derive(Clone)]
pub struct RecordGetter {
    pub(super) holdings: Arc<Holdings>,
}

impl RecordGetter {
    /// Gets a record with everything that its feed has of it. A service also gets what the feed says of its provider
    /// elsewhere. Returns `None` if the feed has no such record.
    ///
    /// # Errors
    /// If the source cannot respond and the record is not stored.
    pub async fn full(
        &self,
        id: &RecordId,
        asking: &QueryContext,
    ) -> Result<Option<AnyRecord>, SourceUnavailable> {
        let found = self.any(id, asking).await?;
        let Some(AnyRecord::Service(service)) = &found else { return Ok(found) };
        let Some(provider) = service.provider() else { return Ok(found) };
        // If the provider cannot be read, the service has what its feed says of it there.
        match self.any(provider, asking).await {
            Ok(Some(AnyRecord::Organization(provider))) => {
                Ok(Some(AnyRecord::Service(service.completed_by(&provider))))
            }
            _ => Ok(found),
        }
    }

    /// Gets a record with everything that its feed has of it, but leaves a provider as the service names it. Returns
    /// `None` if the feed has no such record.
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

    /// Adds what an organisation's detail says. If the detail cannot be read, returns the organisation with an issue
    /// that says so.
    pub async fn organization_in_detail(
        &self,
        organization: &Arc<Organization>,
        asking: &QueryContext,
    ) -> Arc<Organization> {
        self.holdings.organization_in_detail(organization, asking).await
    }

    /// Adds what a term's own record says to a term that is nested in another record. If the record cannot be read,
    /// returns the nested term with an issue that says so.
    pub async fn term_in_full(&self, nested: &Arc<TaxonomyTerm>, asking: &QueryContext) -> Arc<TaxonomyTerm> {
        self.holdings.term_in_full(nested, asking).await
    }

    /// Returns whether an id that a record refers to belongs to no record of its feed. `false` if that is uncertain,
    /// because the source cannot respond, or because finding out would take all detail pages.
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

    /// Gets records in the order of their ids. `None` if the feed has no such record, or its source is not configured.
    /// Stored records all come from one snapshot; live sources are asked all at once.
    ///
    /// # Errors
    /// Each record has its own, if its source cannot respond and the record is not stored.
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
        // For each id, whether its source has all its records stored. `None` if the source is live.
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
