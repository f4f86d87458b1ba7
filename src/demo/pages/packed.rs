//! Rendered records stored one after the other with commas between them, so that consecutive records are one slice.

use std::ops::Range;

use bytes::{Bytes, BytesMut};

/// A finished sequence of rendered records.
pub(super) struct PackedRecords {
    bytes: Bytes,
    spans: Vec<Range<usize>>,
}

/// A sequence of rendered records under construction.
#[derive(Default)]
pub(super) struct RecordPacking {
    bytes: BytesMut,
    spans: Vec<Range<usize>>,
}

impl RecordPacking {
    pub(super) fn push(&mut self, record: &str) {
        if !self.spans.is_empty() {
            self.bytes.extend_from_slice(b",");
        }
        let start = self.bytes.len();
        self.bytes.extend_from_slice(record.as_bytes());
        self.spans.push(start..self.bytes.len());
    }

    pub(super) fn finish(self) -> PackedRecords {
        PackedRecords { bytes: self.bytes.freeze(), spans: self.spans }
    }
}

impl PackedRecords {
    pub(super) fn len(&self) -> usize {
        self.spans.len()
    }

    /// Returns the record at a position. `None` if there is none or if it is an empty text.
    pub(super) fn record(&self, position: usize) -> Option<Bytes> {
        let span = self.spans.get(position)?.clone();
        (!span.is_empty()).then(|| self.bytes.slice(span))
    }

    /// Returns a range of consecutive records with the commas between them. `None` if the range is empty or out of
    /// bounds.
    pub(super) fn records(&self, range: &Range<usize>) -> Option<&[u8]> {
        let first = self.spans.get(range.start).filter(|_| !range.is_empty())?;
        let last = self.spans.get(range.end.checked_sub(1)?)?;
        self.bytes.get(first.start..last.end)
    }
}
