//! Three-valued results and how they combine.

use crate::model::TriState;

/// Whether a record matches a condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FilterMatch {
    /// It matches.
    Yes,
    /// It does not match.
    No,
    /// It does not state the fact.
    Unknown {
        /// Whether the record is kept nevertheless.
        kept: bool,
    },
}

impl FilterMatch {
    /// Unknown, and dropped by default.
    pub(super) const DROPPED: Self = Self::Unknown { kept: false };

    /// Returns whether the record is part of the result.
    pub fn is_retained(self) -> bool {
        matches!(self, Self::Yes | Self::Unknown { kept: true })
    }

    /// Applies the client's choice for unknown results, if there is one.
    pub(super) fn settled(self, include_unknown: Option<bool>) -> Self {
        match self {
            Self::Unknown { kept } => Self::Unknown { kept: include_unknown.unwrap_or(kept) },
            certain => certain,
        }
    }

    /// Reverses the default for an unknown result.
    pub(super) fn presumed_otherwise(self) -> Self {
        match self {
            Self::Unknown { kept } => Self::Unknown { kept: !kept },
            certain => certain,
        }
    }

    /// Returns the final result for a client: an unknown result that is dropped becomes `No`.
    pub(super) fn end(self) -> Self {
        if self.is_retained() { self } else { Self::No }
    }

    /// Both must hold. A miss decides; if both are unknown, the record is kept only if both keep it.
    pub(super) fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::No, _) | (_, Self::No) => Self::No,
            (Self::Unknown { kept: a }, Self::Unknown { kept: b }) => Self::Unknown { kept: a && b },
            (Self::Yes, other) | (other, Self::Yes) => other,
        }
    }

    /// One must hold. A match decides; if both are unknown, the record is kept if either keeps it.
    pub(super) fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::Yes, _) | (_, Self::Yes) => Self::Yes,
            (Self::Unknown { kept: a }, Self::Unknown { kept: b }) => Self::Unknown { kept: a || b },
            (Self::No, other) | (other, Self::No) => other,
        }
    }

    /// Returns the opposite. Unknown stays unknown.
    pub(super) fn negated(self) -> Self {
        match self {
            Self::Yes => Self::No,
            Self::No => Self::Yes,
            unknown @ Self::Unknown { .. } => unknown,
        }
    }
}

impl From<bool> for FilterMatch {
    fn from(holds: bool) -> Self {
        if holds { Self::Yes } else { Self::No }
    }
}

impl From<TriState> for FilterMatch {
    fn from(holds: TriState) -> Self {
        match holds {
            TriState::Yes => Self::Yes,
            TriState::No => Self::No,
            TriState::Unknown => Self::DROPPED,
        }
    }
}

/// The decision on a form of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FilterVerdict {
    /// Decided, whatever the unread detail contains: a match, a miss (including dropped unknown results), or unknown
    /// and kept.
    Decided(FilterMatch),
    /// Only the detail can decide.
    NeedsDetail,
}
