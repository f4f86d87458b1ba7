//! Reads a whole list for the catalogue, without a deadline, and hands over its pages one by one. An interrupted crawl
//! can be resumed.
//!
//! The walk that live reads use decides where the list ends and whether it changed meanwhile.

mod hand_on;
#[cfg(test)]
mod scripted;

use std::any::Any;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::Instant;

use super::FeedSource;
use super::collection::FromRow;
use super::depth::ListDepth;
use super::engine::CacheValidators;
use super::error::SourceError;
use super::feed::{KnownPage, OwnPage};
use super::memory::MemoryShare;
use super::walk::{KnownPages, ListWalk, PageSink as _, WalkBounds, WalkCourse, WalkEnd, WalkWay};
use crate::model::{RecordIssue, RecordKind, Service};

use hand_on::HandOn;
#[cfg(test)]
pub(crate) use scripted::{FeedScript, ScriptedPage, ScriptedRows};

/// Where a crawl begins.
pub(crate) enum CrawlStart {
    /// At the first page.
    Afresh {
        /// Whether the feed had this list before. If so, it is requested even if a probe did not find it.
        is_expected: bool,
    },
    /// Where an earlier crawl was interrupted.
    From {
        /// How far the earlier crawl came.
        course: Box<WalkCourse>,
        /// The ids that the earlier crawl saw.
        seen: Vec<Box<str>>,
        /// Whether the rows were found to be full.
        in_full: bool,
    },
}

/// A page of a crawl, to be stored.
pub(crate) struct CrawledPage<T> {
    /// The records of the page, each once, without those that do not replace what an earlier page had.
    pub records: Vec<T>,
    /// The ids of the records, in place of the records, if the page has not changed since it was remembered.
    pub unchanged: Vec<Box<str>>,
    /// How many rows could not be read as records.
    pub unread: usize,
    /// How far the crawl has come, including this page.
    pub course: WalkCourse,
    /// Whether the rows are full: they have everything that the detail pages have.
    pub in_full: bool,
    /// What to remember of the page, with the name to remember it by.
    pub known: Option<(Box<str>, KnownPage)>,
    /// The memory that the page takes up. The receiver must release it before it waits for the next page.
    pub shares: Vec<MemoryShare>,
    /// Ids that the list has more than once, each with the issue to report.
    pub duplicates: Vec<(Box<str>, RecordIssue)>,
}

/// How a crawl ended.
#[derive(Debug, Default)]
pub(crate) struct CrawlOutcome {
    /// Whether the feed has this list.
    pub is_offered: bool,
    /// Whether every page was read to the end of the list, and the list did not change meanwhile.
    pub to_the_end: bool,
    /// The configured limit that the crawl reached. `None` if it reached none.
    pub ceiling: Option<SourceError>,
    /// Whether that limit is the only reason why the list was not read to its end.
    pub to_a_ceiling: bool,
    /// How far the crawl came, if it was interrupted and can be resumed.
    pub broke_off: Option<WalkCourse>,
    /// Whether all rows were read in this crawl: no page was unchanged, or read before an interruption.
    pub has_read_all: bool,
    /// How many different records were seen.
    pub records: u64,
    /// How many rows were seen, including repeated and unreadable ones.
    pub rows: u64,
    /// How many records the feed claims to have. `None` if it makes no claim, or different ones.
    pub claimed: Option<u64>,
    /// Why pages or records may be missing. `None` if none are.
    pub error: Option<SourceError>,
    /// Set if the feed claims on every page to have more records than it shows.
    pub shortfall: Option<SourceError>,
}

/// How long sampling detail pages may take, to find out whether rows are full.
const SAMPLE_WITHIN: Duration = Duration::from_secs(60);
/// How many unreadable pages in a row end a list that does not claim how many it has.
const BAD_PAGES: usize = 3;

impl FeedSource {
    /// Reads the whole list of `T` at the source's own pace, and sends its pages to `pages` in order. Waits while the
    /// receiver is busy, and ends early if the receiver is gone.
    ///
    /// # Errors
    /// If not even the first page could be read.
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
                    // Done before further pages are requested, because list pages go before detail pages.
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
        let crawled = CrawlOutcome::of(end, taker.known(), !is_resumed && !taker.any_unchanged);
        feed.habits.note_winners(T::KIND, std::mem::take(&mut taker.winners));
        taker.note_departures(feed, is_resumed, &crawled);
        Ok(crawled)
    }

    /// Reads a record's detail page, unless it has not changed since `known` was noted.
    ///
    /// # Errors
    /// If the page cannot be read.
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

    /// Returns whether rows of services have everything that their detail pages have. Always `false` for other kinds.
    async fn are_in_full<T: FromRow>(&self, listed: &[T]) -> bool {
        let services: Vec<&Service> =
            listed.iter().filter_map(|record| (record as &dyn Any).downcast_ref()).collect();
        if services.is_empty() {
            return false;
        }
        // The feed may have changed since the last walk.
        self.depth.forget();
        self.lists_in_full_by(&services, Instant::now() + SAMPLE_WITHIN).await
    }

    fn has_no_list(&self, way: WalkWay<'_>, kind: RecordKind, is_expected: bool) -> bool {
        let is_needed = is_expected || kind == RecordKind::Service;
        !way.manner.address.offers(kind) || (!is_needed && self.probed.lacks_list(kind))
    }
}

impl CrawlOutcome {
    fn of(end: WalkEnd, records: usize, has_every_row: bool) -> Self {
        let is_sound = end.error.is_none() && !end.broke_off && end.gap.is_none();
        let to_the_end = is_sound && end.ceiling.is_none() && end.at_the_end && !end.stopped_short;
        Self {
            is_offered: true,
            to_the_end,
            to_a_ceiling: is_sound && end.ceiling.is_some(),
            ceiling: end.ceiling,
            has_read_all: to_the_end && has_every_row,
            records: records as u64,
            rows: end.course.rows as u64,
            claimed: end.course.claimed().filter(|_| !end.course.claims_differ),
            broke_off: end.broke_off.then_some(end.course),
            error: end.error.or(end.gap),
            shortfall: end.shortfall,
        }
    }

    fn not_offered() -> Self {
        Self { is_offered: false, ..Self::default() }
    }
}
