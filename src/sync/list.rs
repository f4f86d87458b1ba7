//! Reads one list of a source: sorts its pages, stores them as they arrive, and then decides about missing records.

use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use tokio::sync::mpsc;
use tokio::time::Instant;

use super::absence::ReadList;
use super::regression_guard::{RegressionGuard, was_given_no_id};
use super::service_details::{DetailReason, WantedDetail};
use super::sort::{PageSorter, SortedPage};
use super::state::{BrokenList, SyncStep, place};
use super::sync_run::{SyncRun, WalkHalt};
use crate::catalogue::{RecordUpsert, SyncBatch};
use crate::model::{AnyRecord, RecordId, RecordIssue, RecordKind, Service};
use crate::source::{
    CrawlOutcome, CrawlStart, CrawledPage, KnownPage, KnownPages, MemoryShare, SourceError, WalkCourse,
    too_many,
};

/// How many pages may wait to be stored.
const PAGES_WAITING: usize = 1;
/// Records are written when there are this many,
const FLUSH_AT: usize = 200;
/// or when the first has waited this long.
const FLUSH_AFTER: Duration = Duration::from_millis(250);
/// The most records written at once, however many a page has. All that is derived from them is in memory until then.
const MOST_AT_ONCE: usize = 1000;
/// The most bytes of JSON written at once, unless a single record is larger.
const MOST_BYTES_AT_ONCE: usize = 8 << 20;
/// Pages whose memory exceeds this together, in bytes, are written before the next page is awaited.
const HEAVY: usize = 1 << 20;
/// The most changed services whose rows stay in memory until their detail pages are read. Of further ones, only the ids
/// do.
const MOST_CHANGED: usize = 2000;
/// The most bytes of JSON of these rows together.
const MOST_HELD: usize = 2 << 20;
/// The most services whose detail pages are read again in one sync run although their rows have not changed.
const MOST_DUE: usize = 1000;
/// How long conditional requests are used for a page. After that it is read in full, whatever the feed says.
const ASK_FOR: TimeDelta = TimeDelta::hours(24);
/// How many stored records are checked to find out whether a feed gives its records ids.
const SAMPLE: usize = 50;
/// The prefix of the names of notes about pages.
const PAGE: &str = "page/";

/// What has been collected while a list is read.
struct GatheredList {
    batch: SyncBatch,
    since: Instant,
    course: Option<WalkCourse>,
    junk: u64,
    held: u64,
    changed: Vec<WantedDetail>,
    /// The changed rows of kinds other than services.
    changed_others: Vec<AnyRecord>,
    due: Vec<WantedDetail>,
    /// Whether rows contain everything that detail pages do.
    in_full: bool,
    /// The size of the rows in `changed` and `due`, in bytes of JSON.
    held_bytes: usize,
    /// The number of records that are new.
    added: u64,
    /// The memory reserved by the pages in the batch.
    shares: Vec<MemoryShare>,
}

