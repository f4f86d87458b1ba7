//! Reading a whole list, page by page, from feeds that count wrongly, clamp, repeat and never say where they end.
//!
//! What becomes of the pages is the [`Taker`]'s business: a live read gathers all records, a synchronisation hands
//! each page on. Where a list ends, and whether it stood still, is found out here, for both.

mod course;
mod end;

use std::collections::{HashMap, HashSet};
use std::marker::PhantomData;
use std::sync::Arc;

use futures_util::{StreamExt as _, stream};
use url::Url;

use super::collection::FromRow;
use super::error::{SourceError, SourceErrorCode};
use super::feed::{Feed, KnownPage, Page};
use super::memory::{Place, Turns};
use super::spoken::Manner;

pub(crate) use course::Course;

use course::Next;
use end::End;

/// Takes the pages of a walk, one after the other.
pub(super) trait Taker<T> {
    /// Takes a page; `course` is how far the walk has come with it.
    fn take(&mut self, page: Page<T>, course: &Course) -> impl Future<Output = Took> + Send;

    /// How many different records there have been.
    fn known(&self) -> usize;

    /// How many pages repeated some, not all, records of earlier pages: a sign that records move between pages.
    fn overlaps(&self) -> usize;
}

/// What is remembered of pages from an earlier walk, by the names of their addresses.
pub(crate) type KnownPages = HashMap<Box<str>, KnownPage>;

/// How many pages in a row without anything new are the end, among those a feed claims: one may be a slip.
const PATIENCE: usize = 2;

/// What a page came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Took {
    /// It had so many records that were on no page before.
    New(usize),
    /// It had rows, and none of them could be read.
    Unreadable,
    /// Nobody wants any more.
    Enough,
    /// As much as is kept of a list has been read, for this reason; the rest of the page was left.
    Full(String),
}

/// How far a walk may go.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bounds {
    /// The most records.
    pub records: usize,
    /// So many pages in a row that cannot be read, past those that the feed claims to have, end it.
    pub bad_pages: usize,
    /// Whether it breaks off where the feed is not to be asked for a while, so that it can be gone on with.
    pub breaks_off: bool,
}

/// A walk under way.
pub(super) struct Walk<'a, T, S> {
    way: Way<'a>,
    taker: S,
    course: Course,
    last_rows: usize,
    /// How many records the first page had; none in a walk that is gone on with.
    first_known: Option<usize>,
    /// Whether the next page may have been read before the walk was broken off.
    may_repeat: bool,
    /// Whether a later page was the first one again.
    turned_back: bool,
    /// How many pages in a row had nothing new.
    barren: usize,
    /// Whether a page with something new came after one without.
    has_gap: bool,
    ended: bool,
    broke_off: bool,
    error: Option<SourceError>,
    /// What is wrong with a page of which only a part could be read: no reason to stop.
    broken: Option<SourceError>,
    /// Which ceiling it stopped at, if it did.
    full: Option<SourceError>,
    /// Which ceiling records exceeded that were left out: no reason to stop.
    left_out: Option<SourceError>,
    _of: PhantomData<fn() -> T>,
}

/// What is walked, and how.
#[derive(Clone, Copy)]
pub(super) struct Way<'a> {
    /// The feed,
    pub feed: &'a Feed,
    /// how to read it,
    pub manner: &'a Arc<Manner>,
    /// what to say with every request,
    pub parameters: &'a [(&'a str, String)],
    /// what is remembered of its pages,
    pub remembered: &'a KnownPages,
    /// and how far to go.
    pub bounds: Bounds,
}

impl Way<'_> {
    /// The address of a page of a list.
    pub(super) fn url<T: FromRow>(&self, number: u64) -> Url {
        self.manner.address.page(T::KIND, number, self.feed.limits.page_size, self.parameters)
    }

    /// Reads the page at an address, all before it having been handed on; none where there is none.
    pub(super) async fn page<T: FromRow>(&self, url: Url) -> Result<Option<Page<T>>, SourceError> {
        self.page_at(url, Place::next()).await
    }

    async fn page_at<T: FromRow>(&self, url: Url, place: Place) -> Result<Option<Page<T>>, SourceError> {
        let known = match self.remembered.is_empty() {
            true => None,
            false => self.remembered.get(&KnownPage::name(&url)),
        };
        self.feed.page_if_changed::<T>(self.manner, url, known, place).await
    }
}

impl<'a, T: FromRow, S: Taker<T>> Walk<'a, T, S> {
    /// Begins with the first page of a list.
    pub(super) async fn begin(way: Way<'a>, first: Page<T>, taker: S) -> Self {
        let mut walk = Self::from(way, Course::of(&first), taker);
        walk.may_repeat = false;
        walk.take(Some(first)).await;
        walk.first_known = Some(walk.taker.known());
        walk
    }

