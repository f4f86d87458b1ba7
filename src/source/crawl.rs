//! Reading a whole list for keeping: without a deadline and without a limit of scanning, page by page into the hands
//! of whoever keeps it, to be gone on with where it was broken off.
//!
//! Where the list ends and whether it stood still is found out by the same walk that live reads take.

use std::any::Any;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio::sync::mpsc;
use tokio::time::Instant;

use super::Source;
use super::ceilings::Room;
use super::collection::FromRow;
use super::conformance::Tally;
use super::depth::ListDepth;
use super::engine::Validators;
use super::error::SourceError;
use super::feed::{Feed, KnownPage, OwnPage, Page};
use super::page_form::Winners;
use super::set::{Gathering, Kept, duplicate_id};
use super::walk::{Bounds, Course, KnownPages, Taker, Took, Walk, Way};
use crate::model::{ContentHash, RecordIssue, RecordKind, Service};

/// Where a crawl begins.
pub(crate) enum Start {
    /// With the first page.
    Afresh {
        /// Whether there was such a list before: then it is asked for although a probe did not find it.
        is_expected: bool,
    },
    /// Where an earlier one was broken off.
    From {
        /// How far it had come.
        course: Box<Course>,
        /// The ids it had seen.
        seen: Vec<Box<str>>,
        /// Whether its rows were found to carry everything.
        in_full: bool,
    },
}

/// A page on its way to be kept.
pub(crate) struct CrawledPage<T> {
    /// Its records, each once, less those that an earlier page had just so.
    pub records: Vec<T>,
    /// The ids of its records, in their place, where the page has not changed since it was remembered.
    pub unchanged: Vec<Box<str>>,
    /// How many of its rows are no record.
    pub unread: usize,
    /// How far the crawl has come with it.
    pub course: Course,
    /// Whether its rows carry all that the records' own pages do.
    pub in_full: bool,
    /// What to remember of it, and by which name.
    pub known: Option<(Box<str>, KnownPage)>,
    /// Records that the list names more than once, each with the issue that says so.
    pub duplicates: Vec<(Box<str>, RecordIssue)>,
}

/// How a crawl ended.
#[derive(Debug)]
pub(crate) struct Crawled {
    /// Whether the feed has such a list.
    pub is_offered: bool,
    /// Whether every page was read to where the list ends, and its records stood still.
    pub to_the_end: bool,
    /// How far it came, where it was broken off and is to be gone on with.
    pub broke_off: Option<Course>,
    /// Whether all rows were at hand from the first to the last.
    pub has_read_all: bool,
    /// How many different records it saw.
    pub records: u64,
    /// How many rows there were, those that repeat a record or are none included.
    pub rows: u64,
    /// How many records the feed says it has, if it says so and sticks to it.
    pub claimed: Option<u64>,
    /// Why pages are missing, where some are, or records may be.
    pub error: Option<SourceError>,
    /// That the feed says on every page that it has more records than it shows.
    pub shortfall: Option<SourceError>,
}

/// How long it may take to find out whether rows carry everything.
const SAMPLE_WITHIN: Duration = Duration::from_secs(60);
/// So many pages in a row that cannot be read end a list that does not say how many it has.
const BAD_PAGES: usize = 3;

