//! The only writer of the catalogue: writes submitted batches, several in one transaction if they are waiting, and
//! publishes a snapshot after each write.

mod decide;
mod follow;
mod load;
mod mend;

use std::collections::{BTreeSet, HashMap};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, OnceLock};

use arc_swap::ArcSwap;
use chrono::{DateTime, Utc};
use tokio::sync::{mpsc, oneshot};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::CatalogueError;
use super::batch::{SyncBatch, WrittenCounts};
use super::blocking::off_runtime;
use super::draft::BatchDrafter;
use super::facts_table::FactsTable;
use super::index::CatalogueIndex;
use super::recent::RecentRecords;
use super::replica::SharedJournal;
use super::room::VolumeRoom;
use super::snapshot::CatalogueSnapshot;
use super::store::{RecordStore, StoreError, StorePlace, StoreSnapshot, TouchedService, WriteOutcome};
use crate::model::{
    AnyRecord, InstantClock, PostcodePlaces, RecordId, RecordKind, ServiceFacts, SharedFacts, SourceKey,
    TermVocabulary,
};

pub(super) use follow::{FollowRequest, FollowWork};

/// The most records and batches written in one transaction. Once either is reached, further batches wait for the next.
const MOST_RECORDS: usize = 4_000;
const MOST_BATCHES: usize = 64;

/// A submitted batch, with the channel for its result.
pub(super) struct HandedBatch {
    pub(super) batch: SyncBatch,
    pub(super) reply: Reply,
}

/// The writer and the result of its work. `None` once the runtime stops, or if the work panicked.
type WriterAnd<T> = Option<(CatalogueWriter, T)>;

type Reply = oneshot::Sender<Result<WrittenCounts, Arc<StoreError>>>;

/// Writes to the store, and keeps the index and the facts in step with it.
pub(super) struct CatalogueWriter {
    room: VolumeRoom,
    store: RecordStore,
    index: CatalogueIndex,
    /// The number of the index, counted from 1 within this process.
    index_number: u64,
    /// When the index was last rebuilt because it had failed. `None` if it never was.
    index_mended_at: Option<Instant>,
    /// When unreadable records of a source were last dropped, by source.
    lacking: Arc<HashMap<SourceKey, DateTime<Utc>>>,
    facts: FactsTable,
    common: SharedFacts,
    vocabulary: Arc<TermVocabulary>,
    recent: Arc<RecentRecords>,
    /// The number of writes since the start.
    writes: u64,
    /// The number of the write that last replaced the whole catalogue by a snapshot from the journal; 0 if none did.
    loaded: u64,
    last_writes: Arc<HashMap<(RecordKind, SourceKey), u64>>,
    clock: InstantClock,
    /// The journal that decides what is written. `None` if this gateway keeps the catalogue alone.
    shared: Option<SharedJournal>,
    current: Arc<ArcSwap<CatalogueSnapshot>>,
}

impl CatalogueWriter {
    /// Opens the store and the index in a directory. Without one, the catalogue is not kept.
    ///
    /// # Errors
    /// See [`RecordStore::open`].
    pub(super) fn open(
        room: VolumeRoom,
        postcodes: &PostcodePlaces,
        clock: InstantClock,
    ) -> Result<Self, CatalogueError> {
        if let Some(directory) = room.directory()
            && CatalogueIndex::is_in(directory)
            && !RecordStore::is_in(directory)
        {
            tracing::warn!(
                directory = %directory.display(),
                "the catalogue's store is gone; starting with an empty one and reading every source again"
            );
        }
        let (store, looked_through) = RecordStore::open_with_facts(room.directory(), postcodes)?;
        // If the store cannot write to the directory, nothing else may.
        let room = match store.place() {
            StorePlace::Directory(_) => room,
            place => room.unkept(place.volume()),
        };
        let snapshot = store.read()?;
        let (mut facts, mut common) = (FactsTable::default(), SharedFacts::default());
        for (ordinal, mut one) in looked_through {
            one.share(&mut common);
            facts.put(ordinal, Some(Arc::new(one)));
        }
        let index = CatalogueIndex::open(room.directory(), &snapshot)?;
        let (vocabulary, recent) = (Arc::new(snapshot.vocabulary()?), Arc::new(RecentRecords::default()));
        let (index_number, lacking) = (1, Arc::default());
        let first = CatalogueSnapshot {
            store: snapshot,
            facts: facts.clone(),
            searcher: index.searcher(),
            index: index_number,
            lacking: Arc::clone(&lacking),
            vocabulary: Arc::clone(&vocabulary),
            recent: Arc::clone(&recent),
            write: 0,
            loaded: 0,
            last_writes: Arc::default(),
            all: OnceLock::new(),
        };
        Ok(Self {
            room,
            store,
            index,
            index_number,
            index_mended_at: None,
            lacking,
            facts,
            common,
            vocabulary,
            recent,
            writes: 0,
            loaded: 0,
            last_writes: Arc::default(),
            clock,
            shared: None,
            current: Arc::new(ArcSwap::from_pointee(first)),
        })
    }