    /// Goes on with one that was broken off.
    pub(super) fn from(way: Way<'a>, course: Course, taker: S) -> Self {
        Self {
            way,
            taker,
            last_rows: course.first.rows,
            course,
            first_known: None,
            may_repeat: true,
            turned_back: false,
            barren: 0,
            has_gap: false,
            ended: false,
            broke_off: false,
            error: None,
            broken: None,
            full: None,
            left_out: None,
            _of: PhantomData,
        }
    }

    /// Walks to the end.
    pub(super) async fn run(&mut self) {
        match self.course.next.clone() {
            Next::Link(next) => self.follow_links(next).await,
            Next::Number(number) => self.follow_numbers(number).await,
            Next::Nowhere => self.ended = true,
        }
    }

    /// For feeds that link each page to the next.
    async fn follow_links(&mut self, next: Url) {
        let mut seen = HashSet::from([self.way.url::<T>(1)]);
        let mut next = Some(next);
        while let Some(url) = next.take().filter(|_| !self.is_over()) {
            if !seen.insert(url.clone()) {
                self.ended = true;
                return;
            }
            match self.way.page::<T>(url.clone()).await {
                Ok(page) => {
                    next = page.as_ref().and_then(|page| page.next.clone());
                    self.course.next = next.clone().map_or(Next::Nowhere, Next::Link);
                    self.take(page).await;
                }
                Err(error) => {
                    self.broke_off = self.way.bounds.breaks_off;
                    self.error = Some(error);
                    return;
                }
            }
        }
        self.ended |= next.is_none();
    }

    /// For feeds that number their pages.
    async fn follow_numbers(&mut self, from: u64) {
        let claimed = self.course.first.pages().unwrap_or(1).min(self.most_pages()).max(1);
        self.read_claimed(from, claimed, PATIENCE).await;
        self.read_beyond(from.max(claimed + 1)).await;
        if self.may_have_missed_some() {
            tracing::debug!(source = %self.way.feed.key, "pages shifted while they were read; reading them again");
            self.ended = false;
            self.read_claimed(2, claimed, usize::MAX).await;
            self.ended = true;
        }
        self.fill_gaps().await;
    }

    /// The pages the feed claims to have, several at once, until `patience` of them in a row had nothing new.
    async fn read_claimed(&mut self, from: u64, pages: u64, patience: usize) {
        let (way, turns) = (self.way, Turns::from(from));
        let mut pages =
            stream::iter(from..=pages)
                .map(|number| (number, turns.place(number)))
                .map(|(number, place)| async move {
                    (number, way.page_at::<T>(way.url::<T>(number), place).await)
                })
                .buffered(way.feed.limits.max_concurrency.max(1));
        while let Some((number, page)) = pages.next().await {
            match page {
                Ok(page) => {
                    self.course.next = Next::Number(number + 1);
                    self.take(page).await;
                }
                // A bad page costs itself; the others are read all the same.
                Err(error) => self.miss(number, error),
            }
            turns.next(number + 1);
            self.ended &= self.broke_off || self.barren >= patience;
            if self.broke_off || self.is_over_but_for_errors() {
                return;
            }
        }
        self.ended |= self.barren > 0;
    }

    /// The pages past those claimed, one by one, for as long as something speaks for there being more.
    async fn read_beyond(&mut self, mut number: u64) {
        let mut bad = 0;
        let fails_already = self.error.is_some() && self.way.bounds.bad_pages == 0;
        while !fails_already && !self.broke_off && !self.is_over_but_for_errors() && !self.has_all_claimed() {
            match self.way.page::<T>(self.way.url::<T>(number)).await {
                Ok(page) => {
                    bad = 0;
                    let known = self.taker.known();
                    self.course.next = Next::Number(number + 1);
                    self.take(page).await;
                    self.ended |= self.taker.known() == known;
                }
                Err(error) => {
                    self.miss(number, error);
                    bad += 1;
                }
            }
            if bad > self.way.bounds.bad_pages {
                return;
            }
            number += 1;
        }
    }

    /// Reads pages that could not be read a moment ago once more.
    async fn fill_gaps(&mut self) {
        if !self.way.bounds.breaks_off || self.broke_off || self.full.is_some() {
            return;
        }
        let ended = std::mem::take(&mut self.ended);
        for number in std::mem::take(&mut self.course.gaps) {
            match self.way.page::<T>(self.way.url::<T>(number)).await {
                Ok(page) => {
                    self.take(page).await;
                }
                Err(error) => self.miss(number, error),
            }
        }
        self.ended |= ended;
        if self.course.gaps.is_empty() {
            self.error = None;
        }
    }

