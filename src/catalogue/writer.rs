//! The one who writes: takes batches, several at once where they have gathered, and shows what came of them.

use std::collections::{BTreeSet, HashMap};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;

use arc_swap::ArcSwap;
use tokio::sync::{mpsc, oneshot};
use tokio_util::sync::CancellationToken;

use super::CatalogueError;
use super::batch::{Batch, Written};
use super::draft::Drafter;
use super::facts_table::FactsTable;
use super::index::Index;
use super::recent::Recent;
use super::snapshot::Snapshot;
use super::store::{Store, StoreError, Touched};
use crate::model::{AnyRecord, Clock, Common, Facts, Postcodes, RecordId, RecordKind, SourceKey, Vocabulary};

/// How many records are written at once at most, and how many batches: what waits longer than that takes turns.
const MOST_RECORDS: usize = 4_000;
const MOST_BATCHES: usize = 64;

/// A batch, and who waits for it.
pub(super) struct Handed {
    pub(super) batch: Batch,
    pub(super) reply: Reply,
}

type Reply = oneshot::Sender<Result<Written, Arc<StoreError>>>;

/// The store, and what follows from it.
pub(super) struct Writer {
    store: Store,
    index: Index,
    facts: FactsTable,
    common: Common,
    vocabulary: Arc<Vocabulary>,
    recent: Arc<Recent>,
    /// How often something has been written.
    writes: u64,
    last_writes: Arc<HashMap<(RecordKind, SourceKey), u64>>,
    clock: Clock,
    current: Arc<ArcSwap<Snapshot>>,
}

impl Writer {
    /// Opens the store and the index in a directory, or in memory.
    ///
    /// # Errors
    /// See [`Store::open`].
    pub(super) fn open(
        directory: Option<&Path>,
        postcodes: &Postcodes,
        clock: Clock,
    ) -> Result<Self, CatalogueError> {
        let (store, looked_through) = Store::open_with_facts(directory, postcodes)?;
        let snapshot = store.read()?;
        let (mut facts, mut common) = (FactsTable::default(), Common::default());
        for (ordinal, mut one) in looked_through {
            one.share(&mut common);
            facts.put(ordinal, Some(Arc::new(one)));
        }
        let mut index = Index::open(directory)?;
        index.catch_up(&snapshot)?;
        let (vocabulary, recent) = (Arc::new(snapshot.vocabulary()?), Arc::new(Recent::default()));
        let first = Snapshot {
            store: snapshot,
            facts: facts.clone(),
            searcher: index.searcher(),
            vocabulary: Arc::clone(&vocabulary),
            recent: Arc::clone(&recent),
            write: 0,
            last_writes: Arc::default(),
        };
        Ok(Self {
            store,
            index,
            facts,
            common,
            vocabulary,
            recent,
            writes: 0,
            last_writes: Arc::default(),
            clock,
            current: Arc::new(ArcSwap::from_pointee(first)),
        })
    }

    /// What drafts the batches that are handed in.
    pub(super) fn drafter(&self) -> Drafter {
        Drafter::new(self.store.postcodes().clone(), self.index.documents())
    }

    /// Where what was written last shows.
    pub(super) fn current(&self) -> Arc<ArcSwap<Snapshot>> {
        Arc::clone(&self.current)
    }

    /// Writes whatever is handed in until told to stop, and then what has been handed in by then.
    pub(super) async fn run(mut self, mut handed: mpsc::Receiver<Handed>, stopping: CancellationToken) {
        loop {
            let first = tokio::select! {
                first = handed.recv() => first,
                () = stopping.cancelled() => {
                    handed.close();
                    handed.recv().await
                }
            };
            let Some(first) = first else { return };
            let (batches, replies) = gather(first, &mut handed);
            let written = tokio::task::spawn_blocking(move || {
                let written = self.write(&batches);
                (self, written)
            });
            // A runtime that stops drops what it has not begun.
            let Ok((writer, written)) = written.await else { return };
            self = writer;
            answer(written, replies);
        }
    }

    fn write(&mut self, batches: &[Batch]) -> Result<Vec<Written>, StoreError> {
        // One damaged page must not end all writing.
        let tried = catch_unwind(AssertUnwindSafe(|| self.attempt(batches)));
        tried.unwrap_or_else(|_| {
            tracing::error!("writing to the catalogue broke off; nothing of it was kept");
            Err(StoreError::Record("damaged beyond what could be noticed".to_owned()))
        })
    }

    fn attempt(&mut self, batches: &[Batch]) -> Result<Vec<Written>, StoreError> {
        let outcome = self.store.write(batches, self.clock.now())?;
        self.writes += 1;
        self.recent.forget(batches.iter().flat_map(Batch::named), self.writes);
        self.note_writes(batches);
        let store = self.store.read()?;
        for touched in &outcome.touched {
            match touched {
                Touched::Put { ordinal, facts, noticed_at, .. } => {
                    let mut facts = Facts { noticed_at: *noticed_at, ..Facts::clone(facts) };
                    facts.share(&mut self.common);
                    self.facts.put(*ordinal, Some(Arc::new(facts)));
                }
                Touched::Gone { ordinal } => self.facts.put(*ordinal, None),
            }
        }
        // What is written is written: an index that fails is made to follow with the next write.
        if let Err(error) = self.index.follow(&outcome.touched, &store) {
            tracing::error!(%error, "the catalogue's index is behind its store");
        }
        batches.iter().for_each(|batch| self.learn_terms(batch));
        self.current.store(Arc::new(Snapshot {
            store,
            facts: self.facts.clone(),
            searcher: self.index.searcher(),
            vocabulary: Arc::clone(&self.vocabulary),
            recent: Arc::clone(&self.recent),
            write: self.writes,
            last_writes: Arc::clone(&self.last_writes),
        }));
        Ok(outcome.written)
    }
}

impl Writer {
    fn note_writes(&mut self, batches: &[Batch]) {
        let last_writes = Arc::make_mut(&mut self.last_writes);
        for batch in batches {
            let kinds: BTreeSet<RecordKind> = batch.named().map(RecordId::kind).collect();
            let named = kinds.into_iter().map(|kind| ((kind, batch.source.clone()), self.writes));
            last_writes.extend(named);
        }
    }

    fn learn_terms(&mut self, batch: &Batch) {
        for upsert in &batch.upserts {
            if let AnyRecord::TaxonomyTerm(term) = &upsert.record {
                Arc::make_mut(&mut self.vocabulary).add(term);
            }
        }
        for id in batch.removals.iter().filter(|id| id.kind() == RecordKind::TaxonomyTerm) {
            Arc::make_mut(&mut self.vocabulary).remove(id);
        }
    }
}

/// What waits already goes along.
fn gather(first: Handed, handed: &mut mpsc::Receiver<Handed>) -> (Vec<Batch>, Vec<Reply>) {
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

fn answer(written: Result<Vec<Written>, StoreError>, replies: Vec<Reply>) {
    // Whoever no longer waits needs no answer.
    match written {
        Ok(written) => {
            replies.into_iter().zip(written).for_each(|(reply, written)| drop(reply.send(Ok(written))))
        }
        Err(error) => {
            tracing::error!(%error, "the catalogue could not be written");
            let error = Arc::new(error);
            replies.into_iter().for_each(|reply| drop(reply.send(Err(Arc::clone(&error)))));
        }
    }
}
