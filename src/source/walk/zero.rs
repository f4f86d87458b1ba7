//! Handles lists that count pages from 0, so that page 1 is the second page.

use super::course::NextStep;
use super::{ListWalk, PageSink};
use crate::source::collection::FromRow;
use crate::source::page_form::{PageForm, is_refusal};

impl<T: FromRow, S: PageSink<T>> ListWalk<'_, T, S> {
    /// Returns whether page 0 may have what is missing: fewer records arrived than are claimed, or nothing is claimed.
    /// If nothing is claimed, one look is enough for the lifetime of the process.
    pub(super) fn may_count_from_zero(&self) -> bool {
        let is_at_the_end = self.ended || self.has_all_claimed();
        let is_in_order = self.error.is_none() && self.full.is_none() && !self.broke_off;
        let first = &self.course.first;
        let may_lack = match self.claim() {
            Some(claimed) => claimed > self.shown(),
            None => first.total_items.is_none(),
        };
        is_at_the_end
            && is_in_order
            && may_lack
            && !self.looked_before_the_first
            && self.says_first != Some(true)
            && matches!(self.course.next, NextStep::Number(_))
            && self.way.manner.address.numbers_pages()
            && self.way.feed.habits.counts_from_zero(T::KIND) != Some(false)
    }

    /// Reads the page before the first one requested, and takes it if it has anything new.
    pub(super) async fn look_before_the_first(&mut self) {
        self.looked_before_the_first = true;
        let form = self.way.form::<T>();
        // A feed that refuses page 1 may have returned page 0 when no number was given.
        let number = u64::from(!form.is_numbered);
        let zero = self.way.url::<T>(number, PageForm { is_numbered: true, ..form });
        let is_there = match self.way.feed.page_at_a_glance::<T>(self.way.manner, zero).await {
            Ok(Some(page)) if page.rows > 0 && self.brings_news(&page) => {
                self.course.rows += page.rows + page.skipped;
                self.course.pages += 1;
                // An empty response for page 1 does not state totals, and this page may.
                let first = &mut self.course.first;
                first.total_items = first.total_items.or(page.total_items);
                first.total_pages = first.total_pages.or(page.total_pages);
                self.prints.count(&page);
                // Page numbers do work, after all.
                self.turned_back = false;
                self.take_beside(page).await;
                true
            }
            Ok(_) => false,
            Err(error) if is_refusal(&error) => false,
            // Other failures show nothing.
            Err(_) => return,
        };
        let is_known_to = self.way.feed.habits.counts_from_zero(T::KIND) == Some(true);
        if form.is_numbered && !is_known_to {
            self.way.feed.habits.note_from_zero(T::KIND, is_there);
        }
    }
}
