//! Ages: how an asked range relates to a record's.

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

    pub(super) fn matches(&self, band: (Option<f64>, Option<f64>)) -> bool {
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
