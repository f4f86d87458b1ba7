//! The results of a decision: only the decision, all decisions that are still possible, or the decision with its
//! reasons. They combine in the same way.

use super::{FilterMatch, FilterVerdict};

/// The result of a filter.
pub(super) trait FilterOutcome: Sized {
    /// Returns the result of one condition.
    fn of(leaf: ConditionOutcome) -> Self;
    /// Combines two results that must both hold.
    fn and(self, other: Self) -> Self;
    /// Combines two results of which one must hold.
    fn or(self, other: Self) -> Self;
    /// Returns the opposite.
    fn negated(self) -> Self;
    /// Returns whether the result is a miss, whatever else must hold.
    fn is_miss(&self) -> bool;
}

/// The result of one condition.
pub(super) struct ConditionOutcome {
    pub(super) name: &'static str,
    pub(super) outcome: FilterMatch,
    /// Whether data that has not been read may change the outcome.
    pub(super) may_change: bool,
}

impl FilterOutcome for FilterMatch {
    fn of(leaf: ConditionOutcome) -> Self {
        leaf.outcome
    }

    fn and(self, other: Self) -> Self {
        Self::and(self, other)
    }

    fn or(self, other: Self) -> Self {
        Self::or(self, other)
    }

    fn negated(self) -> Self {
        Self::negated(self)
    }

    fn is_miss(&self) -> bool {
        *self == Self::No
    }
}

/// The set of outcomes that are still possible. If a condition occurs several times in a filter, the set may be too
/// large; then a detail page is read unnecessarily.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct PossibleMatches(u8);

impl PossibleMatches {
    const EACH: [FilterMatch; 4] = [
        FilterMatch::Yes,
        FilterMatch::No,
        FilterMatch::Unknown { kept: true },
        FilterMatch::Unknown { kept: false },
    ];

    const ANY: Self = Self(0b1111);

    /// Returns the decision, if all possible outcomes lead to the same.
    pub(super) fn verdict(self) -> FilterVerdict {
        let mut ends = self.iter().map(FilterMatch::end);
        let first = ends.next().unwrap_or(FilterMatch::No);
        if ends.all(|end| end == first) { FilterVerdict::Decided(first) } else { FilterVerdict::NeedsDetail }
    }

    fn iter(self) -> impl Iterator<Item = FilterMatch> + Clone {
        Self::EACH.into_iter().filter(move |outcome| self.0 & bit(*outcome) != 0)
    }

    fn combined(self, other: Self, combine: fn(FilterMatch, FilterMatch) -> FilterMatch) -> Self {
        self.iter().flat_map(|one| other.iter().map(move |two| combine(one, two))).collect()
    }
}

impl FromIterator<FilterMatch> for PossibleMatches {
    fn from_iter<I: IntoIterator<Item = FilterMatch>>(outcomes: I) -> Self {
        Self(outcomes.into_iter().fold(0, |set, outcome| set | bit(outcome)))
    }
}

impl FilterOutcome for PossibleMatches {
    fn of(leaf: ConditionOutcome) -> Self {
        if leaf.may_change { Self::ANY } else { Self(bit(leaf.outcome)) }
    }

    fn and(self, other: Self) -> Self {
        self.combined(other, FilterMatch::and)
    }

    fn or(self, other: Self) -> Self {
        self.combined(other, FilterMatch::or)
    }

    fn negated(self) -> Self {
        self.iter().map(FilterMatch::negated).collect()
    }

    fn is_miss(&self) -> bool {
        self.0 == bit(FilterMatch::No)
    }
}

fn bit(outcome: FilterMatch) -> u8 {
    match outcome {
        FilterMatch::Yes => 1,
        FilterMatch::No => 1 << 1,
        FilterMatch::Unknown { kept: true } => 1 << 2,
        FilterMatch::Unknown { kept: false } => 1 << 3,
    }
}

/// A decision, with the names of the conditions that make it unknown. No names if it is certain.
pub(super) struct DecisionReasons {
    outcome: FilterMatch,
    names: Vec<&'static str>,
}

impl DecisionReasons {
    /// Returns the names without duplicates.
    pub(super) fn names(self) -> Vec<&'static str> {
        let mut names = Vec::with_capacity(self.names.len());
        self.names.into_iter().for_each(|name| {
            if !names.contains(&name) {
                names.push(name);
            }
        });
        names
    }

    // Keeps the names that affect the outcome. Certain parts either decide it or have no influence.
    fn joined(outcome: FilterMatch, parts: [Self; 2]) -> Self {
        let bears = |part: &Self| part.outcome == outcome || outcome == FilterMatch::Unknown { kept: false };
        let names = match outcome {
            FilterMatch::Yes | FilterMatch::No => Vec::new(),
            FilterMatch::Unknown { .. } => {
                parts.into_iter().filter(bears).flat_map(|part| part.names).collect()
            }
        };
        Self { outcome, names }
    }
}

impl FilterOutcome for DecisionReasons {
    fn of(leaf: ConditionOutcome) -> Self {
        let is_unknown = matches!(leaf.outcome, FilterMatch::Unknown { .. });
        Self { outcome: leaf.outcome, names: is_unknown.then_some(leaf.name).into_iter().collect() }
    }

    fn and(self, other: Self) -> Self {
        Self::joined(self.outcome.and(other.outcome), [self, other])
    }

    fn or(self, other: Self) -> Self {
        Self::joined(self.outcome.or(other.outcome), [self, other])
    }

    fn negated(self) -> Self {
        Self { outcome: self.outcome.negated(), ..self }
    }

    fn is_miss(&self) -> bool {
        self.outcome == FilterMatch::No
    }
}