impl SyncRun<'_> {
    /// Reads a list, or resumes reading it.
    pub(super) async fn list<T: RegressionGuard>(
        &mut self,
        broken: Option<Box<BrokenList>>,
    ) -> Result<(), WalkHalt> {
        let is_resumed = broken.is_some();
        let (held, junk) = match &broken {
            Some(broken) => (broken.held, broken.junk),
            None => (self.count(T::KIND).await?, 0),
        };
        let remembered = if is_resumed { KnownPages::new() } else { self.remembered(T::KIND).await? };
        let start = match broken.map(|broken| *broken) {
            Some(BrokenList { course, in_full, .. }) => CrawlStart::From {
                course: Box::new(course),
                in_full,
                seen: self.seen_in_this_walk(T::KIND).await?,
            },
            None => CrawlStart::Afresh { is_expected: held > 0 && !self.state.is_derived(T::KIND) },
        };
        self.poorer = 0;
        let sorter = self.sorter(T::KIND, held).await?;
        let (pages, arriving) = mpsc::channel(PAGES_WAITING);
        let source = Arc::clone(&self.line.source);
        let crawl = source.crawl::<T>(start, &remembered, pages);
        let (crawled, kept) = tokio::join!(crawl, self.keep_pages(arriving, &sorter, junk, held));
        let (junk, in_full) = kept?;
        if let Ok(CrawlOutcome { ceiling: Some(ceiling), .. }) = &crawled {
            self.state.note_ceiling(T::KIND, &ceiling.message);
        }
        match crawled {
            Err(error) if T::KIND == RecordKind::Service => Err(WalkHalt::Feed(error)),
            Err(error) => {
                self.lacks_of(T::KIND, error);
                Ok(())
            }
            Ok(CrawlOutcome { broke_off: Some(course), error, .. }) => {
                self.note_place(T::KIND, BrokenList { course, junk, held, in_full });
                self.keep(self.batch()).await?;
                Err(WalkHalt::Feed(error.unwrap_or_else(|| self.unsteady())))
            }
            Ok(crawled) => {
                self.read_in_full.extend(crawled.has_read_all.then_some(T::KIND));
                self.judge(T::KIND, &ReadList { crawled: &crawled, junk, held, is_resumed }).await
            }
        }
    }

    /// Stores the pages of a list as they arrive. Returns how many rows were not records, and whether rows contain
    /// everything.
    async fn keep_pages<T: RegressionGuard>(
        &mut self,
        mut pages: mpsc::Receiver<CrawledPage<T>>,
        sorter: &PageSorter,
        junk: u64,
        held: u64,
    ) -> Result<(u64, bool), WalkHalt> {
        let mut gathered = GatheredList {
            batch: self.batch(),
            since: Instant::now(),
            course: None,
            junk,
            held,
            changed: Vec::new(),
            changed_others: Vec::new(),
            due: Vec::new(),
            in_full: false,
            held_bytes: 0,
            added: 0,
            shares: Vec::new(),
        };
        while let Some(page) = self.next_page(T::KIND, &mut pages, &mut gathered).await? {
            let sorter = PageSorter { room: sorter.room.saturating_sub(gathered.added), ..sorter.clone() };
            self.gather(page, sorter, &mut gathered).await?;
            if gathered.batch.len() >= FLUSH_AT || gathered.since.elapsed() >= FLUSH_AFTER {
                self.flush(T::KIND, &mut gathered).await?;
            }
        }
        self.flush(T::KIND, &mut gathered).await?;
        // Only after the pages: while these are being read, detail pages would wait for a turn forever.
        let (junk, in_full) = (gathered.junk, gathered.in_full);
        self.changed_rows = gathered.changed_others;
        self.read_pages(gathered.changed, DetailReason::RowChanged).await?;
        self.read_pages(gathered.due, DetailReason::Due).await?;
        Ok((junk, in_full))
    }

    /// Waits for a page. Releases the memory of earlier pages first, because the next one may be waiting for it.
    async fn next_page<T>(
        &mut self,
        kind: RecordKind,
        pages: &mut mpsc::Receiver<CrawledPage<T>>,
        gathered: &mut GatheredList,
    ) -> Result<Option<CrawledPage<T>>, WalkHalt> {
        if let Ok(page) = pages.try_recv() {
            return Ok(Some(page));
        }
        if gathered.shares.iter().map(MemoryShare::bytes).sum::<usize>() > HEAVY {
            self.flush(kind, gathered).await?;
        }
        gathered.shares.clear();
        Ok(pages.recv().await)
    }

    async fn gather<T: RegressionGuard>(
        &mut self,
        mut page: CrawledPage<T>,
        sorter: PageSorter,
        gathered: &mut GatheredList,
    ) -> Result<(), WalkHalt> {
        gathered.in_full = page.in_full;
        gathered.shares.append(&mut page.shares);
        let (course, known) = (page.course.clone(), page.known.take());
        for (id, issue) in std::mem::take(&mut page.duplicates) {
            let id = RecordId::new(T::KIND, self.line.key(), &id);
            let issue = self.with_original(&id, issue, gathered).await?;
            self.note_duplicate(id, issue);
        }
        let walked = (page.records.len() + page.unchanged.len()) as u64;
        let sorted = self.line.with_store(move |store| sorter.sort(page, store)).await?;
        if T::KIND == RecordKind::Service {
            self.line.show(|progress| {
                progress.walked += walked;
                progress.expected = course.claimed();
            });
        }
        self.sum.refused += sorted.refused;
        self.poorer += sorted.poorer;
        gathered.added += sorted.added;
        if sorted.without_room > 0 {
            // Records of earlier runs stay until they are known to be gone, and count towards the limit until then.
            let reason = too_many(self.line.source.limits().max_records);
            self.state.note_ceiling(T::KIND, &reason);
        }
        gathered.add(sorted);
        if let Some((name, known)) = known
            && let Ok(note) = postcard::to_stdvec(&known)
        {
            gathered.batch.notes.push((page_note(T::KIND, &name).into(), Some(note)));
        }
        gathered.course = Some(course);
        Ok(())
    }

    /// Adds the replaced record to an issue about a duplicate id. Only the batch, or the store, still has it.
    async fn with_original(
        &self,
        id: &RecordId,
        issue: RecordIssue,
        gathered: &GatheredList,
    ) -> Result<RecordIssue, WalkHalt> {
        if issue.original.is_some() || issue.tells_of_more_duplicates() {
            return Ok(issue);
        }
        let mut upserts = gathered.batch.upserts.iter().rev();
        let replaced = match upserts.find(|upsert| upsert.record.id() == id) {
            Some(upsert) => Some(upsert.record.said()),
            None => {
                let id = id.clone();
                let kept = self.line.with_store(move |store| store.get(&id)).await?;
                kept.map(|record| record.said())
            }
        };
        Ok(RecordIssue { original: replaced, ..issue })
    }

    async fn flush(&mut self, kind: RecordKind, gathered: &mut GatheredList) -> Result<(), WalkHalt> {
        let Some(course) = gathered.course.take() else { return Ok(()) };
        self.note_place(
            kind,
            BrokenList { course, junk: gathered.junk, held: gathered.held, in_full: gathered.in_full },
        );
        let fresh = SyncBatch::new(self.line.key().clone(), self.state.walk);
        let mut batch = std::mem::replace(&mut gathered.batch, fresh);
        loop {
            let later = batch.upserts.split_off(portion(&batch.upserts));
            if later.is_empty() {
                break;
            }
            let upserts = std::mem::replace(&mut batch.upserts, later);
            // The progress of the run is written with the last portion.
            let written = self
                .keep(SyncBatch { upserts, ..SyncBatch::new(self.line.key().clone(), self.state.walk) })
                .await?;
            self.note_changes(&written);
        }
        let written = self.keep(SyncBatch { state: Some(self.state.write()), ..batch }).await?;
        self.note_changes(&written);
        gathered.shares.clear();
        self.withhold_soon().await?;
        gathered.since = Instant::now();
        Ok(())
    }

    fn note_place(&mut self, kind: RecordKind, broken: BrokenList) {
        if let Some(walk) = &mut self.state.under_way {
            walk.step = SyncStep::List(place(kind), Some(Box::new(broken)));
        }
    }

    /// Returns what the pages of a list are compared with.
    async fn sorter(&mut self, kind: RecordKind, held: u64) -> Result<PageSorter, WalkHalt> {
        let (source, turn, walk) = (self.line.key().clone(), self.turn(), self.state.walk);
        let believes_poorer = self.state.history(kind).believes_poorer(self.line.clock.now());
        let of = source.clone();
        let some = self.line.with_store(move |store| store.records(kind, &of, None, SAMPLE)).await?;
        let most = self.line.source.limits().max_records as u64;
        let room = most.saturating_sub(self.count(kind).await?);
        let gives_ids = held > 0 && !some.records.iter().any(was_given_no_id);
        Ok(PageSorter { source, walk, turn, gives_ids, believes_poorer, room })
    }

    pub(super) async fn count(&self, kind: RecordKind) -> Result<u64, WalkHalt> {
        let source = self.line.key().clone();
        Ok(self.line.with_store(move |store| store.count(kind, &source)).await?)
    }

    pub(super) async fn unseen(&self, kind: RecordKind, walk: u64) -> Result<Vec<RecordId>, WalkHalt> {
        let source = self.line.key().clone();
        let unseen = self.line.with_store(move |store| store.unseen(kind, &source, walk)).await?;
        Ok(unseen.into_iter().map(|unseen| unseen.id).collect())
    }

    async fn seen_in_this_walk(&self, kind: RecordKind) -> Result<Vec<Box<str>>, WalkHalt> {
        let (source, walk) = (self.line.key().clone(), self.state.walk);
        let marks = self.line.with_store(move |store| store.marks(kind, &source)).await?;
        let seen = marks.into_iter().filter(|(_, mark)| mark.walk == walk);
        Ok(seen.map(|(id, _)| id.upstream().into()).collect())
    }

    /// Returns what is remembered about a list's pages, for pages whose records are all stored.
    async fn remembered(&self, kind: RecordKind) -> Result<KnownPages, WalkHalt> {
        let (source, now) = (self.line.key().clone(), self.line.clock.now());
        let pages = self.line.with_store(move |store| {
            let mut pages = KnownPages::new();
            let beginning = page_note(kind, "");
            for (name, note) in store.notes(&source, &beginning)? {
                let Ok(page) = postcard::from_bytes::<KnownPage>(&note) else { continue };
                // Records without the hash of a row have to be read again, so the feed has to send their page in full.
                let is_kept = |id: &str| {
                    let id = RecordId::new(kind, &source, id);
                    store.mark(&id).is_ok_and(|mark| mark.is_some_and(|mark| mark.row.is_some()))
                };
                if page.read_at > now - ASK_FOR && page.ids().iter().all(|id| is_kept(id)) {
                    pages.insert(name.trim_start_matches(&beginning).into(), page);
                }
            }
            Ok(pages)
        });
        Ok(pages.await?)
    }

    /// Returns the error for a list that may have missing records although every request succeeded.
    pub(super) fn unsteady(&self) -> SourceError {
        self.invalid(
            "its list could not be read completely: records moved during reading, or paging does not work"
                .to_owned(),
        )
    }
}

