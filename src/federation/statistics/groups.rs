//! Counting in groups. What services say is numbered first, so that groups are told apart by numbers alone; what costs
//! more than a count is worked out for those groups only that are shown.

use std::cmp::Ordering;
use std::collections::{BTreeMap, HashMap};
use std::hash::Hash;

use chrono::NaiveDate;
use foldhash::fast::RandomState;

use super::dimension::{Dimension, Dimensions, MOST, Value};
use crate::model::Facts;

/// The groups of some services.
pub(super) struct Groups<'f> {
    facts: &'f [&'f Facts],
    today: NaiveDate,
    columns: Vec<Column<'f>>,
    counts: Map<Cell, usize>,
}

/// One group, and what is known of it.
#[derive(Debug)]
pub(super) struct Group<'f> {
    /// What its services have in common, in the order of the dimensions.
    pub(super) values: Vec<Value<'f>>,
    pub(super) services: usize,
    pub(super) organizations: usize,
    pub(super) locations: usize,
    pub(super) median_assured_age_days: Option<f64>,
}

/// Millions of lookups stand behind one answer.
type Map<K, V> = HashMap<K, V, RandomState>;

/// The numbers of a group's values; 0 past the last dimension.
type Cell = [u32; MOST];

impl<'f> Groups<'f> {
    pub(super) fn of(facts: &'f [&'f Facts], by: &Dimensions, today: NaiveDate) -> Self {
        let columns: Vec<Column<'f>> =
            by.iter().map(|dimension| Column::of(facts, dimension, today)).collect();
        let mut counts: Map<Cell, usize> = Map::default();
        for service in 0..facts.len() {
            each_cell(&columns, service, |cell| *counts.entry(cell).or_default() += 1);
        }
        Self { facts, today, columns, counts }
    }

    /// The groups with the most services, at most `first` of them, and whether there are others. Those as large as each
    /// other come in the order of what they have in common, with nothing last.
    pub(super) fn largest(&self, first: usize) -> (Vec<Group<'f>>, bool) {
        let mut cells: Vec<(Cell, usize)> = self.counts.iter().map(|(cell, count)| (*cell, *count)).collect();
        let order = |(a, of_a): &(Cell, usize), (b, of_b): &(Cell, usize)| {
            of_b.cmp(of_a).then_with(|| self.compare(a, b))
        };
        let truncated = cells.len() > first;
        if truncated {
            cells.select_nth_unstable_by(first, order);
            cells.truncate(first);
        }
        cells.sort_unstable_by(order);
        let details = self.details(&cells);
        let group = |((cell, services), detail): ((Cell, usize), Detail)| Group {
            values: self.values(&cell).collect(),
            services,
            organizations: detail.organizations.len(),
            locations: detail.locations.len(),
            median_assured_age_days: median(&detail.ages),
        };
        (cells.into_iter().zip(details).map(group).collect(), truncated)
    }

    fn values(&self, cell: &Cell) -> impl Iterator<Item = Value<'f>> {
        self.columns.iter().zip(*cell).map(|(column, number)| column.value(number))
    }

    fn compare(&self, a: &Cell, b: &Cell) -> Ordering {
        self.values(a).cmp(self.values(b))
    }

    fn details(&self, cells: &[(Cell, usize)]) -> Vec<Detail> {
        let places: Map<Cell, usize> =
            cells.iter().zip(0..).map(|((cell, _), place)| (*cell, place)).collect();
        let mut details: Vec<Detail> = cells.iter().map(|_| Detail::default()).collect();
        let (mut organizations, mut locations) = (Numbers::default(), Numbers::default());
        let mut here = Vec::new();
        for (number, facts) in self.facts.iter().enumerate() {
            let organization = facts.organization.as_ref().map(|id| organizations.number(id));
            here.clear();
            here.extend(facts.locations.iter().flatten().map(|id| locations.number(id)));
            let age = facts.assured_date.map(|date| (self.today - date).num_days());
            each_cell(&self.columns, number, |cell| {
                let detail = places.get(&cell).and_then(|place| details.get_mut(*place));
                let Some(detail) = detail else { return };
                organization.iter().for_each(|one| detail.organizations.add(*one));
                here.iter().for_each(|one| detail.locations.add(*one));
                age.iter().for_each(|age| *detail.ages.entry(*age).or_default() += 1);
            });
        }
        details
    }
}

/// What is counted of a group beside its services.
#[derive(Debug, Default)]
struct Detail {
    organizations: Distinct,
    locations: Distinct,
    /// How many were last checked so many days ago.
    ages: BTreeMap<i64, usize>,
}

/// What every service says to one dimension, by numbers.
struct Column<'f> {
    values: Vec<Value<'f>>,
    numbers: Vec<u32>,
    /// Where the numbers of each service end.
    ends: Vec<usize>,
}

impl<'f> Column<'f> {
    fn of(facts: &'f [&'f Facts], dimension: Dimension, today: NaiveDate) -> Self {
        let (mut known, mut numbers) = (Numbers::default(), Vec::with_capacity(facts.len()));
        let mut ends = Vec::with_capacity(facts.len());
        for one in facts {
            Value::each(one, dimension, today, |value| numbers.push(known.number(value)));
            ends.push(numbers.len());
        }
        Self { values: known.values, numbers, ends }
    }

    fn value(&self, number: u32) -> Value<'f> {
        self.values.get(number as usize).copied().unwrap_or(Value::Nothing)
    }

    fn of_service(&self, service: usize) -> &[u32] {
        let end_of = |service: usize| self.ends.get(service).copied().unwrap_or_default();
        let from = service.checked_sub(1).map_or(0, end_of);
        self.numbers.get(from..end_of(service)).unwrap_or_default()
    }
}

/// Hands over every group that a service is in.
fn each_cell(columns: &[Column<'_>], service: usize, mut to: impl FnMut(Cell)) {
    let numbers = |at: usize| columns.get(at).map_or(&[0][..], |column| column.of_service(service));
    let (seconds, thirds) = (numbers(1), numbers(2));
    for first in numbers(0) {
        for second in seconds {
            thirds.iter().for_each(|third| to([*first, *second, *third]));
        }
    }
}

/// Numbers things by the order in which they are met.
struct Numbers<T> {
    known: Map<T, u32>,
    values: Vec<T>,
}

impl<T> Default for Numbers<T> {
    fn default() -> Self {
        Self { known: Map::default(), values: Vec::new() }
    }
}

impl<T: Copy + Eq + Hash> Numbers<T> {
    fn number(&mut self, value: T) -> u32 {
        *self.known.entry(value).or_insert_with(|| {
            self.values.push(value);
            u32::try_from(self.values.len() - 1).unwrap_or(u32::MAX)
        })
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
