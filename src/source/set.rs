//! All records of one kind from one source, in order and without duplicates.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use chrono::{DateTime, Utc};

use super::ceilings::{ListRoom, counted};
use super::collection::FromRow;
use super::error::SourceError;
use super::kept_back::WithheldGeneration;
use crate::model::{IssueCode, Record, RecordIssue, SearchText, WordCounts, said};

/// The records of one kind from one source, in name order.
#[derive(Debug)]
pub(crate) struct RecordSet<T> {
    listed: Arc<ListedRecords<T>>,
    /// When the oldest response that contributed records arrived.
    pub fetched_at: DateTime<Utc>,
    /// Whether the feed has more records than one query may read.
    pub truncated: bool,
    /// Why records may be missing although every page was read.
    pub gap: Option<SourceError>,
    /// Which configured limit the list exceeded, if it did. The feed has more records then.
    pub ceiling: Option<SourceError>,
    /// How much of what the feed has said is private has been withheld from this set.
    pub(super) withheld: WithheldGeneration,
}

/// The records, and what is computed from all of them on first use.
#[derive(Debug)]
struct ListedRecords<T> {
    records: Vec<Arc<T>>,
    by_id: OnceLock<HashMap<Box<str>, u32>>,
    texts: OnceLock<Box<[SearchText]>>,
    words: OnceLock<Arc<WordCounts>>,
}

impl<T: Record> RecordSet<T> {
    /// Sorts records that are known to have different ids.
    pub(crate) fn new(mut records: Vec<Arc<T>>, fetched_at: DateTime<Utc>) -> Self {
        records.sort_by(|a, b| (a.order_key(), a.id().upstream()).cmp(&(b.order_key(), b.id().upstream())));
        let listed =
            ListedRecords { records, by_id: OnceLock::new(), texts: OnceLock::new(), words: OnceLock::new() };
        let (listed, withheld) = (Arc::new(listed), WithheldGeneration::default());
        Self { listed, fetched_at, truncated: false, gap: None, ceiling: None, withheld }
    }

    /// Returns the same records with another time of arrival.
    pub(crate) fn as_of(&self, fetched_at: DateTime<Utc>) -> Self {
        let (listed, truncated) = (Arc::clone(&self.listed), self.truncated);
        let (gap, ceiling, withheld) = (self.gap.clone(), self.ceiling.clone(), self.withheld.clone());
        Self { listed, fetched_at, truncated, gap, ceiling, withheld }
    }

    /// Returns a set with these records in place of its own.
    pub(super) fn of_others(&self, records: Vec<Arc<T>>) -> Self {
        let (gap, ceiling, truncated) = (self.gap.clone(), self.ceiling.clone(), self.truncated);
        Self { truncated, gap, ceiling, ..Self::new(records, self.fetched_at) }
    }

    /// Returns the records in name order, and then by the feed's own id.
    pub(crate) fn records(&self) -> &[Arc<T>] {
        &self.listed.records
    }

    /// Returns the searchable text of each record, in the same order. Texts are computed once, on the first call, so
    /// `words` must be the same for all calls.
    pub(crate) fn texts(&self, words: impl Fn(&T) -> SearchText) -> &[SearchText] {
        self.listed.texts.get_or_init(|| self.records().iter().map(|record| words(record)).collect())
    }

    /// Returns how often each word occurs, once somebody has counted them.
    pub(crate) fn words(&self) -> &OnceLock<Arc<WordCounts>> {
        &self.listed.words
    }

    /// Returns why the set may be incomplete. Returns `None` if it has everything that the feed has.
    pub(crate) fn lacks(&self) -> Option<&SourceError> {
        self.ceiling.as_ref().or(self.gap.as_ref())
    }

    /// Returns the record with this id in the feed.
    pub(crate) fn get(&self, upstream: &str) -> Option<&Arc<T>> {
        let by_id = self.listed.by_id.get_or_init(|| {
            let ids = self.records().iter().zip(0u32..);
            ids.map(|(record, at)| (record.id().upstream().into(), at)).collect()
        });
        self.records().get(*by_id.get(upstream)? as usize)
    }

