//! One list of a source: read, sorted, kept page by page, and then judged for what is missing from it.

use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use tokio::sync::mpsc;
use tokio::time::Instant;

use super::details::Wanted;
use super::plan::{Held, Seen, Verdict};
use super::round::{Halt, Round};
use super::sort::{Sorted, Sorter};
use super::state::{Broken, Step, place};
use super::worth::Worth;
use crate::catalogue::Batch;
use crate::model::{RecordId, RecordKind, Service};
use crate::source::{Course, Crawled, CrawledPage, KnownPage, KnownPages, SourceError, Start};

/// How many pages may wait to be kept.
const PAGES_WAITING: usize = 1;
/// Records are written when there are so many,
const FLUSH_AT: usize = 200;
/// or when the first of them has waited for so long.
const FLUSH_AFTER: Duration = Duration::from_millis(250);
/// The rows of so many changed services are held in memory at most until their own pages are read; of the others only
/// the names.
const MOST_CHANGED: usize = 2000;
/// So many services are looked at again in one walk at most.
const MOST_DUE: usize = 1000;
/// Whether a page has changed is asked for so long; then it is read whatever the feed says.
const ASK_FOR: TimeDelta = TimeDelta::hours(24);
/// What notes of pages are called.
const PAGE: &str = "page/";

/// What has gathered while a list is read.
struct Gathered {
    batch: Batch,
    since: Instant,
    course: Option<Course>,
    junk: u64,
    held: u64,
    changed: Vec<Wanted>,
    due: Vec<Arc<Service>>,
    /// Whether rows carry all that own pages do.
    in_full: bool,
}

