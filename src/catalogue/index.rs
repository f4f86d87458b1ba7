//! The index over services: their words and their tags. It follows the store, and can be rebuilt from it.

mod answers;
mod asked;
mod candidates;
mod counted;
mod document;
mod found;
mod open;
mod placed;
mod query;
mod remembered;
mod schema;
#[cfg(test)]
mod tests;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use tantivy::{IndexReader, IndexWriter, TantivyError, Term};

use super::store::{StoreError, StoreSnapshot, TouchedService};
use crate::model::{AnyRecord, RecordKind};

pub(super) use candidates::IndexSearcher;
pub(super) use counted::IndexCounts;
pub(super) use document::{DocumentMaker, IndexDocument};

use document::NumberedDocument;
use schema::IndexSchema;

/// The format of the index. Raised whenever services are to be found under other words or tags.
const FORMAT: &str = concat!(env!("CARGO_PKG_VERSION"), "/6");

/// How many changes are read at a time while the index catches up.
const STRETCH: usize = 2_000;

/// Why the index could not carry out an operation.
#[derive(Debug, thiserror::Error)]
pub enum IndexError {
    /// The index failed to read or write.
    #[error("the index failed: {0}")]
    Index(#[from] TantivyError),
    /// The store, from which the index is built, failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Files of the index differ from what was written to them. Contains how many.
    #[error("the index is damaged: {0} of its files differ from what was written")]
    Damaged(usize),
    /// The index panicked, as it does on files that contradict each other.
    #[error("the index was interrupted")]
    BrokeOff,
    /// The index lacks something that the store has.
    #[error("the index is behind the store")]
    Behind,
}

/// Does work, and turns a panic into an error: the library may panic on damaged files.
fn unbroken<T>(work: impl FnOnce() -> Result<T, IndexError>) -> Result<T, IndexError> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or(Err(IndexError::BrokeOff))
}

/// The index, opened by its only writer.
pub(super) struct CatalogueIndex {
    schema: IndexSchema,
    writer: IndexWriter<NumberedDocument>,
    reader: IndexReader,
    searcher: IndexSearcher,
    /// Whether the index may lack something that the store has, because it failed after the last commit.
    is_behind: bool,
}

/// How far the index follows a store.
#[derive(Debug, PartialEq, Eq)]
struct Reached {
    format: String,
    generation: String,
    sequence: u64,
}

impl CatalogueIndex {
    /// Returns what makes documents for this index.
    pub(super) fn documents(&self) -> DocumentMaker {
        DocumentMaker::new(self.schema.fields.clone())
    }

    /// Returns a searcher for the index as of the last commit.
    pub(super) fn searcher(&self) -> IndexSearcher {
        self.searcher.behind(self.is_behind)
    }

    /// Returns whether the index may lack something that the store has.
    pub(super) fn is_behind(&self) -> bool {
        self.is_behind
    }

    /// Makes the index follow the store. Applies what changed since the last commit, or rebuilds the index if the
    /// history no longer has all of that.
    ///
    /// # Errors
    /// If the index cannot be written or the store cannot be read. Then nothing is committed.
    pub(super) fn catch_up(&mut self, store: &StoreSnapshot) -> Result<(), IndexError> {
        let (reached, format) = (self.reached()?, format_of(store)?);
        let forgotten = store.history(store.sequence(), 0)?.forgotten;
        let follows = |reached: &Reached| {
            reached.format == format
                && reached.generation == store.generation()
                && (forgotten..=store.sequence()).contains(&reached.sequence)
        };
        match reached.filter(follows) {
            Some(reached) if reached.sequence == store.sequence() => Ok(()),
            Some(reached) => {
                self.replay(store, reached.sequence)?;
                self.commit(store)
            }
            None => {
                self.rebuild(store)?;
                self.commit(store)
            }
        }
    }

    /// Applies what a write to the store changed. If that fails, applies everything since the last commit.
    ///
    /// # Errors
    /// As [`CatalogueIndex::catch_up`]. The index is then behind: searches fail until the next write has made it
    /// follow.
    pub(super) fn follow(
        &mut self,
        touched: &[TouchedService],
        store: &StoreSnapshot,
    ) -> Result<(), IndexError> {
        if touched.is_empty() && !self.is_behind {
            return Ok(());
        }
        if !self.is_behind {
            let Err(error) = unbroken(|| self.take_in(touched, store)) else { return Ok(()) };
            tracing::warn!(%error, "the catalogue's index failed; updating it from the store again");
            self.is_behind = true;
        }
        unbroken(|| {
            self.writer.rollback()?;
            self.catch_up(store)
        })?;
        self.is_behind = false;
        Ok(())
    }

