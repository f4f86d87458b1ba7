//! Telling records that a feed lists twice from records that move while they are read.
//!
//! A record on two pages may have moved from one to the other, and another may then have been on neither. It has not
//! where the pages hold the same when they are read again, or where the next walk meets the same records twice.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use futures_util::{StreamExt as _, stream};

use super::{Taker, Took, Walk};
use crate::model::Record;
use crate::source::collection::FromRow;
use crate::source::error::SourceErrorCode;
use crate::source::feed::Page;

/// What pages held: which ids, as numbers.
#[derive(Default)]
pub(super) struct Prints {
    /// Of numbered pages, all ids in their order.
    pages: HashMap<u64, u64>,
    /// How often each id was met.
    ids: HashMap<u64, u32>,
}

impl Prints {
    /// Notes a page that is read by its number.
    pub(super) fn note<T: Record>(&mut self, number: u64, page: &Page<T>) {
        self.pages.insert(number, print_of(page));
    }

    /// Counts the ids of a page.
    pub(super) fn count<T: Record>(&mut self, page: &Page<T>) {
        ids_of(page).for_each(|id| *self.ids.entry(hash(id)).or_default() += 1);
    }

    /// The ids that were met more than once, as one number whatever their order.
    fn repeats(&self) -> u64 {
        let repeated = self.ids.iter().filter(|(_, count)| **count > 1);
        repeated.fold(0, |all, (id, count)| all.wrapping_add(hash((id, count))))
    }

    fn last(&self) -> u64 {
        self.pages.keys().copied().max().unwrap_or(0)
    }
}

impl<T: FromRow, S: Taker<T>> Walk<'_, T, S> {
    /// Whether records may have been on no page that was read, although the feed answered.
    pub(super) fn may_have_missed_some(&self) -> bool {
        let known = self.taker.known() as u64;
        let claims_more = self.course.first.total_items.map(|items| known < items);
        let repeats = self.taker.overlaps() > 0 && self.claim() != Some(known) && !self.stands_still;
        self.error.is_none()
            && self.full.is_none()
            && self.taker.known() < self.way.bounds.records
            && (repeats || (self.has_gap && claims_more != Some(false)))
    }

    /// Remembers which records this walk met twice, where any; they are a fact once two walks have met the same.
    pub(super) fn compare_with_the_last_walk(&mut self) {
        let is_due = !std::mem::replace(&mut self.has_compared, true);
        if is_due && self.taker.overlaps() > 0 && self.way.parameters.is_empty() {
            self.stands_still |= self.way.feed.habits.note_repeats(T::KIND, self.prints.repeats());
        }
    }

    /// Reads all numbered pages once more: for what was missed, and to see whether they hold the same.
    pub(super) async fn read_again(&mut self) {
        let (reader, at_once) = (self.by_number(), self.way.feed.limits.max_concurrency.max(1));
        let mut pages = stream::iter(1..=self.prints.last())
            .map(|number| async move { (number, reader.page::<T>(number).await) })
            .buffered(at_once);
        self.taker.begin_again();
        let (mut again, mut is_same, mut rows) = (Prints::default(), true, 0);
        while let Some((number, page)) = pages.next().await {
            match page {
                Ok(Some(page)) => {
                    is_same &= self.prints.pages.get(&number) == Some(&print_of(&page));
                    rows += page.rows;
                    again.count(&page);
                    self.take_beside(page).await;
                }
                Ok(None) => is_same = false,
                Err(error) => {
                    is_same = false;
                    self.miss(number, error);
                }
            }
            if self.broke_off || self.full.is_some() {
                return;
            }
        }
        // A second reading that met every record once has seen all there are now.
        let is_sound = again.ids.len() == rows && self.claim().is_none_or(|claim| claim == rows as u64);
        self.stands_still |= is_same || is_sound;
    }

    /// Takes a page that says nothing of where the list ends.
    pub(super) async fn take_beside(&mut self, page: Page<T>) {
        match self.taker.take(page, &self.course).await {
            Took::Enough => (self.ended, self.broke_off) = (true, true),
            Took::Full(reason) => {
                self.full = Some(self.way.feed.failure(SourceErrorCode::TooLarge, reason));
            }
            Took::New(_) | Took::Unreadable => {}
        }
    }
}

fn ids_of<T: Record>(page: &Page<T>) -> impl Iterator<Item = &str> {
    let records = page.records.iter().map(|record| record.id().upstream());
    records.chain(page.unchanged.iter().map(|id| &**id))
}

fn print_of<T: Record>(page: &Page<T>) -> u64 {
    let mut hasher = DefaultHasher::new();
    ids_of(page).for_each(|id| id.hash(&mut hasher));
    hasher.finish()
}

fn hash(value: impl std::hash::Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}
