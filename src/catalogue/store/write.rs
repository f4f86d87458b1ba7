//! Writing batches: what replaces what, what counts as a change, and how much history is kept.

mod apply;
mod captured;
mod derive;
mod forget;
mod prepared;
mod providers;
mod upsert;

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use redb::{ReadableTable as _, Table, WriteTransaction};

use super::tables::{
    CHANGES, COUNTS, FACTS, MARKS, NAMERS, NOTES, NOTICED, NUMBERS, RECORDS, STATES, StoreKey, key,
    noticed_at, number,
};
use super::{HistoryChange, HistoryChangeKind, StoreError, StoredMark};
use crate::catalogue::batch::{SyncBatch, WrittenCounts};
use crate::catalogue::draft::{RecordDraft, ServiceForm};
use crate::catalogue::encoded;
use crate::catalogue::index::IndexDocument;
use crate::model::{AnyRecord, PostcodePlaces, RecordId, RecordKind, ServiceFacts, SourceKey};

pub(in crate::catalogue) use apply::PutDraft;
pub(super) use derive::derive_facts;
pub(super) use prepared::read_place;
pub(in crate::catalogue) use prepared::{JournalPlace, LoadingStore, PreparedWrite};

use captured::CapturedEffects;
use providers::ProviderChange;
use upsert::ChangeNotice;

/// The most changes in the history.
pub(super) const MOST_CHANGES: u64 = 500_000;
/// How long a change stays in the history.
const CHANGES_KEPT: TimeDelta = TimeDelta::days(90);
/// The most changes dropped in one transaction, so that none takes long for that.
const MOST_FORGOTTEN: usize = 20_000;

/// The result of a write: for the caller, and for what follows the store.
#[derive(Debug, Default)]
pub(in crate::catalogue) struct WriteOutcome {
    /// The counts of each batch, in order.
    pub written: Vec<WrittenCounts>,
    /// The services that were stored or removed, in order.
    pub touched: Vec<TouchedService>,
    /// The ordinals of the services whose marks were written, e.g. because a walk saw them again, unchanged.
    pub marked: Vec<u32>,
}

impl WriteOutcome {
    /// Returns the ordinals of all services that now read differently. A service that was only seen again has new read
    /// times.
    pub(in crate::catalogue) fn reread(&self) -> impl Iterator<Item = u32> + Clone {
        self.touched.iter().map(TouchedService::ordinal).chain(self.marked.iter().copied())
    }
}

/// A service that a write stored or removed.
#[derive(Debug)]
pub(in crate::catalogue) enum TouchedService {
    /// The service was stored, or its facts were derived again.
    Put {
        ordinal: u32,
        facts: Arc<ServiceFacts>,
        noticed_at: Option<DateTime<Utc>>,
        /// The service's document for the index, if it has been computed already.
        document: Option<Arc<IndexDocument>>,
    },
    /// The service was removed.
    Gone { ordinal: u32 },
}

impl TouchedService {
    /// Returns the service's ordinal.
    pub(in crate::catalogue) fn ordinal(&self) -> u32 {
        match self {
            Self::Put { ordinal, .. } | Self::Gone { ordinal } => *ordinal,
        }
    }
}

struct BatchTransaction<'t> {
    records: Table<'t, StoreKey, &'static [u8]>,
    marks: Table<'t, StoreKey, &'static [u8]>,
    facts: Table<'t, u32, &'static [u8]>,
    noticed: Table<'t, u32, i64>,
    namers: Table<'t, (&'static str, &'static str, u32), ()>,
    changes: Table<'t, u64, &'static [u8]>,
    states: Table<'t, &'static str, &'static [u8]>,
    notes: Table<'t, (&'static str, &'static str), &'static [u8]>,
    counted: BTreeMap<(RecordKind, SourceKey), i64>,
    /// The kinds and sources whose records are to be counted again.
    recounted: BTreeSet<(RecordKind, SourceKey)>,
    next_ordinal: u32,
    sequence: u64,
    at: DateTime<Utc>,
    postcodes: &'t PostcodePlaces,
    touched: Vec<TouchedService>,
    marked: Vec<u32>,
    /// Organisations that changed or were removed.
    providers: BTreeMap<RecordId, ProviderChange>,
    /// The effects of the write. `None` if no other gateway needs them.
    captured: Option<CapturedEffects>,
}

