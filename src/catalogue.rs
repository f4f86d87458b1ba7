//! The stored data of the synchronised sources: their records, an index over the services, and the history of changes.
//!
//! The store is the source of truth, with one transaction per step of a synchronisation. The index and the table of
//! facts follow it and can be rebuilt from it at any time. Readers hold a [`CatalogueSnapshot`] of all three, taken at
//! one moment.

mod batch;
mod blocking;
mod carried;
mod columns;
mod draft;
mod encoded;
mod facts_table;
mod find;
mod index;
pub mod journal;
mod mending;
mod name_order;
mod part_draft;
mod provided;
mod recent;
mod recent_values;
mod replica;
mod room;
mod rules;
mod snapshot;
mod store;
#[cfg(test)]
pub(crate) mod tests;
mod verifier;
mod writer;

use std::path::PathBuf;
use std::sync::Arc;

use arc_swap::ArcSwap;
use tokio::sync::{Semaphore, mpsc, oneshot, watch};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::model::{InstantClock, PostcodePlaces};

pub use batch::{RecordUpsert, SyncBatch, WrittenCounts};
pub(crate) use blocking::off_runtime;
#[cfg(test)]
pub(crate) use blocking::simulated;
pub use columns::{AspectColumn, KeyNumbering, NumberedView, TableColumn};
pub use facts_table::FactsTable;
pub use find::{FoundServices, ServiceHit};
pub use index::IndexError;
pub use name_order::{NameOrder, NameWindow};
pub use provided::ReadService;
pub use replica::{ReplicaRole, ReplicaSettings, ReplicaStanding};
pub use snapshot::CatalogueSnapshot;
pub use store::{
    HistoryChange, HistoryChangeKind, HistoryStretch, ListStretch, LocationsOf, RecordStore, StoreError,
    StoreSnapshot, StoreVerdict, StoredMark, SyncNote, UnseenRecord, verify_store,
};
pub use verifier::StoreVerifier;

use draft::BatchDrafter;
use replica::{Replica, SharedJournal};
use room::VolumeRoom;
use writer::{CatalogueWriter, HandedBatch};

/// How many batches may wait to be written. While that many wait, [`StoredCatalogue::submit`] waits too.
const MOST_WAITING: usize = 64;

/// Why a catalogue cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum CatalogueError {
    /// The store cannot be opened or read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The index can be neither read nor rebuilt.
    #[error(transparent)]
    Index(#[from] IndexError),
}

/// How the catalogue of a gateway is opened.
pub struct CatalogueOpening<'v> {
    /// Where it is stored. `None`: it does not survive restarts.
    pub directory: Option<PathBuf>,
    /// The rules by which records are read. What was stored under other rules is removed first.
    pub rules: String,
    /// Where services without coordinates are.
    pub postcodes: PostcodePlaces,
    /// The clock that changes are noted by.
    pub clock: InstantClock,
    /// Says whether a store can be opened that was not closed properly.
    pub verifier: &'v StoreVerifier,
    /// How it is shared with other gateways. `None`: this gateway keeps it alone.
    pub replica: Option<ReplicaSettings>,
}

/// The stored records of the synchronised sources. Cheap to clone; all clones share one catalogue.
#[derive(Clone, Debug)]
pub struct StoredCatalogue {
    current: Arc<ArcSwap<CatalogueSnapshot>>,
    drafter: BatchDrafter,
    /// Permits to draft, one per processor: drafting more at once would only take more memory.
    drafting: Arc<Semaphore>,
    batches: mpsc::Sender<HandedBatch>,
    /// The standing of this gateway. `None` if it does not share the catalogue.
    standing: Option<watch::Receiver<ReplicaStanding>>,
    stopping: CancellationToken,
    background: TaskTracker,
}

impl StoredCatalogue {
    /// Opens the catalogue in a directory, or in an unnamed file if there is none. `postcodes` locate services without
    /// coordinates.
    ///
    /// # Errors
    /// If the directory can be neither read nor made, or another process uses it.
    pub async fn open(
        directory: Option<PathBuf>,
        postcodes: PostcodePlaces,
        clock: InstantClock,
    ) -> Result<Self, CatalogueError> {
        if let Some(directory) = &directory {
            verifier::prove(directory, &StoreVerifier::default()).await?;
        }
        Self::open_with(VolumeRoom::at(directory), postcodes, clock, None).await
    }

    /// Opens the catalogue of a gateway. If other gateways share it, does not wait for them: what is stored here is there at
    /// once. Damage is not an error: a damaged store is moved aside, and a damaged index is rebuilt.
    ///
    /// # Errors
    /// If the directory can be neither read nor made, another process uses it, or what was stored under other rules cannot be
    /// removed.
    pub async fn open_as(opening: CatalogueOpening<'_>) -> Result<Self, CatalogueError> {
        Self::open_in(opening, VolumeRoom::at).await
    }

