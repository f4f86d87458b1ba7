//! What deciding comes to, by what is wanted of it: the decision alone, all decisions that are possible yet, or the
//! decision with its reasons. They combine alike.

use super::{Match, Verdict};

/// What a filter comes to.
pub(super) trait Outcome: Sized {
    /// Of one condition.
    fn of(leaf: Leaf) -> Self;
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
pub(super) struct Leaf {
    pub(super) name: &'static str,
    pub(super) outcome: Match,
    /// Whether what has not been read may make it any other.
    pub(super) may_change: bool,
}

impl Outcome for Match {
    fn of(leaf: Leaf) -> Self {
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
pub(super) struct Possible(u8);

impl Possible {
    const EACH: [Match; 4] =
        [Match::Yes, Match::No, Match::Unknown { kept: true }, Match::Unknown { kept: false }];

    const ANY: Self = Self(0b1111);

    /// The decision, where all that is possible leads to one.
    pub(super) fn verdict(self) -> Verdict {
        let mut ends = self.iter().map(Match::end);
        let first = ends.next().unwrap_or(Match::No);
        if ends.all(|end| end == first) { Verdict::Decided(first) } else { Verdict::NeedsDetail }
    }

    fn iter(self) -> impl Iterator<Item = Match> + Clone {
        Self::EACH.into_iter().filter(move |outcome| self.0 & bit(*outcome) != 0)
    }

    fn combined(self, other: Self, combine: fn(Match, Match) -> Match) -> Self {
        self.iter().flat_map(|one| other.iter().map(move |two| combine(one, two))).collect()
    }
}

impl FromIterator<Match> for Possible {
    fn from_iter<I: IntoIterator<Item = Match>>(outcomes: I) -> Self {
        Self(outcomes.into_iter().fold(0, |set, outcome| set | bit(outcome)))
    }
}

impl Outcome for Possible {
    fn of(leaf: Leaf) -> Self {
        if leaf.may_change { Self::ANY } else { Self(bit(leaf.outcome)) }
    }

    fn and(self, other: Self) -> Self {
        self.combined(other, Match::and)
    }

    fn or(self, other: Self) -> Self {
        self.combined(other, Match::or)
    }

    fn negated(self) -> Self {
        self.iter().map(Match::negated).collect()
    }

    fn is_miss(&self) -> bool {
        self.0 == bit(Match::No)
    }
}

fn bit(outcome: Match) -> u8 {
    match outcome {
        Match::Yes => 1,
        Match::No => 1 << 1,
        Match::Unknown { kept: true } => 1 << 2,
        Match::Unknown { kept: false } => 1 << 3,
    }
}

/// A decision, with the names of the conditions that make it unknown; none where it is certain.
pub(super) struct Reasons {
    outcome: Match,
    names: Vec<&'static str>,
}

impl Reasons {
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
    fn joined(outcome: Match, parts: [Self; 2]) -> Self {
        let bears = |part: &Self| part.outcome == outcome || outcome == Match::Unknown { kept: false };
        let names = match outcome {
            Match::Yes | Match::No => Vec::new(),
            Match::Unknown { .. } => parts.into_iter().filter(bears).flat_map(|part| part.names).collect(),
        };
        Self { outcome, names }
    }
}

impl Outcome for Reasons {
    fn of(leaf: Leaf) -> Self {
        let is_unknown = matches!(leaf.outcome, Match::Unknown { .. });
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
        self.outcome == Match::No
    }
}