    /// Returns roughly how much memory the set takes, in bytes.
    pub(crate) fn weight(&self) -> usize {
        self.records().iter().map(|record| record.weight() + 128).sum()
    }
}

/// Collects records by id. Of two with one id the newer is kept, with an issue if they differ.
pub(crate) struct SetGathering<T> {
    records: Vec<Arc<T>>,
    by_id: HashMap<Box<str>, usize>,
    /// How many pages repeated some, but not all, records of earlier pages: a sign that records move between pages.
    pub overlaps: usize,
    /// Whether pages are being read for the second time.
    is_again: bool,
    /// Records that a later page repeated unchanged, each with its issue. It is reported only if records have not moved
    /// between pages.
    unconfirmed: Vec<(usize, RecordIssue)>,
}

impl<T> Default for SetGathering<T> {
    fn default() -> Self {
        Self {
            records: Vec::new(),
            by_id: HashMap::new(),
            overlaps: 0,
            is_again: false,
            unconfirmed: Vec::new(),
        }
    }
}

impl<T: FromRow> SetGathering<T> {
    /// Adds a page's records while there is room. Returns how many were new, or why there is no room for more.
    pub(super) fn add_within(&mut self, page: Vec<T>, room: &mut ListRoom) -> Result<usize, String> {
        let known_before = self.records.len();
        let (mut repeated, mut alike) = (0, Vec::new());
        for record in page {
            match self.by_id.get(record.id().upstream()) {
                None => {
                    room.take(counted(&record))?;
                    self.by_id.insert(record.id().upstream().into(), self.records.len());
                    self.records.push(Arc::new(record));
                }
                Some(&at) => {
                    repeated += usize::from(at < known_before);
                    alike.extend(self.meet(at, record));
                }
            }
        }
        let new = self.records.len() - known_before;
        self.overlaps += usize::from(new > 0 && repeated > 0 && !self.is_again);
        // If a page only repeats another, the list does not really contain those records twice.
        for (at, twin) in alike.into_iter().filter(|_| new > 0) {
            let issue = duplicate_id(Some(&twin), DuplicateRule::Either);
            if at >= known_before { self.note(at, issue) } else { self.unconfirmed.push((at, issue)) }
        }
        Ok(new)
    }

    /// Adds all records of a page, without a limit.
    pub(crate) fn add(&mut self, page: Vec<T>) -> usize {
        self.add_within(page, &mut ListRoom::endless()).unwrap_or_default()
    }

    /// Confirms that repeated records are listed twice and have not moved between pages.
    pub(super) fn confirm_repeats(&mut self) {
        for (at, issue) in std::mem::take(&mut self.unconfirmed) {
            self.note(at, issue);
        }
    }

    /// Notes that pages are read a second time from now on, so that repeats are expected.
    pub(super) fn begin_again(&mut self) {
        self.is_again = true;
    }

    pub(crate) fn has(&self, upstream_id: &str) -> bool {
        self.by_id.contains_key(upstream_id)
    }

    /// Returns the number of records.
    pub(crate) fn len(&self) -> usize {
        self.records.len()
    }

    /// Returns the records in the order of arrival.
    pub(crate) fn into_records(self) -> impl Iterator<Item = T> {
        self.records.into_iter().map(Arc::unwrap_or_clone)
    }

    /// Returns the set of what has been collected, with at most `most` records.
    pub(crate) fn set(&self, most: usize, fetched_at: DateTime<Utc>) -> RecordSet<T> {
        let records = self.records.iter().take(most).cloned().collect();
        RecordSet { truncated: self.records.len() > most, ..RecordSet::new(records, fetched_at) }
    }

