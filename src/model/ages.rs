//! Ages: those a service is for, and how an asked range relates to them.

use ordered_float::OrderedFloat;
use serde::{Deserialize, Serialize};

/// The ranges of ages that a service is for, in years, both ends inclusive; a missing bound is no bound.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Ages(Box<[Band]>);

type Band = (Option<OrderedFloat<f64>>, Option<OrderedFloat<f64>>);

impl Ages {
    /// Those between these bounds.
    pub fn of(bounds: impl Iterator<Item = (Option<f64>, Option<f64>)>) -> Self {
        Self(
            bounds.map(|(minimum, maximum)| (minimum.map(OrderedFloat), maximum.map(OrderedFloat))).collect(),
        )
    }

    /// Whether for each of the asked ranges there is one of these that relates to it as asked.
    pub fn matches(&self, asked: &[AgeRange]) -> bool {
        asked.iter().all(|asked| self.bounds().any(|bounds| asked.matches(bounds)))
    }

    /// Whether any bound is known.
    pub fn are_stated(&self) -> bool {
        self.0.iter().any(|(minimum, maximum)| minimum.is_some() || maximum.is_some())
    }

    fn bounds(&self) -> impl Iterator<Item = (Option<f64>, Option<f64>)> {
        self.0.iter().map(|(minimum, maximum)| (minimum.map(|age| age.0), maximum.map(|age| age.0)))
    }
}

/// How the asked range relates to the record's: the three readings found in the wild.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RangeMatch {
    /// They have an age in common.
    #[default]
    Overlaps,
    /// The record's range holds all of the asked one.
    Covers,
    /// The record's range lies inside the asked one.
    Within,
}

/// An asked range of ages in years, both ends inclusive; a missing end is no bound.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AgeRange {
    /// Lowest age.
    pub minimum: Option<f64>,
    /// Highest age.
    pub maximum: Option<f64>,
    /// How it relates to the record's.
    pub relation: RangeMatch,
}

impl AgeRange {
    /// The range of one person.
    pub fn of_person(age: f64) -> Self {
        Self { minimum: Some(age), maximum: Some(age), relation: RangeMatch::Overlaps }
    }

    fn matches(&self, band: (Option<f64>, Option<f64>)) -> bool {
        let asked = bounds((self.minimum, self.maximum));
        let record = bounds(band);
        match self.relation {
            RangeMatch::Overlaps => record.0 <= asked.1 && record.1 >= asked.0,
            RangeMatch::Covers => record.0 <= asked.0 && record.1 >= asked.1,
            RangeMatch::Within => record.0 >= asked.0 && record.1 <= asked.1,
        }
    }
}

fn bounds((minimum, maximum): (Option<f64>, Option<f64>)) -> (f64, f64) {
    (minimum.unwrap_or(f64::NEG_INFINITY), maximum.unwrap_or(f64::INFINITY))
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
                AgeRange { minimum: Some(18.0), maximum: Some(30.0), relation }.matches((minimum, maximum))
            });
            assert_eq!(got, expected, "{minimum:?} to {maximum:?}");
        }
    }
}
