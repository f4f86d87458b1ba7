//! Merging: many ordered lists, one from each source, into one page.

use std::cmp::Ordering;
use std::collections::BinaryHeap;
use std::ops::Range;
use std::sync::Arc;

use super::PageRequest;
use crate::model::{OrderKey, Position, Record, RecordId};

/// A page cut out of the merged order.
#[derive(Debug)]
pub(super) struct Cut<T> {
    pub records: Vec<Arc<T>>,
    pub has_next_page: bool,
    pub has_previous_page: bool,
}

/// Cuts a page out of the merged order of `lists`, each in name order and then by the feed's own id.
///
/// The work grows with the page and the number of lists, not with their length.
pub(super) fn cut<T: Record>(lists: &[&[Arc<T>]], page: &PageRequest) -> Cut<T> {
    let windows: Vec<Range<usize>> = lists.iter().map(|list| window(list, page)).collect();
    let before: usize = windows.iter().map(|window| window.start).sum();
    let after: usize = lists.iter().zip(&windows).map(|(list, window)| list.len() - window.end).sum();
    let within: usize = windows.iter().map(ExactSizeIterator::len).sum();
    let records = if page.from_end {
        take_last(lists, windows, page.size)
    } else {
        take_first(lists, windows, page.size)
    };
    let left_over = within > records.len();
    Cut {
        has_next_page: after > 0 || (left_over && !page.from_end),
        has_previous_page: before > 0 || (left_over && page.from_end),
        records,
    }
}

/// The part of a list between the page's two places.
fn window<T: Record>(list: &[Arc<T>], page: &PageRequest) -> Range<usize> {
    let place = |position: &Position, record: &Arc<T>| position.cmp_to(record.order_key(), record.id());
    let start =
        page.after.as_ref().map_or(0, |after| list.partition_point(|record| place(after, record).is_ge()));
    let end = page
        .before
        .as_ref()
        .map_or(list.len(), |before| list.partition_point(|record| place(before, record).is_gt()));
    start..end.max(start)
}

fn take_first<T: Record>(lists: &[&[Arc<T>]], windows: Vec<Range<usize>>, size: usize) -> Vec<Arc<T>> {
    let heads = lists.iter().zip(windows).map(|(list, window)| list.get(window).unwrap_or_default().iter());
    let mut heap: BinaryHeap<Head<'_, T, std::slice::Iter<'_, Arc<T>>, false>> =
        heads.filter_map(Head::of).collect();
    drain(&mut heap, size)
}

fn take_last<T: Record>(lists: &[&[Arc<T>]], windows: Vec<Range<usize>>, size: usize) -> Vec<Arc<T>> {
    let tails =
        lists.iter().zip(windows).map(|(list, window)| list.get(window).unwrap_or_default().iter().rev());
    let mut heap: BinaryHeap<Head<'_, T, std::iter::Rev<std::slice::Iter<'_, Arc<T>>>, true>> =
        tails.filter_map(Head::of).collect();
    let mut records = drain(&mut heap, size);
    records.reverse();
    records
}

fn drain<'a, T: Record, I: Iterator<Item = &'a Arc<T>>, const LAST: bool>(
    heap: &mut BinaryHeap<Head<'a, T, I, LAST>>,
    size: usize,
) -> Vec<Arc<T>> {
    let mut records = Vec::with_capacity(size.min(1024));
    while records.len() < size {
        let Some(mut head) = heap.pop() else { break };
        records.push(Arc::clone(head.record));
        if let Some(next) = head.rest.next() {
            head.record = next;
            heap.push(head);
        }
    }
    records
}

/// A list's next record, ordered so that the heap's greatest is the page's next.
struct Head<'a, T, I, const LAST: bool> {
    record: &'a Arc<T>,
    rest: I,
}

impl<'a, T: Record, I: Iterator<Item = &'a Arc<T>>, const LAST: bool> Head<'a, T, I, LAST> {
    fn of(mut list: I) -> Option<Self> {
        list.next().map(|record| Self { record, rest: list })
    }
}

impl<T: Record, I, const LAST: bool> Ord for Head<'_, T, I, LAST> {
    fn cmp(&self, other: &Self) -> Ordering {
        let order = place(&**self.record).cmp(&place(&**other.record));
        if LAST { order } else { order.reverse() }
    }
}

impl<T: Record, I, const LAST: bool> PartialOrd for Head<'_, T, I, LAST> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<T: Record, I, const LAST: bool> PartialEq for Head<'_, T, I, LAST> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl<T: Record, I, const LAST: bool> Eq for Head<'_, T, I, LAST> {}

fn place(record: &impl Record) -> (&OrderKey, &RecordId) {
    (record.order_key(), record.id())
}
