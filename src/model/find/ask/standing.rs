//! Where a word stands in a service, and what that is worth.

/// Where a word stands in a service. Words that are denied ("we cannot give advice on debts") stand nowhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum WordStanding {
    /// In its name.
    Name,
    /// In a taxonomy term that it carries, or a synonym of one.
    Term,
    /// In the first sentence of its description, which says what it is.
    Lead,
    /// In the rest of its description, or its provider's name.
    Body,
    /// In who it is for, or what a term means.
    Margin,
    /// In passing: the building, fees, places, how to get in touch.
    Aside,
}

impl WordStanding {
    /// How many there are.
    pub const COUNT: usize = 6;

    /// All of them, the most telling first.
    pub const ALL: [Self; Self::COUNT] =
        [Self::Name, Self::Term, Self::Lead, Self::Body, Self::Margin, Self::Aside];

    /// What a word is worth that stands here.
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

    /// A letter that tells it from the others in an index.
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

    /// Its place among [`Self::ALL`].
    pub const fn number(self) -> usize {
        self as usize
    }
}
