//! By what services are ordered.

/// By what services are ordered, and which way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ServiceOrder {
    /// By what.
    pub field: ServiceOrderField,
    /// Which way.
    pub direction: OrderDirection,
}

impl ServiceOrder {
    /// Whether what has the most comes first. The best matches always do: nobody looks for the worst.
    pub fn is_descending(self) -> bool {
        self.field == ServiceOrderField::Relevance || self.direction == OrderDirection::Desc
    }
}

/// What services are ordered by. Where two are equal, name, source and the feed's own id decide; a service that does
/// not state it comes last, whichever way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ServiceOrderField {
    /// How well the text matched: the best first, in either direction.
    Relevance,
    /// The name, without regard to case or accent.
    #[default]
    Name,
    /// The way from the point asked about to the nearest of its places.
    Distance,
    /// When it was last changed.
    LastModified,
    /// When it was last checked.
    AssuredDate,
    /// The source's key.
    Source,
}

/// Which way an order goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum OrderDirection {
    /// From the least to the most: A first, nearest first, longest ago first.
    #[default]
    Asc,
    /// From the most to the least.
    Desc,
}
