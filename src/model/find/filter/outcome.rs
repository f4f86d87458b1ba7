//! What deciding comes to, by what is wanted of it: the decision alone, all decisions that are possible yet, or the
//! decision with its reasons. They combine alike.

use super::{FilterMatch, FilterVerdict};

/// What a filter comes to.
pub(super) trait FilterOutcome: Sized {
    /// Of one condition.
    fn of(leaf: ConditionOutcome) -> Self;
    /// Both must hold.
    fn and(self, other: Self) -> Self;
    /// One must hold.
    fn or(self, other: Self) -> Self;
    /// The opposite.
    fn negated(self) -> Self;
    /// Whether nothing that must hold besides makes a difference.
    fn is_miss(&self) -> bool;
}

/// What one condition comes to.
pub(super) struct ConditionOutcome {
    pub(super) name: &'static str,
    pub(super) outcome: FilterMatch,
    /// Whether what has not been read may make it any other.
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

/// All that an outcome may turn out to be, as a set. Where one condition stands in several places of a filter, it may
/// hold more than can be: then something is read that need not be.
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

    /// The decision, where all that is possible leads to one.
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

/// A decision, with the names of the conditions that make it unknown; none where it is certain.
pub(super) struct DecisionReasons {
    outcome: FilterMatch,
    names: Vec<&'static str>,
}

impl DecisionReasons {
    /// The names, each once.
    pub(super) fn names(self) -> Vec<&'static str> {
        let mut names = Vec::with_capacity(self.names.len());
        self.names.into_iter().for_each(|name| {
            if !names.contains(&name) {
                names.push(name);
            }
        });
        names
    }

    // Of both, those that bear on the outcome: what is certain decides, or has no part in it.
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
