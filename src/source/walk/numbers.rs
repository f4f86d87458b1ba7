//! Walks lists whose pages are numbered.

use futures_util::{StreamExt as _, stream};

use super::course::NextStep;
use super::{ListWalk, PATIENCE, PageSink, WalkWay};
use crate::source::collection::FromRow;
use crate::source::error::{SourceError, SourceErrorCode};
use crate::source::feed::FeedPage;
use crate::source::memory::{PageTurns, ReadingPlace};
use crate::source::page_form::{PageForm, is_refusal};

/// Reads pages by number.
#[derive(Clone, Copy)]
pub(super) struct NumberedPages<'a> {
    way: WalkWay<'a>,
    /// The form in which pages after the first are requested.
    form: PageForm,
}

impl NumberedPages<'_> {
    /// Requests all pages in this form.
    pub(super) fn in_form(self, form: PageForm) -> Self {
        Self { form, ..self }
    }

    /// Reads a page. If the feed refuses the size that its first page had, requests the page with the size of the first
    /// request.
    pub(super) async fn page<T: FromRow>(self, number: u64) -> Result<Option<FeedPage<T>>, SourceError> {
        self.page_at(number, ReadingPlace::next()).await
    }

    /// Like `page`, with its place among pages that are read concurrently.
    async fn page_at<T: FromRow>(
        self,
        number: u64,
        place: ReadingPlace,
    ) -> Result<Option<FeedPage<T>>, SourceError> {
        let page =
            |form: PageForm| self.way.page_at::<T>(self.way.url::<T>(number, form), number > 1, &place);
        let form = self.way.form::<T>();
        match page(self.form).await {
            Err(error) if is_refusal(&error) && self.form != form => page(form).await,
            answered => answered,
        }
    }
}

impl<'a, T: FromRow, S: PageSink<T>> ListWalk<'a, T, S> {
    pub(super) async fn follow_numbers(&mut self, from: u64) {
        if !self.way.manner.address.turns_pages() {
            // Only links lead to further pages.
            self.ended = true;
            return;
        }
        let claimed = self.claimed_pages();
        self.read_claimed(from, claimed).await;
        self.read_beyond(from.max(claimed + 1)).await;
        self.recall_repeats();
        if self.may_have_missed_some() {
            tracing::debug!(source = %self.way.feed.key, "records repeat, or pages shifted during reading; reading them again");
            self.read_again().await;
        }
        self.fill_gaps().await;
    }

    /// Returns the number of pages that the feed claims to have, limited to what is plausible.
    fn claimed_pages(&self) -> u64 {
        let first = &self.course.first;
        let by_items =
            first.total_items.filter(|_| first.rows > 0).map(|items| items.div_ceil(first.rows as u64));
        let is_cut = self.form != self.way.form::<T>();
        let pages = if is_cut { by_items.or(first.pages()) } else { first.pages() };
        pages.unwrap_or(1).min(self.most_pages()).max(1)
    }

    fn most_pages(&self) -> u64 {
        (self.way.bounds.records as u64).div_ceil(self.course.first.rows.max(1) as u64)
    }

    pub(super) fn by_number(&self) -> NumberedPages<'a> {
        NumberedPages { way: self.way, form: self.form }
    }

    /// Reads the claimed pages, several at once, until some in a row have nothing new.
    async fn read_claimed(&mut self, from: u64, pages: u64) {
        let at_once = self.way.feed.limits.max_concurrency.max(1);
        let (reader, turns) = (self.by_number(), PageTurns::from(from));
        let mut pages = stream::iter(from..=pages)
            .map(|number| (number, turns.place(number)))
            .map(|(number, place)| async move { (number, reader.page_at::<T>(number, place).await) })
            .buffered(at_once);
        while let Some((number, page)) = pages.next().await {
            match page {
                Ok(Some(page)) => self.take_numbered(number, page).await,
                Ok(None) => self.take_absent(number).await,
                // Some feeds refuse requests for a page that does not exist.
                Err(error) if is_refusal(&error) => self.take_absent(number).await,
                // A bad page is skipped, and the others are still read.
                Err(error) => self.miss(number, error),
            }
            turns.next(number + 1);
            self.ended &= self.broke_off || self.barren >= PATIENCE;
            if self.broke_off || self.is_over_but_for_errors() || self.has_exactly_what_is_claimed() {
                return;
            }
        }
        self.ended |= self.barren > 0;
    }

    /// Reads pages beyond those claimed, one by one, as long as there may be more.
    async fn read_beyond(&mut self, mut number: u64) {
        let mut bad = 0;
        let fails_already = self.error.is_some() && self.way.bounds.bad_pages == 0;
        while !fails_already && !self.broke_off && !self.is_over_but_for_errors() && !self.has_all_claimed() {
            match self.by_number().page::<T>(number).await {
                Ok(Some(page)) => {
                    bad = 0;
                    let known = self.taker.known();
                    self.take_numbered(number, page).await;
                    self.ended |= self.taker.known() == known;
                }
                Ok(None) => self.take(None).await,
                // Some feeds refuse requests for the page after the last.
                Err(error) if is_refusal(&error) => self.take(None).await,
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

    async fn take_numbered(&mut self, number: u64, page: FeedPage<T>) {
        self.course.next = NextStep::Number(number + 1);
        self.take(Some(page)).await;
    }

    /// Notes that a claimed page does not exist.
    async fn take_absent(&mut self, number: u64) {
        self.course.next = NextStep::Number(number + 1);
        self.absent.get_or_insert(number);
        self.take(None).await;
    }

    pub(super) fn has_exactly_what_is_claimed(&self) -> bool {
        self.course.first.total_items == Some(self.taker.known() as u64)
    }

    /// Tries once more to read the pages that failed.
    async fn fill_gaps(&mut self) {
        if !self.way.bounds.breaks_off || self.broke_off || self.full.is_some() {
            return;
        }
        let ended = std::mem::take(&mut self.ended);
        for number in std::mem::take(&mut self.course.gaps) {
            match self.by_number().page::<T>(number).await {
                Ok(page) => self.take(page).await,
                Err(error) => self.miss(number, error),
            }
        }
        self.ended |= ended;
        if self.course.gaps.is_empty() {
            self.error = None;
        }
    }

    /// Notes a page that could not be read. If the feed is not to be asked at all, interrupts the walk at the first of
    /// the pages that failed in a row, so that none is skipped.
    pub(super) fn miss(&mut self, number: u64, error: SourceError) {
        let is_closed = matches!(error.code, SourceErrorCode::CircuitOpen | SourceErrorCode::RateLimited);
        self.error = Some(error);
        self.course.gaps.push(number);
        if self.way.bounds.breaks_off && is_closed {
            self.broke_off = true;
            if let NextStep::Number(next) = self.course.next {
                self.course.gaps.retain(|gap| *gap < next);
            }
        }
    }
}
