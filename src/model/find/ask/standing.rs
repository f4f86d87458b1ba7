//! Where in a service a word stands, and how much it counts there.

/// Where in a service a word stands. Negated words ("we cannot give advice on debts") have no standing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum WordStanding {
    /// In the name.
    Name,
    /// In one of its taxonomy terms, or a synonym of one.
    Term,
    /// In the first sentence of the description, which says what the service is.
    Lead,
    /// In the rest of the description, or the provider's name.
    Body,
    /// In the eligibility, or the meaning of a term.
    Margin,
    /// Mentioned in passing: the building, fees, locations, contact details.
    Aside,
}

impl WordStanding {
    /// The number of standings.
    pub const COUNT: usize = 6;

    /// All standings, the most important first.
    pub const ALL: [Self; Self::COUNT] =
        [Self::Name, Self::Term, Self::Lead, Self::Body, Self::Margin, Self::Aside];

    /// Returns how much a word in this standing counts.
    pub const fn weight(self) -> u32 {
        match self {
            Self::Name => 10,
            Self::Term => 8,
            Self::Lead => 6,
            Self::Body => 4,
            Self::Margin => 2,
            Self::Aside => 1,
        }
    }

    /// Returns the letter that identifies the standing in an index.
    pub const fn letter(self) -> char {
        match self {
            Self::Name => 'n',
            Self::Term => 't',
            Self::Lead => 'l',
            Self::Body => 'b',
            Self::Margin => 'm',
            Self::Aside => 'a',
        }
    }

    /// Returns the index in [`Self::ALL`].
    pub const fn number(self) -> usize {
        self as usize
    }
}
