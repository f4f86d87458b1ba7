//! What changed in synchronised sources since a client last looked.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use super::QueryContext;
use super::holding::{Holdings, read_stored};
use super::query_context::StillAsked;
use crate::catalogue::{CatalogueSnapshot, HistoryStretch, StoreError, StoreSnapshot};
use crate::model::{AnyRecord, HistoryPosition, RecordId, RecordKind, SourceKey};

pub use crate::catalogue::{HistoryChange, HistoryChangeKind};

/// The most changes that are examined for one query. A filter that keeps few of them gets to the end page by page.
const MOST_EXAMINED: usize = 10_000;

/// How long to wait for changes that another gateway has already reported.
const WAITS_FOR_OTHERS: Duration = Duration::from_secs(2);

/// The number of changes read at a time. Most pages are small.
const READ_AT_ONCE: usize = 500;

/// A query for changes.
#[derive(Clone, Debug)]
pub struct ChangeQuery {
    /// Where to continue.
    pub since: ChangesSince,
    /// The conditions that changes must meet.
    pub filter: ChangeFilter,
    /// The most changes to return.
    pub size: usize,
}

/// Where to continue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChangesSince {
    /// At the oldest change that is remembered.
    Beginning,
    /// After what the client has seen.
    Seen(HistoryPosition),
    /// At a position that can no longer be found.
    Lost,
}

/// Conditions on changes. All that are given must hold.
#[derive(Clone, Debug, Default)]
pub struct ChangeFilter {
    /// Only changes in these sources.
    pub sources: Option<BTreeSet<SourceKey>>,
    /// Limits the changes to records of these kinds. `None` stands for all of [`Self::RECORDS`].
    pub records: Option<Vec<RecordKind>>,
    /// Limits the changes to these kinds.
    pub kinds: Option<Vec<HistoryChangeKind>>,
}

/// Some changes, the oldest first.
#[derive(Clone, Debug)]
pub struct ChangePage {
    /// The changes, each with the position in the history right after it.
    pub changes: Vec<(HistoryPosition, HistoryChange)>,
    /// Whether the history has changes before these.
    pub has_previous_page: bool,
    /// Whether there is more to examine.
    pub has_next_page: bool,
    /// Where to continue. It lies after the last change of the page if later ones were examined and do not match.
    pub end: HistoryPosition,
    /// Whether changes may be missing between what the client saw and what is remembered. Then the page has no changes,
    /// and `end` is after the newest.
    pub resync_required: bool,
}

impl ChangeFilter {
    /// The kinds of records whose changes are reported.
    pub const RECORDS: [RecordKind; 4] =
        [RecordKind::Service, RecordKind::Organization, RecordKind::Location, RecordKind::TaxonomyTerm];

    fn matches(&self, change: &HistoryChange) -> bool {
        let (record, source) = (change.id.kind(), change.id.source());
        Self::RECORDS.contains(&record)
            && self.records.as_ref().is_none_or(|records| records.contains(&record))
            && self.kinds.as_ref().is_none_or(|kinds| kinds.contains(&change.kind))
            && self.sources.as_ref().is_none_or(|sources| sources.contains(source))
    }

    fn matches_nothing(&self) -> bool {
        self.sources.as_ref().is_some_and(BTreeSet::is_empty)
            || self.records.as_ref().is_some_and(Vec::is_empty)
            || self.kinds.as_ref().is_some_and(Vec::is_empty)
    }
}

/// The history exists but cannot be read.
#[derive(Clone, Copy, Debug)]
pub struct HistoryUnreadable;

/// Tells what changed in the synchronised sources.
pub struct ChangeHistory {
    pub(super) holdings: Arc<Holdings>,
}

impl ChangeHistory {
    /// Returns changes of records of synchronised sources. Records of live sources are not compared over time: a
    /// gateway without synchronised sources has a history with a single position, and no changes.
    ///
    /// # Errors
    /// If the history cannot be read; the log says why.
    pub async fn after(
        &self,
        query: ChangeQuery,
        asking: &QueryContext,
    ) -> Result<ChangePage, HistoryUnreadable> {
        let Some(snapshot) = self.up_to(&query.since).await else { return Ok(without_history(&query.since)) };
        let shares = self.holdings.standing().is_some();
        // Changes remembered of sources that are live now, or no longer configured, are not shown.
        let stored = self.holdings.stored().map(|stored| stored.source.info().key.clone());
        let stored: BTreeSet<SourceKey> = stored.collect();
        let looking = asking.off_thread(move |asked| look(snapshot.store(), &query, &stored, shares, asked));
        looking.await.unwrap_or(Err(StoreError::Closed)).map_err(|error| {
            tracing::error!(%error, "cannot read the history of changes");
            HistoryUnreadable
        })
    }

