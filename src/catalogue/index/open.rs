//! Opening the index: one that is in order, a new one in place of a damaged one, or one in memory if the disk cannot be
//! used.

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

/// How many bytes are gathered in memory before they are written to a segment.
const BUFFER_BYTES: usize = 32 << 20;

/// The name of the index in the catalogue's directory.
const NAME: &str = "index-v1";

impl CatalogueIndex {
    /// Returns the path of the index in a directory.
    pub(in crate::catalogue) fn path_in(directory: &Path) -> PathBuf {
        directory.join(NAME)
    }

    /// Opens the index in a directory, or creates one in memory, and makes it follow a store. A damaged or unreadable
    /// index is rebuilt.
    ///
    /// # Errors
    /// If the store cannot be read, or not even an index in memory can be created.
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

    /// Rebuilds the index in a directory from a store, whatever is there. The previous index must be closed.
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

    /// Creates a placeholder for use while no index is open. Searching it fails.
    ///
    /// # Errors
    /// If it cannot be created.
    pub(in crate::catalogue) fn closed() -> Result<Self, IndexError> {
        Ok(Self { is_behind: true, ..Self::in_memory()? })
    }

    /// Closes the index. Once this returns, its files are no longer written to.
    pub(in crate::catalogue) fn close(self) {
        // A failed merge does not matter, because the index is no longer used.
        let _ = self.writer.wait_merging_threads();
    }

    fn in_memory() -> Result<Self, IndexError> {
        let schema = IndexSchema::new();
        let index = tantivy::Index::create_in_ram(schema.whole.clone());
        Self::over(index, schema)
    }

    /// Returns whether a directory contains an index.
    pub(in crate::catalogue) fn is_in(directory: &Path) -> bool {
        directory.join(NAME).join("meta.json").exists()
    }

    fn anew(path: &Path, store: &StoreSnapshot) -> Result<Self, IndexError> {
        // What cannot be removed makes creating the new index fail below.
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
        // Altered bytes would give wrong answers as readily as errors.
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