impl Source {
    /// Reads its whole list of `T`, at its own pace; the pages go to `pages`, one after the other, and whoever takes
    /// them sets the pace, too. Ends early where nobody takes them any more.
    ///
    /// # Errors
    /// When not even the first page could be read, or the source is quarantined.
    pub(crate) async fn crawl<T: FromRow>(
        &self,
        start: Start,
        remembered: &KnownPages,
        pages: mpsc::Sender<CrawledPage<T>>,
    ) -> Result<Crawled, SourceError> {
        let feed = self.feed.as_ref().map_err(Clone::clone)?;
        let manner = feed.manner().await?;
        let bounds = Bounds { records: feed.limits.max_records, bad_pages: BAD_PAGES, breaks_off: true };
        let way = Way { feed, manner: &manner, parameters: &[], remembered, bounds };
        let mut taker = HandOn::new(pages, &start, feed);
        let (mut walk, is_resumed) = match start {
            Start::From { course, .. } => (Walk::<T, _>::from(way, *course, taker), true),
            Start::Afresh { is_expected } if self.has_no_list(way, T::KIND, is_expected) => {
                return Ok(Crawled::not_offered());
            }
            Start::Afresh { .. } => match way.first_page::<T>().await? {
                Some(first) => {
                    // Now, before any page is under way: their turns come before those of own pages.
                    taker.in_full = match first.unchanged.is_empty() {
                        true => self.are_in_full(&first.records).await,
                        false => self.depth.known() == ListDepth::Full,
                    };
                    (Walk::begin(way, first, taker).await, false)
                }
                None if T::KIND == RecordKind::Service => return Err(feed.no_services()),
                None => return Ok(Crawled::not_offered()),
            },
        };
        walk.run().await;
        let (mut taker, end) = walk.end();
        taker.hand_on_what_is_held_back(&end.course).await;
        let to_the_end = end.at_the_end
            && end.error.is_none()
            && !end.broke_off
            && !end.stopped_short
            && end.gap.is_none();
        let crawled = Crawled {
            is_offered: true,
            to_the_end,
            has_read_all: to_the_end && !is_resumed && !taker.any_unchanged,
            records: taker.seen.len() as u64,
            rows: end.course.rows as u64,
            claimed: end.course.claimed().filter(|_| !end.course.claims_differ),
            broke_off: end.broke_off.then_some(end.course),
            error: end.error.or(end.gap),
            shortfall: end.shortfall,
        };
        feed.habits.note_winners(T::KIND, std::mem::take(&mut taker.winners));
        taker.note_departures(feed, is_resumed, &crawled);
        Ok(crawled)
    }

    /// Reads a service's own page, unless it is as it was when `known` was noted.
    ///
    /// # Errors
    /// When it cannot be had.
    pub(crate) async fn own_page(
        &self,
        upstream_id: &str,
        known: &Validators,
    ) -> Result<OwnPage<Service>, SourceError> {
        let feed = self.feed.as_ref().map_err(Clone::clone)?;
        let page = feed.record_if_changed::<Service>(upstream_id, known).await?;
        self.probed.note_own_page(RecordKind::Service, !matches!(page, OwnPage::Missing));
        Ok(page)
    }

    /// Notes that its synchronisation begins.
    pub(crate) fn note_began(&self) {
        self.standings.began(self.clock.now());
    }

    /// Notes that `count` services are kept of it, all of them looked at from `fetched_at` to `read_at`; fresh until then.
    pub(crate) fn note_synchronised(
        &self,
        count: usize,
        fetched_at: DateTime<Utc>,
        read_at: DateTime<Utc>,
        fresh_until: DateTime<Utc>,
    ) {
        let fresh_for = (fresh_until - read_at).to_std().unwrap_or_default();
        self.standings.succeeded(read_at, count, fetched_at, fresh_for, FOR_EVER);
    }

    /// Notes that what its feed shows is not all believed, although it answers.
    pub(crate) fn note_flaw(&self, flaw: SourceError) {
        self.standings.flawed(flaw);
    }

    /// Notes that its synchronisation failed.
    pub(crate) fn note_failed(&self, error: SourceError) {
        self.standings.failed(error);
    }

    /// Whether rows of services carry all that the services' own pages do.
    async fn are_in_full<T: FromRow>(&self, listed: &[T]) -> bool {
        let services = listed.iter().filter_map(|record| (record as &dyn Any).downcast_ref::<Service>());
        let services: Vec<_> = services.cloned().map(Arc::new).collect();
        if services.is_empty() {
            return false;
        }
        // Feeds change: what held for the last walk need not hold for this one.
        self.depth.forget();
        self.lists_in_full_by(&services, Instant::now() + SAMPLE_WITHIN).await
    }