    /// Joins a shared catalogue: from now on, only what the journal decides is written.
    pub(super) fn share(&mut self, shared: SharedJournal) {
        self.shared = Some(shared);
    }

    /// Stops following a journal. The store gets a new generation, because gateways that still follow the journal do
    /// not know what is written here.
    ///
    /// # Errors
    /// If the store cannot be written.
    pub(super) fn keep_alone(&self) -> Result<(), StoreError> {
        if self.current.load().store.journal_place().is_some() {
            self.store.join(Uuid::new_v4(), None)?;
            self.show(self.store.read()?);
        }
        Ok(())
    }

    /// Returns the drafter for the batches that are submitted.
    pub(super) fn drafter(&self) -> BatchDrafter {
        BatchDrafter::new(self.store.postcodes().clone(), self.index.documents())
    }

    /// Returns the place where each new snapshot is published.
    pub(super) fn current(&self) -> Arc<ArcSwap<CatalogueSnapshot>> {
        Arc::clone(&self.current)
    }

    /// Writes what is submitted until `stopping` is cancelled, and then what has been submitted by then. In between,
    /// repairs what readers have found damaged.
    pub(super) async fn run(
        mut self,
        mut handed: mpsc::Receiver<HandedBatch>,
        mut requests: mpsc::Receiver<FollowRequest>,
        stopping: CancellationToken,
    ) {
        let mending = Arc::clone(self.store.mending());
        loop {
            let first = tokio::select! {
                biased;
                () = stopping.cancelled() => {
                    handed.close();
                    handed.recv().await
                }
                // Decided steps go before batches submitted here.
                Some(request) = requests.recv() => {
                    let Some(writer) = self.follow(request).await else { return };
                    self = writer;
                    continue;
                }
                () = mending.wanted() => {
                    let Some((writer, ())) = self.away(Self::mend).await else { return };
                    self = writer;
                    continue;
                }
                first = handed.recv() => first,
            };
            let Some(first) = first else { return };
            let (batches, replies) = gather(first, &mut handed);
            let written = match self.shared.clone() {
                Some(shared) => self.decide(shared, batches).await,
                None => self.away(move |writer| writer.write(&batches)).await,
            };
            let Some((writer, written)) = written else { return };
            self = writer;
            answer(written, replies);
        }
    }

