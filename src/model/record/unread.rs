//! Bounds that a feed states in a form that could not be read. Such a bound is unknown, which is not the same as
//! missing.

use serde::{Deserialize, Serialize};

/// A bound on when something applies or whom it is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StatedBound {
    /// The lower bound: a first date or a lowest age.
    Lower,
    /// The upper bound: a last date, a count or a highest age.
    Upper,
    /// How often it recurs.
    Rule,
    /// The days on which it falls.
    Days,
}

/// The set of bounds that are stated and could not be read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct UnreadBounds(u8);

impl UnreadBounds {
    /// Returns whether every stated bound was read.
    pub fn is_empty(&self) -> bool {
        self.0 == 0
    }

    /// Returns whether `bound` could not be read.
    pub fn has(self, bound: StatedBound) -> bool {
        self.0 & 1 << (bound as u8) != 0
    }

    /// Returns the set with `bound` added.
    #[must_use]
    pub fn with(self, bound: StatedBound) -> Self {
        Self(self.0 | 1 << (bound as u8))
    }

    /// Returns the union of both sets.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl FromIterator<StatedBound> for UnreadBounds {
    fn from_iter<I: IntoIterator<Item = StatedBound>>(bounds: I) -> Self {
        bounds.into_iter().fold(Self::default(), Self::with)
    }
}
