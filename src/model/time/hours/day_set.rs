//! Sets of days of the week.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::model::DayOfWeek;

/// A set of days of the week, in one byte.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct DaySet(u8);

impl DaySet {
    /// The empty set.
    pub const NONE: Self = Self(0);
    /// All seven days.
    pub const ALL: Self = Self(0b111_1111);

    /// Returns whether the set is empty.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Returns whether the set contains `day`.
    pub fn contains(self, day: DayOfWeek) -> bool {
        self.has(day as u8)
    }

    /// Returns the days in the set, Monday first.
    pub fn iter(self) -> impl Iterator<Item = DayOfWeek> {
        DayOfWeek::ALL.into_iter().filter(move |day| self.contains(*day))
    }

    /// Returns the intersection of both sets.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// Returns the union of both sets.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Returns the set of the one day that is `index` days after Monday.
    pub(in crate::model) fn nth(index: u8) -> Self {
        Self(1 << (index % 7))
    }

    /// Returns whether the set contains the day that is `index` days after Monday.
    pub(in crate::model) fn has(self, index: u8) -> bool {
        self.0 & (1 << (index % 7)) != 0
    }

    /// Shifts each day by `by` days; Monday follows Sunday.
    pub(super) fn moved(self, by: i32) -> Self {
        let by = by.rem_euclid(7);
        Self(((self.0 << by) | (self.0 >> (7 - by))) & Self::ALL.0)
    }
}

impl FromIterator<DayOfWeek> for DaySet {
    fn from_iter<I: IntoIterator<Item = DayOfWeek>>(days: I) -> Self {
        days.into_iter().fold(Self::NONE, |set, day| set.or(Self::nth(day as u8)))
    }
}

impl fmt::Debug for DaySet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter().map(DayOfWeek::code)).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_move_round_the_week() {
        let weekend: DaySet = [DayOfWeek::Saturday, DayOfWeek::Sunday].into_iter().collect();
        assert_eq!(weekend.moved(1), [DayOfWeek::Sunday, DayOfWeek::Monday].into_iter().collect());
        assert_eq!(weekend.moved(-1), [DayOfWeek::Friday, DayOfWeek::Saturday].into_iter().collect());
        assert_eq!(weekend.moved(7), weekend);
        assert_eq!(DaySet::ALL.moved(3), DaySet::ALL);
    }
}