    /// Decides between two records with one id. If they are alike, returns the position of the first and the other one.
    fn meet(&mut self, at: usize, mut other: T) -> Option<(usize, T)> {
        let known = self.records.get_mut(at)?;
        if known.provenance().content_hash == other.provenance().content_hash {
            return (!self.is_again).then_some((at, other));
        }
        let kept_first = known.provenance().last_modified >= other.provenance().last_modified;
        if !kept_first {
            let known = Arc::make_mut(known);
            std::mem::swap(known, &mut other);
            // The issues about further rows with this id apply to whichever record is kept.
            let before = std::mem::take(&mut other.provenance_mut().issues);
            let before = before.into_iter().filter(RecordIssue::is_of_duplicate);
            known.provenance_mut().issues.extend(before);
        }
        if !self.is_again {
            let kept = if kept_first { DuplicateRule::First } else { DuplicateRule::Newer };
            self.note(at, duplicate_id(Some(&other), kept));
        }
        None
    }

    fn note(&mut self, at: usize, issue: RecordIssue) {
        let Some(known) = self.records.get_mut(at) else { return };
        RecordIssue::note_duplicate(&mut Arc::make_mut(known).provenance_mut().issues, issue);
    }
}

/// Which of several records with one id is kept.
#[derive(Clone, Copy, Debug)]
pub(super) enum DuplicateRule {
    /// Any, because they are alike.
    Either,
    /// The first.
    First,
    /// The one modified last.
    Newer,
}

/// Returns the issue for an id that a feed lists more than once. `other` is the record that is not served, if
/// available.
pub(super) fn duplicate_id<T: FromRow>(other: Option<&T>, kept: DuplicateRule) -> RecordIssue {
    let message = match kept {
        DuplicateRule::Either => "the feed lists this id more than once, with equal content",
        DuplicateRule::First => {
            "the feed lists this id more than once, with different content; the first is served"
        }
        DuplicateRule::Newer => {
            "the feed lists this id more than once, with different content; the newer is served"
        }
    };
    RecordIssue {
        code: IssueCode::DuplicateId,
        path: "id".to_owned(),
        message: message.to_owned(),
        original: other.map(said),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::model::{ContentHash, MOST_DUPLICATES, Service, sample};

    fn row(name: &str, day: Option<i64>) -> Service {
        let mut row = sample::service(&json!({"name": name}));
        row.provenance.content_hash = ContentHash::of(name.as_bytes());
        row.provenance.last_modified = day.and_then(|day| DateTime::from_timestamp(day * 86_400, 0));
        row
    }

    /// Returns the name of the record that is kept from these pages, and the names in the issues about the others.
    fn kept(pages: Vec<Vec<Service>>) -> (String, Vec<Value>) {
        let mut gathering = SetGathering::default();
        // Pages may also contain other rows.
        for page in pages {
            gathering.add(page);
        }
        let record = gathering.into_records().next().unwrap();
        let issues = record.provenance.issues.iter().filter(|issue| issue.is_of_duplicate());
        let names =
            issues.map(|issue| issue.original.as_ref().map_or(Value::Null, |said| said["name"].clone()));
        (record.name.to_string(), names.collect())
    }

    #[test]
    fn each_row_that_is_not_kept_is_told_whichever_is() {
        let first = ("A".to_owned(), vec![json!("B"), json!("C")]);
        assert_eq!(kept(vec![vec![row("A", None), row("B", None), row("C", None)]]), first);
        assert_eq!(
            kept(vec![vec![row("A", None)], vec![row("B", None), row("B", None)], vec![row("C", None)]]),
            first
        );
        let newest = ("C".to_owned(), vec![json!("A"), json!("B")]);
        assert_eq!(kept(vec![vec![row("A", Some(1)), row("B", Some(2))], vec![row("C", Some(3))]]), newest);
    }

    #[test]
    fn very_many_rows_of_one_id_are_told_in_part_and_that_is_said() {
        let rows = (0..40).map(|number| row(&format!("Club {number}"), None)).collect();
        let (_, names) = kept(vec![rows]);
        assert_eq!(names.len(), MOST_DUPLICATES + 1);
        assert!(names.last().unwrap().is_null());
    }
}
