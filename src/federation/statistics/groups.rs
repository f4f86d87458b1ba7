//! Counting in groups. Groups are told apart by the numbers of what services say; what costs more than a count is
//! worked out for those groups only that are shown.

use std::collections::{BTreeMap, HashMap};

use foldhash::fast::RandomState;

use super::dimension::{Dimensions, MOST};
use crate::catalogue::Numbers;
use crate::federation::asking::StillAsked;
use crate::federation::rows::{Rows, Sayings, first};
use crate::model::{
    Aspect, Dimension, GroupOrder, GroupOrderBy, GroupPosition, GroupRank, RecordId, Said, SortKey,
};

/// The groups of some services.
pub(in crate::federation) struct Groups<'r> {
    rows: &'r Rows<'r>,
    columns: Vec<Sayings<'r>>,
    counts: Vec<(Cell, usize)>,
    asked: &'r StillAsked,
}

/// Which groups are wanted.
#[derive(Clone, Debug)]
pub struct GroupsWanted {
    /// In which order.
    pub order: GroupOrder,
    /// Only those after this place.
    pub after: Option<GroupPosition>,
    /// At most so many.
    pub first: usize,
}

/// Some groups, in order.
#[derive(Debug)]
pub(in crate::federation) struct GroupsPage {
    pub(in crate::federation) groups: Vec<CountedGroup>,
    /// How many groups there are in all.
    pub(in crate::federation) total: usize,
    /// Whether others follow, and whether others go before.
    pub(in crate::federation) has_next: bool,
    pub(in crate::federation) has_previous: bool,
}

/// A group, and how many services it has.
#[derive(Clone, Debug)]
pub(in crate::federation) struct CountedGroup {
    cell: Cell,
    /// Where it stands.
    pub(in crate::federation) position: GroupPosition,
}

/// What else is known of a group.
#[derive(Debug)]
pub(super) struct GroupDetail {
    pub(super) organizations: usize,
    pub(super) locations: usize,
    pub(super) median_assured_age_days: Option<f64>,
    /// The first of its services.
    pub(super) examples: Vec<RecordId>,
}

/// Millions of lookups stand behind one answer.
type Map<K, V> = HashMap<K, V, RandomState>;

/// The numbers of a group's values; 0 past the last dimension.
type Cell = [u32; MOST];

impl<'r> Groups<'r> {
    pub(in crate::federation) fn of(rows: &'r Rows<'r>, by: &Dimensions, asked: &'r StillAsked) -> Self {
        let dimensions: Vec<Dimension> = by.iter().collect();
        let columns: Vec<Sayings<'r>> =
            dimensions.iter().map(|dimension| rows.sayings((*dimension).into())).collect();
        let counts = match dimensions[..] {
            // What services say of one thing is counted without looking anything up.
            [one] => {
                rows.counted(one.into()).into_iter().map(|(number, count)| ([number, 0, 0], count)).collect()
            }
            _ => count_cells(&columns, rows.len(), asked),
        };
        Self { rows, columns, counts, asked }
    }

    /// Leaves out the groups of services that say nothing, and those that `is_wanted` denies.
    pub(in crate::federation) fn retain(&mut self, is_wanted: impl Fn(&Said) -> bool) {
        let said: Vec<Numbers<'_>> = self.columns.iter().map(Sayings::numbers).collect();
        let values = |cell: Cell| said.iter().zip(cell).map(|(said, number)| said.get(number));
        self.counts.retain(|(cell, _)| values(*cell).all(|said| *said != Said::Nothing && is_wanted(said)));
    }

    /// The groups that are wanted; `key` tells where what is said stands, if the order goes by that.
    pub(in crate::federation) fn page(
        &self,
        wanted: &GroupsWanted,
        key: impl Fn(&Said) -> SortKey,
    ) -> GroupsPage {
        let said: Vec<Numbers<'_>> = self.columns.iter().map(Sayings::numbers).collect();
        let keys = self.sort_keys(&said, wanted.order.by, key);
        let rank = |(cell, services): &(Cell, usize)| GroupRank {
            services: *services,
            keys: std::array::from_fn(|at| keys.get(at)?.get(cell.get(at)?)),
            values: std::array::from_fn(|at| Some(said.get(at)?.get(*cell.get(at)?))),
        };
        let is_after = |one: &(Cell, usize)| {
            let after = wanted.after.as_ref();
            after.is_none_or(|after| wanted.order.compare(rank(one), after.rank()).is_gt())
        };
        let left: Vec<(Cell, usize)> = self.counts.iter().copied().filter(is_after).collect();
        let (total, left_over) = (self.counts.len(), left.len());
        let groups = first(left, wanted.first, |a, b| wanted.order.compare(rank(a), rank(b)));
        let position = |one: &(Cell, usize)| {
            let GroupRank { services, keys, values } = rank(one);
            let (keys, values) = (keys.into_iter().flatten(), values.into_iter().flatten());
            GroupPosition { services, keys: keys.cloned().collect(), values: values.cloned().collect() }
        };
        let counted = |one: &(Cell, usize)| CountedGroup { cell: one.0, position: position(one) };
        let groups: Vec<CountedGroup> = groups.iter().map(counted).collect();
        GroupsPage { total, has_next: left_over > groups.len(), has_previous: left_over < total, groups }
    }

