//! Distinguishes records that are listed twice from records that move during a walk.
//!
//! A record on two pages may have moved from one to the other. Then another record may have moved too, and been on
//! neither page. So the list is read once more in pages of another size. That finds records that were missed at the
//! borders of pages, and records that are listed twice show up twice again. The result is remembered, so that the next
//! walks need no second reading. Lists that cannot be read in other page sizes are compared with the previous walk.

use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hasher as _};

use super::{ListWalk, PageSink, PageTaken};
use crate::model::Record;
use crate::source::collection::FromRow;
use crate::source::error::SourceErrorCode;
use crate::source::feed::FeedPage;
use crate::source::page_form::{PageForm, is_refusal};

/// The ids on the pages read, as hashes, and how often each occurred.
#[derive(Default)]
pub(super) struct PagePrints {
    ids: HashMap<u64, u32>,
    pages: HashSet<u64>,
}

impl PagePrints {
    /// Counts the ids of a page, unless the whole page is a repeat, which feeds send when they ignore page numbers or
    /// have reached the end. Returns whether the page was counted.
    ///
    /// A page of only known ids is counted if no other page had the same ids in the same order: the last rows of a list
    /// may be records that are listed twice.
    pub(super) fn count<T: Record>(&mut self, page: &FeedPage<T>) -> bool {
        let ids: Vec<u64> = ids_of(page).map(hash).collect();
        let has_new = ids.iter().any(|id| !self.ids.contains_key(id));
        let is_another = !ids.is_empty() && self.pages.insert(hash(&ids));
        if has_new || is_another {
            ids.iter().for_each(|id| *self.ids.entry(*id).or_default() += 1);
        }
        has_new || is_another
    }

    /// Returns a hash of the ids that occurred more than once, whatever their order.
    fn repeats(&self) -> u64 {
        let repeated = self.ids.iter().filter(|(_, count)| **count > 1);
        repeated.fold(0, |all, (id, count)| all.wrapping_add(hash((id, count))))
    }
}

impl<T: FromRow, S: PageSink<T>> ListWalk<'_, T, S> {
    /// Returns whether records may have been on no page, although the feed responded to every request.
    pub(super) fn may_have_missed_some(&self) -> bool {
        let known = self.taker.known() as u64;
        let claims_more = self.course.first.total_items.map(|items| known < items);
        let repeats = self.taker.overlaps() > 0 && self.claim() != Some(known) && !self.stands_still;
        self.error.is_none()
            && self.full.is_none()
            && self.taker.known() < self.way.bounds.records
            && (repeats || (self.has_gap && claims_more != Some(false)))
    }

    /// Compares the repeated ids with those that are known to repeat.
    pub(super) fn recall_repeats(&mut self) {
        let known = self.way.feed.habits.repeats(T::KIND);
        self.stands_still |= self.may_be_remembered() && known == Some(self.prints.repeats());
    }

    pub(super) fn remember_repeats(&self) {
        if self.may_be_remembered() {
            self.way.feed.habits.note_repeats(T::KIND, self.prints.repeats());
        }
    }

    fn may_be_remembered(&self) -> bool {
        self.taker.overlaps() > 0 && self.way.parameters.is_empty()
    }

    /// Reads all numbered pages once more in another size, to find missed records and to see whether the same ids
    /// repeat.
    pub(super) async fn read_again(&mut self) {
        self.taker.begin_again();
        let known_before = self.taker.known();
        let Some(again) = self.second_reading().await else { return };
        let is_same = self.claim().is_none() || again.repeats() == self.prints.repeats();
        if is_same && self.taker.known() == known_before {
            self.stands_still = true;
            self.remember_repeats();
        }
    }

    /// Returns the ids of a second reading. Returns `None` if it did not reach the end.
    async fn second_reading(&mut self) -> Option<PagePrints> {
        let size = self.form.size.map(|size| size.min(self.course.first.rows.max(1)));
        let form =
            PageForm { size: size.map(|size| if size > 2 { size / 2 + 1 } else { size }), ..self.form };
        let reader = self.by_number().in_form(form);
        let mut again = PagePrints::default();
        // Half the size makes twice as many pages, plus some margin.
        for number in 1..=self.course.pages.saturating_mul(3).saturating_add(3) {
            match reader.page::<T>(number).await {
                Ok(Some(page)) if again.count(&page) => self.take_beside(page).await,
                Ok(_) => return Some(again),
                Err(error) if is_refusal(&error) && number > 1 => return Some(again),
                Err(_) => return None,
            }
            if self.broke_off || self.full.is_some() {
                return None;
            }
        }
        None
    }

    /// Takes a page out of sequence, which says nothing about where the list ends.
    pub(super) async fn take_beside(&mut self, page: FeedPage<T>) {
        match self.taker.take(page, &self.course).await {
            PageTaken::Enough => (self.ended, self.broke_off) = (true, true),
            PageTaken::Full(reason) => {
                self.full = Some(self.way.feed.failure(SourceErrorCode::TooLarge, reason));
            }
            PageTaken::New(_) | PageTaken::Unreadable => {}
        }
    }
}

fn ids_of<T: Record>(page: &FeedPage<T>) -> impl Iterator<Item = &str> {
    let records = page.records.iter().map(|record| record.id().upstream());
    records.chain(page.unchanged.iter().map(|id| &**id))
}

fn hash(value: impl std::hash::Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}