impl<'t> BatchTransaction<'t> {
    fn new(
        writing: &'t WriteTransaction,
        postcodes: &'t PostcodePlaces,
        at: DateTime<Utc>,
    ) -> Result<Self, StoreError> {
        let numbers = writing.open_table(NUMBERS)?;
        let value = |name| Ok::<_, StoreError>(numbers.get(name)?.map_or(0, |value| value.value()));
        Ok(Self {
            next_ordinal: u32::try_from(value("ordinal")?).map_err(|_| StoreError::Exhausted)?,
            sequence: value("sequence")?,
            records: writing.open_table(RECORDS)?,
            marks: writing.open_table(MARKS)?,
            facts: writing.open_table(FACTS)?,
            noticed: writing.open_table(NOTICED)?,
            namers: writing.open_table(NAMERS)?,
            changes: writing.open_table(CHANGES)?,
            states: writing.open_table(STATES)?,
            notes: writing.open_table(NOTES)?,
            counted: BTreeMap::new(),
            recounted: BTreeSet::new(),
            postcodes,
            at,
            touched: Vec::new(),
            marked: Vec::new(),
            providers: BTreeMap::new(),
            captured: None,
        })
    }

    fn batch(&mut self, batch: &SyncBatch) -> Result<WrittenCounts, StoreError> {
        let mut written = WrittenCounts::default();
        self.forget_unreadable(&of_source(&batch.forgotten, batch).collect())?;
        for upsert in batch.upserts.iter().filter(|upsert| *upsert.record.id().source() == batch.source) {
            self.upsert(batch.walk, upsert, &mut written)?;
        }
        for id in of_source(&batch.seen, batch) {
            if let Some(mut mark) = self.mark(id)? {
                mark.see(batch.walk, self.at);
                self.capture(|captured| captured.seen(id, batch.walk));
                self.keep_mark(id, &mark)?;
                written.unchanged += 1;
            }
        }
        for (id, row) in batch.settled.iter().filter(|(id, _)| *id.source() == batch.source) {
            if let Some(mut mark) = self.mark(id)? {
                mark.see(batch.walk, self.at);
                mark.row = *row;
                self.put_mark(id, &mark)?;
                written.unchanged += 1;
            }
        }
        for record in batch.less_private.iter().filter(|record| *record.id().source() == batch.source) {
            self.put_less_private(record, &mut written)?;
        }
        for id in of_source(&batch.missed, batch) {
            if let Some(mut mark) = self.mark(id)? {
                mark.missed = mark.missed.saturating_add(1);
                self.put_mark(id, &mark)?;
            }
        }
        for id in of_source(&batch.removals, batch) {
            written.deleted += usize::from(self.remove(id)?);
        }
        self.put_state_and_notes(batch)?;
        written.sequence = self.sequence;
        Ok(written)
    }

    fn put_state_and_notes(&mut self, batch: &SyncBatch) -> Result<(), StoreError> {
        if let Some(state) = &batch.state {
            self.states.insert(batch.source.as_str(), state.as_slice())?;
            self.capture(|captured| captured.state(&batch.source));
        }
        for (name, note) in &batch.notes {
            self.capture(|captured| captured.note(&batch.source, name));
            let name = (batch.source.as_str(), &**name);
            match note {
                Some(note) => drop(self.notes.insert(name, note.as_slice())?),
                None => drop(self.notes.remove(name)?),
            }
        }
        Ok(())
    }

    fn remove(&mut self, id: &RecordId) -> Result<bool, StoreError> {
        let Some(mark) = self.mark(id)? else { return Ok(false) };
        self.capture(|captured| captured.record(id));
        self.records.remove(key(id))?;
        self.marks.remove(key(id))?;
        self.note_provider(id, ProviderChange::Changed);
        if let Some(ordinal) = mark.ordinal {
            self.facts.remove(ordinal)?;
            self.noticed.remove(ordinal)?;
            self.touched.push(TouchedService::Gone { ordinal });
        }
        self.count(id, -1);
        self.note(HistoryChangeKind::Deleted, id, Vec::new(), mark.ordinal)?;
        Ok(true)
    }

    /// Stores a record, in place of the stored one if there is one.
    fn put(
        &mut self,
        record: &AnyRecord,
        draft: &RecordDraft,
        mark: &StoredMark,
        notice: ChangeNotice,
    ) -> Result<(), StoreError> {
        self.capture(|captured| captured.record(record.id()));
        let form = draft.form(record, self.postcodes, |service| self.provided(service))?;
        let before = self.records.insert(key(record.id()), form.record.as_slice())?;
        let change = before.map_or(ProviderChange::Added, |_| ProviderChange::Changed);
        self.put_mark(record.id(), mark)?;
        self.note_provider(record.id(), change);
        if let (AnyRecord::Service(service), Some(form), Some(ordinal)) =
            (record, &form.service, mark.ordinal)
        {
            self.note_namer(service, ordinal)?;
            match notice {
                ChangeNotice::New => drop(self.noticed.insert(ordinal, self.at.timestamp_micros())?),
                ChangeNotice::AsBefore => {}
                ChangeNotice::Withdrawn => drop(self.noticed.remove(ordinal)?),
            }
            self.put_facts(ordinal, form)?;
        }
        Ok(())
    }