    /// What else is known of some groups, with at most so many `examples` of the services of each.
    pub(super) fn detailed(&self, groups: &[CountedGroup], examples: usize) -> Vec<GroupDetail> {
        let cells: Vec<Cell> = groups.iter().map(|group| group.cell).collect();
        let detail = |detail: Detail| GroupDetail {
            organizations: detail.organizations.len(),
            locations: detail.locations.len(),
            median_assured_age_days: median(&detail.ages),
            examples: detail.examples.into_iter().filter_map(|row| self.rows.id(row)).collect(),
        };
        self.details(&cells, examples).into_iter().map(detail).collect()
    }

    /// Where each thing stands that is said, by its number, dimension by dimension; nothing if the order does not ask.
    fn sort_keys(
        &self,
        said: &[Numbers<'_>],
        by: GroupOrderBy,
        key: impl Fn(&Said) -> SortKey,
    ) -> Vec<Map<u32, SortKey>> {
        if by == GroupOrderBy::Count {
            return Vec::new();
        }
        let mut keys: Vec<Map<u32, SortKey>> = said.iter().map(|_| Map::default()).collect();
        for (cell, _) in self.asked.while_asked(self.counts.iter()) {
            for ((keys, said), number) in keys.iter_mut().zip(said).zip(cell) {
                keys.entry(*number).or_insert_with(|| key(said.get(*number)));
            }
        }
        keys
    }

    fn details(&self, cells: &[Cell], examples: usize) -> Vec<Detail> {
        let places: Map<Cell, usize> = cells.iter().zip(0..).map(|(cell, place)| (*cell, place)).collect();
        let mut details: Vec<Detail> = cells.iter().map(|_| Detail::default()).collect();
        let organizations = self.rows.sayings(Dimension::Organization.into());
        let (locations, dates) =
            (self.rows.sayings(Aspect::Location), self.rows.sayings(Aspect::AssuredDate));
        let (no_organization, no_location) = (silence(&organizations), silence(&locations));
        let ages = self.ages(&dates);
        for row in self.asked.while_asked(0..self.rows.len()) {
            let age = dates.get(row).first().and_then(|number| *ages.get(*number as usize)?);
            each_cell(&self.columns, row, |cell| {
                let detail = places.get(&cell).and_then(|place| details.get_mut(*place));
                let Some(detail) = detail else { return };
                detail.organizations.add_all(organizations.get(row), no_organization);
                detail.locations.add_all(locations.get(row), no_location);
                if detail.examples.len() < examples {
                    detail.examples.push(row);
                }
                age.iter().for_each(|age| *detail.ages.entry(*age).or_default() += 1);
            });
        }
        details
    }

    /// How many days ago each date was, by its number.
    fn ages(&self, dates: &Sayings<'_>) -> Vec<Option<i64>> {
        let age = |said: &Said| match said {
            Said::Date(date) => Some((self.rows.today() - *date).num_days()),
            _ => None,
        };
        dates.numbers().as_slice().iter().map(age).collect()
    }
}

fn count_cells(columns: &[Sayings<'_>], rows: usize, asked: &StillAsked) -> Vec<(Cell, usize)> {
    let mut counts: Map<Cell, usize> = Map::default();
    for row in asked.while_asked(0..rows) {
        each_cell(columns, row, |cell| *counts.entry(cell).or_default() += 1);
    }
    counts.into_iter().collect()
}

/// The number that stands for saying nothing.
fn silence(sayings: &Sayings<'_>) -> Option<u32> {
    let nothing = sayings.numbers().as_slice().iter().position(|said| *said == Said::Nothing)?;
    u32::try_from(nothing).ok()
}

/// What is counted of a group beside its services.
#[derive(Debug, Default)]
struct Detail {
    organizations: Distinct,
    locations: Distinct,
    /// How many were last checked so many days ago.
    ages: BTreeMap<i64, usize>,
    /// The first of its rows.
    examples: Vec<usize>,
}

/// Hands over every group that a row is in.
fn each_cell(columns: &[Sayings<'_>], row: usize, mut to: impl FnMut(Cell)) {
    let numbers = |at: usize| columns.get(at).map_or(&[0][..], |column| column.get(row));
    let (seconds, thirds) = (numbers(1), numbers(2));
    for first in numbers(0) {
        for second in seconds {
            thirds.iter().for_each(|third| to([*first, *second, *third]));
        }
    }
}

/// Counts different numbers. What is added again is thrown out now and then, so that memory grows with the
/// different ones alone.
#[derive(Debug, Default)]
struct Distinct {
    seen: Vec<u32>,
    sift_at: usize,
}

impl Distinct {
    /// How many may be there before it is worth looking for repetitions.
    const FEW: usize = 64;

    fn add_all(&mut self, numbers: &[u32], but: Option<u32>) {
        numbers.iter().filter(|number| Some(**number) != but).for_each(|number| self.add(*number));
    }

    fn add(&mut self, number: u32) {
        if self.seen.last() == Some(&number) {
            return;
        }
        self.seen.push(number);
        if self.seen.len() >= self.sift_at.max(Self::FEW) {
            self.sift();
            self.sift_at = self.seen.len() * 2;
        }
    }

    fn sift(&mut self) {
        self.seen.sort_unstable();
        self.seen.dedup();
    }

    fn len(mut self) -> usize {
        self.sift();
        self.seen.len()
    }
}

fn median(ages: &BTreeMap<i64, usize>) -> Option<f64> {
    let count: usize = ages.values().sum();
    let nth = |wanted: usize| {
        let mut before = 0;
        let found = ages.iter().find(|(_, of_age)| {
            before += **of_age;
            before > wanted
        });
        #[expect(clippy::cast_precision_loss, reason = "days stay exact")]
        found.map(|(age, _)| *age as f64)
    };
    Some(f64::midpoint(nth(count.checked_sub(1)? / 2)?, nth(count / 2)?))
}
