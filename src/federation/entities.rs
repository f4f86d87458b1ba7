//! Many records by their ids, for a caller that has only these: read in one batch from one state of the catalogue.

use futures_util::future::join_all;

use super::holding::{Holding, StoredAnswer, StoredSource, look_up};
use super::{QueryContext, RecordGetter, SourceUnavailable};
use crate::model::{AnyRecord, RecordId};

/// How many records are read on the thread that asks: changing threads would take longer.
const FEW: usize = 16;

impl RecordGetter {
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

    /// Looks up all ids in the catalogue as it is now.
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
