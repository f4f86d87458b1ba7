//! What services say of an aspect, by numbers and side by side: counting very many is then a walk through memory.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};

use foldhash::fast::RandomState;

use crate::model::{Aspect, Facts, Said, Viewpoint};

/// Numbers what is said of one aspect by the order in which it is met. It forgets nothing, so that a number holds for
/// as long as there is a gateway; what is said is of few kinds, or no more than there are records.
#[derive(Debug, Default)]
pub struct Numbering(RwLock<Numbered>);

#[derive(Debug, Default)]
struct Numbered {
    numbers: HashMap<Said, u32, RandomState>,
    said: Vec<Said>,
}

/// What was said, under the numbers given to it by now.
pub struct Numbers<'n>(RwLockReadGuard<'n, Numbered>);

/// What some services say of one aspect.
#[derive(Debug, Default)]
pub struct Column {
    numbers: Vec<u32>,
    /// Where the numbers of each service end. `None` if each service has one number; [`NO_SERVICE`] then stands in a place
    /// without a service.
    ends: Option<Vec<u32>>,
}

/// Stands in the place of a service that is not there, if all others say one thing each.
const NO_SERVICE: u32 = u32::MAX;

/// What the services of a table say of one aspect.
#[derive(Debug)]
pub struct TableColumn {
    pub(super) chunks: Vec<Arc<Column>>,
    pub(super) numbering: Arc<Numbering>,
}

impl Column {
    /// Of these services; a place without one says nothing at all.
    pub fn of<'f>(
        services: impl ExactSizeIterator<Item = Option<&'f Facts>>,
        aspect: Aspect,
        from: Viewpoint<'_>,
        numbering: &Numbering,
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
    pub(super) fn each_saying(&self, is_wanted: &impl Fn(u32) -> bool, mut take: impl FnMut(usize)) {
        if self.ends.is_none() {
            let said = self.numbers.iter().enumerate().filter(|(_, number)| **number != NO_SERVICE);
            return said.filter(|(_, number)| is_wanted(**number)).for_each(|(place, _)| take(place));
        }
        let places = 0..self.len();
        places.filter(|place| self.get(*place).iter().any(|number| is_wanted(*number))).for_each(take);
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

impl Numbering {
    /// What has been said so far.
    pub fn said(&self) -> Numbers<'_> {
        Numbers(self.0.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn number(&self, said: Vec<Said>) -> Vec<u32> {
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        said.into_iter().map(|one| known.number(one)).collect()
    }
}

impl Numbered {
    fn number(&mut self, said: Said) -> u32 {
        if let Some(number) = self.numbers.get(&said) {
            return *number;
        }
        let number = u32::try_from(self.said.len()).unwrap_or(u32::MAX);
        self.said.push(said.clone());
        self.numbers.insert(said, number);
        number
    }
}

impl Numbers<'_> {
    /// What was said under each number, by number.
    pub fn as_slice(&self) -> &[Said] {
        &self.0.said
    }

    /// What was said under a number.
    pub fn get(&self, number: u32) -> &Said {
        self.0.said.get(number as usize).unwrap_or(&Said::Nothing)
    }
}