    /// Notes a page that could not be read. Where the feed is not to be asked at all, nothing is to be missed: the walk
    /// breaks off at the first page of those that failed in a row.
    fn miss(&mut self, number: u64, error: SourceError) {
        let is_closed = matches!(error.code, SourceErrorCode::CircuitOpen | SourceErrorCode::RateLimited);
        self.error = Some(error);
        self.course.gaps.push(number);
        if self.way.bounds.breaks_off && is_closed {
            self.broke_off = true;
            if let Next::Number(next) = self.course.next {
                self.course.gaps.retain(|gap| *gap < next);
            }
        }
    }

    /// Takes a page's records. A page with nothing new is the end: past it feeds clamp, repeat, or have nothing.
    async fn take(&mut self, page: Option<Page<T>>) {
        let Some(page) = page else {
            (self.ended, self.barren) = (true, usize::MAX);
            return;
        };
        if let Some(fault) = &page.broken {
            self.broken = Some(self.way.feed.failure(SourceErrorCode::InvalidResponse, fault.clone()));
        }
        if let Some(reason) = &page.left_out {
            self.left_out = Some(self.way.feed.failure(SourceErrorCode::TooLarge, reason.clone()));
        }
        let rows = page.rows;
        self.course.rows += rows;
        self.course.pages += 1;
        self.last_rows = rows;
        self.course.claims_differ |=
            page.total_items.is_some_and(|items| rows > 0 && Some(items) != self.course.first.total_items);
        let known = self.taker.known();
        match self.taker.take(page, &self.course).await {
            Took::New(0) if !std::mem::take(&mut self.may_repeat) => {
                self.ended = true;
                self.barren = self.barren.saturating_add(1);
                self.turned_back |= rows > 0 && self.first_known == Some(known);
            }
            Took::Enough => (self.ended, self.broke_off) = (true, true),
            Took::Full(reason) => {
                self.ended = true;
                self.full = Some(self.way.feed.failure(SourceErrorCode::TooLarge, reason));
            }
            Took::New(_) | Took::Unreadable => {
                self.has_gap |= self.barren > 0;
                self.barren = 0;
            }
        }
        self.may_repeat = false;
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

    /// Whether what has been read is all that the feed's own numbers speak of. Where they speak of nothing, or of
    /// fewer records than there were, only a page with nothing new, or one that is not full, is the end.
    fn has_all_claimed(&self) -> bool {
        let rows = self.course.rows as u64;
        let is_full = self.last_rows >= self.course.first.rows;
        match (self.course.first.total_items, self.course.first.total_pages) {
            (Some(items), _) => rows == items || (rows > items && !is_full),
            (None, Some(_)) => !is_full,
            (None, None) => false,
        }
    }

    fn may_have_missed_some(&self) -> bool {
        let claims_more = self.course.first.total_items.map(|items| (self.taker.known() as u64) < items);
        self.error.is_none()
            && self.full.is_none()
            && self.taker.known() < self.way.bounds.records
            && ((self.taker.overlaps() > 0 && claims_more == Some(true))
                || (self.has_gap && claims_more != Some(false)))
    }

    fn most_pages(&self) -> u64 {
        (self.way.bounds.records as u64).div_ceil(self.course.first.rows.max(1) as u64)
    }

    // Rows that repeat or cannot be read must not keep a walk going for ever.
    fn most_rows(&self) -> usize {
        self.way.bounds.records.saturating_mul(4)
    }

    /// What it came to, and what the taker made of it.
    pub(super) fn end(self) -> (S, End) {
        let (known, most) = (self.taker.known(), self.way.bounds.records);
        let claims_more = self.course.first.total_items.is_some_and(|items| items > known as u64);
        // A feed that speaks of more pages and shows its first one for each takes no notice of the number.
        let ignores_page = self.turned_back && self.course.first.pages().is_some_and(|pages| pages > 1);
        let unsteady = self.may_have_missed_some() || ignores_page;
        let is_full = !self.ended && self.error.is_none() && known >= most;
        let stopped_short = is_full && (claims_more || self.course.first.total_items.is_none());
        let at_the_end = self.full.is_none() && (self.ended || self.has_all_claimed());
        let end = End {
            at_the_end,
            ceiling: self.full.or(self.left_out),
            error: self.error.or(self.broken),
            broke_off: self.broke_off,
            stopped_short,
            unsteady,
            course: self.course,
        };
        (self.taker, end)
    }
}
