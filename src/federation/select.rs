//! Selects the matches of one page, in any order.

use std::cmp::Ordering;

use itertools::Itertools as _;

use super::PageRequest;
use crate::model::{OrderKey, RecordId, SortOrder, SortPrefix, SortRank};

#[derive(Clone, Copy, Debug)]
pub(super) struct ServiceCandidate<'a> {
    pub order_key: &'a OrderKey,
    pub id: &'a RecordId,
    /// What decides the place before the name does.
    pub lead: SortPrefix,
    /// What decides the place if leads are equal: the first letters of the name.
    pub name: SortPrefix,
    /// Where the candidate was found.
    pub at: CandidatePlace,
}

/// The holding that a candidate was found in, and its index among the matches there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct CandidatePlace {
    pub holding: usize,
    pub at: usize,
}

pub(super) trait RankedRecord {
    fn rank(&self) -> SortRank<'_>;
}

/// The candidates of a page, in order, and whether there are others on either side of it.
#[derive(Debug)]
pub(super) struct SelectedPage<C> {
    pub candidates: Vec<C>,
    pub has_next_page: bool,
    pub has_previous_page: bool,
}

/// Selects a page. Most candidates are only compared with the last one of the page so far, and few letters decide that.
/// Only the page itself is sorted.
pub(super) fn select<C: RankedRecord>(all: Vec<C>, order: SortOrder, page: &PageRequest) -> SelectedPage<C> {
    let total = all.len();
    let (within, before) = window(all, order, page);
    let after = total - before - within.len();
    let left_over = within.len().saturating_sub(page.size);
    let size = within.len() - left_over;
    let mut candidates: Vec<C> =
        within.into_iter().k_smallest_relaxed_by(size, |a, b| nearest(order, page, a, b)).collect();
    if page.from_end {
        candidates.reverse();
    }
    SelectedPage {
        has_next_page: after > 0 || (left_over > 0 && !page.from_end),
        has_previous_page: before > 0 || (left_over > 0 && page.from_end),
        candidates,
    }
}

/// Selects a page from parts whose candidates are already in order, beginning at the page's end of the list.
pub(super) fn select_first<C: RankedRecord, P: Iterator<Item = C>>(
    parts: impl Iterator<Item = P>,
    order: SortOrder,
    page: &PageRequest,
) -> SelectedPage<C> {
    let merged = parts.kmerge_by(|a, b| nearest(order, page, a, b).is_lt());
    // One more than the page, which tells whether the list goes on.
    let mut candidates: Vec<C> = merged.take(page.size.saturating_add(1)).collect();
    let goes_on = candidates.len() > page.size;
    candidates.truncate(page.size);
    if page.from_end {
        candidates.reverse();
    }
    SelectedPage {
        has_next_page: goes_on && !page.from_end,
        has_previous_page: goes_on && page.from_end,
        candidates,
    }
}

/// Returns the candidates between the page's two cursors, and how many lie before them.
fn window<C: RankedRecord>(all: Vec<C>, order: SortOrder, page: &PageRequest) -> (Vec<C>, usize) {
    if page.after.is_none() && page.before.is_none() {
        return (all, 0);
    }
    let mut before = 0;
    let is_within = |candidate: &C| {
        let place = candidate.rank();
        let is_past = |position: &crate::model::SortPosition| order.compare(place, position.rank());
        if page.after.as_ref().is_some_and(|after| is_past(after) != Ordering::Greater) {
            before += 1;
            return false;
        }
        page.before.as_ref().is_none_or(|end| is_past(end) == Ordering::Less)
    };
    let within = all.into_iter().filter(is_within).collect();
    (within, before)
}

impl RankedRecord for ServiceCandidate<'_> {
    fn rank(&self) -> SortRank<'_> {
        SortRank::new(self.lead, self.name, self.order_key, self.id)
    }
}

/// Compares candidates by which is nearer to the page's end of the list.
fn nearest<C: RankedRecord>(order: SortOrder, page: &PageRequest, a: &C, b: &C) -> Ordering {
    match page.from_end {
        false => compare(order, a, b),
        true => compare(order, b, a),
    }
}

