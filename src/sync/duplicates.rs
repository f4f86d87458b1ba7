//! Records whose ids their feed lists more than once: what is kept of each says so, for as long as that is so.
//!
//! The issues are added at the end of a walk: until then another page of the list, or the record's detail page, may still
//! replace what is kept of it.

use std::collections::BTreeMap;

use super::state::{kind_at, place};
use super::sync_run::{SyncRun, WalkHalt};
use crate::catalogue::{RecordUpsert, StoreError, StoreSnapshot, SyncBatch};
use crate::model::{RecordId, RecordIssue};

/// The name of the note on which records are marked.
const NOTE: &str = "duplicates";
/// How many records are marked. A list that names more of them twice is not a list of records with slips in it.
const MOST: usize = 2000;

/// A marked record: the place of its kind, and its id in the feed.
type Marked = (u8, Box<str>);

impl SyncRun<'_> {
    /// Notes that a list names a record more than once, for when the lists have been read.
    pub(super) fn note_duplicate(&mut self, id: RecordId, issue: RecordIssue) {
        if self.duplicates.len() < MOST || self.duplicates.contains_key(&id) {
            RecordIssue::note_duplicate(self.duplicates.entry(id).or_default(), issue);
        }
    }

    /// Marks records that lists name more than once, and no others.
    pub(super) async fn mark_duplicates(&mut self) -> Result<(), WalkHalt> {
        let source = self.line.key().clone();
        let of = source.clone();
        let before = self.line.with_store(move |store| store.note(&of, NOTE)).await?;
        let before: Vec<Marked> =
            before.and_then(|note| postcard::from_bytes(&note).ok()).unwrap_or_default();
        let mut wanted: BTreeMap<RecordId, Vec<RecordIssue>> = BTreeMap::new();
        for (place, upstream) in &before {
            let kind = kind_at(*place).filter(|kind| self.read_in_full.contains(kind));
            wanted.extend(kind.map(|kind| (RecordId::new(kind, &source, upstream), Vec::new())));
        }
        wanted.append(&mut self.duplicates);
        if wanted.is_empty() {
            return Ok(());
        }
        let mut marked: Vec<Marked> = before;
        marked.retain(|(place, id)| {
            kind_at(*place).is_some_and(|kind| !wanted.contains_key(&RecordId::new(kind, &source, id)))
        });
        let still = wanted.iter().filter(|(_, issues)| !issues.is_empty());
        marked.extend(still.map(|(id, _)| (place(id.kind()), id.upstream().into())));
        let upserts = self.line.with_store(move |store| changed(store, wanted)).await?;
        let seen = upserts.iter().map(|upsert| upsert.record.id().clone()).collect();
        let note = (!marked.is_empty()).then(|| postcard::to_stdvec(&marked).ok()).flatten();
        let notes = vec![(NOTE.into(), note)];
        self.keep(SyncBatch { upserts, seen, notes, ..self.batch() }).await.map(drop)
    }
}

/// Those of the records that do not say what they should, as they are to be kept.
fn changed(
    store: &StoreSnapshot,
    wanted: BTreeMap<RecordId, Vec<RecordIssue>>,
) -> Result<Vec<RecordUpsert>, StoreError> {
    let mut upserts = Vec::new();
    for (id, issues) in wanted {
        let (Some(record), Some(mark)) = (store.get(&id)?, store.mark(&id)?) else { continue };
        let said = record.provenance().issues.iter().filter(|issue| issue.is_of_duplicate());
        if !said.eq(issues.iter()) {
            let upsert = RecordUpsert::from(record.with_duplicates(issues));
            upserts.push(RecordUpsert { newer: true, row: mark.row, ..upsert });
        }
    }
    Ok(upserts)
}
