//! The tables of the store, and the values in them other than records.

use chrono::{DateTime, TimeDelta, Utc};
use redb::TableDefinition;
use serde::{Deserialize, Serialize};

use crate::model::{ContentHash, RecordId, RecordKind};

/// Kind, source and the feed's own id: records of one kind and source are adjacent, in the order of their ids.
pub(super) type StoreKey = (u8, &'static str, &'static str);

/// Records as [`crate::catalogue::encoded`] writes them.
pub(super) const RECORDS: TableDefinition<StoreKey, &[u8]> = TableDefinition::new("records");
/// A [`StoredMark`] for each record.
pub(super) const MARKS: TableDefinition<StoreKey, &[u8]> = TableDefinition::new("marks");
/// The facts of services, by ordinal.
pub(super) const FACTS: TableDefinition<u32, &[u8]> = TableDefinition::new("facts");
/// When the last change of a service was noticed, in microseconds since 1970, by ordinal. For a service that does not
/// state when it was last modified, a first read counts as a change.
pub(super) const NOTICED: TableDefinition<u32, i64> = TableDefinition::new("noticed");
/// Services that only name their provider: source, the provider's own id, the service's ordinal. A row may be out of
/// date, so readers check the service itself.
pub(super) const NAMERS: TableDefinition<(&str, &str, u32), ()> = TableDefinition::new("namers");
/// The number of records, by kind and source.
pub(super) const COUNTS: TableDefinition<(u8, &str), u64> = TableDefinition::new("counts");
/// The history of changes, by sequence number.
pub(super) const CHANGES: TableDefinition<u64, &[u8]> = TableDefinition::new("changes");
/// States of synchronisers, by source.
pub(super) const STATES: TableDefinition<&str, &[u8]> = TableDefinition::new("states");
/// Notes of synchronisers, by source and name.
pub(super) const NOTES: TableDefinition<(&str, &str), &[u8]> = TableDefinition::new("notes");
/// Numbers and texts about the store itself.
pub(super) const NUMBERS: TableDefinition<&str, u64> = TableDefinition::new("numbers");
pub(super) const TEXTS: TableDefinition<&str, &str> = TableDefinition::new("texts");

/// Returns the instant for a number in [`NOTICED`].
pub(super) fn noticed_at(micros: i64) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp_micros(micros)
}

/// Returns the key of a record.
pub(super) fn key(id: &RecordId) -> (u8, &str, &str) {
    (number(id.kind()), id.source().as_str(), id.upstream())
}

/// Returns the number of a kind in the store. It never changes, whatever the order of kinds in the model.
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

/// What the store keeps about a record besides its content.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredMark {
    /// A hash of the record's content.
    pub(in crate::catalogue) fingerprint: [u8; 16],
    /// The number of the walk that last saw the record.
    pub walk: u64,
    /// The number of the walk that last saw the record with its present content.
    pub(super) said: u64,
    /// How many complete walks have missed the record since it was last seen.
    pub missed: u32,
    /// Whether the record is full: it has what its detail page states, now or at an earlier read.
    pub whole: bool,
    /// The hash of the list row for which the record was last stored.
    pub row: Option<ContentHash>,
    /// When the record was last read or seen.
    #[serde(with = "chrono::serde::ts_microseconds")]
    pub seen_at: DateTime<Utc>,
    /// How long the record is fresh after `seen_at`, in seconds.
    pub(super) fresh_for: i64,
    /// The service's number in the store, which is never reused. `None` for other kinds.
    pub(in crate::catalogue) ordinal: Option<u32>,
}

impl StoredMark {
    /// Returns until when the record is fresh.
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

/// How a record changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the words need no explanation")]
pub enum HistoryChangeKind {
    Created,
    Updated,
    Deleted,
}

/// One entry of the history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistoryChange {
    /// How the record changed.
    pub kind: HistoryChangeKind,
    /// The record.
    pub id: RecordId,
    /// When the change was noticed.
    #[serde(with = "chrono::serde::ts_microseconds")]
    pub at: DateTime<Utc>,
    /// The members that changed, by their names in the standard. Empty unless the record was updated.
    pub fields: Vec<String>,
    /// The ordinal of the service. `None` for other kinds.
    pub(in crate::catalogue) ordinal: Option<u32>,
}
