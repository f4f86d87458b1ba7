//! Decides what a record that was just read does to the stored one.

use std::sync::Arc;

use super::BatchTransaction;
use crate::catalogue::batch::{RecordUpsert, WrittenCounts};
use crate::catalogue::draft::RecordDraft;
use crate::catalogue::store::{HistoryChangeKind, StoreError, StoredMark};
use crate::model::{
    AnyRecord, ContentHash, LastMet, NewForm, Organization, Service, StoredForm, Superseding, Taxonomy,
    TaxonomyTerm, changed_members,
};

/// What storing a record does to the time at which a change of it was last noticed.
#[derive(Clone, Copy)]
pub(super) enum ChangeNotice {
    /// A change was noticed just now.
    New,
    /// What was noticed before stands.
    AsBefore,
    /// Nothing was noticed: the record now states the date that the time of its first read stood in for.
    Withdrawn,
}

impl ChangeNotice {
    /// Returns what the first read of a detail page does. It shows details that were there before, which is no change.
    fn of_first_detail(row: Option<&AnyRecord>, detail: &AnyRecord) -> Self {
        let is_dated = |record: &AnyRecord| record.provenance().last_modified.is_some();
        match row.is_some_and(|row| !is_dated(row)) && is_dated(detail) {
            true => Self::Withdrawn,
            false => Self::AsBefore,
        }
    }
}

impl BatchTransaction<'_> {
    pub(super) fn upsert(
        &mut self,
        walk: u64,
        upsert: &RecordUpsert,
        written: &mut WrittenCounts,
    ) -> Result<(), StoreError> {
        let draft = match &upsert.draft {
            Some(draft) => draft,
            None => &RecordDraft::begin(&upsert.record)?.0,
        };
        let Some(mark) = self.mark(upsert.record.id())? else {
            written.created += 1;
            return self.create(walk, upsert, draft);
        };
        if mark.fingerprint == draft.fingerprint {
            written.unchanged += 1;
            return self.see(walk, upsert, StoredMark { said: walk, row: row(upsert).or(mark.row), ..mark });
        }
        if is_old_row(&mark, upsert) {
            written.unchanged += 1;
            return self.see(walk, upsert, mark);
        }
        self.replace(walk, upsert, draft, mark, written)
    }

    fn create(&mut self, walk: u64, upsert: &RecordUpsert, draft: &RecordDraft) -> Result<(), StoreError> {
        let id = upsert.record.id();
        let ordinal = self.ordinal(id.kind())?;
        let whole = !upsert.record.provenance().shallow;
        // A record that states when it was last modified has not changed just because it is new here.
        let is_undated = upsert.record.provenance().last_modified.is_none();
        let notice = if is_undated { ChangeNotice::New } else { ChangeNotice::AsBefore };
        self.put(&upsert.record, draft, &mark(walk, upsert, draft, whole, ordinal), notice)?;
        self.count(id, 1);
        self.note(HistoryChangeKind::Created, id, Vec::new(), ordinal)
    }

    fn replace(
        &mut self,
        walk: u64,
        upsert: &RecordUpsert,
        draft: &RecordDraft,
        kept: StoredMark,
        written: &mut WrittenCounts,
    ) -> Result<(), StoreError> {
        let id = upsert.record.id();
        let before = self.record(id)?;
        let Some((filled, is_full)) = settle(before.as_ref(), &kept, walk, upsert) else {
            written.outdone += 1;
            return self.see(walk, upsert, kept);
        };
        let (record, draft) = match &filled {
            Some(filled) => (filled, &RecordDraft::begin(filled)?.0),
            None => (&upsert.record, draft),
        };
        let fields = before.as_ref().map(|before| changed_members(before, record)).unwrap_or_default();
        let notice = if !kept.whole && is_full {
            ChangeNotice::of_first_detail(before.as_ref(), record)
        } else if fields.is_empty() {
            ChangeNotice::AsBefore
        } else {
            ChangeNotice::New
        };
        self.put(record, draft, &mark(walk, upsert, draft, is_full, kept.ordinal), notice)?;
        if fields.is_empty() {
            written.unchanged += 1;
            return Ok(());
        }
        written.updated += 1;
        self.note(HistoryChangeKind::Updated, id, fields, kept.ordinal)
    }

    /// Replaces a stored record by a copy without what has become private. The rest of its mark stays.
    pub(super) fn put_less_private(
        &mut self,
        record: &AnyRecord,
        written: &mut WrittenCounts,
    ) -> Result<(), StoreError> {
        let id = record.id();
        let Some(mark) = self.mark(id)? else { return Ok(()) };
        let draft = RecordDraft::begin(record)?.0;
        if mark.fingerprint == draft.fingerprint {
            return Ok(());
        }
        let fields = self.record(id)?.map(|before| changed_members(&before, record)).unwrap_or_default();
        self.put(
            record,
            &draft,
            &StoredMark { fingerprint: draft.fingerprint, ..mark.clone() },
            ChangeNotice::AsBefore,
        )?;
        written.updated += 1;
        self.note(HistoryChangeKind::Updated, id, fields, mark.ordinal)
    }

    fn see(&mut self, walk: u64, upsert: &RecordUpsert, mut mark: StoredMark) -> Result<(), StoreError> {
        mark.see(walk, upsert.record.provenance().fetched_at);
        self.put_mark(upsert.record.id(), &mark)
    }
}

