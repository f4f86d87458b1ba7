//! Marks records whose ids their feed lists more than once, with issues, for as long as that is so.
//!
//! Issues are added at the end of a sync run. Until then, another page of the list or the record's detail page may
//! still replace the stored form.

use std::collections::BTreeMap;

use super::state::{kind_at, place};
use super::sync_run::{SyncRun, WalkHalt};
use crate::catalogue::{RecordUpsert, StoreError, StoreSnapshot, SyncBatch};
use crate::model::{RecordId, RecordIssue};

/// The name of the note that lists the marked records.
const NOTE: &str = "duplicates";
/// The most records that are marked. If there are more, the repeated ids are not just slips.
const MOST: usize = 2000;

/// A marked record: the place of its kind, and its id in the feed.
type Marked = (u8, Box<str>);

impl SyncRun<'_> {
    /// Notes a duplicate id, to be marked once all lists have been read.
    pub(super) fn note_duplicate(&mut self, id: RecordId, issue: RecordIssue) {
        if self.duplicates.len() < MOST || self.duplicates.contains_key(&id) {
            RecordIssue::note_duplicate(self.duplicates.entry(id).or_default(), issue);
        }
    }

    /// Marks the records that lists name more than once, and removes the marks of all others.
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

/// Returns those records whose issues have to change, as they are to be stored.
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
