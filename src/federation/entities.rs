//! Many records by their ids, for a caller that has only these: read in one batch from one state of the catalogue.

use futures_util::future::join_all;

use super::holding::{HeldRecords, StoredAnswer, look_up};
use super::{Federation, QueryContext, SourceUnavailable};
use crate::model::{AnyRecord, RecordId, RecordKind};

/// How many records are read on the thread that asks: changing threads would take longer.
const FEW: usize = 16;

impl Federation {
    /// Returns records by their ids, in the order of the ids. `None` if a feed has no such record, or its source is not
    /// configured. Stored records are all of one state of the data; those of live sources are asked for at once.
    ///
    /// # Errors
    /// Each for itself, if its source cannot answer and nothing is kept.
    pub async fn records(
        &self,
        ids: &[RecordId],
        asking: &QueryContext,
    ) -> Vec<Result<Option<AnyRecord>, SourceUnavailable>> {
        let stored = self.stored(ids, asking).await;
        let each = ids.iter().zip(stored).map(async |(id, stored)| match stored {
            StoredAnswer::Record(record) => Ok(Some(record)),
            StoredAnswer::Gone => Ok(None),
            StoredAnswer::Unknown => Box::pin(self.any_record(id, asking)).await,
        });
        join_all(each).await
    }

    /// Looks up all ids in the catalogue as it is now.
    async fn stored(&self, ids: &[RecordId], asking: &QueryContext) -> Vec<StoredAnswer<AnyRecord>> {
        let unknown = || vec![StoredAnswer::Unknown; ids.len()];
        let Some(snapshot) = self.holdings.snapshot() else { return unknown() };
        let held = ids.iter().map(|id| self.holdings.records_of(id.source()));
        let wanted: Vec<(RecordId, HeldRecords)> = ids.iter().cloned().zip(held).collect();
        let look = move || wanted.iter().map(|(id, held)| look_up(&snapshot, id, *held)).collect();
        if ids.len() <= FEW {
            return look();
        }
        asking.off_thread(move |_| look()).await.unwrap_or_else(unknown)
    }

    async fn any_record(
        &self,
        id: &RecordId,
        asking: &QueryContext,
    ) -> Result<Option<AnyRecord>, SourceUnavailable> {
        Ok(match id.kind() {
            RecordKind::Service => self.service(id, asking).await?.map(AnyRecord::Service),
            RecordKind::Organization => self.organization(id, asking).await?.map(AnyRecord::Organization),
            RecordKind::Location => self.location(id, asking).await?.map(AnyRecord::Location),
            RecordKind::ServiceAtLocation => {
                self.service_at_location(id, asking).await?.map(AnyRecord::ServiceAtLocation)
            }
            RecordKind::Taxonomy => self.taxonomy(id, asking).await?.map(AnyRecord::Taxonomy),
            RecordKind::TaxonomyTerm => self.taxonomy_term(id, asking).await?.map(AnyRecord::TaxonomyTerm),
        })
    }
}
