//! Counts services in groups. Groups are identified by numbers of values. What costs more than counting is computed
//! only for the groups that are shown.

use std::collections::HashMap;

use foldhash::fast::RandomState;

use super::dimension::{GroupDimensions, MOST};
use crate::catalogue::NumberedView;
use crate::federation::query_context::StillAsked;
use crate::federation::rows::{MatchedRows, RowSayings, first};
use crate::model::{FacetDimension, FacetKey, GroupOrder, GroupOrderBy, GroupPosition, GroupRank, SortKey};

pub(in crate::federation) struct ServiceGroups<'r> {
    pub(super) rows: &'r MatchedRows<'r>,
    pub(super) columns: Vec<RowSayings<'r>>,
    counts: Vec<(GroupCell, usize)>,
    pub(super) asked: &'r StillAsked,
}

/// The groups that are wanted.
#[derive(Clone, Debug)]
pub struct GroupsWanted {
    /// Their order.
    pub order: GroupOrder,
    /// Only groups after this place.
    pub after: Option<GroupPosition>,
    /// The most groups to return.
    pub first: usize,
}

#[derive(Debug)]
pub(in crate::federation) struct GroupsPage {
    pub(in crate::federation) groups: Vec<CountedGroup>,
    pub(in crate::federation) total: usize,
    pub(in crate::federation) has_next: bool,
    pub(in crate::federation) has_previous: bool,
}

#[derive(Clone, Debug)]
pub(in crate::federation) struct CountedGroup {
    pub(super) cell: GroupCell,
    pub(in crate::federation) position: GroupPosition,
}

/// A faster hash than the standard one, because one answer may take millions of lookups.
pub(super) type FastMap<K, V> = HashMap<K, V, RandomState>;

/// The numbers of a group's values, with 0 after the last dimension.
pub(super) type GroupCell = [u32; MOST];

impl<'r> ServiceGroups<'r> {
    pub(in crate::federation) fn of(
        rows: &'r MatchedRows<'r>,
        by: &GroupDimensions,
        asked: &'r StillAsked,
    ) -> Self {
        let dimensions: Vec<FacetDimension> = by.iter().collect();
        let columns: Vec<RowSayings<'r>> =
            dimensions.iter().map(|dimension| rows.sayings((*dimension).into())).collect();
        let counts = match dimensions[..] {
            // A single dimension is counted from its column, without hashing cells.
            [one] => {
                rows.counted(one.into()).into_iter().map(|(number, count)| ([number, 0, 0], count)).collect()
            }
            _ => count_cells(&columns, rows.len(), asked),
        };
        Self { rows, columns, counts, asked }
    }

    /// Removes the groups of services that have no value, and those for which `is_wanted` returns `false`.
    pub(in crate::federation) fn retain(&mut self, is_wanted: impl Fn(&FacetKey) -> bool) {
        let said: Vec<NumberedView<'_>> = self.columns.iter().map(RowSayings::numbers).collect();
        let values = |cell: GroupCell| said.iter().zip(cell).map(|(said, number)| said.get(number));
        self.counts
            .retain(|(cell, _)| values(*cell).all(|said| *said != FacetKey::Nothing && is_wanted(said)));
    }

    /// Returns the groups that are wanted. `key` gives the sort key of a value, and is used if the order goes by key.
    pub(in crate::federation) fn page(
        &self,
        wanted: &GroupsWanted,
        key: impl Fn(&FacetKey) -> SortKey,
    ) -> GroupsPage {
        let said: Vec<NumberedView<'_>> = self.columns.iter().map(RowSayings::numbers).collect();
        let keys = self.sort_keys(&said, wanted.order.by, key);
        let rank = |(cell, services): &(GroupCell, usize)| GroupRank {
            services: *services,
            keys: std::array::from_fn(|at| keys.get(at)?.get(cell.get(at)?)),
            values: std::array::from_fn(|at| Some(said.get(at)?.get(*cell.get(at)?))),
        };
        let mut left = self.counts.clone();
        if let Some(after) = &wanted.after {
            left.retain(|one| wanted.order.compare(rank(one), after.rank()).is_gt());
        }
        let (total, left_over) = (self.counts.len(), left.len());
        let groups = first(left, wanted.first, |a, b| wanted.order.compare(rank(a), rank(b)));
        let counted = groups.iter().map(|one| CountedGroup { cell: one.0, position: position(rank(one)) });
        let groups: Vec<CountedGroup> = counted.collect();
        GroupsPage { total, has_next: left_over > groups.len(), has_previous: left_over < total, groups }
    }

    /// Returns the sort keys of the values by number, for each dimension. Empty if the order does not need them.
    fn sort_keys(
        &self,
        said: &[NumberedView<'_>],
        by: GroupOrderBy,
        key: impl Fn(&FacetKey) -> SortKey,
    ) -> Vec<FastMap<u32, SortKey>> {
        if by == GroupOrderBy::Count {
            return Vec::new();
        }
        let mut keys: Vec<FastMap<u32, SortKey>> = said.iter().map(|_| FastMap::default()).collect();
        for (cell, _) in self.asked.while_asked(self.counts.iter()) {
            for ((keys, said), number) in keys.iter_mut().zip(said).zip(cell) {
                keys.entry(*number).or_insert_with(|| key(said.get(*number)));
            }
        }
        keys
    }
}

fn position(rank: GroupRank<'_>) -> GroupPosition {
    let GroupRank { services, keys, values } = rank;
    let (keys, values) = (keys.into_iter().flatten(), values.into_iter().flatten());
    GroupPosition { services, keys: keys.cloned().collect(), values: values.cloned().collect() }
}

fn count_cells(columns: &[RowSayings<'_>], rows: usize, asked: &StillAsked) -> Vec<(GroupCell, usize)> {
    let mut counts: FastMap<GroupCell, usize> = FastMap::default();
    for row in asked.while_asked(0..rows) {
        each_cell(columns, row, |cell| *counts.entry(cell).or_default() += 1);
    }
    counts.into_iter().collect()
}

pub(super) fn each_cell(columns: &[RowSayings<'_>], row: usize, mut to: impl FnMut(GroupCell)) {
    let numbers = |at: usize| columns.get(at).map_or(&[0][..], |column| column.get(row));
    let (seconds, thirds) = (numbers(1), numbers(2));
    for first in numbers(0) {
        for second in seconds {
            thirds.iter().for_each(|third| to([*first, *second, *third]));
        }
    }
}
