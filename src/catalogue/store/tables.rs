//! The tables of the store, and what stands in them beside the records.

use chrono::{DateTime, TimeDelta, Utc};
use redb::TableDefinition;
use serde::{Deserialize, Serialize};

use crate::model::{ContentHash, RecordId, RecordKind};

/// Kind, source and the feed's own id: records of one kind and source stand together, in the order of their ids.
pub(super) type StoreKey = (u8, &'static str, &'static str);

/// Records as [`crate::catalogue::kept`] writes them.
pub(super) const RECORDS: TableDefinition<StoreKey, &[u8]> = TableDefinition::new("records");
/// A [`StoredMark`] for each of them.
pub(super) const MARKS: TableDefinition<StoreKey, &[u8]> = TableDefinition::new("marks");
/// The facts of services by their ordinals.
pub(super) const FACTS: TableDefinition<u32, &[u8]> = TableDefinition::new("facts");
/// When a service was last noticed to say something else, in microseconds, by its ordinal; when it was first seen, where
/// it does not say when it was changed.
pub(super) const NOTICED: TableDefinition<u32, i64> = TableDefinition::new("noticed");
/// Services that only name their provider: by source, that one's own id, and the service's ordinal. A row may be out of
/// date; the service itself tells.
pub(super) const NAMERS: TableDefinition<(&str, &str, u32), ()> = TableDefinition::new("namers");
/// How many records there are by kind and source.
pub(super) const COUNTS: TableDefinition<(u8, &str), u64> = TableDefinition::new("counts");
/// What changed, by sequence number.
pub(super) const CHANGES: TableDefinition<u64, &[u8]> = TableDefinition::new("changes");
/// Synchronisers' own states by source.
pub(super) const STATES: TableDefinition<&str, &[u8]> = TableDefinition::new("states");
/// Synchronisers' own notes by source and name.
pub(super) const NOTES: TableDefinition<(&str, &str), &[u8]> = TableDefinition::new("notes");
/// Numbers and texts of the store itself.
pub(super) const NUMBERS: TableDefinition<&str, u64> = TableDefinition::new("numbers");
pub(super) const TEXTS: TableDefinition<&str, &str> = TableDefinition::new("texts");

/// The instant that a number in [`NOTICED`] stands for.
pub(super) fn noticed_at(micros: i64) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp_micros(micros)
}

/// The key of a record.
pub(super) fn key(id: &RecordId) -> (u8, &str, &str) {
    (number(id.kind()), id.source().as_str(), id.upstream())
}

/// The number a kind has in the store, whatever the order of kinds elsewhere.
pub(super) fn number(kind: RecordKind) -> u8 {
    match kind {
        RecordKind::Service => 0,
        RecordKind::Organization => 1,
        RecordKind::Location => 2,
        RecordKind::ServiceAtLocation => 3,
        RecordKind::Taxonomy => 4,
        RecordKind::TaxonomyTerm => 5,
    }
}

/// What is known of a record beside what it says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredMark {
    /// The fingerprint of what it says.
    pub(in crate::catalogue) fingerprint: [u8; 16],
    /// The number of the walk it was last seen in.
    pub walk: u64,
    /// The number of the walk in which it was last met saying what it says.
    pub(super) said: u64,
    /// How often a whole walk has missed it since.
    pub missed: u32,
    /// Whether it holds what its own page says, as it is now or as it once was.
    pub whole: bool,
    /// The fingerprint of the row of a list that it was last written for.
    pub row: Option<ContentHash>,
    /// When it was last read or seen.
    #[serde(with = "chrono::serde::ts_microseconds")]
    pub seen_at: DateTime<Utc>,
    /// How long it is within its freshness target from then, in seconds.
    pub(super) fresh_for: i64,
    /// A service's number in the store, which no other ever has.
    pub(in crate::catalogue) ordinal: Option<u32>,
}

impl StoredMark {
    /// Until when it is within its freshness target.
    pub fn fresh_until(&self) -> DateTime<Utc> {
        TimeDelta::try_seconds(self.fresh_for)
            .and_then(|span| self.seen_at.checked_add_signed(span))
            .unwrap_or(self.seen_at)
    }

    pub(super) fn see(&mut self, walk: u64, at: DateTime<Utc>) {
        self.walk = walk;
        self.missed = 0;
        self.seen_at = self.seen_at.max(at);
    }
}

/// What became of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the words need no explanation")]
pub enum HistoryChangeKind {
    Created,
    Updated,
    Deleted,
}

/// One line of the history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistoryChange {
    /// What became of the record.
    pub kind: HistoryChangeKind,
    /// The record.
    pub id: RecordId,
    /// When it was noticed.
    #[serde(with = "chrono::serde::ts_microseconds")]
    pub at: DateTime<Utc>,
    /// The members that say something else, by their names in the standard; none but for updates.
    pub fields: Vec<String>,
    /// The number of the service it is about.
    pub(in crate::catalogue) ordinal: Option<u32>,
}