    /// Returns the catalogue's snapshot. If another gateway has told the client of later changes, first waits a short
    /// while for this one to catch up.
    async fn up_to(&self, since: &ChangesSince) -> Option<Arc<CatalogueSnapshot>> {
        let snapshot = self.holdings.snapshot()?;
        let (ChangesSince::Seen(seen), Some(mut standing)) =
            (since, self.holdings.synced()?.catalogue.watch_standing())
        else {
            return Some(snapshot);
        };
        let is_there = |snapshot: &CatalogueSnapshot| {
            *seen.generation == *snapshot.store().generation() && seen.sequence <= snapshot.store().sequence()
        };
        let waiting = async {
            while !self.holdings.snapshot().is_some_and(|snapshot| is_there(&snapshot)) {
                if standing.changed().await.is_err() {
                    break;
                }
            }
        };
        // After the wait, the query is answered with what there is.
        let _ = tokio::time::timeout(WAITS_FOR_OTHERS, waiting).await;
        self.holdings.snapshot()
    }

    /// Returns the record that a change is about, as it is stored now. `None` if it is no longer stored. Feeds are not
    /// asked.
    pub async fn record(&self, id: &RecordId) -> Option<AnyRecord> {
        let stored = self.holdings.get(id.source())?.stored()?;
        read_stored(&stored.snapshot(), id)
    }
}

impl ChangePage {
    fn none(end: HistoryPosition) -> Self {
        let (changes, has_previous_page, has_next_page) = (Vec::new(), false, false);
        Self { changes, has_previous_page, has_next_page, end, resync_required: false }
    }
}

fn without_history(since: &ChangesSince) -> ChangePage {
    let end = HistoryPosition { generation: "".into(), sequence: 0 };
    let resync_required = match since {
        ChangesSince::Beginning => false,
        ChangesSince::Seen(seen) => *seen != end,
        ChangesSince::Lost => true,
    };
    ChangePage { resync_required, ..ChangePage::none(end) }
}

pub(super) fn look(
    store: &StoreSnapshot,
    query: &ChangeQuery,
    stored: &BTreeSet<SourceKey>,
    shares: bool,
    asked: &StillAsked,
) -> Result<ChangePage, StoreError> {
    let HistoryStretch { forgotten, newest, .. } = store.history(0, 0)?;
    let place = |sequence| HistoryPosition { generation: store.generation().into(), sequence };
    if let ChangesSince::Seen(seen) = &query.since
        && shares
        && *seen.generation == *store.generation()
        && seen.sequence > newest
    {
        // The client was answered by another gateway that is further on. The changes up to there will arrive here too,
        // so the client continues at the same position.
        let has_previous_page = newest > forgotten;
        return Ok(ChangePage { has_previous_page, ..ChangePage::none(seen.clone()) });
    }
    let seen = match &query.since {
        ChangesSince::Beginning => Some(forgotten),
        ChangesSince::Seen(seen) => Some(seen.sequence)
            .filter(|_| *seen.generation == *store.generation())
            .filter(|sequence| (forgotten..=newest).contains(sequence)),
        ChangesSince::Lost => None,
    };
    let Some(seen) = seen else {
        let has_previous_page = newest > forgotten;
        return Ok(ChangePage {
            has_previous_page,
            resync_required: true,
            ..ChangePage::none(place(newest))
        });
    };
    let (found, end, has_next_page) = walk(store, query, stored, seen, asked)?;
    let changes = found.into_iter().map(|(sequence, change)| (place(sequence), change)).collect();
    let has_previous_page = seen > forgotten;
    Ok(ChangePage { changes, has_previous_page, has_next_page, ..ChangePage::none(place(end)) })
}

/// The changes of a page, the number to continue at, and whether there is more to examine.
type ChangesPage = (Vec<(u64, HistoryChange)>, u64, bool);

fn walk(
    store: &StoreSnapshot,
    query: &ChangeQuery,
    stored: &BTreeSet<SourceKey>,
    seen: u64,
    asked: &StillAsked,
) -> Result<ChangesPage, StoreError> {
    let (mut found, mut end) = (Vec::new(), seen);
    if query.filter.matches_nothing() {
        return Ok((found, store.sequence(), false));
    }
    for _ in 0..MOST_EXAMINED / READ_AT_ONCE {
        if !asked.is_asked() {
            break;
        }
        let stretch = store.history(end, READ_AT_ONCE)?.changes;
        let is_last = stretch.len() < READ_AT_ONCE;
        for (sequence, change) in stretch {
            if stored.contains(change.id.source()) && query.filter.matches(&change) {
                if found.len() >= query.size {
                    return Ok((found, end, true));
                }
                found.push((sequence, change));
            }
            end = sequence;
        }
        if is_last {
            return Ok((found, store.sequence(), false));
        }
    }
    Ok((found, end, end < store.sequence()))
}
