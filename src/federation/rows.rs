//! The services that a search found, stored and live, for counting by what they say.

use std::cmp::Ordering;
use std::collections::HashMap;

use chrono::NaiveDate;
use foldhash::fast::RandomState;
use itertools::Itertools as _;

use super::known_terms::KnownTerms;
use crate::catalogue::{AspectColumn, FactsTable, NumberedView, TableColumn};
use crate::model::{FacetKey, FacetViewpoint, RecordId, ServiceAspect, ServiceFacts};

/// When distinct values outnumber the services by this factor, count in a hash map rather than an array.
const MANY: usize = 8;

/// The services that a search found: stored ones by their numbers in the table of facts, then live ones.
pub(super) struct MatchedRows<'f> {
    table: FactsTable,
    stored: Vec<u32>,
    live: Vec<&'f ServiceFacts>,
    today: NaiveDate,
    terms: &'f KnownTerms,
}

/// What each service says of one aspect, as numbers.
pub(super) struct RowSayings<'r> {
    stored: &'r [u32],
    table: TableColumn,
    live: AspectColumn,
}

impl<'f> MatchedRows<'f> {
    pub(super) fn none(today: NaiveDate, terms: &'f KnownTerms) -> Self {
        Self { table: FactsTable::default(), stored: Vec::new(), live: Vec::new(), today, terms }
    }

    /// Adds stored services by their numbers. May be called once, because there is only one table.
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

    /// Counts the services for each value of an aspect. A service with several values counts for each, and one with
    /// none counts for `FacetKey::Nothing`.
    pub(super) fn counted(&self, aspect: ServiceAspect) -> Vec<(u32, usize)> {
        let sayings = self.sayings(aspect);
        let numbers = sayings.numbers().as_slice().len();
        if self.len() < numbers / MANY { sayings.count_few() } else { sayings.count(numbers) }
    }

    /// Returns the `most` most frequent values with their counts, the most frequent first, and equally frequent ones in
    /// the order of the values. A service with several values counts for each.
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
    /// Counts in an array. `numbers` is the number of distinct values. Returns only values that occur.
    fn count(&self, numbers: usize) -> Vec<(u32, usize)> {
        let mut counts = self.table.counted(self.stored.iter().copied(), numbers);
        (0..self.live.len()).for_each(|place| self.live.count(place, &mut counts));
        (0..).zip(counts).filter(|(_, count)| *count > 0).collect()
    }

    /// Counts in a hash map, for few services and very many values: an array of all values would cost more than the
    /// counting.
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

/// Returns the first `most` items in an order. Only these are sorted.
pub(super) fn first<T>(all: Vec<T>, most: usize, order: impl Fn(&T, &T) -> Ordering) -> Vec<T> {
    let most = most.min(all.len());
    all.into_iter().k_smallest_relaxed_by(most, order).collect()
}
