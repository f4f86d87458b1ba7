//! Repairs what readers found damaged.

use std::collections::HashMap;
use std::mem;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use super::{CatalogueWriter, unless_broken_off};
use crate::catalogue::batch::SyncBatch;
use crate::catalogue::index::CatalogueIndex;
use crate::catalogue::{CatalogueError, StoreError};
use crate::model::SourceKey;

/// The least time between two rebuilds of the index. If its files are not the cause, a new index fails at once too, and
/// rebuilding the index of a large catalogue takes a minute.
const AGAIN_AFTER: Duration = Duration::from_secs(600);

impl CatalogueWriter {
    /// Repairs what was found damaged since the last repair.
    pub(super) fn mend(&mut self) {
        if let Err(error) = unless_broken_off(|| self.forget_unreadable()) {
            tracing::error!(%error, "cannot drop unreadable records");
        }
        if let Err(error) = unless_broken_off(|| self.mend_index()) {
            tracing::error!(%error, "cannot repair the catalogue's index");
        }
    }

    fn forget_unreadable(&mut self) -> Result<(), StoreError> {
        let mut batches: HashMap<SourceKey, SyncBatch> = HashMap::new();
        for id in self.store.mending().failed_records() {
            let source = id.source().clone();
            let batch = batches.entry(source).or_insert_with_key(|source| SyncBatch::new(source.clone(), 0));
            batch.forgotten.push(id);
        }
        if batches.is_empty() {
            return Ok(());
        }
        let now = self.clock.now();
        Arc::make_mut(&mut self.lacking).extend(batches.keys().map(|source| (source.clone(), now)));
        let batches = batches.into_values().collect::<Vec<_>>();
        if self.shared.is_some() {
            return self.forget_here(&batches);
        }
        self.write(&batches).map(drop)
    }

    fn mend_index(&mut self) -> Result<(), CatalogueError> {
        if !self.store.mending().has_index_failed(self.index_number) {
            return Ok(());
        }
        let store = self.store.read()?;
        if self.index.is_behind() && self.index.follow(&[], &store).is_ok() {
            self.show(store);
            return Ok(());
        }
        if self.index_mended_at.is_some_and(|at| at.elapsed() < AGAIN_AFTER) {
            return Ok(());
        }
        tracing::warn!("cannot search the catalogue's index; rebuilding it from the store");
        // Only one index may be open in a directory.
        mem::replace(&mut self.index, CatalogueIndex::closed()?).close();
        self.index_mended_at = Some(Instant::now());
        // Builds the index in memory if the disk has too little room for another.
        let directory = self.room.directory().filter(|_| self.room.for_batches(&[]).is_ok());
        self.index = CatalogueIndex::again(directory, &store)?;
        self.index_number += 1;
        tracing::info!(services = self.facts.len(), "rebuilt the catalogue's index");
        self.show(store);
        Ok(())
    }
}
