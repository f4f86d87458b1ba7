//! The index over services: their words and their tags. It follows from the store and can be made again from it.

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

/// Rises whenever the same service is to be found under other words or tags.
const FORMAT: &str = concat!(env!("CARGO_PKG_VERSION"), "/6");

/// How many changes are caught up with at a time.
const STRETCH: usize = 2_000;

/// Why the index did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum IndexError {
    /// The index itself failed.
    #[error("the index failed: {0}")]
    Index(#[from] TantivyError),
    /// What it is made from failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Its files do not hold what was written to them.
    #[error("the index is damaged: {0} of its files differ from what was written")]
    Damaged(usize),
    /// It gave up in the middle, as it does over files that contradict each other.
    #[error("the index was interrupted")]
    BrokeOff,
    /// It could not be made to follow the store.
    #[error("the index is behind the store")]
    Behind,
}

/// Does what damaged files may make the library give up in the middle of.
fn unbroken<T>(work: impl FnOnce() -> Result<T, IndexError>) -> Result<T, IndexError> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or(Err(IndexError::BrokeOff))
}

/// The index, open for its one writer.
pub(super) struct CatalogueIndex {
    schema: IndexSchema,
    writer: IndexWriter<NumberedDocument>,
    reader: IndexReader,
    searcher: IndexSearcher,
    /// Whether something has failed since the last commit, so that what is handed over now is not all there is.
    is_behind: bool,
}

/// Up to where the index follows a store.
#[derive(Debug, PartialEq, Eq)]
struct Reached {
    format: String,
    generation: String,
    sequence: u64,
}

impl CatalogueIndex {
    /// What makes documents for it.
    pub(super) fn documents(&self) -> DocumentMaker {
        DocumentMaker::new(self.schema.fields.clone())
    }

    /// What can be asked, as of the last commit.
    pub(super) fn searcher(&self) -> IndexSearcher {
        self.searcher.behind(self.is_behind)
    }

    /// Whether there is more in the store than it knows of, since it failed to take it in.
    pub(super) fn is_behind(&self) -> bool {
        self.is_behind
    }

    /// Follows the store: whatever changed since the last commit, or everything where that is not known.
    ///
    /// # Errors
    /// When the index cannot be written or the store not be read; nothing of it is committed then.
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

    /// Takes in what a write to the store changed, or, where that fails, all that it has not taken in so far.
    ///
    /// # Errors
    /// As [`CatalogueIndex::catch_up`]; the next write then tries again, and until then nothing can be asked.
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

    /// Takes services in whose documents are made, and commits nothing. Returns `false` if it could not take all of them:
    /// then it has to be rebuilt.
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

    /// Commits what [`CatalogueIndex::take_documents`] took in, which is all that a store has.
    ///
    /// # Errors
    /// If the index cannot be written; it has to be rebuilt then.
    pub(super) fn commit_loaded(&mut self, store: &StoreSnapshot) -> Result<(), IndexError> {
        unbroken(|| self.commit(store))
    }

    /// Drops what was taken in since the last commit.
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
        // Facts go with their service.
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

/// What the words and tags of services follow from: this release, and how their facts were derived.
fn format_of(store: &StoreSnapshot) -> Result<String, StoreError> {
    Ok(format!("{FORMAT}:{}", store.derivation()?))
}