/// Decides whether the new form of a record replaces the stored one. Returns `None` if the stored form stands.
/// Otherwise returns the form filled from the stored one, or `None` if the new form is stored as it is; and whether the
/// result is full.
fn settle(
    before: Option<&AnyRecord>,
    stored: &StoredMark,
    walk: u64,
    upsert: &RecordUpsert,
) -> Option<(Option<AnyRecord>, bool)> {
    let is_row = upsert.record.provenance().shallow;
    // A stored record that cannot be read is always replaced.
    let Some(before) = before else { return Some((None, !is_row)) };
    let form = StoredForm { is_full: stored.whole, met: LastMet::of(stored.said, walk) };
    let new = NewForm {
        is_row,
        is_newer: upsert.newer,
        is_service: matches!(before, AnyRecord::Service(_)),
        lacks: is_row && lacks(&upsert.record, before),
        adds: is_row && lacks(before, &upsert.record),
    };
    match form.supersede(new) {
        Superseding::Stored => None,
        Superseding::New { is_full } => Some((None, is_full)),
        Superseding::NewFilled => Some((Some(filled(&upsert.record, before)), true)),
    }
}

/// Returns whether `record` lacks something that `other` has.
fn lacks(record: &AnyRecord, other: &AnyRecord) -> bool {
    match (record, other) {
        (AnyRecord::Service(record), AnyRecord::Service(other)) => record.lacks_what_is_in(other),
        _ => !record.carried().covers(other.carried()),
    }
}

fn filled(record: &AnyRecord, other: &AnyRecord) -> AnyRecord {
    match (record, other) {
        (AnyRecord::Service(record), AnyRecord::Service(other)) => {
            let mut filled = Service::clone(record);
            filled.fill_from(other);
            AnyRecord::Service(Arc::new(filled))
        }
        (AnyRecord::Organization(record), AnyRecord::Organization(other)) => {
            let mut filled = Organization::clone(record);
            filled.fill_from(other);
            filled.provenance.clone_from(&record.provenance);
            AnyRecord::Organization(Arc::new(filled))
        }
        (AnyRecord::Taxonomy(record), AnyRecord::Taxonomy(other)) => {
            let mut filled = Taxonomy::clone(record);
            filled.fill_from(other);
            filled.provenance.clone_from(&record.provenance);
            AnyRecord::Taxonomy(Arc::new(filled))
        }
        (AnyRecord::TaxonomyTerm(record), AnyRecord::TaxonomyTerm(other)) => {
            let mut filled = TaxonomyTerm::clone(record);
            filled.fill_from(other);
            filled.provenance.clone_from(&record.provenance);
            AnyRecord::TaxonomyTerm(Arc::new(filled))
        }
        _ => record.clone(),
    }
}

/// Returns whether a shallow record comes from the same list row as the stored full record, so that it says nothing
/// new.
fn is_old_row(kept: &StoredMark, upsert: &RecordUpsert) -> bool {
    let row = row(upsert);
    upsert.record.provenance().shallow && kept.whole && row.is_some() && row == kept.row
}

fn row(upsert: &RecordUpsert) -> Option<ContentHash> {
    let provenance = upsert.record.provenance();
    upsert.row.or(provenance.shallow.then_some(provenance.content_hash))
}

fn mark(
    walk: u64,
    upsert: &RecordUpsert,
    draft: &RecordDraft,
    whole: bool,
    ordinal: Option<u32>,
) -> StoredMark {
    let provenance = upsert.record.provenance();
    StoredMark {
        fingerprint: draft.fingerprint,
        walk,
        said: walk,
        missed: 0,
        whole,
        row: row(upsert),
        seen_at: provenance.fetched_at,
        fresh_for: (provenance.fresh_until - provenance.fetched_at).num_seconds(),
        ordinal,
    }
}
