//! Estimates how much memory reading a response takes, from its bytes.

use memchr::{memchr_iter, memchr2_iter};

/// How much memory reading a response takes, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::source) struct MemoryEstimate {
    /// The JSON, parsed.
    values: usize,
    /// The records.
    records: usize,
}

/// The most memory that the parsed values of one response may take, in bytes. Texts take little more than their bytes,
/// but a million tiny objects take eighty times theirs.
pub(in crate::source) const MOST_IN_VALUES: usize = 96 << 20;
/// The memory of an object with its first members, in bytes.
pub(in crate::source) const OBJECT: usize = 640;
/// The memory of each member and each element, in bytes.
pub(in crate::source) const VALUE: usize = 72;
/// The memory of each unknown member besides its value while it is kept, in bytes: its name, its place, and spare
/// capacity.
const NAME: usize = 80;
/// How many copies of a text a record has: the original, the plain text and the searchable text.
const TEXTS: usize = 3;
/// The memory of a record or part, with its id, URL and issues, in bytes.
const PART: usize = 2 << 10;

impl MemoryEstimate {
    /// Estimates a response. Punctuation inside texts counts as well, so an estimate may be too large but not too
    /// small.
    pub(in crate::source) fn of(body: &[u8]) -> Self {
        let objects = memchr_iter(b'{', body).count();
        let elements = objects + memchr2_iter(b',', b'[', body).count();
        let values = (objects * OBJECT + elements * VALUE).min(MOST_IN_VALUES);
        let parts = objects.min(MOST_IN_VALUES / (OBJECT + VALUE)) * PART;
        // A record keeps unknown members in parsed form.
        let unknown = values + (memchr_iter(b':', body).count() * NAME).min(MOST_IN_VALUES / 2);
        Self { values: body.len() + values, records: unknown.max(TEXTS * body.len() + parts) }
    }

    /// Returns the memory of the parsed JSON.
    pub(in crate::source) fn values(self) -> usize {
        self.values
    }

    /// Returns the most memory at any time. The values of a row are dropped once its record has been created.
    pub(in crate::source) fn most(self) -> usize {
        self.values.max(self.records)
    }

    /// Returns the memory that the records take once the response has been read.
    pub(in crate::source) fn records(self) -> usize {
        self.records
    }
}
