//! Lists whose pages are counted from 0, so that the page of number 1 is the second.

use super::course::NextStep;
use super::{ListWalk, PageSink};
use crate::source::collection::FromRow;
use crate::source::page_form::{PageForm, is_refusal};

impl<T: FromRow, S: PageSink<T>> ListWalk<'_, T, S> {
    /// Whether a page of number 0 may hold what is missing: fewer records came than are claimed, or nothing is claimed.
    /// Where nothing is, one look is enough for as long as the gateway runs.
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

    /// Reads the page before the first one that was asked for, and takes it where it holds anything new.
    pub(super) async fn look_before_the_first(&mut self) {
        self.looked_before_the_first = true;
        let form = self.way.form::<T>();
        // A feed that refuses to be asked for page 1 may have given the page before it, asked for without a number.
        let number = u64::from(!form.is_numbered);
        let zero = self.way.url::<T>(number, PageForm { is_numbered: true, ..form });
        let is_there = match self.way.feed.page_at_a_glance::<T>(self.way.manner, zero).await {
            Ok(Some(page)) if page.rows > 0 && self.brings_news(&page) => {
                self.course.rows += page.rows + page.skipped;
                self.course.pages += 1;
                // An empty answer to the question for page 1 says nothing of the whole, and this page may.
                let first = &mut self.course.first;
                first.total_items = first.total_items.or(page.total_items);
                first.total_pages = first.total_pages.or(page.total_pages);
                self.prints.count(&page);
                // Pages can be turned, after all.
                self.turned_back = false;
                self.take_beside(page).await;
                true
            }
            Ok(_) => false,
            Err(error) if is_refusal(&error) => false,
            // Says nothing.
            Err(_) => return,
        };
        let is_known_to = self.way.feed.habits.counts_from_zero(T::KIND) == Some(true);
        if form.is_numbered && !is_known_to {
            self.way.feed.habits.note_from_zero(T::KIND, is_there);
        }
    }
}
