//! Documents that are written in pieces, so that memory use depends on the size of a piece and not of the document.

use std::sync::Arc;

use crate::model::SourceKey;

/// What a document can state before its first record.
#[derive(Clone, Debug, Default)]
pub struct ExportHead {
    /// The sources that were not read in full, each with its status: `PARTIAL` or `FAILED`.
    pub incomplete: Vec<(SourceKey, &'static str)>,
    /// The version of the data.
    pub data_version: String,
}

/// A document. Its bytes are those of [`Self::begin`], then of [`Self::records`] for each batch in order, then of
/// [`Self::end`]. Batches may be written concurrently.
pub trait ExportDocument<T>: Send + Sync {
    /// Returns the bytes before the first record.
    fn begin(&self, head: &ExportHead) -> Vec<u8>;

    /// Returns the bytes of a batch of records. `is_first` says that no records were written before.
    fn records(&self, records: &[Arc<T>], is_first: bool) -> Vec<u8>;

    /// Returns the bytes after the last record.
    fn end(&self) -> Vec<u8>;
}
