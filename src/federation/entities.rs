//! Many records by their ids, for a caller that has only these: read in one batch from one state of the catalogue.

use std::sync::Arc;

use futures_util::future::join_all;

use super::{Federation, QueryContext, SourceUnavailable};
use crate::catalogue::CatalogueSnapshot;
use crate::model::{AnyRecord, RecordId, RecordKind, SourceKey};
use crate::source::FeedSource;
use crate::sync::SyncProgress;

/// How many records are read on the thread that asks: changing threads would take longer.
const FEW: usize = 16;

/// What the catalogue says of an id.
#[derive(Clone, Debug)]
enum StoredEntity {
    /// Its record.
    Record(AnyRecord),
    /// That there is no such record.
    Gone,
    /// Nothing: only the feed can tell.
    Unknown,
}

/// How much the catalogue knows of a source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Knowledge {
    /// All its records: what is not stored does not exist.
    Everything,
    /// Some of its records.
    Something,
    /// Nothing, because it is live.
    Nothing,
}

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
            StoredEntity::Record(record) => Ok(Some(record)),
            StoredEntity::Gone => Ok(None),
            StoredEntity::Unknown => Box::pin(self.any_record(id, asking)).await,
        });
        join_all(each).await
    }

    /// Looks up all ids in the catalogue as it is now.
    async fn stored(&self, ids: &[RecordId], asking: &QueryContext) -> Vec<StoredEntity> {
        let unknown = || vec![StoredEntity::Unknown; ids.len()];
        let Some(snapshot) = self.snapshot() else { return unknown() };
        let knowledge = ids.iter().map(|id| self.knowledge(id.source()));
        let wanted: Vec<(RecordId, Knowledge)> = ids.iter().cloned().zip(knowledge).collect();
        let look = move || wanted.iter().map(|(id, known)| look_up(&snapshot, id, *known)).collect();
        if ids.len() <= FEW {
            return look();
        }
        asking.off_thread(move |_| look()).await.unwrap_or_else(unknown)
    }

    /// Whether a source is known not to have any record that is not stored.
    pub(super) fn keeps_everything(&self, source: &FeedSource) -> bool {
        let is_read = |progress: SyncProgress| progress.is_warm && !progress.falls_short;
        self.progress(source).is_some_and(is_read) && self.lost(source).is_none()
    }

    fn knowledge(&self, source: &SourceKey) -> Knowledge {
        match self.source(source).filter(|source| self.is_synchronised(source)) {
            None => Knowledge::Nothing,
            Some(source) if self.keeps_everything(source) => Knowledge::Everything,
            Some(_) => Knowledge::Something,
        }
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

fn look_up(snapshot: &Arc<CatalogueSnapshot>, id: &RecordId, known: Knowledge) -> StoredEntity {
    if known == Knowledge::Nothing {
        return StoredEntity::Unknown;
    }
    match snapshot.record(id) {
        Ok(Some(record)) => StoredEntity::Record(record),
        Ok(None) if known == Knowledge::Everything => StoredEntity::Gone,
        Ok(None) => StoredEntity::Unknown,
        Err(error) => {
            tracing::error!(source = %id.source(), %error, "cannot read a stored record");
            StoredEntity::Unknown
        }
    }
}
