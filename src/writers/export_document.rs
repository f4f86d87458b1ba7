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

/// A document under way. Its bytes are those of [`Self::begin`], of [`Self::records`] for each batch, and of
/// [`Self::end`].
pub trait ExportDocument<T>: Send {
    /// Returns what stands before the first record.
    fn begin(&mut self, head: &ExportHead) -> Vec<u8>;

    /// Returns what is written of these records.
    fn records(&mut self, records: &[Arc<T>]) -> Vec<u8>;

    /// Returns what stands after the last record.
    fn end(&mut self) -> Vec<u8>;
}
