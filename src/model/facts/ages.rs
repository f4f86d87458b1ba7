//! The ages that a service is for, and how an asked range compares with them.

use ordered_float::OrderedFloat;
use serde::{Deserialize, Serialize};

use crate::model::{StatedBound, TriState, UnreadBounds};

/// The age ranges that a service is for, in years, both ends inclusive. A missing bound means no limit; a bound that is
/// stated but could not be read is unknown.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct AgeRanges(Box<[Band]>);

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
struct Band {
    minimum: Option<OrderedFloat<f64>>,
    maximum: Option<OrderedFloat<f64>>,
    unread: UnreadBounds,
}

/// A minimum age, a maximum age, and which of the two could not be read.
pub(in crate::model) type StatedAges = (Option<f64>, Option<f64>, UnreadBounds);

impl AgeRanges {
    /// Collects the ranges.
    pub fn of(bounds: impl Iterator<Item = StatedAges>) -> Self {
        let band = |(minimum, maximum, unread): StatedAges| Band {
            minimum: minimum.map(OrderedFloat),
            maximum: maximum.map(OrderedFloat),
            unread,
        };
        Self(bounds.map(band).collect())
    }

    /// Returns whether for each asked range there is a range of the service that relates to it as asked.
    pub fn matches(&self, asked: &[AgeRange]) -> TriState {
        TriState::all(asked.iter().map(|asked| TriState::any(self.0.iter().map(|band| asked.matches(band)))))
    }

    /// Returns whether any bound is stated.
    pub fn are_stated(&self) -> bool {
        self.0.iter().any(|band| band.minimum.or(band.maximum).is_some() || !band.unread.is_empty())
    }
}

/// How an asked range must relate to the record's: the three readings in use.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RangeMatch {
    /// They have an age in common.
    #[default]
    Overlaps,
    /// The record's range contains the asked one.
    Covers,
    /// The record's range lies within the asked one.
    Within,
}

/// An asked age range in years, both ends inclusive. `None` means no limit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AgeRange {
    /// Lowest age.
    pub minimum: Option<f64>,
    /// Highest age.
    pub maximum: Option<f64>,
    /// How it must relate to the record's range.
    pub relation: RangeMatch,
}

impl AgeRange {
    /// Returns the range of a person of this age.
    pub fn of_person(age: f64) -> Self {
        Self { minimum: Some(age), maximum: Some(age), relation: RangeMatch::Overlaps }
    }

    fn matches(&self, band: &Band) -> TriState {
        let lowest = self.minimum.unwrap_or(f64::NEG_INFINITY);
        let highest = self.maximum.unwrap_or(f64::INFINITY);
        match self.relation {
            RangeMatch::Overlaps => band.relates(|from| from <= highest, |to| to >= lowest),
            RangeMatch::Covers => band.relates(|from| from <= lowest, |to| to >= highest),
            RangeMatch::Within => band.relates(|from| from >= lowest, |to| to <= highest),
        }
    }
}

impl Band {
    /// Returns whether both bounds are as wanted.
    fn relates(&self, lower: impl Fn(f64) -> bool, upper: impl Fn(f64) -> bool) -> TriState {
        let known =
            |bound, holds: bool| if self.unread.has(bound) { TriState::Unknown } else { holds.into() };
        TriState::all([
            known(StatedBound::Lower, lower(self.minimum.map_or(f64::NEG_INFINITY, |age| age.0))),
            known(StatedBound::Upper, upper(self.maximum.map_or(f64::INFINITY, |age| age.0))),
        ])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // The worked examples of the field notes: asked 18 to 30, by overlaps, covers, within.
    #[test]
    fn the_three_readings() {
        let cases = [
            (Some(16.0), Some(25.0), [true, false, false]),
            (Some(18.0), Some(30.0), [true, true, true]),
            (Some(20.0), Some(25.0), [true, false, true]),
            (Some(60.0), None, [false, false, false]),
            (None, None, [true, true, false]),
            (Some(30.0), Some(40.0), [true, false, false]),
        ];
        for (minimum, maximum, expected) in cases {
            let readings = [RangeMatch::Overlaps, RangeMatch::Covers, RangeMatch::Within];
            let got = readings.map(|relation| {
                let asked = AgeRange { minimum: Some(18.0), maximum: Some(30.0), relation };
                AgeRanges::of(std::iter::once((minimum, maximum, UnreadBounds::default()))).matches(&[asked])
            });
            let expected = expected.map(TriState::from);
            assert_eq!(got, expected, "{minimum:?} to {maximum:?}");
        }
    }

    #[test]
    fn a_bound_that_cannot_be_read_is_unknown_unless_the_other_decides() {
        let unread = |bound| [bound].into_iter().collect::<UnreadBounds>();
        let at = |band, age| AgeRanges::of(std::iter::once(band)).matches(&[AgeRange::of_person(age)]);
        assert_eq!(at((None, None, unread(StatedBound::Lower)), 10.0), TriState::Unknown);
        assert_eq!(at((None, Some(5.0), unread(StatedBound::Lower)), 10.0), TriState::No);
        assert_eq!(at((Some(18.0), None, unread(StatedBound::Upper)), 10.0), TriState::No);
        assert_eq!(at((Some(18.0), None, unread(StatedBound::Upper)), 20.0), TriState::Unknown);
        let bands =
            [(Some(0.0), Some(5.0), UnreadBounds::default()), (None, None, unread(StatedBound::Upper))];
        let two = AgeRanges::of(bands.into_iter());
        assert_eq!(two.matches(&[AgeRange::of_person(4.0)]), TriState::Yes);
        assert_eq!(two.matches(&[AgeRange::of_person(9.0)]), TriState::Unknown);
        assert!(AgeRanges::of(std::iter::once((None, None, unread(StatedBound::Lower)))).are_stated());
    }
}