    fn has_no_list(&self, way: Way<'_>, kind: RecordKind, is_expected: bool) -> bool {
        let is_needed = is_expected || kind == RecordKind::Service;
        !way.manner.address.offers(kind) || (!is_needed && self.probed.lacks_list(kind))
    }
}

/// What is kept in the catalogue is served however old it is.
const FOR_EVER: Duration = Duration::from_secs(1000 * 366 * 86_400);

impl Crawled {
    fn not_offered() -> Self {
        Self {
            is_offered: false,
            to_the_end: false,
            has_read_all: false,
            broke_off: None,
            records: 0,
            rows: 0,
            claimed: None,
            error: None,
            shortfall: None,
        }
    }
}

/// Hands pages on, and remembers of their records only which they were.
struct HandOn<T> {
    pages: mpsc::Sender<CrawledPage<T>>,
    /// By id: what the record was like; none where that is not known any more.
    seen: HashMap<Box<str>, Option<Print>>,
    in_full: bool,
    overlaps: usize,
    room: Room,
    tally: Tally,
    any_unchanged: bool,
    /// Whether pages are being read for the second time.
    is_again: bool,
    /// Of ids that stand for several records, which of these was kept the last time.
    winners: Winners,
    /// Records that were not kept the last time, until the one that was comes along: whoever keeps records is not to be
    /// shown both in turns.
    held_back: HashMap<Box<str>, T>,
}

struct Print {
    hash: ContentHash,
    last_modified: Option<DateTime<Utc>>,
}

impl<T: FromRow> HandOn<T> {
    fn new(pages: mpsc::Sender<CrawledPage<T>>, start: &Start, feed: &Feed) -> Self {
        let (seen, in_full) = match start {
            Start::Afresh { .. } => (HashMap::new(), false),
            Start::From { seen, in_full, .. } => {
                (seen.iter().map(|id| (id.clone(), None)).collect(), *in_full)
            }
        };
        Self {
            pages,
            room: Room::of(&feed.limits).with(seen.len()),
            seen,
            in_full,
            overlaps: 0,
            tally: Tally::default(),
            any_unchanged: false,
            is_again: false,
            winners: feed.habits.winners(T::KIND),
            held_back: HashMap::new(),
        }
    }

    /// Hands on what was held back in vain: the record that was kept the last time is not listed any more.
    async fn hand_on_what_is_held_back(&mut self, course: &Course) {
        let records: Vec<T> = std::mem::take(&mut self.held_back).into_values().collect();
        if records.is_empty() {
            return;
        }
        for record in &records {
            self.winners.remove(record.id().upstream());
        }
        let page = CrawledPage {
            records,
            unchanged: Vec::new(),
            unread: 0,
            course: course.clone(),
            in_full: self.in_full,
            known: None,
            duplicates: Vec::new(),
        };
        // Fails only where nobody takes pages any more.
        let _ = self.pages.send(page).await;
    }

    /// Whether a record is to wait for the one that was kept in its place the last time.
    fn is_to_wait(&self, id: &str, hash: ContentHash) -> bool {
        self.winners.get(id).is_some_and(|winner| *winner != hash) && !self.seen.contains_key(id)
    }

    /// Notes that a record was met before under its id; `is_news` if this one is kept. Returns the issue that says so.
    fn meet(&mut self, id: &str, record: &T, is_news: bool) -> Option<RecordIssue> {
        let before = self.seen.get(id)?.as_ref()?;
        let hash = record.provenance().content_hash;
        Some(if is_news {
            self.winners.insert(id.into(), hash);
            duplicate_id(self.held_back.remove(id).as_ref(), Kept::Newer)
        } else if before.hash == hash {
            duplicate_id(Some(record), Kept::Either)
        } else {
            duplicate_id(Some(record), Kept::First)
        })
    }