impl GatheredList {
    fn add<T: RegressionGuard>(&mut self, sorted: SortedPage<T>) {
        self.junk += sorted.junk;
        self.batch.upserts.extend(sorted.batch.upserts);
        self.batch.seen.extend(sorted.batch.seen);
        self.batch.settled.extend(sorted.batch.settled);
        for row in sorted.changed.into_iter().map(T::any) {
            let AnyRecord::Service(row) = row else {
                if self.changed_others.len() < MOST_CHANGED {
                    self.changed_others.push(row);
                }
                continue;
            };
            let has_room = self.changed.len() < MOST_CHANGED && self.has_room_for(&row);
            self.changed.push(if has_room {
                WantedDetail::listed(row, true)
            } else {
                WantedDetail::named(&row)
            });
        }
        let room = MOST_DUE.saturating_sub(self.due.len());
        for due in sorted.due.into_iter().take(room).map(WantedDetail::due) {
            let is_held = due.row().is_none_or(|row| self.has_room_for(row));
            self.due.push(if is_held { due } else { due.without_row() });
        }
    }

    fn has_room_for(&mut self, row: &Service) -> bool {
        self.held_bytes = self.held_bytes.saturating_add(row.provenance.read_bytes);
        self.held_bytes <= MOST_HELD
    }
}

