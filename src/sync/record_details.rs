//! Reads detail pages of organisations, vocabularies and terms, if a sample shows that these say more than list rows.
//! Each is read when its row is new or has changed, and again once a day. If one cannot be read, the row stands.

use std::collections::BTreeMap;
use std::sync::Arc;

use futures_util::{StreamExt as _, stream};

use super::deletion_policy::is_many;
use super::regression_guard::{RegressionGuard, was_given_no_id};
use super::sync_run::{SyncRun, WalkHalt};
use crate::catalogue::{RecordUpsert, StoreSnapshot, StoredMark, SyncBatch};
use crate::model::{
    AnyRecord, ContentHash, Organization, RecordId, Taxonomy, TaxonomyTerm, has_lost_members,
};
use crate::source::{CacheValidators, OwnPage, SourceError, SourceErrorCode, detail_unavailable};

/// How many detail pages are read to find out whether they say more than list rows.
const SAMPLE: usize = 3;
/// The most detail pages read in one sync run. The rest follow in the next runs.
const MOST_IN_A_WALK: usize = 5000;
/// How many detail pages are written at once.
const FLUSH_AT: usize = 100;

/// A kind of record whose list rows may say less than its detail pages.
pub(super) trait DetailedKind: RegressionGuard {
    /// Fills in what this form leaves out from another form of the same record.
    fn fill_from(&mut self, other: &Self);
}

macro_rules! deeper {
    ($($kind:ident)+) => {$(
        impl DetailedKind for $kind {
            fn fill_from(&mut self, other: &Self) {
                Self::fill_from(self, other);
            }
        }
    )+};
}

deeper! { Organization Taxonomy TaxonomyTerm }

/// A record whose detail page is to be read.
struct AskedDetail {
    id: RecordId,
    /// The hash of its row.
    row: Option<ContentHash>,
    /// Whether the stored form includes a detail page.
    is_whole: bool,
}

/// The result of reading a detail page.
struct DetailTold<T> {
    asked: AskedDetail,
    kept: Option<Arc<T>>,
    page: Result<OwnPage<T>, SourceError>,
}

/// The results of reading detail pages.
#[derive(Default)]
struct DetailsTaken {
    /// Rows that have changed, without a detail page read since.
    rows: BTreeMap<RecordId, AnyRecord>,
    upserts: Vec<RecordUpsert>,
    /// Pages with less content than before, of rows that have changed.
    poorer: Vec<RecordUpsert>,
    /// Pages with less content than before, of rows that have not changed.
    poorer_due: Vec<RecordUpsert>,
    /// The number of pages read again although their rows have not changed.
    met_due: u64,
    /// Whether any page could not be read.
    any_failed: bool,
    /// Whether any page said more than its row.
    says_more: bool,
}

impl SyncRun<'_> {
    /// Reads the detail pages of new and changed rows, if these say more than the list. If a page cannot be read, the
    /// changed row is stored, filled from what was known before.
    pub(super) async fn read_own_pages<T: DetailedKind>(&mut self) -> Result<(), WalkHalt> {
        let rows = std::mem::take(&mut self.changed_rows);
        let rows = rows.into_iter().map(|row| (row.id().clone(), row)).collect();
        let mut taken = DetailsTaken { rows, ..DetailsTaken::default() };
        if !self.line.says_all_in_lists(T::KIND) {
            self.ask_as_far_as_it_tells::<T>(&mut taken).await?;
        }
        let row = |row: AnyRecord| RecordUpsert {
            row: Some(row.provenance().content_hash),
            newer: true,
            ..RecordUpsert::from(row)
        };
        let mut left = std::mem::take(&mut taken.rows).into_values().map(row).collect();
        self.keep_own_pages(&mut left).await
    }

    async fn ask_as_far_as_it_tells<T: DetailedKind>(
        &mut self,
        taken: &mut DetailsTaken,
    ) -> Result<(), WalkHalt> {
        let mut wanted = self.own_pages_wanted::<T>().await?;
        let rest = wanted.split_off(wanted.len().min(SAMPLE));
        let goes_on = self.ask_all::<T>(wanted, taken).await?;
        if !taken.says_more {
            if goes_on && !taken.any_failed {
                self.line.note_says_all_in_lists(T::KIND);
            }
            return Ok(());
        }
        if goes_on {
            self.ask_all::<T>(rest, taken).await?;
        }
        let believed = self.state.history(T::KIND).believes_poorer(self.line.clock.now());
        // As for services, changed rows are counted against the list, and the others against what this run reads.
        let listed = self.count(T::KIND).await?.min(MOST_IN_A_WALK as u64);
        let due = taken.met_due;
        for (poorer, of) in [(&mut taken.poorer, listed), (&mut taken.poorer_due, due)] {
            if believed || !is_many(poorer.len() as u64, of) {
                taken.upserts.append(poorer);
            }
        }
        self.keep_own_pages(&mut taken.upserts).await
    }

    async fn own_pages_wanted<T: DetailedKind>(&self) -> Result<Vec<AskedDetail>, WalkHalt> {
        let (source, walk, turn) = (self.line.key().clone(), self.state.walk, self.turn());
        let marks = self.line.with_store(move |store| store.marks(T::KIND, &source)).await?;
        let is_wanted = |(id, mark): &(RecordId, StoredMark)| {
            mark.walk == walk && (!mark.whole || mark.row.is_none() || turn.is_of(id))
        };
        let wanted = marks.into_iter().filter(is_wanted).take(MOST_IN_A_WALK);
        Ok(wanted.map(|(id, mark)| AskedDetail { id, row: mark.row, is_whole: mark.whole }).collect())
    }

    /// Reads detail pages, several at once. Returns `false` if the feed is not to be asked for more.
    async fn ask_all<T: DetailedKind>(
        &mut self,
        wanted: Vec<AskedDetail>,
        taken: &mut DetailsTaken,
    ) -> Result<bool, WalkHalt> {
        let line = self.line;
        let at_once = line.source.limits().max_concurrency.max(1);
        let asked = stream::iter(wanted).map(|asked| async move { ask::<T>(line, asked).await });
        let mut told = std::pin::pin!(asked.buffer_unordered(at_once));
        while let Some(told) = told.next().await {
            if let Some(told) = told?
                && !take(told, taken)
            {
                return Ok(false);
            }
            if taken.says_more && taken.upserts.len() >= FLUSH_AT {
                self.keep_own_pages(&mut taken.upserts).await?;
            }
        }
        Ok(true)
    }

    async fn keep_own_pages(&mut self, upserts: &mut Vec<RecordUpsert>) -> Result<(), WalkHalt> {
        let upserts = std::mem::take(upserts);
        if upserts.is_empty() {
            return Ok(());
        }
        let written = self.keep(SyncBatch { upserts, ..self.batch() }).await?;
        self.note_changes(&written);
        self.withhold_soon().await
    }
}

