//! What reading an answer takes, told from its bytes.

use memchr::{memchr_iter, memchr2_iter};

/// What reading an answer takes, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::source) struct MemoryEstimate {
    /// Its JSON, as values.
    values: usize,
    /// Its records.
    records: usize,
}

/// The most that the values of one answer may take. Texts take little more than their bytes; a million tiny objects take
/// eighty times theirs.
pub(in crate::source) const MOST_IN_VALUES: usize = 96 << 20;
/// What an object takes with its first members.
pub(in crate::source) const OBJECT: usize = 640;
/// What each member and each element takes.
pub(in crate::source) const VALUE: usize = 72;
/// What each member that nobody knows takes beside its value while it is kept: its name, its place, and room for more.
const NAME: usize = 80;
/// How often a text is held by a record: as it came, as plain text, and as what searches look into.
const TEXTS: usize = 3;
/// What a record takes, or a part of one, with its id, its address and its issues.
const PART: usize = 2 << 10;

impl MemoryEstimate {
    /// Of an answer. What stands inside texts counts, too: an estimate is never too small for it.
    pub(in crate::source) fn of(body: &[u8]) -> Self {
        let objects = memchr_iter(b'{', body).count();
        let elements = objects + memchr2_iter(b',', b'[', body).count();
        let values = (objects * OBJECT + elements * VALUE).min(MOST_IN_VALUES);
        let parts = objects.min(MOST_IN_VALUES / (OBJECT + VALUE)) * PART;
        // A record keeps members that nobody knows as the values they came as.
        let unknown = values + (memchr_iter(b':', body).count() * NAME).min(MOST_IN_VALUES / 2);
        Self { values: body.len() + values, records: unknown.max(TEXTS * body.len() + parts) }
    }

    /// What its JSON takes, as values.
    pub(in crate::source) fn values(self) -> usize {
        self.values
    }

    /// The most at any one time. A row's values are dropped when its record is made.
    pub(in crate::source) fn most(self) -> usize {
        self.values.max(self.records)
    }

    /// What is left when it has been read.
    pub(in crate::source) fn records(self) -> usize {
        self.records
    }
}
