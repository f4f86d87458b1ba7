//! Rendered records end to end with commas between them, so that neighbours are one slice.

use std::ops::Range;

use bytes::{Bytes, BytesMut};

/// Records that are all there.
pub(super) struct PackedRecords {
    bytes: Bytes,
    spans: Vec<Range<usize>>,
}

/// Records that are being gathered.
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

    /// The record at this position, unless it is no text.
    pub(super) fn record(&self, position: usize) -> Option<Bytes> {
        let span = self.spans.get(position)?.clone();
        (!span.is_empty()).then(|| self.bytes.slice(span))
    }

    /// Neighbours, with the commas between them.
    pub(super) fn records(&self, range: &Range<usize>) -> Option<&[u8]> {
        let first = self.spans.get(range.start).filter(|_| !range.is_empty())?;
        let last = self.spans.get(range.end.checked_sub(1)?)?;
        self.bytes.get(first.start..last.end)
    }
}
