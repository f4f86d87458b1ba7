//! Reads a whole list page by page, from feeds that count wrongly, limit page sizes, repeat records and never say where
//! they end.
//!
//! A [`PageSink`] takes the pages: a live read collects all records, a sync run hands each page on. Where a list ends,
//! and whether it changed during the walk, is decided here for both.

mod chain;
mod course;
mod ending;
mod numbers;
mod rereading;
mod zero;

use std::collections::HashMap;
use std::marker::PhantomData;
use std::sync::Arc;

use url::Url;

use super::collection::FromRow;
use super::dialect_state::FeedManner;
use super::error::{SourceError, SourceErrorCode};
use super::feed::{FeedPage, KnownFeed, KnownPage};
use super::memory::ReadingPlace;
use super::onward::{AddressParameters, NextPage};
use super::page_form::PageForm;
use crate::model::RecordKind;

pub(crate) use course::WalkCourse;
pub(super) use ending::WalkEnd;

use course::NextStep;
use rereading::PagePrints;

/// Takes the pages of a walk, one after the other.
pub(super) trait PageSink<T> {
    /// Takes a page. `course` is how far the walk has come, including this page.
    fn take(&mut self, page: FeedPage<T>, course: &WalkCourse) -> impl Future<Output = PageTaken> + Send;

    /// Returns the number of different records so far.
    fn known(&self) -> usize;

    /// Returns whether an earlier page had a record with this id.
    fn knows(&self, upstream_id: &str) -> bool;

    /// Notes that pages are read for the second time from now on.
    fn begin_again(&mut self);

    /// Confirms that repeated records are listed twice and have not moved between pages.
    fn confirm_repeats(&mut self);

    /// Returns how many pages repeated some, but not all, records of earlier pages: a sign that records move between
    /// pages.
    fn overlaps(&self) -> usize;
}

/// What is remembered of pages from an earlier walk, by the name of their URL.
pub(crate) type KnownPages = HashMap<Box<str>, KnownPage>;

/// How many pages in a row without anything new end the walk, within the pages that a feed claims. A single one may be
/// a slip.
const PATIENCE: usize = 2;

/// The result of taking a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum PageTaken {
    /// The page had this many records that no page had before.
    New(usize),
    /// The page had rows, but none could be read.
    Unreadable,
    /// The receiver wants no more pages.
    Enough,
    /// The list exceeds what may be stored, for this reason. The rest of the page was dropped.
    Full(String),
}

/// The limits of a walk.
#[derive(Clone, Copy, Debug)]
pub(super) struct WalkBounds {
    /// The most records.
    pub records: usize,
    /// How many unreadable pages in a row end the walk, beyond the pages that the feed claims.
    pub bad_pages: usize,
    /// Whether to stop when the feed asks to be left alone for a while, so that the walk can be resumed.
    pub breaks_off: bool,
}

/// A walk in progress.
pub(super) struct ListWalk<'a, T, S> {
    way: WalkWay<'a>,
    taker: S,
    course: WalkCourse,
    /// The form in which pages after the first are requested.
    form: PageForm,
    last_rows: usize,
    /// The number of records on the first page. `None` in a resumed walk.
    first_known: Option<usize>,
    /// Whether the next page may have been read before the interruption.
    may_repeat: bool,
    /// Whether a later page was a copy of the first.
    turned_back: bool,
    /// How many pages in a row had nothing new.
    barren: usize,
    /// Whether a page with something new followed one without.
    has_gap: bool,
    /// How the last page with something new says that the list continues, until that is followed.
    pending: Option<NextPage>,
    /// The first missing page among those claimed.
    absent: Option<u64>,
    /// The parameters with which a token was given back successfully.
    given_by: Option<Vec<String>>,
    /// Fingerprints of the pages' contents.
    prints: PagePrints,
    /// Whether repeated records are known to be listed twice, so that nothing has moved between pages.
    stands_still: bool,
    /// Whether page 0 has been looked for.
    looked_before_the_first: bool,
    /// Whether the first page claims to be the first. `None` if it does not say.
    says_first: Option<bool>,
    ended: bool,
    broke_off: bool,
    error: Option<SourceError>,
    /// Why only part of a page could be read. The walk continues.
    broken: Option<SourceError>,
    /// The limit that ended the walk, if one did.
    full: Option<SourceError>,
    /// The limit that omitted records exceeded. The walk continues.
    left_out: Option<SourceError>,
    _of: PhantomData<fn() -> T>,
}

