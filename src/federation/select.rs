//! Selecting: of all that matches, what is on one page, in whatever order.

use std::cmp::Ordering;

use super::PageRequest;
use super::find::At;
use crate::model::{Facts, Lead, Order, Rank};

/// A service that matches.
#[derive(Clone, Copy, Debug)]
pub(super) struct Candidate<'a> {
    /// What is known of it.
    pub facts: &'a Facts,
    /// What decides its place before its name does.
    pub lead: Lead,
    /// Where its record is.
    pub at: At,
}

/// What has a place in an order.
pub(super) trait Ranked {
    /// That place.
    fn rank(&self) -> Rank<'_>;
}

/// The candidates of a page, in order, and whether there are others on either side of it.
#[derive(Debug)]
pub(super) struct Selection<C> {
    pub candidates: Vec<C>,
    pub has_next_page: bool,
    pub has_previous_page: bool,
}

/// Selects a page. Only the page itself is put in order, so the work grows with the matches, and their sorting with
/// the page.
pub(super) fn select<C: Ranked>(all: Vec<C>, order: Order, page: &PageRequest) -> Selection<C> {
    let total = all.len();
    let (mut within, before) = window(all, order, page);
    let after = total - before - within.len();
    let left_over = within.len().saturating_sub(page.size);
    let nearest = |a: &C, b: &C| match page.from_end {
        false => compare(order, a, b),
        true => compare(order, b, a),
    };
    if left_over > 0 {
        within.select_nth_unstable_by(page.size, nearest);
        within.truncate(page.size);
    }
    within.sort_unstable_by(|a, b| compare(order, a, b));
    Selection {
        has_next_page: after > 0 || (left_over > 0 && !page.from_end),
        has_previous_page: before > 0 || (left_over > 0 && page.from_end),
        candidates: within,
    }
}

/// Those between the page's two places, and how many lie before them.
fn window<C: Ranked>(all: Vec<C>, order: Order, page: &PageRequest) -> (Vec<C>, usize) {
    if page.after.is_none() && page.before.is_none() {
        return (all, 0);
    }
    let mut before = 0;
    let is_within = |candidate: &C| {
        let place = candidate.rank();
        let is_past = |position: &crate::model::Position| order.compare(place, position.rank());
        if page.after.as_ref().is_some_and(|after| is_past(after) != Ordering::Greater) {
            before += 1;
            return false;
        }
        page.before.as_ref().is_none_or(|end| is_past(end) == Ordering::Less)
    };
    let within = all.into_iter().filter(is_within).collect();
    (within, before)
}

impl Ranked for Candidate<'_> {
    fn rank(&self) -> Rank<'_> {
        Rank::new(self.lead, &self.facts.order_key, &self.facts.id)
    }
}

fn compare<C: Ranked>(order: Order, a: &C, b: &C) -> Ordering {
    order.compare(a.rank(), b.rank())
}
