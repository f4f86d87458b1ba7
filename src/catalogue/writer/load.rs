//! Loads a snapshot from the journal in place of what is stored.

use std::collections::HashMap;
use std::iter;
use std::mem;
use std::sync::Arc;

use tokio::sync::mpsc;
use uuid::Uuid;

use super::{CatalogueWriter, WriterAnd, noticed_facts};
use crate::catalogue::blocking::off_runtime;
use crate::catalogue::facts_table::FactsTable;
use crate::catalogue::index::CatalogueIndex;
use crate::catalogue::part_draft::{DraftedPart, PartDrafter};
use crate::catalogue::recent::RecentRecords;
use crate::catalogue::store::{JournalPlace, LoadingStore, StoreSnapshot, TouchedService};
use crate::catalogue::{CatalogueError, StoreError};
use crate::model::SharedFacts;

/// The parts of a snapshot, followed by `None`. If the channel closes before `None`, the snapshot is incomplete.
type SnapshotParts = mpsc::Receiver<Option<Vec<u8>>>;

/// A catalogue that is being loaded. Readers do not see it yet.
struct LoadingCatalogue {
    store: LoadingStore,
    facts: FactsTable,
    common: SharedFacts,
    /// Whether the index takes the services as they are loaded. Otherwise it stays as readers see it, and is rebuilt at
    /// the end.
    feeds_index: bool,
}

impl CatalogueWriter {
    /// Loads a snapshot. If its parts end early or cannot be read, what is stored stays. Each part is drafted while the
    /// previous one is written.
    pub(super) async fn load(
        self,
        generation: Uuid,
        place: JournalPlace,
        parts: SnapshotParts,
    ) -> WriterAnd<Result<(), CatalogueError>> {
        let drafter = self.part_drafter();
        let (writer, begun) = self.unbroken(Self::begin_loading).await?;
        let loading = match begun {
            Ok(loading) => loading,
            Err(error) => return Some((writer, Err(error))),
        };
        let (writer, taken) = writer.take_parts(loading, drafter, parts).await?;
        writer
            .unbroken(move |writer| match taken {
                Ok(loading) => writer.show_loaded(loading, generation, place),
                Err(error) => {
                    writer.index.forget_uncommitted();
                    Err(error)
                }
            })
            .await
    }

    fn begin_loading(&mut self) -> Result<LoadingCatalogue, CatalogueError> {
        let feeds_index = !self.index.is_behind() && self.current.load().store().is_blank()?;
        let (facts, common) = (FactsTable::default(), SharedFacts::default());
        Ok(LoadingCatalogue { store: self.store.load()?, facts, common, feeds_index })
    }

    async fn take_parts(
        mut self,
        mut loading: LoadingCatalogue,
        drafter: PartDrafter,
        mut parts: SnapshotParts,
    ) -> WriterAnd<Result<LoadingCatalogue, CatalogueError>> {
        let mut next = draft_next(drafter, &mut parts).await;
        loop {
            let (drafter, part) = match next {
                Ok(Some(drafted)) => drafted,
                Ok(None) => return Some((self, Ok(loading))),
                Err(error) => return Some((self, Err(error.into()))),
            };
            let taking = self.unbroken(move |writer| writer.take_part(loading, &part));
            let (taken, drafted) = tokio::join!(taking, draft_next(drafter, &mut parts));
            let (writer, taken) = taken?;
            (self, next) = (writer, drafted);
            loading = match taken {
                Ok(loading) => loading,
                Err(error) => return Some((self, Err(error))),
            };
        }
    }

    fn take_part(
        &mut self,
        mut loading: LoadingCatalogue,
        part: &DraftedPart,
    ) -> Result<LoadingCatalogue, CatalogueError> {
        let touched = loading.store.take(part)?;
        loading.feeds_index = loading.feeds_index && self.index.take_documents(&touched);
        for service in touched {
            let TouchedService::Put { ordinal, facts, noticed_at, .. } = service else { continue };
            let facts = noticed_facts(&facts, noticed_at, &mut loading.common);
            loading.facts.put(ordinal, Some(facts));
        }
        Ok(loading)
    }

    /// Publishes the loaded catalogue in place of the previous one.
    fn show_loaded(
        &mut self,
        loading: LoadingCatalogue,
        generation: Uuid,
        place: JournalPlace,
    ) -> Result<(), CatalogueError> {
        let LoadingCatalogue { store, facts, common, feeds_index } = loading;
        store.commit(generation, place)?;
        let store = self.store.read()?;
        (self.facts, self.common) = (facts, common);
        self.renew_index(feeds_index, &store)?;
        (self.vocabulary, self.recent) = (Arc::new(store.vocabulary()?), Arc::new(RecentRecords::default()));
        self.lacking = Arc::new(HashMap::new());
        self.writes += 1;
        self.loaded = self.writes;
        self.recent.forget(iter::empty(), iter::empty(), self.writes);
        self.show(store);
        if let Some(shared) = &self.shared {
            shared.note_applied(place);
        }
        Ok(())
    }

    /// Makes the index follow a loaded store. `has_all`: the index has taken every service, and only needs to commit.
    fn renew_index(&mut self, has_all: bool, store: &StoreSnapshot) -> Result<(), CatalogueError> {
        if has_all {
            match self.index.commit_loaded(store) {
                Ok(()) => return Ok(()),
                Err(error) => {
                    tracing::warn!(%error, "the catalogue's index failed; rebuilding it from the store")
                }
            }
        }
        // Only one index may be open in a directory.
        mem::replace(&mut self.index, CatalogueIndex::closed()?).close();
        self.index = CatalogueIndex::again(self.room.directory(), store)?;
        self.index_number += 1;
        Ok(())
    }
}

/// Receives and drafts the next part. Returns `None` after the last.
async fn draft_next(
    mut drafter: PartDrafter,
    parts: &mut SnapshotParts,
) -> Result<Option<(PartDrafter, DraftedPart)>, StoreError> {
    let Some(part) = parts.recv().await.ok_or(StoreError::Closed)? else { return Ok(None) };
    let drafting = off_runtime(move || drafter.draft(&part).map(|drafted| (drafter, drafted)));
    drafting.await.map_err(|_| StoreError::broken_off())?.map(Some)
}