    async fn open_in(
        opening: CatalogueOpening<'_>,
        room: impl FnOnce(Option<PathBuf>) -> VolumeRoom,
    ) -> Result<Self, CatalogueError> {
        let CatalogueOpening { directory, rules, postcodes, clock, verifier, replica } = opening;
        if let Some(directory) = &directory {
            let (begun, rules) = (directory.clone(), rules.clone());
            let begun = off_runtime(move || rules::begin_anew_under(&begun, &rules)).await;
            begun.map_err(|_| StoreError::Closed)??;
            verifier::prove(directory, verifier).await?;
        }
        Self::open_with(room(directory), postcodes, clock, replica.map(|replica| (replica, rules))).await
    }

    async fn open_with(
        room: VolumeRoom,
        postcodes: PostcodePlaces,
        clock: InstantClock,
        replica: Option<(ReplicaSettings, String)>,
    ) -> Result<Self, CatalogueError> {
        let shared = replica.as_ref().map(|(settings, _)| SharedJournal::new(settings));
        let joined = shared.clone();
        let opened = off_runtime(move || {
            let mut writer = CatalogueWriter::open(room, &postcodes, clock)?;
            match joined {
                Some(joined) => writer.share(joined),
                None => writer.keep_alone()?,
            }
            Ok::<_, CatalogueError>(writer)
        });
        let writer = opened.await.map_err(|_| StoreError::Closed)??;
        let (batches, handed) = mpsc::channel(MOST_WAITING);
        let (requests, requested) = mpsc::channel(1);
        let (stopping, background) = (CancellationToken::new(), TaskTracker::new());
        let (current, drafter) = (writer.current(), writer.drafter());
        let standing = shared.as_ref().map(SharedJournal::watch);
        background.spawn(writer.run(handed, requested, stopping.clone()));
        if let Some((shared, (settings, rules))) = shared.zip(replica) {
            let member = Replica::member(&settings.name, rules);
            let replica = Replica { shared, member, current: Arc::clone(&current), requests };
            background.spawn(replica.run(stopping.clone()));
        }
        background.close();
        let at_once = std::thread::available_parallelism().map_or(1, usize::from);
        let drafting = Arc::new(Semaphore::new(at_once));
        Ok(Self { current, drafter, drafting, batches, standing, stopping, background })
    }

    /// Returns this gateway's standing among those that share the catalogue. `None` if it keeps the catalogue alone.
    pub fn standing(&self) -> Option<ReplicaStanding> {
        self.standing.as_ref().map(|standing| standing.borrow().clone())
    }

    /// Returns whether this gateway reads the publishers. Always `true` if it keeps the catalogue alone.
    pub fn leads(&self) -> bool {
        self.standing.as_ref().is_none_or(|standing| standing.borrow().leads())
    }

    /// Returns a receiver of the standing, which changes whenever this copy applies steps or the leader changes. `None`
    /// if this gateway keeps the catalogue alone.
    pub fn watch_standing(&self) -> Option<watch::Receiver<ReplicaStanding>> {
        self.standing.clone()
    }

    /// Returns the catalogue as it stands now.
    pub fn snapshot(&self) -> Arc<CatalogueSnapshot> {
        self.current.load_full()
    }

    /// Writes a batch. Once this returns, the batch is on disk, and every new snapshot shows it.
    ///
    /// # Errors
    /// If the disk fails or has too little room, or the catalogue is closed. Then nothing of the batch is stored, and
    /// it can be submitted again once there is room.
    pub async fn submit(&self, mut batch: SyncBatch) -> Result<WrittenCounts, Arc<StoreError>> {
        let (reply, written) = oneshot::channel();
        let closed = || Arc::new(StoreError::Closed);
        if !batch.upserts.is_empty() {
            // Never closed, so every caller gets a permit.
            let _turn = self.drafting.acquire().await;
            let (drafter, snapshot) = (self.drafter.clone(), self.snapshot());
            let drafting = off_runtime(move || {
                drafter.draft(&mut batch, snapshot.store());
                batch
            });
            batch = drafting.await.map_err(broken_off)?;
        }
        self.batches.send(HandedBatch { batch, reply }).await.map_err(|_| closed())?;
        written.await.map_err(|_| closed())?
    }

    /// Accepts no more batches, writes those it has, and returns once that is done.
    pub async fn close(&self) {
        self.stopping.cancel();
        self.background.wait().await;
    }
}

fn broken_off(error: tokio::task::JoinError) -> Arc<StoreError> {
    let panicked = || StoreError::Record("of a kind that breaks off its own writing".to_owned());
    Arc::new(if error.is_panic() { panicked() } else { StoreError::Closed })
}