    fn take_in(&mut self, touched: &[TouchedService], store: &StoreSnapshot) -> Result<(), IndexError> {
        for one in touched {
            match one {
                TouchedService::Put { ordinal, document: Some(document), .. } => {
                    self.put(*ordinal, Arc::clone(document))?;
                }
                TouchedService::Put { ordinal, document: None, .. } => self.renew(store, *ordinal)?,
                TouchedService::Gone { ordinal } => self.remove(*ordinal),
            }
        }
        self.commit(store)
    }

    /// Adds services whose documents have been made, without a commit. Returns `false` if it could not add all of them;
    /// then the index must be rebuilt.
    pub(super) fn take_documents(&mut self, touched: &[TouchedService]) -> bool {
        touched.iter().all(|service| match service {
            TouchedService::Put { ordinal, document: Some(document), .. } => {
                unbroken(|| self.put(*ordinal, Arc::clone(document))).is_ok()
            }
            TouchedService::Put { document: None, .. } => false,
            TouchedService::Gone { ordinal } => {
                self.remove(*ordinal);
                true
            }
        })
    }

    /// Commits what [`CatalogueIndex::take_documents`] has added, which must be all that the store has.
    ///
    /// # Errors
    /// If the index cannot be written; then it must be rebuilt.
    pub(super) fn commit_loaded(&mut self, store: &StoreSnapshot) -> Result<(), IndexError> {
        unbroken(|| self.commit(store))
    }

    /// Drops what was added since the last commit.
    pub(super) fn forget_uncommitted(&mut self) {
        if let Err(error) = unbroken(|| self.writer.rollback().map(drop).map_err(IndexError::from)) {
            tracing::warn!(%error, "the catalogue's index failed; updating it with the next write");
            self.is_behind = true;
        }
    }

    fn replay(&mut self, store: &StoreSnapshot, mut after: u64) -> Result<(), IndexError> {
        loop {
            let history = store.history(after, STRETCH)?;
            let Some((last, _)) = history.changes.last() else { return Ok(()) };
            after = *last;
            for (_, change) in &history.changes {
                if let Some(ordinal) = change.ordinal {
                    self.renew(store, ordinal)?;
                } else if change.id.kind() == RecordKind::Organization {
                    for ordinal in store.namers(&change.id)? {
                        self.renew(store, ordinal)?;
                    }
                }
            }
        }
    }

    fn renew(&self, store: &StoreSnapshot, ordinal: u32) -> Result<(), IndexError> {
        self.remove(ordinal);
        // Facts are removed with their service.
        let Some(facts) = store.facts_of(ordinal)? else { return Ok(()) };
        if let Some(AnyRecord::Service(service)) = store.get(&facts.id)? {
            self.put(ordinal, Arc::new(self.documents().of(&*store.provided(&service)?, &facts)))?;
        }
        Ok(())
    }

    fn rebuild(&mut self, store: &StoreSnapshot) -> Result<(), IndexError> {
        self.writer.delete_all_documents()?;
        for entry in store.facts()? {
            let (ordinal, facts) = entry?;
            match store.get(&facts.id) {
                Ok(Some(AnyRecord::Service(service))) => {
                    self.put(ordinal, Arc::new(self.documents().of(&*store.provided(&service)?, &facts)))?;
                }
                Ok(_) => {}
                Err(error) => {
                    tracing::warn!(source = %facts.id.source(), %error, "cannot index a service")
                }
            }
        }
        Ok(())
    }

    fn put(&self, ordinal: u32, document: Arc<IndexDocument>) -> Result<(), IndexError> {
        self.remove(ordinal);
        self.writer.add_document(NumberedDocument::of(document, ordinal, &self.schema.fields))?;
        Ok(())
    }

    fn remove(&self, ordinal: u32) {
        self.writer.delete_term(Term::from_field_u64(self.schema.fields.ordinal, u64::from(ordinal)));
    }

    fn commit(&mut self, store: &StoreSnapshot) -> Result<(), IndexError> {
        let mut prepared = self.writer.prepare_commit()?;
        let format = format_of(store)?;
        prepared.set_payload(&format!("{format} {} {}", store.generation(), store.sequence()));
        prepared.commit()?;
        self.reader.reload()?;
        self.searcher = self.searcher.followed_by(self.reader.searcher());
        Ok(())
    }

    fn reached(&self) -> Result<Option<Reached>, IndexError> {
        let payload = self.writer.index().load_metas()?.payload.unwrap_or_default();
        let mut parts = payload.splitn(3, ' ').map(str::to_owned);
        let reached = (|| {
            let (format, generation) = (parts.next()?, parts.next()?);
            Some(Reached { format, generation, sequence: parts.next()?.parse().ok()? })
        })();
        Ok(reached)
    }
}

/// Identifies what the words and tags of services depend on: the format of the index, and how the facts were derived.
fn format_of(store: &StoreSnapshot) -> Result<String, StoreError> {
    Ok(format!("{FORMAT}:{}", store.derivation()?))
}
