//! The services that were found, wherever they are, to be counted by what they say.

use std::cmp::Ordering;
use std::collections::HashMap;

use chrono::NaiveDate;
use foldhash::fast::RandomState;
use itertools::Itertools as _;

use super::known_terms::KnownTerms;
use crate::catalogue::{AspectColumn, FactsTable, NumberedView, TableColumn};
use crate::model::{FacetKey, FacetViewpoint, RecordId, ServiceAspect, ServiceFacts};

/// Where there are as many times more things that can be said than services that were found, few of them occur.
const MANY: usize = 8;

/// Services that were found: those stored in a table by their numbers there, then those of live sources.
pub(super) struct MatchedRows<'f> {
    table: FactsTable,
    stored: Vec<u32>,
    live: Vec<&'f ServiceFacts>,
    today: NaiveDate,
    terms: &'f KnownTerms,
}

/// What each of some services says of one aspect, by numbers.
pub(super) struct RowSayings<'r> {
    stored: &'r [u32],
    table: TableColumn,
    live: AspectColumn,
}

impl<'f> MatchedRows<'f> {
    pub(super) fn none(today: NaiveDate, terms: &'f KnownTerms) -> Self {
        Self { table: FactsTable::default(), stored: Vec::new(), live: Vec::new(), today, terms }
    }

    /// Adds services of a table, by their numbers. There is only one table.
    pub(super) fn add_stored(&mut self, table: FactsTable, ordinals: impl Iterator<Item = u32>) {
        self.table = table;
        self.stored.extend(ordinals);
    }

    pub(super) fn add_listed(&mut self, facts: impl Iterator<Item = &'f ServiceFacts>) {
        self.live.extend(facts);
    }

    pub(super) fn len(&self) -> usize {
        self.stored.len() + self.live.len()
    }

    pub(super) fn id(&self, row: usize) -> Option<RecordId> {
        let facts = match self.stored.get(row) {
            Some(ordinal) => self.table.get(*ordinal).map(AsRef::as_ref),
            None => self.live.get(row - self.stored.len()).copied(),
        };
        facts.map(|facts| facts.id.clone())
    }

    pub(super) fn today(&self) -> NaiveDate {
        self.today
    }

    pub(super) fn facts(&self) -> impl Iterator<Item = &ServiceFacts> {
        let stored = self.stored.iter().filter_map(|ordinal| self.table.get(*ordinal));
        stored.map(|facts| &**facts).chain(self.live.iter().copied())
    }

    pub(super) fn sayings(&self, aspect: ServiceAspect) -> RowSayings<'_> {
        let from = |terms| FacetViewpoint { today: self.today, terms };
        let table = self.table.column(aspect, from(self.terms.synchronised()));
        let live = self.live.iter().map(|facts| Some(*facts));
        let live = AspectColumn::of(live, aspect, from(self.terms.live()), table.numbering());
        RowSayings { stored: &self.stored, table, live }
    }

    /// How many services say each thing, by the number of what they say. A service that says several things counts for
    /// each, and one that says nothing for that.
    pub(super) fn counted(&self, aspect: ServiceAspect) -> Vec<(u32, usize)> {
        let sayings = self.sayings(aspect);
        let numbers = sayings.numbers().as_slice().len();
        if self.len() < numbers / MANY { sayings.count_few() } else { sayings.count(numbers) }
    }

    /// What is said most often, at most so many of it, and by how many services: the most frequent first, and what is
    /// as frequent as each other in the order of what it is. A service that says several things counts for each.
    pub(super) fn most_said(&self, aspect: ServiceAspect, most: usize) -> Vec<(FacetKey, usize)> {
        let sayings = self.sayings(aspect);
        let counted = self.counted(aspect);
        let numbers = sayings.numbers();
        let counted = counted.into_iter().map(|(number, count)| (numbers.get(number), count));
        let counted = counted.filter(|(said, _)| **said != FacetKey::Nothing);
        let order = |(a, of_a): &(&FacetKey, usize), (b, of_b): &(&FacetKey, usize)| -> Ordering {
            of_b.cmp(of_a).then_with(|| a.cmp(b))
        };
        let counted = first(counted.collect(), most, order);
        counted.into_iter().map(|(said, count)| (said.clone(), count)).collect()
    }
}

impl RowSayings<'_> {
    /// How often each number of those that occur does, of so many that there are.
    fn count(&self, numbers: usize) -> Vec<(u32, usize)> {
        let mut counts = self.table.counted(self.stored.iter().copied(), numbers);
        (0..self.live.len()).for_each(|place| self.live.count(place, &mut counts));
        (0..).zip(counts).filter(|(_, count)| *count > 0).collect()
    }

    /// The same where few of very many occur: room for all of them would cost more than the counting.
    fn count_few(&self) -> Vec<(u32, usize)> {
        let mut counts: HashMap<u32, usize, RandomState> = HashMap::default();
        self.iter().flatten().for_each(|number| *counts.entry(*number).or_default() += 1);
        counts.into_iter().collect()
    }

    pub(super) fn get(&self, row: usize) -> &[u32] {
        match self.stored.get(row) {
            Some(ordinal) => self.table.get(*ordinal),
            None => self.live.get(row - self.stored.len()),
        }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &[u32]> {
        let stored = self.table.each(self.stored.iter().copied());
        stored.chain((0..self.live.len()).map(|place| self.live.get(place)))
    }

    pub(super) fn numbers(&self) -> NumberedView<'_> {
        self.table.numbering().said()
    }
}

/// The first so many in an order; only these are sorted.
pub(super) fn first<T>(all: Vec<T>, most: usize, order: impl Fn(&T, &T) -> Ordering) -> Vec<T> {
    let most = most.min(all.len());
    all.into_iter().k_smallest_relaxed_by(most, order).collect()
}
