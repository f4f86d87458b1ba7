//! What services say of an aspect, by numbers and side by side: counting very many is then a walk through memory.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};

use foldhash::fast::RandomState;

use crate::model::{FacetKey, FacetViewpoint, ServiceAspect, ServiceFacts};

/// Numbers what is said of one aspect by the order in which it is met. It forgets nothing, so that a number holds for
/// as long as there is a gateway; what is said is of few kinds, or no more than there are records.
#[derive(Debug, Default)]
pub struct KeyNumbering(RwLock<NumberedKeys>);

#[derive(Debug, Default)]
struct NumberedKeys {
    numbers: HashMap<FacetKey, u32, RandomState>,
    said: Vec<FacetKey>,
}

/// What was said, under the numbers given to it by now.
pub struct NumberedView<'n>(RwLockReadGuard<'n, NumberedKeys>);

/// What some services say of one aspect.
#[derive(Debug, Default)]
pub struct AspectColumn {
    numbers: Vec<u32>,
    /// Where the numbers of each service end. `None` if each service has one number; [`NO_SERVICE`] then stands in a place
    /// without a service.
    ends: Option<Vec<u32>>,
}

/// Stands in the place of a service that is not there, if all others say one thing each.
const NO_SERVICE: u32 = u32::MAX;

/// How many services are looked at together.
const BLOCK: usize = 64;

/// What the services of a table say of one aspect.
#[derive(Clone, Debug)]
pub struct TableColumn {
    pub(super) chunks: Arc<[Arc<AspectColumn>]>,
    pub(super) numbering: Arc<KeyNumbering>,
}

impl AspectColumn {
    /// Of these services; a place without one says nothing at all.
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

    // This takes half the memory, and going through it half the time.
    fn of_one_each(numbers: &[u32], ends: &[u32]) -> Self {
        let mut before = 0;
        let number = |end: &u32| {
            let is_there = *end > std::mem::replace(&mut before, *end);
            let number = end.checked_sub(1).filter(|_| is_there).and_then(|at| numbers.get(at as usize));
            number.copied().unwrap_or(NO_SERVICE)
        };
        Self { numbers: ends.iter().map(number).collect(), ends: None }
    }

    /// The numbers of what a service says.
    pub fn get(&self, place: usize) -> &[u32] {
        let Some(ends) = &self.ends else {
            let number = self.numbers.get(place..=place).unwrap_or_default();
            return if number == [NO_SERVICE] { &[] } else { number };
        };
        let end_of = |place: usize| ends.get(place).map_or(0, |end| *end as usize);
        let from = place.checked_sub(1).map_or(0, end_of);
        self.numbers.get(from..end_of(place)).unwrap_or_default()
    }

    /// Hands over the place of each service that says a number that is wanted.
    pub(super) fn each_saying(&self, is_wanted: &impl Fn(u32) -> bool, take: impl FnMut(usize)) {
        if self.ends.is_none() {
            return self.each_saying_one(is_wanted, take);
        }
        let places = 0..self.len();
        places.filter(|place| self.get(*place).iter().any(|number| is_wanted(*number))).for_each(take);
    }

    // Processors guess badly whether a service is wanted: it is noted for 64 at a time, which needs no guess.
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

    /// Counts what a service says, by number.
    pub fn count(&self, place: usize, counts: &mut [usize]) {
        let mut add = |number: u32| counts.get_mut(number as usize).into_iter().for_each(|count| *count += 1);
        match &self.ends {
            // There is no count of places without a service.
            None => self.numbers.get(place).copied().into_iter().for_each(add),
            Some(_) => self.get(place).iter().for_each(|number| add(*number)),
        }
    }

    /// How many services there are.
    pub fn len(&self) -> usize {
        self.ends.as_ref().unwrap_or(&self.numbers).len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl KeyNumbering {
    /// What has been said so far.
    pub fn said(&self) -> NumberedView<'_> {
        NumberedView(self.0.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn number(&self, said: Vec<FacetKey>) -> Vec<u32> {
        // Without live sources there is nothing to number, and no lock to wait for.
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
    /// What was said under each number, by number.
    pub fn as_slice(&self) -> &[FacetKey] {
        &self.0.said
    }

    /// What was said under a number.
    pub fn get(&self, number: u32) -> &FacetKey {
        self.0.said.get(number as usize).unwrap_or(&FacetKey::Nothing)
    }
}