/// What is walked, and how.
#[derive(Clone, Copy)]
pub(super) struct WalkWay<'a> {
    /// The feed.
    pub feed: &'a KnownFeed,
    /// How to read the feed.
    pub manner: &'a Arc<FeedManner>,
    /// The parameters of every request.
    pub parameters: &'a [(&'a str, String)],
    /// What is remembered of the feed's pages.
    pub remembered: &'a KnownPages,
    /// The limits of the walk.
    pub bounds: WalkBounds,
}

impl WalkWay<'_> {
    /// Reads the first page of a list, in the form that the feed accepts. Returns `None` if there is no such list.
    pub(super) async fn first_page<T: FromRow>(&self) -> Result<Option<FeedPage<T>>, SourceError> {
        let page = |form| self.page(self.url::<T>(1, form), false);
        let first = self.feed.ask_for_first(T::KIND, page).await?;
        if first.is_some() || T::KIND != RecordKind::Service || !self.manner.address.numbers_pages() {
            return Ok(first);
        }
        // If the feed counts pages from 0, page 1 may be past the end.
        let zero = self.feed.page_at_a_glance(self.manner, self.url::<T>(0, self.form::<T>())).await;
        let zero = zero.ok().flatten().filter(|page: &FeedPage<T>| page.rows > 0);
        if zero.is_some() {
            self.feed.habits.note_from_zero(T::KIND, true);
        }
        Ok(zero)
    }

    fn url<T: FromRow>(&self, number: u64, form: PageForm) -> Url {
        self.manner.address.page(T::KIND, number, form, self.parameters)
    }

    /// Returns the URL of the next page if a token is given back.
    fn url_given<T: FromRow>(&self, given: &AddressParameters) -> Url {
        self.manner.address.page_given(T::KIND, self.form::<T>(), self.parameters, given)
    }

    /// Returns the form in which the feed accepts page requests.
    fn form<T: FromRow>(&self) -> PageForm {
        self.feed.habits.form(T::KIND, self.feed.limits.page_size)
    }

    /// Reads a page whose predecessors have all been handed on. Returns `None` if the page is missing.
    async fn page<T: FromRow>(
        &self,
        url: Url,
        may_be_past_the_end: bool,
    ) -> Result<Option<FeedPage<T>>, SourceError> {
        self.page_at(url, may_be_past_the_end, &ReadingPlace::next()).await
    }

    async fn page_at<T: FromRow>(
        &self,
        url: Url,
        may_be_past_the_end: bool,
        place: &ReadingPlace,
    ) -> Result<Option<FeedPage<T>>, SourceError> {
        let known = match self.remembered.is_empty() {
            true => None,
            false => self.remembered.get(&KnownPage::name(&url)),
        };
        self.feed.page_if_changed::<T>(self.manner, url, known, may_be_past_the_end, place).await
    }
}

impl<'a, T: FromRow, S: PageSink<T>> ListWalk<'a, T, S> {
    /// Starts a walk at the first page of a list.
    pub(super) async fn begin(way: WalkWay<'a>, first: FeedPage<T>, taker: S) -> Self {
        let is_first = first.is_first;
        let mut walk = Self::from(way, WalkCourse::of(&first, &way.url::<T>(1, way.form::<T>())), taker);
        (walk.may_repeat, walk.says_first) = (false, is_first);
        walk.take(Some(first)).await;
        walk.first_known = Some(walk.taker.known());
        let counts_from_zero = way.feed.habits.counts_from_zero(T::KIND) == Some(true);
        let may_begin_before = is_first == Some(false) || counts_from_zero || !way.form::<T>().is_numbered;
        if may_begin_before && way.manner.address.numbers_pages() {
            walk.look_before_the_first().await;
        }
        walk
    }

    /// Resumes a walk that was interrupted.
    pub(super) fn from(way: WalkWay<'a>, course: WalkCourse, taker: S) -> Self {
        Self {
            way,
            taker,
            form: course.first.form(way.form::<T>()),
            last_rows: course.first.rows,
            course,
            first_known: None,
            may_repeat: true,
            turned_back: false,
            barren: 0,
            has_gap: false,
            pending: None,
            absent: None,
            given_by: None,
            prints: PagePrints::default(),
            stands_still: false,
            looked_before_the_first: false,
            says_first: None,
            ended: false,
            broke_off: false,
            error: None,
            broken: None,
            full: None,
            left_out: None,
            _of: PhantomData,
        }
    }

