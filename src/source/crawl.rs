//! Reading a whole list for keeping: without a deadline and without a limit of scanning, page by page into the hands
//! of whoever keeps it, to be gone on with where it was broken off.
//!
//! Where the list ends and whether it stood still is found out by the same walk that live reads take.

mod hand_on;
#[cfg(test)]
mod scripted;

use std::any::Any;
use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio::sync::mpsc;
use tokio::time::Instant;

use super::FeedSource;
use super::collection::FromRow;
use super::depth::ListDepth;
use super::engine::CacheValidators;
use super::error::SourceError;
use super::feed::{KnownPage, OwnPage};
use super::memory::MemoryShare;
use super::walk::{KnownPages, ListWalk, PageSink as _, WalkBounds, WalkCourse, WalkWay};
use crate::model::{RecordIssue, RecordKind, Service};

use hand_on::HandOn;
#[cfg(test)]
pub(crate) use scripted::{FeedScript, ScriptedPage, ScriptedRows};

/// Where a crawl begins.
pub(crate) enum CrawlStart {
    /// With the first page.
    Afresh {
        /// Whether there was such a list before: then it is asked for although a probe did not find it.
        is_expected: bool,
    },
    /// Where an earlier one was broken off.
    From {
        /// How far it had come.
        course: Box<WalkCourse>,
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
    pub course: WalkCourse,
    /// Whether its rows carry all that the records' own pages do.
    pub in_full: bool,
    /// What to remember of it, and by which name.
    pub known: Option<(Box<str>, KnownPage)>,
    /// The memory it takes. Whoever takes the page gives it back before waiting for the next one.
    pub shares: Vec<MemoryShare>,
    /// Records that the list names more than once, each with the issue that says so.
    pub duplicates: Vec<(Box<str>, RecordIssue)>,
}

/// How a crawl ended.
#[derive(Debug)]
pub(crate) struct CrawlOutcome {
    /// Whether the feed has such a list.
    pub is_offered: bool,
    /// Whether every page was read to where the list ends, and its records stood still.
    pub to_the_end: bool,
    /// Which ceiling of the configuration it reached, if it did.
    pub ceiling: Option<SourceError>,
    /// Whether that is all that keeps it from having read the list to its end.
    pub to_a_ceiling: bool,
    /// How far it came, where it was broken off and is to be gone on with.
    pub broke_off: Option<WalkCourse>,
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

impl FeedSource {
    /// Reads its whole list of `T`, at its own pace; the pages go to `pages`, one after the other, and whoever takes
    /// them sets the pace, too. Ends early where nobody takes them any more.
    ///
    /// # Errors
    /// When not even the first page could be read.
    pub(crate) async fn crawl<T: FromRow>(
        &self,
        start: CrawlStart,
        remembered: &KnownPages,
        pages: mpsc::Sender<CrawledPage<T>>,
    ) -> Result<CrawlOutcome, SourceError> {
        #[cfg(test)]
        if let Some(script) = &self.script {
            return self.crawl_scripted(&**script, start, pages).await;
        }
        let feed = &self.feed;
        let manner = feed.manner().await?;
        let bounds = WalkBounds { records: feed.limits.max_records, bad_pages: BAD_PAGES, breaks_off: true };
        let way = WalkWay { feed, manner: &manner, parameters: &[], remembered, bounds };
        let mut taker = HandOn::new(pages, &start, feed);
        let (mut walk, is_resumed) = match start {
            CrawlStart::From { course, .. } => (ListWalk::<T, _>::from(way, *course, taker), true),
            CrawlStart::Afresh { is_expected } if self.has_no_list(way, T::KIND, is_expected) => {
                return Ok(CrawlOutcome::not_offered());
            }
            CrawlStart::Afresh { .. } => match way.first_page::<T>().await? {
                Some(first) => {
                    // Now, before any page is under way: their turns come before those of own pages.
                    taker.in_full = match first.unchanged.is_empty() {
                        true => self.are_in_full(&first.records).await,
                        false => self.depth.known() == ListDepth::Full,
                    };
                    (ListWalk::begin(way, first, taker).await, false)
                }
                None if T::KIND == RecordKind::Service => return Err(feed.no_services()),
                None => return Ok(CrawlOutcome::not_offered()),
            },
        };
        walk.run().await;
        let (mut taker, end) = walk.end();
        taker.hand_on_what_is_held_back(&end.course).await;
        taker.note_size(feed);
        let is_sound = end.error.is_none() && !end.broke_off && end.gap.is_none();
        let to_the_end = is_sound && end.ceiling.is_none() && end.at_the_end && !end.stopped_short;
        let crawled = CrawlOutcome {
            is_offered: true,
            to_the_end,
            to_a_ceiling: is_sound && end.ceiling.is_some(),
            ceiling: end.ceiling,
            has_read_all: to_the_end && !is_resumed && !taker.any_unchanged,
            records: taker.known() as u64,
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

    /// Reads a record's own page, unless it is as it was when `known` was noted.
    ///
    /// # Errors
    /// When it cannot be had.
    pub(crate) async fn own_page<T: FromRow>(
        &self,
        upstream_id: &str,
        known: &CacheValidators,
    ) -> Result<OwnPage<T>, SourceError> {
        #[cfg(test)]
        if self.script.is_some() {
            return Ok(OwnPage::Missing);
        }
        let feed = &self.feed;
        let page = feed.record_if_changed::<T>(upstream_id, known).await?;
        self.probed.note_own_page(T::KIND, !matches!(page, OwnPage::Missing));
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
        self.feed.ledger.read_all();
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
        let services: Vec<&Service> =
            listed.iter().filter_map(|record| (record as &dyn Any).downcast_ref()).collect();
        if services.is_empty() {
            return false;
        }
        // Feeds change: what held for the last walk need not hold for this one.
        self.depth.forget();
        self.lists_in_full_by(&services, Instant::now() + SAMPLE_WITHIN).await
    }

    fn has_no_list(&self, way: WalkWay<'_>, kind: RecordKind, is_expected: bool) -> bool {
        let is_needed = is_expected || kind == RecordKind::Service;
        !way.manner.address.offers(kind) || (!is_needed && self.probed.lacks_list(kind))
    }
}

/// What is kept in the catalogue is served however old it is.
const FOR_EVER: Duration = Duration::from_secs(1000 * 366 * 86_400);

impl CrawlOutcome {
    fn not_offered() -> Self {
        Self {
            is_offered: false,
            to_the_end: false,
            ceiling: None,
            to_a_ceiling: false,
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
