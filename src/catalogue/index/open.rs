//! Opening: an index that is in order, a new one in place of one that is not, or one in memory where there is no room.

use std::fs;
use std::path::{Path, PathBuf};

use tantivy::directory::MmapDirectory;
use tantivy::indexer::IndexWriterOptions;
use tantivy::tokenizer::WhitespaceTokenizer;
use tantivy::{ReloadPolicy, TantivyError};

use super::placed::PlacedTokenizer;
use super::schema::{self, IndexSchema};
use super::{CatalogueIndex, IndexError, IndexSearcher, unbroken};
use crate::catalogue::store::StoreSnapshot;

/// What is gathered in memory before it is written to a segment.
const BUFFER_BYTES: usize = 32 << 20;

/// Where the index is in the catalogue's directory.
const NAME: &str = "index-v1";

impl CatalogueIndex {
    /// Where the index of a directory is.
    pub(in crate::catalogue) fn path_in(directory: &Path) -> PathBuf {
        directory.join(NAME)
    }

    /// Opens the index in a directory and makes it follow a store; none keeps it in memory. One that cannot be read,
    /// or is not as it was written, is made again.
    ///
    /// # Errors
    /// When the store cannot be read, or not even an index in memory can be made.
    pub(in crate::catalogue) fn open(
        directory: Option<&Path>,
        store: &StoreSnapshot,
    ) -> Result<Self, IndexError> {
        let Some(path) = directory.map(|directory| directory.join(NAME)) else {
            return Self::following(Self::in_memory()?, store);
        };
        let opened = unbroken(|| Self::following(Self::at(&path)?, store));
        opened.or_else(|error| {
            tracing::warn!(directory = %path.display(), %error, "the catalogue's index cannot be used; rebuilding it");
            Self::anew(&path, store)
        })
    }

    /// Makes the index of a directory again from a store, whatever there is. The one that was open there must be
    /// closed.
    ///
    /// # Errors
    /// As [`CatalogueIndex::open`].
    pub(in crate::catalogue) fn again(
        directory: Option<&Path>,
        store: &StoreSnapshot,
    ) -> Result<Self, IndexError> {
        match directory {
            Some(directory) => Self::anew(&directory.join(NAME), store),
            None => Self::following(Self::in_memory()?, store),
        }
    }

    /// One that stands for an index while there is none: nothing can be asked of it.
    ///
    /// # Errors
    /// When not even that can be made.
    pub(in crate::catalogue) fn closed() -> Result<Self, IndexError> {
        Ok(Self { is_behind: true, ..Self::in_memory()? })
    }

    /// Closes it: nothing is written where it is any more.
    pub(in crate::catalogue) fn close(self) {
        // What cannot be merged any more is not needed any more either.
        let _ = self.writer.wait_merging_threads();
    }

    fn in_memory() -> Result<Self, IndexError> {
        let schema = IndexSchema::new();
        let index = tantivy::Index::create_in_ram(schema.whole.clone());
        Self::over(index, schema)
    }

    /// Whether there is anything of an index in a directory.
    pub(in crate::catalogue) fn is_in(directory: &Path) -> bool {
        directory.join(NAME).join("meta.json").exists()
    }

    fn anew(path: &Path, store: &StoreSnapshot) -> Result<Self, IndexError> {
        // What cannot be taken away shows when a new one is made in its place.
        let _ = if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) };
        unbroken(|| Self::following(Self::at(path)?, store)).or_else(|error| {
            tracing::error!(directory = %path.display(), %error, "cannot create an index here; building it in memory");
            Self::following(Self::in_memory()?, store)
        })
    }

    fn following(mut self, store: &StoreSnapshot) -> Result<Self, IndexError> {
        self.catch_up(store)?;
        Ok(self)
    }

    pub(super) fn at(path: &Path) -> Result<Self, IndexError> {
        let schema = IndexSchema::new();
        fs::create_dir_all(path).map_err(TantivyError::from)?;
        let directory = MmapDirectory::open(path).map_err(TantivyError::from)?;
        let index = tantivy::Index::open_or_create(directory, schema.whole.clone())?;
        // Bytes that are not what they were give wrong answers as readily as none.
        match index.validate_checksum()?.len() {
            0 => Self::over(index, schema),
            damaged => Err(IndexError::Damaged(damaged)),
        }
    }

    fn over(index: tantivy::Index, schema: IndexSchema) -> Result<Self, IndexError> {
        let options = IndexWriterOptions::builder()
            .num_worker_threads(1)
            .num_merge_threads(1)
            .memory_budget_per_thread(BUFFER_BYTES)
            .build();
        index.tokenizers().register(schema::WORDS, WhitespaceTokenizer::default());
        index.tokenizers().register(schema::PLACED, PlacedTokenizer::default());
        let writer = index.writer_with_options(options)?;
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        let searcher = IndexSearcher::new(reader.searcher(), schema.fields.clone());
        Ok(Self { schema, writer, reader, searcher, is_behind: false })
    }
}