    /// Whether a record is not the same as, and no older than, one that went before under its id.
    fn is_news(&self, record: &T) -> bool {
        match self.seen.get(record.id().upstream()) {
            None | Some(None) => true,
            Some(Some(before)) => {
                let provenance = record.provenance();
                before.hash != provenance.content_hash && before.last_modified < provenance.last_modified
            }
        }
    }

    fn note_departures(self, feed: &Feed, is_resumed: bool, crawled: &Crawled) {
        // What was not read anew has not been looked at.
        if !is_resumed && !self.any_unchanged {
            feed.ledger.walked(T::KIND, self.tally, crawled.to_the_end);
        }
    }
}

impl<T: FromRow> Taker<T> for HandOn<T> {
    async fn take(&mut self, mut page: Page<T>, course: &Course) -> Took {
        self.tally.take_in(std::mem::take(&mut page.tally));
        // What was remembered of a page that has not changed still holds, and is as old as it was.
        let known = page.unchanged.is_empty().then(|| KnownPage::of(&page)).flatten();
        let known = known.map(|known| (KnownPage::name(&page.url), known));
        let is_unreadable = page.rows > 0 && page.records.is_empty() && page.unchanged.is_empty();
        let unread = page.rows.saturating_sub(page.records.len() + page.unchanged.len());
        let mut once = Gathering::default();
        once.add(page.records);
        let (mut new, mut repeated) = (0, 0);
        let mut count = |is_new: bool| if is_new { new += 1 } else { repeated += 1 };
        let (mut records, mut full, mut duplicates) = (Vec::new(), None, Vec::new());
        for record in once.into_records() {
            let is_news = self.is_news(&record);
            let provenance = record.provenance();
            let print = Print { hash: provenance.content_hash, last_modified: provenance.last_modified };
            let id: Box<str> = record.id().upstream().into();
            let on_page = provenance.issues.iter().find(|issue| issue.is_of_duplicate()).cloned();
            let is_to_wait = self.is_to_wait(&id, print.hash);
            duplicates.extend(
                on_page.or_else(|| self.meet(&id, &record, is_news)).map(|issue| (id.clone(), issue)),
            );
            if !self.seen.contains_key(&id)
                && let Err(reason) = self.room.take(provenance.read_bytes)
            {
                full = Some(reason);
                break;
            }
            if is_to_wait {
                count(self.seen.insert(id.clone(), Some(print)).is_none());
                self.held_back.insert(id, record);
            } else if is_news {
                records.push(record);
                count(self.seen.insert(id, Some(print)).is_none());
            } else {
                count(false);
            }
        }
        self.any_unchanged |= !page.unchanged.is_empty();
        for id in &page.unchanged {
            if !self.seen.contains_key(id)
                && let Err(reason) = self.room.take(0)
            {
                full = Some(reason);
                break;
            }
            count(!self.seen.contains_key(id));
            self.seen.entry(id.clone()).or_insert(None);
        }
        self.overlaps += usize::from(new > 0 && repeated > 0 && !self.is_again);
        // A page that only repeats another, or is read again, is no list that names records twice.
        duplicates.retain(|_| new > 0 && !self.is_again);
        duplicates.iter().for_each(|(id, issue)| self.tally.add_to(id, issue));
        // A page of which something was left is to be read again.
        let known = known.filter(|_| full.is_none());
        let (course, in_full) = (course.clone(), self.in_full);
        let unchanged = page.unchanged;
        let handed_on = CrawledPage { records, unchanged, unread, course, in_full, known, duplicates };
        match self.pages.send(handed_on).await {
            Err(_) => Took::Enough,
            Ok(()) => match full {
                Some(reason) => Took::Full(reason),
                None if is_unreadable => Took::Unreadable,
                None => Took::New(new),
            },
        }
    }

    fn known(&self) -> usize {
        self.seen.len()
    }

    fn knows(&self, upstream_id: &str) -> bool {
        self.seen.contains_key(upstream_id)
    }

    fn begin_again(&mut self) {
        self.is_again = true;
    }

    fn overlaps(&self) -> usize {
        self.overlaps
    }
}