    fn put_facts(&mut self, ordinal: u32, form: &ServiceForm) -> Result<(), StoreError> {
        self.facts.insert(ordinal, form.packed.as_slice())?;
        let noticed_at = self.noticed.get(ordinal)?.and_then(|at| noticed_at(at.value()));
        let (facts, document) = (Arc::clone(&form.facts), form.document.clone());
        self.touched.push(TouchedService::Put { ordinal, facts, noticed_at, document });
        Ok(())
    }

    /// Returns the mark of a record. If the mark cannot be read, removes the record and returns `None`, so that the
    /// next form read replaces it.
    fn mark(&mut self, id: &RecordId) -> Result<Option<StoredMark>, StoreError> {
        let found = self.marks.get(key(id))?.map(|bytes| postcard::from_bytes(bytes.value()));
        if let Some(Err(_)) = found {
            self.forget_one(id)?;
        }
        Ok(found.and_then(Result::ok))
    }

    fn put_mark(&mut self, id: &RecordId, mark: &StoredMark) -> Result<(), StoreError> {
        self.capture(|captured| captured.mark(id));
        self.keep_mark(id, mark)
    }

    fn keep_mark(&mut self, id: &RecordId, mark: &StoredMark) -> Result<(), StoreError> {
        self.marks.insert(key(id), postcard::to_stdvec(mark)?.as_slice())?;
        self.marked.extend(mark.ordinal);
        Ok(())
    }

    /// Returns the stored record. `None` also if it cannot be read, so that the next form read replaces it.
    fn record(&self, id: &RecordId) -> Result<Option<AnyRecord>, StoreError> {
        let found = self.records.get(key(id))?;
        Ok(found.and_then(|bytes| encoded::decode(id.kind(), bytes.value()).ok()))
    }

    fn ordinal(&mut self, kind: RecordKind) -> Result<Option<u32>, StoreError> {
        if kind != RecordKind::Service {
            return Ok(None);
        }
        let ordinal = self.next_ordinal;
        self.next_ordinal = ordinal.checked_add(1).ok_or(StoreError::Exhausted)?;
        Ok(Some(ordinal))
    }

    fn count(&mut self, id: &RecordId, more: i64) {
        *self.counted.entry((id.kind(), id.source().clone())).or_default() += more;
    }

    fn note(
        &mut self,
        kind: HistoryChangeKind,
        id: &RecordId,
        fields: Vec<String>,
        ordinal: Option<u32>,
    ) -> Result<(), StoreError> {
        self.sequence += 1;
        let change = HistoryChange { kind, id: id.clone(), at: self.at, fields, ordinal };
        self.changes.insert(self.sequence, postcard::to_stdvec(&change)?.as_slice())?;
        Ok(())
    }

    fn finish(mut self, writing: &WriteTransaction, outcome: &mut WriteOutcome) -> Result<(), StoreError> {
        self.provide_anew(&HashSet::new())?;
        let mut numbers = writing.open_table(NUMBERS)?;
        numbers.insert("ordinal", u64::from(self.next_ordinal))?;
        numbers.insert("sequence", self.sequence)?;
        let mut counts = writing.open_table(COUNTS)?;
        for ((kind, source), more) in &self.counted {
            let counted = (number(*kind), source.as_str());
            let before = counts.get(counted)?.map_or(0, |count| count.value());
            counts.insert(counted, before.saturating_add_signed(*more))?;
        }
        for (kind, source) in &self.recounted {
            counts.insert((number(*kind), source.as_str()), self.recount(*kind, source)?)?;
        }
        (outcome.touched, outcome.marked) = (self.touched, self.marked);
        Ok(())
    }

    /// Drops changes beyond the limits on number and age.
    fn forget(&mut self) -> Result<(), StoreError> {
        for _ in 0..MOST_FORGOTTEN {
            let Some((sequence, oldest)) = self.changes.first()? else { break };
            let too_many = sequence.value() + MOST_CHANGES <= self.sequence;
            let is_old = |change: HistoryChange| change.at + CHANGES_KEPT < self.at;
            let goes = too_many || postcard::from_bytes(oldest.value()).map_or(true, is_old);
            drop((sequence, oldest));
            if !goes {
                break;
            }
            self.changes.pop_first()?;
        }
        Ok(())
    }
}

/// Returns the ids that belong to the batch's own source.
fn of_source<'b>(ids: &'b [RecordId], batch: &SyncBatch) -> impl Iterator<Item = &'b RecordId> {
    ids.iter().filter(|id| *id.source() == batch.source)
}