    /// Walks to the end of the list.
    pub(super) async fn run(&mut self) {
        match self.course.next.clone() {
            NextStep::Link(next) => self.follow(NextPage::At(next)).await,
            NextStep::Given(ways) => self.follow(NextPage::Given(ways)).await,
            NextStep::Number(number) => self.follow_numbers(number).await,
            NextStep::Nowhere => self.ended = true,
        }
        if self.may_count_from_zero() {
            self.look_before_the_first().await;
        }
    }

    /// Takes a page's records. A page with nothing new is the end: beyond the end, feeds repeat pages or send empty
    /// ones.
    async fn take(&mut self, page: Option<FeedPage<T>>) {
        let Some(page) = page else {
            (self.ended, self.barren) = (true, usize::MAX);
            if self.course.pages > 1 {
                self.forget_hints();
            }
            return;
        };
        self.note_page(&page);
        let (rows, onward, known) = (page.rows, page.onward.clone(), self.taker.known());
        match self.taker.take(page, &self.course).await {
            PageTaken::New(0) if !std::mem::take(&mut self.may_repeat) => {
                self.ended = true;
                self.barren = self.barren.saturating_add(1);
                self.turned_back |= rows > 0 && self.first_known == Some(known);
                if rows == 0 {
                    self.forget_hints();
                }
            }
            PageTaken::Enough => (self.ended, self.broke_off) = (true, true),
            PageTaken::Full(reason) => {
                self.ended = true;
                self.full = Some(self.way.feed.failure(SourceErrorCode::TooLarge, reason));
            }
            PageTaken::New(_) | PageTaken::Unreadable => {
                self.pending = onward;
                self.has_gap |= self.barren > 0;
                self.barren = 0;
            }
        }
        self.may_repeat = false;
    }

    /// Notes what is wrong with a page, and how far the walk has come with it.
    fn note_page(&mut self, page: &FeedPage<T>) {
        if let Some(fault) = &page.broken {
            self.broken = Some(self.way.feed.failure(SourceErrorCode::InvalidResponse, fault.clone()));
        }
        if let Some(reason) = &page.left_out {
            self.left_out = Some(self.way.feed.failure(SourceErrorCode::TooLarge, reason.clone()));
        }
        // Rows of a page that is sent twice do not count again.
        let counts = self.prints.count(page) | self.brings_news(page);
        self.course.rows += if counts { page.rows + page.skipped } else { 0 };
        self.course.pages += 1;
        // A row without a record takes up a place, so the page is as full as with one.
        self.last_rows = page.rows + page.skipped;
        self.course.claims_differ |= page
            .total_items
            .is_some_and(|items| page.rows > 0 && Some(items) != self.course.first.total_items);
    }

    /// Returns whether a page has anything that no earlier page had.
    fn brings_news(&self, page: &FeedPage<T>) -> bool {
        let is_unreadable = page.rows > 0 && page.records.is_empty() && page.unchanged.is_empty();
        is_unreadable
            || page.records.iter().any(|record| !self.taker.knows(record.id().upstream()))
            || page.unchanged.iter().any(|id| !self.taker.knows(id))
    }

    /// Drops a flag or number that says that the list continues, because there was nothing there.
    fn forget_hints(&mut self) {
        self.pending.take_if(|pending| !pending.is_named());
    }

    fn is_over(&self) -> bool {
        self.error.is_some() || self.is_over_but_for_errors()
    }

    fn is_over_but_for_errors(&self) -> bool {
        self.ended
            || self.full.is_some()
            || self.taker.known() > self.way.bounds.records
            || self.course.rows > self.most_rows()
    }

    /// Returns whether everything that the feed claims to have has been read. If it claims nothing, or fewer records
    /// than there were, only a page with nothing new, or one that is not full, is the end.
    fn has_all_claimed(&self) -> bool {
        let rows = self.course.rows as u64;
        let is_full = self.last_rows >= self.course.first.rows;
        match (self.course.first.total_items, self.course.first.total_pages) {
            (Some(items), _) => rows == items || (rows > items && !is_full),
            (None, Some(_)) => !is_full && self.pending.is_none(),
            (None, None) => false,
        }
    }

    // Repeated or unreadable rows must not keep a walk going forever.
    fn most_rows(&self) -> usize {
        self.way.bounds.records.saturating_mul(4)
    }
}
