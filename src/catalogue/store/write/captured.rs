//! Captures the effects of a write for other gateways. The write notes what it touches; once it is done, the results
//! are read from the tables, so that only the final state is in the step.

use std::collections::{BTreeMap, BTreeSet};

use redb::ReadableTable as _;

use super::BatchTransaction;
use crate::catalogue::journal::{PutRecord, SeenRecords, StepEffects};
use crate::catalogue::store::tables::key;
use crate::catalogue::store::{StoreError, StoredMark};
use crate::model::{RecordId, RecordKind, SourceKey};

/// What a write has touched.
#[derive(Debug, Default)]
pub(super) struct CapturedEffects {
    records: BTreeMap<RecordId, CapturedRecord>,
    states: BTreeSet<SourceKey>,
    notes: BTreeSet<(SourceKey, Box<str>)>,
    /// The number of the last change before the write.
    sequence: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum CapturedRecord {
    /// The record was only seen, in the walk of this number.
    Seen(u64),
    /// Only the mark changed.
    Mark,
    /// The record and its mark changed.
    Record,
}

impl CapturedEffects {
    pub(super) fn after(sequence: u64) -> Self {
        Self { sequence, ..Self::default() }
    }

    pub(super) fn seen(&mut self, id: &RecordId, walk: u64) {
        self.at_least(id, CapturedRecord::Seen(walk));
    }

    pub(super) fn mark(&mut self, id: &RecordId) {
        self.at_least(id, CapturedRecord::Mark);
    }

    pub(super) fn record(&mut self, id: &RecordId) {
        self.at_least(id, CapturedRecord::Record);
    }

    fn at_least(&mut self, id: &RecordId, effect: CapturedRecord) {
        let captured = self.records.entry(id.clone()).or_insert(effect);
        *captured = (*captured).max(effect);
    }

    pub(super) fn state(&mut self, source: &SourceKey) {
        self.states.insert(source.clone());
    }

    pub(super) fn note(&mut self, source: &SourceKey, name: &str) {
        self.notes.insert((source.clone(), name.into()));
    }
}

impl BatchTransaction<'_> {
    pub(super) fn capture(&mut self, note: impl FnOnce(&mut CapturedEffects)) {
        if let Some(captured) = &mut self.captured {
            note(captured);
        }
    }

    /// Returns the effects for other gateways. `None` if none are captured.
    pub(super) fn effects(&mut self) -> Result<Option<StepEffects>, StoreError> {
        let Some(captured) = self.captured.take() else { return Ok(None) };
        let mut effects = StepEffects {
            sequence: self.sequence,
            next_ordinal: self.next_ordinal,
            forgotten: self.changes.first()?.map_or(self.sequence, |(oldest, _)| oldest.value() - 1),
            ..StepEffects::default()
        };
        let mut seen = BTreeMap::<(RecordKind, SourceKey, u64), Vec<Box<str>>>::new();
        for (id, captured) in &captured.records {
            let mark =
                self.marks.get(key(id))?.map(|bytes| postcard::from_bytes::<StoredMark>(bytes.value()));
            match (captured, mark.transpose()?) {
                (_, None) => effects.gone.push(id.clone()),
                (CapturedRecord::Seen(walk), Some(_)) => {
                    let together = (id.kind(), id.source().clone(), *walk);
                    seen.entry(together).or_default().push(id.upstream().into());
                }
                (CapturedRecord::Mark, Some(mark)) => effects.marked.push((id.clone(), mark)),
                (CapturedRecord::Record, Some(mark)) => effects.put.push(self.put_record(id, mark)?),
            }
        }
        let at = self.at.timestamp_micros();
        for ((kind, source, walk), upstream) in seen {
            effects.seen.push(SeenRecords { kind, source, walk, at, upstream });
        }
        for source in captured.states {
            let state = self.states.get(source.as_str())?.map(|state| state.value().to_vec());
            effects.states.extend(state.map(|state| (source, state)));
        }
        for (source, name) in captured.notes {
            let note = self.notes.get((source.as_str(), &*name))?.map(|note| note.value().to_vec());
            effects.notes.push((source, name, note));
        }
        for entry in self.changes.range(captured.sequence.saturating_add(1)..)? {
            let (number, change) = entry?;
            effects.changes.push((number.value(), postcard::from_bytes(change.value())?));
        }
        Ok(Some(effects))
    }

    fn put_record(&self, id: &RecordId, mark: StoredMark) -> Result<PutRecord, StoreError> {
        let missing = || StoreError::Record("missing".to_owned());
        let record = self.records.get(key(id))?.ok_or_else(missing)?.value().to_vec();
        let noticed = mark.ordinal.map(|ordinal| self.noticed.get(ordinal)).transpose()?.flatten();
        Ok(PutRecord { id: id.clone(), mark, record, noticed: noticed.map(|at| at.value()) })
    }
}