    /// Runs work on a thread that may block. Returns `None` if the runtime stops
    /// before the work has begun, or the work panics; the writer is then gone.
    async fn away<T: Send + 'static>(
        mut self,
        work: impl FnOnce(&mut Self) -> T + Send + 'static,
    ) -> WriterAnd<T> {
        let worked = off_runtime(move || {
            let done = work(&mut self);
            (self, done)
        });
        worked.await.ok()
    }

    /// Runs work as [`Self::away`] does, and turns a panic into an error.
    async fn unbroken<T, E>(
        self,
        work: impl FnOnce(&mut Self) -> Result<T, E> + Send + 'static,
    ) -> WriterAnd<Result<T, E>>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.away(move |writer| unless_broken_off(|| work(writer))).await
    }

    fn write(&mut self, batches: &[SyncBatch]) -> Result<Vec<WrittenCounts>, StoreError> {
        self.room.for_batches(batches)?;
        unless_broken_off(|| self.attempt(batches))
    }

    fn attempt(&mut self, batches: &[SyncBatch]) -> Result<Vec<WrittenCounts>, StoreError> {
        let outcome = self.store.write(batches, self.clock.now())?;
        self.wrote(outcome, batches)
    }

    /// Makes the index, the facts and the caches follow the store after these batches were written.
    fn wrote(
        &mut self,
        outcome: WriteOutcome,
        batches: &[SyncBatch],
    ) -> Result<Vec<WrittenCounts>, StoreError> {
        self.writes += 1;
        let services: Vec<u32> = outcome.reread().collect();
        self.recent.forget(batches.iter().flat_map(SyncBatch::named), services.iter(), self.writes);
        batches.iter().for_each(|batch| self.note_writes(batch.named()));
        let store = self.store.read()?;
        self.follow_store(&outcome.touched, &store);
        batches.iter().for_each(|batch| self.learn_terms(batch));
        self.show(store);
        Ok(outcome.written)
    }

    /// Makes the facts and the index follow the store.
    fn follow_store(&mut self, touched: &[TouchedService], store: &StoreSnapshot) {
        for touched in touched {
            match touched {
                TouchedService::Put { ordinal, facts, noticed_at, .. } => {
                    let facts = noticed_facts(facts, *noticed_at, &mut self.common);
                    self.facts.put(*ordinal, Some(facts));
                }
                TouchedService::Gone { ordinal } => self.facts.put(*ordinal, None),
            }
        }
        // The store is already committed, so a failed index is only logged. It catches up with the next write.
        if let Err(error) = self.index.follow(touched, store) {
            tracing::error!(%error, "the catalogue's index is behind its store");
        }
    }

    /// Publishes a snapshot.
    fn show(&self, store: StoreSnapshot) {
        self.current.store(Arc::new(CatalogueSnapshot {
            store,
            facts: self.facts.clone(),
            searcher: self.index.searcher(),
            index: self.index_number,
            lacking: Arc::clone(&self.lacking),
            vocabulary: Arc::clone(&self.vocabulary),
            recent: Arc::clone(&self.recent),
            write: self.writes,
            loaded: self.loaded,
            last_writes: Arc::clone(&self.last_writes),
            all: OnceLock::new(),
        }));
    }

    fn note_writes<'r>(&mut self, named: impl Iterator<Item = &'r RecordId>) {
        let named: BTreeSet<_> = named.map(|id| (id.kind(), id.source())).collect();
        let last_writes = Arc::make_mut(&mut self.last_writes);
        let each = named.into_iter().map(|(kind, source)| ((kind, source.clone()), self.writes));
        last_writes.extend(each);
    }

    fn learn_terms(&mut self, batch: &SyncBatch) {
        batch.upserts.iter().for_each(|upsert| self.learn_term(&upsert.record));
        batch.removals.iter().chain(&batch.forgotten).for_each(|id| self.unlearn_term(id));
    }

    fn learn_term(&mut self, record: &AnyRecord) {
        match record {
            AnyRecord::TaxonomyTerm(term) => Arc::make_mut(&mut self.vocabulary).add(term),
            AnyRecord::Taxonomy(taxonomy) => Arc::make_mut(&mut self.vocabulary).add_taxonomy(taxonomy),
            _ => {}
        }
    }

    fn unlearn_term(&mut self, id: &RecordId) {
        if matches!(id.kind(), RecordKind::TaxonomyTerm | RecordKind::Taxonomy) {
            Arc::make_mut(&mut self.vocabulary).remove(id);
        }
    }
}

/// Collects the batches that are already waiting behind the first, up to the limits of one write.
fn gather(first: HandedBatch, handed: &mut mpsc::Receiver<HandedBatch>) -> (Vec<SyncBatch>, Vec<Reply>) {
    let mut records = first.batch.len();
    let (mut batches, mut replies) = (vec![first.batch], vec![first.reply]);
    while records < MOST_RECORDS && batches.len() < MOST_BATCHES {
        let Ok(next) = handed.try_recv() else { break };
        records += next.batch.len();
        batches.push(next.batch);
        replies.push(next.reply);
    }
    (batches, replies)
}

fn answer(written: Result<Vec<WrittenCounts>, StoreError>, replies: Vec<Reply>) {
    // A caller that no longer waits needs no answer.
    match written {
        Ok(written) => {
            replies.into_iter().zip(written).for_each(|(reply, written)| drop(reply.send(Ok(written))))
        }
        Err(error) => {
            match &error {
                // Happens to every leader that is paused or cut off. The new leader reads the same again.
                StoreError::NotLeading => {
                    tracing::info!("another gateway leads now; what was read last is dropped")
                }
                error => tracing::error!(%error, "cannot write to the catalogue"),
            }
            let error = Arc::new(error);
            replies.into_iter().for_each(|reply| drop(reply.send(Err(Arc::clone(&error)))));
        }
    }
}

/// Facts as they are held in memory: with when a change was noticed, and sharing what many services have in common.
fn noticed_facts(
    facts: &ServiceFacts,
    noticed_at: Option<DateTime<Utc>>,
    common: &mut SharedFacts,
) -> Arc<ServiceFacts> {
    let mut facts = ServiceFacts { noticed_at, ..ServiceFacts::clone(facts) };
    facts.share(common);
    Arc::new(facts)
}

/// Does work, and turns a panic into an error: one damaged page must not end all writing.
fn unless_broken_off<T, E: From<StoreError>>(work: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| {
        tracing::error!("work on the catalogue broke off");
        Err(StoreError::broken_off().into())
    })
}
