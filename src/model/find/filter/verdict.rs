//! Three-valued outcomes and how they combine.

use crate::model::TriState;

/// Whether a record matches a condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FilterMatch {
    /// It does.
    Yes,
    /// It does not.
    No,
    /// It does not say.
    Unknown {
        /// Whether it is kept all the same.
        kept: bool,
    },
}

impl FilterMatch {
    /// Unknown, and dropped where the client does not say.
    pub(super) const DROPPED: Self = Self::Unknown { kept: false };

    /// Whether the record stays in the answer.
    pub fn is_retained(self) -> bool {
        matches!(self, Self::Yes | Self::Unknown { kept: true })
    }

    /// The same, with unknown ones kept or dropped as the client says, if it does.
    pub(super) fn settled(self, include_unknown: Option<bool>) -> Self {
        match self {
            Self::Unknown { kept } => Self::Unknown { kept: include_unknown.unwrap_or(kept) },
            certain => certain,
        }
    }

    /// What is presumed of an unknown one, turned round.
    pub(super) fn presumed_otherwise(self) -> Self {
        match self {
            Self::Unknown { kept } => Self::Unknown { kept: !kept },
            certain => certain,
        }
    }

    /// What it comes to for a client: what is dropped as unknown is dropped.
    pub(super) fn end(self) -> Self {
        if self.is_retained() { self } else { Self::No }
    }

    /// Both must hold: a miss decides; unknowns keep the record only when each of them does.
    pub(super) fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::No, _) | (_, Self::No) => Self::No,
            (Self::Unknown { kept: a }, Self::Unknown { kept: b }) => Self::Unknown { kept: a && b },
            (Self::Yes, other) | (other, Self::Yes) => other,
        }
    }

    /// One must hold: a match decides; unknowns keep the record when any of them does.
    pub(super) fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::Yes, _) | (_, Self::Yes) => Self::Yes,
            (Self::Unknown { kept: a }, Self::Unknown { kept: b }) => Self::Unknown { kept: a || b },
            (Self::No, other) | (other, Self::No) => other,
        }
    }

    /// The opposite; what is not known stays so.
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

/// A filter's decision about the record at hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FilterVerdict {
    /// Decided, whatever the record's unread detail may hold: a match, a miss (unknown ones that are dropped among
    /// them), or unknown and kept.
    Decided(FilterMatch),
    /// Only the record's detail can tell.
    NeedsDetail,
}
