//! The half hours of a week, as a set by which the index finds what may be open.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::DaySet;
use super::wall::DAY;
use crate::model::DayOfWeek;

/// The number of half hours in a day.
const OF_DAY: i32 = 48;
const OF_WEEK: i32 = OF_DAY * 7;
const MINUTES: i32 = DAY / OF_DAY;

/// A set of half hours of the week: 336 bits.
#[derive(Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct WeekSlots([u64; 6]);

impl WeekSlots {
    /// Returns whether the set is empty.
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(|bits| *bits == 0)
    }

    /// Returns whether the sets have a half hour in common.
    pub fn meets(&self, other: &Self) -> bool {
        self.0.iter().zip(&other.0).any(|(one, other)| one & other != 0)
    }

    /// Returns the half hours in order: the day of the week, and the number among the day's 48.
    pub fn iter(&self) -> impl Iterator<Item = (DayOfWeek, u8)> + '_ {
        let of_day = |day: DayOfWeek| (0..48).map(move |slot| (day, slot));
        let has = |(day, slot): &(DayOfWeek, u8)| self.has(i32::from(*day as u8) * OF_DAY + i32::from(*slot));
        DayOfWeek::ALL.into_iter().flat_map(of_day).filter(has)
    }

    /// Returns a tag for each half hour, such as `w:TU:24` for Tuesdays from noon.
    pub fn tags(&self) -> impl Iterator<Item = String> + '_ {
        self.iter().map(|(day, slot)| format!("w:{}:{slot}", day.code()))
    }

    /// Adds every half hour from minute `from` to before minute `to`, counted from midnight on each of these days. Adds
    /// at least the half hour that contains `from`.
    pub(super) fn add(&mut self, days: DaySet, from: i32, to: i32) {
        let (first, last) = (from.div_euclid(MINUTES), (to.max(from + 1) - 1).div_euclid(MINUTES));
        for day in days.iter() {
            let midnight = i32::from(day as u8) * OF_DAY;
            (first..=last.min(first + OF_WEEK)).for_each(|slot| self.set(midnight + slot));
        }
    }

    fn set(&mut self, slot: i32) {
        let slot = slot.rem_euclid(OF_WEEK).unsigned_abs() as usize;
        if let Some(bits) = self.0.get_mut(slot / 64) {
            *bits |= 1 << (slot % 64);
        }
    }

    fn has(&self, slot: i32) -> bool {
        let slot = slot.rem_euclid(OF_WEEK).unsigned_abs() as usize;
        self.0.get(slot / 64).is_some_and(|bits| bits & (1 << (slot % 64)) != 0)
    }
}

impl fmt::Debug for WeekSlots {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.tags()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_night_reaches_into_the_next_day_and_round_the_week() {
        let mut slots = WeekSlots::default();
        slots.add([DayOfWeek::Sunday].into_iter().collect(), 23 * 60 + 15, 25 * 60);
        assert_eq!(slots.tags().collect::<Vec<_>>(), ["w:MO:0", "w:MO:1", "w:SU:46", "w:SU:47"]);
    }
}
