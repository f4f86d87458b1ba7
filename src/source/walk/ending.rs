//! How a walk ended, and why it may not have seen all records.

use super::{ListWalk, NextPage, PageSink, WalkCourse};
use crate::source::collection::FromRow;
use crate::source::error::{SourceError, SourceErrorCode};

/// The result of a walk.
#[derive(Debug)]
pub(in crate::source) struct WalkEnd {
    /// Why pages are missing. `None` if the walk reached the end of the list, or a limit.
    pub error: Option<SourceError>,
    /// Which configured limit the walk reached, so that records are missing although the feed responded.
    pub ceiling: Option<SourceError>,
    /// Whether the walk was interrupted and can be resumed.
    pub broke_off: bool,
    /// Whether the walk reached its limit before the end of the list.
    pub stopped_short: bool,
    /// Why records may be missing although every page was read.
    pub gap: Option<SourceError>,
    /// Set if the feed claims on every page to have more records than it shows.
    pub shortfall: Option<SourceError>,
    /// Whether the walk reached the end of the list, as far as can be told.
    pub at_the_end: bool,
    /// How far the walk came.
    pub course: WalkCourse,
}

impl<T: FromRow, S: PageSink<T>> ListWalk<'_, T, S> {
    /// Ends the walk. Returns the receiver of its pages, and the result.
    pub(in crate::source) fn end(mut self) -> (S, WalkEnd) {
        if self.stands_still {
            self.taker.confirm_repeats();
        }
        let (known, most) = (self.taker.known(), self.way.bounds.records);
        let claims_more = self.course.first.total_items.is_some_and(|items| items > known as u64);
        let is_full = !self.ended && self.error.is_none() && known >= most;
        let stopped_short = is_full && (claims_more || self.course.first.total_items.is_none());
        let is_in_order = self.error.is_none() && self.full.is_none() && !stopped_short && !self.broke_off;
        let failure = |reason| self.way.feed.failure(SourceErrorCode::InvalidResponse, reason);
        let gap = self.gap().filter(|_| is_in_order).map(failure);
        let shortfall = self.shortfall().filter(|_| is_in_order).map(failure);
        let at_the_end = self.full.is_none() && (self.ended || self.has_all_claimed());
        let end = WalkEnd {
            at_the_end,
            ceiling: self.full.or(self.left_out),
            error: self.error.or(self.broken),
            broke_off: self.broke_off,
            stopped_short,
            gap,
            shortfall,
            course: self.course,
        };
        (self.taker, end)
    }

    /// Returns how many records the feed claims to have, if it claims the same on every page.
    pub(super) fn claim(&self) -> Option<u64> {
        self.course.claimed().filter(|_| !self.course.claims_differ)
    }

    /// Returns how many records the feed has shown, counting repeats.
    pub(super) fn shown(&self) -> u64 {
        self.course.rows.max(self.taker.known()) as u64
    }

    fn gap(&self) -> Option<String> {
        let claim = self.claim();
        let has_all = claim.is_some_and(|claim| claim == self.shown() || claim == self.taker.known() as u64);
        let speaks_of_more =
            self.pending.is_some() || self.course.first.pages().is_some_and(|pages| pages > 1);
        let reason = if self.may_have_missed_some() {
            "records moved between its pages during reading, so some may be missing"
        } else if has_all {
            return None;
        } else {
            match &self.pending {
                Some(NextPage::Elsewhere) => {
                    "a page says that the list continues at another address, which is not followed; set \
                     `url` to the address that the feed itself gives"
                }
                Some(NextPage::At(_) | NextPage::Given(_)) => {
                    "a page says that the list continues, but following it leads to no further records"
                }
                _ if self.turned_back && speaks_of_more => {
                    "paging does not work: it says that there are more pages, but always returns the first"
                }
                Some(NextPage::Page(_) | NextPage::Somehow) => {
                    "a page says that the list continues, but not how"
                }
                None => return self.lacks_pages(),
            }
        };
        Some(reason.to_owned())
    }

    /// Returns the gap if a page is missing that the feed claims not to be its last. A feed that counts from 0 never
    /// has a page numbered with its claimed number of pages.
    fn lacks_pages(&self) -> Option<String> {
        let (absent, pages) = (self.absent?, self.course.first.total_pages?);
        let is_lacking = self.course.first.total_items.is_none() && absent < pages;
        is_lacking
            .then(|| format!("the feed says that it has {pages} pages, but page {absent} does not exist"))
    }

    fn shortfall(&self) -> Option<String> {
        let (claimed, shown) = (self.claim()?, self.shown());
        (claimed > shown).then(|| format!("the feed says that it has {claimed} records, but lists {shown}"))
    }
}
