//! What a record that was just read does to the one that is kept.

use std::sync::Arc;

use super::BatchTransaction;
use crate::catalogue::batch::{RecordUpsert, WrittenCounts};
use crate::catalogue::draft::RecordDraft;
use crate::catalogue::store::{HistoryChangeKind, StoreError, StoredMark};
use crate::model::{AnyRecord, ContentHash, Organization, Service, Taxonomy, TaxonomyTerm, changed_members};

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
        // A record that says when it was changed did not change because it is met for the first time.
        let is_news = upsert.record.provenance().last_modified.is_none();
        self.put(&upsert.record, draft, &mark(walk, upsert, draft, whole, ordinal), is_news)?;
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
        let Some(after) = settle(before.as_ref(), &kept, walk, upsert) else {
            written.outdone += 1;
            return self.see(walk, upsert, kept);
        };
        let (record, draft) = match &after.filled {
            Some(filled) => (filled, &RecordDraft::begin(filled)?.0),
            None => (&upsert.record, draft),
        };
        let fields = before.map(|before| changed_members(&before, record)).unwrap_or_default();
        // Reading a record's own page for the first time shows what was there before.
        let is_news = !fields.is_empty() && (kept.whole || !after.whole);
        self.put(record, draft, &mark(walk, upsert, draft, after.whole, kept.ordinal), is_news)?;
        if fields.is_empty() {
            written.unchanged += 1;
            return Ok(());
        }
        written.updated += 1;
        self.note(HistoryChangeKind::Updated, id, fields, kept.ordinal)
    }

    /// Puts a record in the place of its former self, of which something has become private. All else that is known of
    /// it stands.
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
        self.put(record, &draft, &StoredMark { fingerprint: draft.fingerprint, ..mark.clone() }, false)?;
        written.updated += 1;
        self.note(HistoryChangeKind::Updated, id, fields, mark.ordinal)
    }

    fn see(&mut self, walk: u64, upsert: &RecordUpsert, mut mark: StoredMark) -> Result<(), StoreError> {
        mark.see(walk, upsert.record.provenance().fetched_at);
        self.put_mark(upsert.record.id(), &mark)
    }
}

/// What is to stand where a record stood.
struct Settled {
    /// The new record with what it lacks of the old one; none where the new one stands as it is.
    filled: Option<AnyRecord>,
    /// Whether it holds what a page of its own says or said.
    whole: bool,
}

/// What two forms of a record come to; none where the one that is kept stands. See [`RecordUpsert`].
fn settle(
    before: Option<&AnyRecord>,
    kept: &StoredMark,
    walk: u64,
    upsert: &RecordUpsert,
) -> Option<Settled> {
    let as_it_is = |whole| Settled { filled: None, whole };
    let Some(before) = before.filter(|_| upsert.record.provenance().shallow) else {
        return Some(as_it_is(!upsert.record.provenance().shallow));
    };
    let lacks = lacks(&upsert.record, before);
    if upsert.newer {
        let may_lack = lacks || !matches!(before, AnyRecord::Service(_));
        let filled = (kept.whole && may_lack).then(|| filled(&upsert.record, before));
        return Some(Settled { filled, whole: kept.whole });
    }
    if kept.whole || matches!(before, AnyRecord::Service(_)) {
        let stands = lacks && (kept.whole || kept.said == walk);
        return (!stands).then(|| as_it_is(kept.whole));
    }
    // A record that is found inside several others comes in as many forms, in any order. So that they do not take
    // turns, one stands until a fuller one comes, or until a walk has gone by without it.
    let is_fuller = !lacks && self::lacks(before, &upsert.record);
    (is_fuller || kept.said.saturating_add(1) < walk).then(|| as_it_is(false))
}

/// Whether a form of a record leaves out something that another has.
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

/// Whether a shallow record is of the very row that the whole one kept was read for.
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
