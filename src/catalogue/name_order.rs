//! The services of a table in the order of their names, so that a page of very many matches is found without sorting
//! them.

use std::cmp::Ordering;
use std::sync::{Arc, OnceLock};

use super::facts_table::FactsTable;
use crate::model::{SortOrder, SortPosition, SortRank};

/// The ordinals of all services by name, source and the feed's own id, which is the default order of lists.
#[derive(Debug, Default)]
pub struct NameOrder(Vec<u32>);

/// The order of a table, built on first use from an earlier order and the services changed since.
#[derive(Clone, Debug, Default)]
pub(super) struct LazyNameOrder {
    earlier: Arc<NameOrder>,
    /// Services that changed or were removed, once for each change.
    changed: Vec<u32>,
    made: OnceLock<Arc<NameOrder>>,
}

impl LazyNameOrder {
    /// Notes that a service changed or was removed.
    pub(super) fn note_change(&mut self, ordinal: u32) {
        if let Some(made) = self.made.take() {
            self.earlier = made;
            self.changed.clear();
        }
        self.changed.push(ordinal);
    }

    /// Returns the order of the table that this belongs to.
    pub(super) fn of(&self, table: &FactsTable) -> Arc<NameOrder> {
        Arc::clone(self.made.get_or_init(|| self.make(table)))
    }

    fn make(&self, table: &FactsTable) -> Arc<NameOrder> {
        if self.changed.is_empty() {
            return Arc::clone(&self.earlier);
        }
        let last = self.changed.iter().max().map_or(0, |ordinal| *ordinal as usize);
        let mut has_changed = vec![false; last + 1];
        for ordinal in &self.changed {
            has_changed.get_mut(*ordinal as usize).into_iter().for_each(|changed| *changed = true);
        }
        let stays = |ordinal: &u32| !has_changed.get(*ordinal as usize).is_some_and(|changed| *changed);
        let stayed: Vec<u32> = self.earlier.0.iter().copied().filter(stays).collect();
        let changed = (0..).zip(&has_changed).filter(|(_, changed)| **changed).map(|(ordinal, _)| ordinal);
        let mut new: Vec<u32> = changed.filter(|ordinal| table.get(*ordinal).is_some()).collect();
        new.sort_unstable_by(|a, b| compare(table, *a, *b));
        // Binary search: few services are new, and comparing one may mean fetching it from distant memory.
        let (mut merged, mut rest) = (Vec::with_capacity(table.len()), stayed.as_slice());
        for one in new {
            let before = rest.partition_point(|stayed| compare(table, *stayed, one) == Ordering::Less);
            let (first, others) = rest.split_at(before);
            merged.extend_from_slice(first);
            merged.push(one);
            rest = others;
        }
        merged.extend_from_slice(rest);
        Arc::new(NameOrder(merged))
    }
}

impl NameOrder {
    /// Returns the services between two positions of a list, and those before and after.
    pub fn between(
        &self,
        after: Option<&SortPosition>,
        before: Option<&SortPosition>,
        table: &FactsTable,
    ) -> NameWindow<'_> {
        let precedes = |ordinal: u32, place: &SortPosition, or_is_it: bool| {
            let rank = rank(table, ordinal);
            let ordering =
                rank.map_or(Ordering::Less, |rank| SortOrder::default().compare(rank, place.rank()));
            ordering == Ordering::Less || (or_is_it && ordering == Ordering::Equal)
        };
        let start = after.map_or(0, |after| self.0.partition_point(|one| precedes(*one, after, true)));
        let end =
            before.map_or(self.0.len(), |before| self.0.partition_point(|one| precedes(*one, before, false)));
        let (skipped, rest) = self.0.split_at(start);
        let (within, behind) = rest.split_at(end.saturating_sub(start));
        NameWindow { skipped, within, behind }
    }
}

/// The services before, between and after two positions of a list, in order.
#[derive(Clone, Copy, Debug)]
pub struct NameWindow<'o> {
    /// The services before the window.
    pub skipped: &'o [u32],
    /// The services in the window.
    pub within: &'o [u32],
    /// The services after the window.
    pub behind: &'o [u32],
}

fn rank(table: &FactsTable, ordinal: u32) -> Option<SortRank<'_>> {
    let (facts, name) = table.get_with_name(ordinal)?;
    Some(SortRank::new(name, name, &facts.order_key, &facts.id))
}

fn compare(table: &FactsTable, a: u32, b: u32) -> Ordering {
    match (rank(table, a), rank(table, b)) {
        (Some(a), Some(b)) => SortOrder::default().compare(a, b),
        (a, b) => a.is_some().cmp(&b.is_some()),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::catalogue::tests::{at, service};
    use crate::model::{PostcodePlaces, ServiceFacts};

    fn facts(ordinal: u32, name: &str) -> Arc<ServiceFacts> {
        let service = service(&ordinal.to_string(), name, at(0), json!({}));
        Arc::new(ServiceFacts::of(&service, &PostcodePlaces::default()))
    }

    proptest! {
        #[test]
        fn services_are_in_order_whatever_was_put_and_whenever_it_was_asked(
            puts in prop::collection::vec((0..30_u32, prop::option::weighted(0.8, "[ab]{0,3}"), any::<bool>()), 1..60),
            ends in (prop::option::of(0..30_usize), prop::option::of(0..30_usize)),
        ) {
            let mut table = FactsTable::default();
            for (ordinal, name, is_asked) in puts {
                let older = table.clone();
                table.put(ordinal, name.map(|name| facts(ordinal, &name)));
                for table in [&older, &table].into_iter().filter(|_| is_asked) {
                    let mut sorted: Vec<u32> = table.iter().map(|(ordinal, _)| ordinal).collect();
                    sorted.sort_by(|a, b| rank(table, *a).zip(rank(table, *b)).map_or(Ordering::Equal, |(a, b)| SortOrder::default().compare(a, b)));
                    let by_name = table.by_name();
                    prop_assert_eq!(&by_name.0, &sorted);
                    let place = |at: Option<usize>| Some(rank(table, *sorted.get(at?)?)?.to_position());
                    let (after, before) = (place(ends.0), place(ends.1));
                    let window = by_name.between(after.as_ref(), before.as_ref(), table);
                    let from = after.map_or(0, |_| ends.0.unwrap() + 1);
                    let to = before.map_or(sorted.len(), |_| ends.1.unwrap()).max(from);
                    prop_assert_eq!(window.within, &sorted[from..to]);
                    prop_assert_eq!((window.skipped, window.behind), (&sorted[..from], &sorted[to..]));
                }
            }
        }
    }
}
