//! Documents that are written piece by piece, so that one of any length needs the memory of a piece.

use std::sync::Arc;

use crate::model::SourceKey;

/// What a document may say of itself before its first record.
#[derive(Clone, Debug, Default)]
pub struct ExportHead {
    /// The sources that were not considered in full, each with how far it was: `PARTIAL` or `FAILED`.
    pub incomplete: Vec<(SourceKey, &'static str)>,
    /// The version of the data.
    pub data_version: String,
}

/// A document. Its bytes are those of [`Self::begin`], of [`Self::records`] for each batch in order, and of
/// [`Self::end`]. Batches may be written at once.
pub trait ExportDocument<T>: Send + Sync {
    /// Returns what stands before the first record.
    fn begin(&self, head: &ExportHead) -> Vec<u8>;

    /// Returns what is written of these records. `is_first` says that none were written before.
    fn records(&self, records: &[Arc<T>], is_first: bool) -> Vec<u8>;

    /// Returns what stands after the last record.
    fn end(&self) -> Vec<u8>;
}
