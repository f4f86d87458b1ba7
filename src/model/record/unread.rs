//! Bounds that a feed states in a way nobody can read: each is unknown, which is not the same as missing.

use serde::{Deserialize, Serialize};

/// Something that bounds when or for whom a thing holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StatedBound {
    /// Its beginning: a first date, a lowest age.
    Lower,
    /// Its end: a last date, a count, a highest age.
    Upper,
    /// How often it recurs.
    Rule,
    /// The days it falls on.
    Days,
}

/// The bounds that are stated and could not be read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct UnreadBounds(u8);

impl UnreadBounds {
    /// Whether every bound that is stated was read.
    pub fn is_empty(&self) -> bool {
        self.0 == 0
    }

    /// Whether this bound could not be read.
    pub fn has(self, bound: StatedBound) -> bool {
        self.0 & 1 << (bound as u8) != 0
    }

    /// These and one more.
    #[must_use]
    pub fn with(self, bound: StatedBound) -> Self {
        Self(self.0 | 1 << (bound as u8))
    }

    /// Those of either.
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