/// Reads a record's detail page. Returns `None` if the record has no id from its feed.
async fn ask<T: DetailedKind>(
    line: &super::source_sync::SourceSync,
    asked: AskedDetail,
) -> Result<Option<DetailTold<T>>, WalkHalt> {
    let id = asked.id.clone();
    let kept = line.with_store(move |store: &StoreSnapshot| store.get(&id)).await?;
    if kept.as_ref().is_none_or(was_given_no_id) {
        return Ok(None);
    }
    let page = line.source.own_page::<T>(asked.id.upstream(), &CacheValidators::default()).await;
    Ok(Some(DetailTold { asked, kept: kept.and_then(T::of), page }))
}

/// Takes a result. Returns `false` if the feed is not to be asked for more.
fn take<T: DetailedKind>(told: DetailTold<T>, taken: &mut DetailsTaken) -> bool {
    let DetailTold { asked, kept, page } = told;
    taken.any_failed |= page.is_err();
    let Some(kept) = kept else { return true };
    match page {
        Ok(OwnPage::Read(page, _)) => take_page(page, asked, &kept, taken),
        Ok(OwnPage::Unchanged | OwnPage::Missing) => {}
        Err(error) => match error.code {
            SourceErrorCode::CircuitOpen | SourceErrorCode::RateLimited | SourceErrorCode::Misconfigured => {
                return false;
            }
            _ if asked.is_whole => {}
            _ => taken.upserts.extend(without_page(&asked, &kept, &error.message)),
        },
    }
    true
}

fn take_page<T: DetailedKind>(page: T, asked: AskedDetail, kept: &Arc<T>, taken: &mut DetailsTaken) {
    if page.is_junk() || page.is_worse_than(kept) {
        return;
    }
    let (page, any) = (Arc::new(page), |record: &Arc<T>| T::any(Arc::clone(record)));
    taken.says_more |= asked.is_whole || has_lost_members(&any(&page), &any(kept));
    let is_poorer = asked.is_whole && page.is_poorer_than(kept);
    let record = if asked.is_whole { any(&page) } else { T::any(Arc::new(filled(kept, &page))) };
    let upsert = RecordUpsert { row: asked.row, newer: true, ..RecordUpsert::from(record) };
    let is_due = asked.is_whole && asked.row.is_some();
    taken.met_due += u64::from(is_due);
    taken.rows.remove(kept.id());
    match (is_poorer, is_due) {
        (false, _) => taken.upserts.push(upsert),
        (true, false) => taken.poorer.push(upsert),
        (true, true) => taken.poorer_due.push(upsert),
    }
}

/// Returns a row with the fields of the detail page that it lacks, as a live source would serve it.
fn filled<T: DetailedKind>(row: &Arc<T>, page: &T) -> T {
    let mut whole = T::clone(row);
    DetailedKind::fill_from(&mut whole, page);
    whole
}

fn without_page<T: DetailedKind>(asked: &AskedDetail, row: &Arc<T>, reason: &str) -> Option<RecordUpsert> {
    let issue = detail_unavailable(reason);
    if row.provenance().issues.contains(&issue) {
        return None;
    }
    let mut row = T::clone(row);
    row.provenance_mut().issues.push(issue);
    let record: AnyRecord = T::any(Arc::new(row));
    Some(RecordUpsert { row: asked.row, newer: true, ..RecordUpsert::from(record) })
}
