//! The values of an aspect as numbers, service by service, so that counting very many services is one pass through
//! memory.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};

use foldhash::fast::RandomState;

use crate::model::{FacetKey, FacetViewpoint, ServiceAspect, ServiceFacts};

/// Numbers the values of one aspect in the order in which they are first met. It never drops one, so a number stays
/// valid while the gateway runs. There are few values, or no more than there are records.
#[derive(Debug, Default)]
pub struct KeyNumbering(RwLock<NumberedKeys>);

#[derive(Debug, Default)]
struct NumberedKeys {
    numbers: HashMap<FacetKey, u32, RandomState>,
    said: Vec<FacetKey>,
}

/// A view of the values that have been numbered so far. Holds a read lock.
pub struct NumberedView<'n>(RwLockReadGuard<'n, NumberedKeys>);

/// The values of one aspect for some services.
#[derive(Debug, Default)]
pub struct AspectColumn {
    numbers: Vec<u32>,
    /// Where the values of each service end. `None` if each service has exactly one value; a place without a service
    /// then has [`NO_SERVICE`].
    ends: Option<Vec<u32>>,
}

/// Takes the place of a value where there is no service, if every service has exactly one.
const NO_SERVICE: u32 = u32::MAX;

/// How many services are matched together.
const BLOCK: usize = 64;

/// The values of one aspect for all services of a table.
#[derive(Clone, Debug)]
pub struct TableColumn {
    pub(super) chunks: Arc<[Arc<AspectColumn>]>,
    pub(super) numbering: Arc<KeyNumbering>,
}

impl AspectColumn {
    /// Builds a column. A place without a service has no values.
    pub fn of<'f>(
        services: impl ExactSizeIterator<Item = Option<&'f ServiceFacts>>,
        aspect: ServiceAspect,
        from: FacetViewpoint<'_>,
        numbering: &KeyNumbering,
    ) -> Self {
        let mut ends = Vec::with_capacity(services.len());
        let mut said = Vec::with_capacity(services.len());
        let mut says_one_thing = true;
        for facts in services {
            let before = said.len();
            facts.iter().for_each(|facts| facts.each_said(aspect, from, |one| said.push(one)));
            says_one_thing &= said.len() - before == usize::from(facts.is_some());
            ends.push(u32::try_from(said.len()).unwrap_or(u32::MAX));
        }
        let numbers = numbering.number(said);
        if says_one_thing { Self::of_one_each(&numbers, &ends) } else { Self { numbers, ends: Some(ends) } }
    }

    // With one value each, this takes half the memory, and half the time to go through.
    fn of_one_each(numbers: &[u32], ends: &[u32]) -> Self {
        let mut before = 0;
        let number = |end: &u32| {
            let is_there = *end > std::mem::replace(&mut before, *end);
            let number = end.checked_sub(1).filter(|_| is_there).and_then(|at| numbers.get(at as usize));
            number.copied().unwrap_or(NO_SERVICE)
        };
        Self { numbers: ends.iter().map(number).collect(), ends: None }
    }

    /// Returns the numbers of a service's values.
    pub fn get(&self, place: usize) -> &[u32] {
        let Some(ends) = &self.ends else {
            let number = self.numbers.get(place..=place).unwrap_or_default();
            return if number == [NO_SERVICE] { &[] } else { number };
        };
        let end_of = |place: usize| ends.get(place).map_or(0, |end| *end as usize);
        let from = place.checked_sub(1).map_or(0, end_of);
        self.numbers.get(from..end_of(place)).unwrap_or_default()
    }

    /// Passes the place of each service with a wanted value to `take`.
    pub(super) fn each_saying(&self, is_wanted: &impl Fn(u32) -> bool, take: impl FnMut(usize)) {
        if self.ends.is_none() {
            return self.each_saying_one(is_wanted, take);
        }
        let places = 0..self.len();
        places.filter(|place| self.get(*place).iter().any(|number| is_wanted(*number))).for_each(take);
    }

    // Whether a service is wanted is hard for processors to predict. So the results for 64 services are collected
    // without branches first.
    fn each_saying_one(&self, is_wanted: &impl Fn(u32) -> bool, mut take: impl FnMut(usize)) {
        for (numbers, block) in self.numbers.chunks(BLOCK).zip(0..) {
            let bit = |number: u32| u64::from((number != NO_SERVICE) & is_wanted(number));
            let mut wanted = numbers.iter().rev().fold(0, |bits, number| (bits << 1) | bit(*number));
            while wanted != 0 {
                take(block * BLOCK + wanted.trailing_zeros() as usize);
                wanted &= wanted - 1;
            }
        }
    }

    /// Adds 1 to the count of each value of a service.
    pub fn count(&self, place: usize, counts: &mut [usize]) {
        let mut add = |number: u32| counts.get_mut(number as usize).into_iter().for_each(|count| *count += 1);
        match &self.ends {
            // `counts` has no entry for `NO_SERVICE`.
            None => self.numbers.get(place).copied().into_iter().for_each(add),
            Some(_) => self.get(place).iter().for_each(|number| add(*number)),
        }
    }

    /// Returns the number of places, including those without a service.
    pub fn len(&self) -> usize {
        self.ends.as_ref().unwrap_or(&self.numbers).len()
    }

    /// Returns whether there are no places.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl KeyNumbering {
    /// Returns a view of the values numbered so far. No value can be numbered while the view is held.
    pub fn said(&self) -> NumberedView<'_> {
        NumberedView(self.0.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn number(&self, said: Vec<FacetKey>) -> Vec<u32> {
        // Without live sources there is often nothing to number, so the lock is not taken.
        if said.is_empty() {
            return Vec::new();
        }
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        said.into_iter().map(|one| known.number(one)).collect()
    }
}

impl NumberedKeys {
    fn number(&mut self, said: FacetKey) -> u32 {
        if let Some(number) = self.numbers.get(&said) {
            return *number;
        }
        let number = u32::try_from(self.said.len()).unwrap_or(u32::MAX);
        self.said.push(said.clone());
        self.numbers.insert(said, number);
        number
    }
}

impl NumberedView<'_> {
    /// Returns all values, in the order of their numbers.
    pub fn as_slice(&self) -> &[FacetKey] {
        &self.0.said
    }

    /// Returns the value with a number.
    pub fn get(&self, number: u32) -> &FacetKey {
        self.0.said.get(number as usize).unwrap_or(&FacetKey::Nothing)
    }
}