/// Returns how many of these records to write first.
fn portion(upserts: &[RecordUpsert]) -> usize {
    let mut bytes = 0_usize;
    let fits = |upsert: &&RecordUpsert| {
        bytes = bytes.saturating_add(upsert.record.provenance().read_bytes);
        bytes <= MOST_BYTES_AT_ONCE
    };
    upserts.iter().take(MOST_AT_ONCE).take_while(fits).count().clamp(upserts.len().min(1), upserts.len())
}

fn page_note(kind: RecordKind, name: &str) -> String {
    format!("{PAGE}{}/{name}", place(kind))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{AnyRecord, Organization, SourceKey, StubRecord as _};

    #[test]
    fn what_is_written_at_a_time_is_bounded_by_count_and_by_weight() {
        let upsert = |read_bytes: &usize| {
            let id = RecordId::new(RecordKind::Organization, &SourceKey::parse("elm").unwrap(), "1");
            let mut organization = Organization::stub(id, <_>::default());
            organization.provenance.read_bytes = *read_bytes;
            RecordUpsert::from(AnyRecord::Organization(Arc::new(organization)))
        };
        let portion = |sizes: &[usize]| portion(&sizes.iter().map(upsert).collect::<Vec<_>>());
        assert_eq!(portion(&[3 << 20, 3 << 20, 3 << 20]), 2);
        assert_eq!(portion(&[9 << 20, 1]), 1);
        assert_eq!(portion(&[1; MOST_AT_ONCE + 1]), MOST_AT_ONCE);
        assert_eq!(portion(&[]), 0);
    }
}