impl Round<'_> {
    /// Reads a list, from where it was broken off.
    pub(super) async fn list<T: Worth>(&mut self, broken: Option<Box<Broken>>) -> Result<(), Halt> {
        let held = match &broken {
            Some(broken) => broken.held,
            None => self.count(T::KIND).await?,
        };
        let is_resumed = broken.is_some();
        let junk = broken.as_ref().map_or(0, |broken| broken.junk);
        let remembered = if is_resumed { KnownPages::new() } else { self.remembered(T::KIND).await? };
        let start = match broken.map(|broken| *broken) {
            Some(Broken { course, in_full, .. }) => Start::From {
                course: Box::new(course),
                in_full,
                seen: self.seen_in_this_walk(T::KIND).await?,
            },
            None => Start::Afresh,
        };
        let (pages, arriving) = mpsc::channel(PAGES_WAITING);
        let source = Arc::clone(&self.line.source);
        let crawl = source.crawl::<T>(start, &remembered, pages);
        let (crawled, kept) = tokio::join!(crawl, self.keep_pages(arriving, junk, held));
        let (junk, in_full) = kept?;
        match crawled {
            Err(error) if T::KIND == RecordKind::Service => Err(Halt::Feed(error)),
            Err(error) => {
                self.lacks(error);
                Ok(())
            }
            Ok(Crawled { broke_off: Some(course), error, .. }) => {
                self.note_place(T::KIND, Broken { course, junk, held, in_full });
                self.keep(self.batch()).await?;
                Err(Halt::Feed(error.unwrap_or_else(|| self.unsteady())))
            }
            Ok(crawled) => self.judge::<T>(&crawled, junk, held, is_resumed).await,
        }
    }

    /// Keeps the pages of a list as they come; says how many rows were no record, and whether they carry everything.
    async fn keep_pages<T: Worth>(
        &mut self,
        mut pages: mpsc::Receiver<CrawledPage<T>>,
        junk: u64,
        held: u64,
    ) -> Result<(u64, bool), Halt> {
        let mut gathered = Gathered {
            batch: self.batch(),
            since: Instant::now(),
            course: None,
            junk,
            held,
            changed: Vec::new(),
            due: Vec::new(),
            in_full: false,
        };
        while let Some(page) = pages.recv().await {
            self.gather(page, &mut gathered).await?;
            if gathered.batch.len() >= FLUSH_AT || gathered.since.elapsed() >= FLUSH_AFTER {
                self.flush(T::KIND, &mut gathered).await?;
            }
        }
        self.flush(T::KIND, &mut gathered).await?;
        // Not before: while pages are under way, own pages would wait for their turn for ever.
        let (junk, in_full) = (gathered.junk, gathered.in_full);
        self.read_pages(gathered.changed).await?;
        let due = gathered.due.into_iter().map(|row| Wanted::listed(row, false));
        self.read_pages(due.collect()).await?;
        Ok((junk, in_full))
    }

    async fn gather<T: Worth>(
        &mut self,
        mut page: CrawledPage<T>,
        gathered: &mut Gathered,
    ) -> Result<(), Halt> {
        gathered.in_full = page.in_full;
        let (course, known) = (page.course.clone(), page.known.take());
        let walked = (page.records.len() + page.unchanged.len()) as u64;
        let sorter = Sorter { source: self.line.key().clone(), walk: self.state.walk, turn: self.turn() };
        let sorted = self.line.with_store(move |store| sorter.sort(page, store)).await?;
        if T::KIND == RecordKind::Service {
            self.line.show(|progress| {
                progress.walked += walked;
                progress.expected = course.claimed();
            });
        }
        self.sum.refused += sorted.refused;
        gathered.add(sorted);
        let note = known.and_then(|(name, known)| Some((name, postcard::to_stdvec(&known).ok()?)));
        let named = note.map(|(name, note)| (page_note(T::KIND, &name).into(), Some(note)));
        gathered.batch.notes.extend(named);
        gathered.course = Some(course);
        Ok(())
    }

    async fn flush(&mut self, kind: RecordKind, gathered: &mut Gathered) -> Result<(), Halt> {
        let Some(course) = gathered.course.take() else { return Ok(()) };
        self.note_place(
            kind,
            Broken { course, junk: gathered.junk, held: gathered.held, in_full: gathered.in_full },
        );
        let fresh = Batch::new(self.line.key().clone(), self.state.walk);
        let batch = std::mem::replace(&mut gathered.batch, fresh);
        let written = self.keep(Batch { state: Some(self.state.write()), ..batch }).await?;
        self.note_changes(&written);
        gathered.since = Instant::now();
        Ok(())
    }

    fn note_place(&mut self, kind: RecordKind, broken: Broken) {
        if let Some(walk) = &mut self.state.under_way {
            walk.step = Step::List(place(kind), Some(Box::new(broken)));
        }
    }

    /// Judges what is missing from a list.
    async fn judge<T: Worth>(
        &mut self,
        crawled: &Crawled,
        junk: u64,
        held: u64,
        is_resumed: bool,
    ) -> Result<(), Halt> {
        let kind = T::KIND;
        let has_list = crawled.is_offered && (crawled.records > 0 || held > 0);
        if !has_list && (self.state.is_derived(kind) || held == 0) {
            self.state.note_derived(kind, kind != RecordKind::Service);
            self.state
                .note_listed(kind, crawled.to_the_end && crawled.claimed.is_none_or(|claimed| claimed == 0));
            return Ok(());
        }
        if crawled.is_offered && !crawled.to_the_end {
            self.lacks(crawled.error.clone().unwrap_or_else(|| self.unsteady()));
        }
        let missing = self.unseen(kind, self.state.walk).await?;
        let records = self.count(kind).await?.saturating_sub(missing.len() as u64);
        let seen = Seen {
            walk: self.state.walk,
            to_the_end: crawled.to_the_end || !crawled.is_offered,
            resumed: is_resumed,
            records,
            rows: crawled.rows.saturating_sub(junk),
            junk,
            claimed: crawled.claimed,
        };
        let held = Held { before: held, missing: missing.len() as u64 };
        let now = self.line.clock.now();
        let verdict = self.state.history(kind).judge(&seen, held, now);
        let (gone, doubt) = match verdict {
            Verdict::Inconclusive(doubt) => (Vec::new(), Some(doubt)),
            Verdict::DeletedIfUnseenSince(walk) => (self.unseen(kind, walk).await?, None),
        };
        self.note_doubt(kind, held.missing, doubt);
        let gaps = doubt.filter(|doubt| crawled.is_offered && doubt.is_of_gaps());
        if let Some(doubt) = gaps.filter(|_| crawled.to_the_end) {
            let kind = kind.type_name();
            self.lacks(self.invalid(format!("its list of {kind} records is not taken for whole: {doubt}")));
        }
        self.state.note_listed(kind, crawled.to_the_end && gaps.is_none());
        if crawled.records > 0 || (doubt.is_none() && gone.len() as u64 == held.before) {
            self.state.note_derived(kind, crawled.records == 0 && kind != RecordKind::Service);
        }
        let written = self.keep(Batch { removals: gone, ..self.batch() }).await?;
        self.note_changes(&written);
        Ok(())
    }

    async fn count(&self, kind: RecordKind) -> Result<u64, Halt> {
        let source = self.line.key().clone();
        Ok(self.line.with_store(move |store| store.count(kind, &source)).await?)
    }

    async fn unseen(&self, kind: RecordKind, walk: u64) -> Result<Vec<RecordId>, Halt> {
        let source = self.line.key().clone();
        let unseen = self.line.with_store(move |store| store.unseen(kind, &source, walk)).await?;
        Ok(unseen.into_iter().map(|unseen| unseen.id).collect())
    }

    async fn seen_in_this_walk(&self, kind: RecordKind) -> Result<Vec<Box<str>>, Halt> {
        let (source, walk) = (self.line.key().clone(), self.state.walk);
        let marks = self.line.with_store(move |store| store.marks(kind, &source)).await?;
        let seen = marks.into_iter().filter(|(_, mark)| mark.walk == walk);
        Ok(seen.map(|(id, _)| id.upstream().into()).collect())
    }

    /// What is remembered of a list's pages: of those that have nothing but records that are kept.
    async fn remembered(&self, kind: RecordKind) -> Result<KnownPages, Halt> {
        let (source, now) = (self.line.key().clone(), self.line.clock.now());
        let pages = self.line.with_store(move |store| {
            let mut pages = KnownPages::new();
            let beginning = page_note(kind, "");
            for (name, note) in store.notes(&source, &beginning)? {
                let Ok(page) = postcard::from_bytes::<KnownPage>(&note) else { continue };
                let is_kept = |id: &str| {
                    let id = RecordId::new(kind, &source, id);
                    store.mark(&id).is_ok_and(|mark| mark.is_some())
                };
                if page.read_at > now - ASK_FOR && page.ids().iter().all(|id| is_kept(id)) {
                    pages.insert(name.trim_start_matches(&beginning).into(), page);
                }
            }
            Ok(pages)
        });
        Ok(pages.await?)
    }

    /// That records may be missing although every answer was in order.
    fn unsteady(&self) -> SourceError {
        self.invalid(
            "its list could not be read whole: it moved meanwhile, or its pages cannot be turned".to_owned(),
        )
    }
}

impl Gathered {
    fn add<T: Worth>(&mut self, sorted: Sorted<T>) {
        self.junk += sorted.junk;
        self.batch.upserts.extend(sorted.batch.upserts);
        self.batch.seen.extend(sorted.batch.seen);
        let services = |records: Vec<Arc<T>>| records.into_iter().map(T::any).filter_map(Service::of);
        for row in services(sorted.changed) {
            let has_room = self.changed.len() < MOST_CHANGED;
            self.changed.push(if has_room { Wanted::listed(row, true) } else { Wanted::named(&row) });
        }
        let room = MOST_DUE.saturating_sub(self.due.len());
        self.due.extend(services(sorted.due).take(room));
    }
}

fn page_note(kind: RecordKind, name: &str) -> String {
    format!("{PAGE}{}/{name}", place(kind))
}