fn compare<C: RankedRecord>(order: SortOrder, a: &C, b: &C) -> Ordering {
    order.compare(a.rank(), b.rank())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::sample::select as one_of;

    use super::*;
    use crate::federation::statistics::tests::silent;
    use crate::model::{Cursor, OrderBy, RecordKind, ServiceFacts, SortDirection, SortPosition};

    /// Services with few different names and values, so that many are equal.
    fn services() -> impl Strategy<Value = Vec<(ServiceFacts, Option<f64>)>> {
        let one = ("[abÀ]{0,2}", prop::option::weighted(0.8, (0..4_u32).prop_map(f64::from)));
        prop::collection::vec(one, 0..60).prop_map(|all| {
            let facts = |(number, (name, value)): (usize, (String, _))| {
                (ServiceFacts { order_key: OrderKey::of(&name), ..silent(number) }, value)
            };
            all.into_iter().enumerate().map(facts).collect()
        })
    }

    fn orders() -> impl Strategy<Value = SortOrder> {
        let by = one_of(vec![OrderBy::Name, OrderBy::Source, OrderBy::Relevance, OrderBy::Distance]);
        (by, one_of(vec![SortDirection::Ascending, SortDirection::Descending]))
            .prop_map(|(by, direction)| SortOrder { by, direction })
    }

    fn candidates(all: &[(ServiceFacts, Option<f64>)], order: SortOrder) -> Vec<ServiceCandidate<'_>> {
        let lead = |facts: &ServiceFacts, value| match order.by {
            OrderBy::Name | OrderBy::Source => SortPrefix::of_name(&facts.order_key),
            _ => order.lead(value),
        };
        let numbered = all.iter().enumerate();
        let candidate = numbered.map(|(number, (facts, value))| ServiceCandidate {
            order_key: &facts.order_key,
            id: &facts.id,
            lead: lead(facts, *value),
            name: SortPrefix::of_name(&facts.order_key),
            at: CandidatePlace { holding: 0, at: number },
        });
        candidate.collect()
    }

    /// Returns the place of a candidate, encoded and decoded as a cursor.
    fn handed_back(candidate: &ServiceCandidate<'_>, order: SortOrder) -> SortPosition {
        let text = Cursor::encode(RecordKind::Service, order, &candidate.rank().to_position());
        Cursor::decode(RecordKind::Service, order, &text).unwrap()
    }

    proptest! {
        #[test]
        fn pages_of_any_size_visit_each_service_once_in_one_order(
            all in services(), order in orders(), size in 1usize..20,
        ) {
            let whole = PageRequest { size: 1000, after: None, before: None, from_end: false };
            let expected = select(candidates(&all, order), order, &whole).candidates;
            let ids = |some: &[ServiceCandidate<'_>]| some.iter().map(|one| one.at).collect::<Vec<_>>();
            for from_end in [false, true] {
                let mut page = PageRequest { size, after: None, before: None, from_end };
                let mut seen: Vec<CandidatePlace> = Vec::new();
                for _ in 0..=all.len() {
                    let SelectedPage { candidates, has_next_page, has_previous_page } =
                        select(candidates(&all, order), order, &page);
                    let ids = ids(&candidates);
                    let end = if from_end { candidates.first() } else { candidates.last() };
                    let position = end.map(|end| handed_back(end, order));
                    seen = if from_end { [ids, seen].concat() } else { [seen, ids].concat() };
                    if !(if from_end { has_previous_page } else { has_next_page }) {
                        break;
                    }
                    if from_end { page.before = position } else { page.after = position }
                }
                prop_assert_eq!(&seen, &ids(&expected));
            }
            prop_assert_eq!(expected.len(), all.len());
        }

        #[test]
        fn parts_in_order_come_to_the_same_as_all_in_any_order(
            all in services(), order in orders(), size in 0usize..20, from_end in any::<bool>(),
        ) {
            let page = PageRequest { size, after: None, before: None, from_end };
            let mut parts = [Vec::new(), Vec::new(), Vec::new()];
            for (number, candidate) in candidates(&all, order).into_iter().enumerate() {
                parts[number % 3].push(candidate);
            }
            parts.iter_mut().for_each(|part| part.sort_by(|a, b| nearest(order, &page, a, b)));
            let first = select_first(parts.into_iter().map(Vec::into_iter), order, &page);
            let selected = select(candidates(&all, order), order, &page);
            let places = |some: &[ServiceCandidate<'_>]| some.iter().map(|one| one.at).collect::<Vec<_>>();
            prop_assert_eq!(places(&first.candidates), places(&selected.candidates));
            prop_assert_eq!(first.has_next_page, selected.has_next_page);
            prop_assert_eq!(first.has_previous_page, selected.has_previous_page);
        }
    }
}
