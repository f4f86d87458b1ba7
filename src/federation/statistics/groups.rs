//! Counting in groups. Groups are told apart by the numbers of what services say; what costs more than a count is
//! worked out for those groups only that are shown.

use std::collections::{BTreeMap, HashMap};

use foldhash::fast::RandomState;

use super::dimension::{Dimensions, MOST};
use crate::catalogue::Numbers;
use crate::federation::asking::StillAsked;
use crate::federation::rows::{Rows, Sayings, first};
use crate::model::{Aspect, Dimension, RecordId, Said};

/// The groups of some services.
pub(super) struct Groups<'r> {
    rows: &'r Rows<'r>,
    columns: Vec<Sayings<'r>>,
    counts: Map<Cell, usize>,
    asked: &'r StillAsked,
    /// How many services of each group are named.
    examples: usize,
}

/// One group, and what is known of it.
#[derive(Debug)]
pub(super) struct Group {
    /// What its services have in common, in the order of the dimensions.
    pub(super) values: Vec<Said>,
    pub(super) services: usize,
    pub(super) organizations: usize,
    pub(super) locations: usize,
    pub(super) median_assured_age_days: Option<f64>,
    pub(super) examples: Vec<RecordId>,
}

/// Millions of lookups stand behind one answer.
type Map<K, V> = HashMap<K, V, RandomState>;

/// The numbers of a group's values; 0 past the last dimension.
type Cell = [u32; MOST];

impl<'r> Groups<'r> {
    pub(super) fn of(rows: &'r Rows<'r>, by: &Dimensions, examples: usize, asked: &'r StillAsked) -> Self {
        let columns: Vec<Sayings<'r>> = by.iter().map(|dimension| rows.sayings(dimension.into())).collect();
        let mut counts: Map<Cell, usize> = Map::default();
        for row in asked.while_asked(0..rows.len()) {
            each_cell(&columns, row, |cell| *counts.entry(cell).or_default() += 1);
        }
        Self { rows, columns, counts, asked, examples }
    }

    /// The groups with the most services, at most so many of them, and whether there are others. Those as large as each
    /// other come in the order of what they have in common, with nothing last.
    pub(super) fn largest(&self, most: usize) -> (Vec<Group>, bool) {
        let truncated = self.counts.len() > most;
        let groups = self.largest_cells(most);
        let cells: Vec<Cell> = groups.iter().map(|(cell, ..)| *cell).collect();
        let group = |((_, services, values), detail): ((Cell, usize, Vec<Said>), Detail)| Group {
            values,
            services,
            organizations: detail.organizations.len(),
            locations: detail.locations.len(),
            median_assured_age_days: median(&detail.ages),
            examples: detail.examples.into_iter().filter_map(|row| self.rows.id(row)).collect(),
        };
        (groups.into_iter().zip(self.details(&cells)).map(group).collect(), truncated)
    }

    /// The same by their numbers, with how many services each has and what these have in common.
    fn largest_cells(&self, most: usize) -> Vec<(Cell, usize, Vec<Said>)> {
        let said: Vec<Numbers<'_>> = self.columns.iter().map(Sayings::numbers).collect();
        let values = |cell: Cell| said.iter().zip(cell).map(|(said, number)| said.get(number));
        let cells: Vec<(Cell, usize)> = self.counts.iter().map(|(cell, count)| (*cell, *count)).collect();
        let largest = first(cells, most, |(a, of_a), (b, of_b)| {
            of_b.cmp(of_a).then_with(|| values(*a).cmp(values(*b)))
        });
        largest
            .into_iter()
            .map(|(cell, services)| (cell, services, values(cell).cloned().collect()))
            .collect()
    }

    fn details(&self, cells: &[Cell]) -> Vec<Detail> {
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
                if detail.examples.len() < self.examples {
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
