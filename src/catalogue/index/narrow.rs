//! What can narrow the services down before their facts are looked at.

use crate::catalogue::standin::Sought;

/// Which services an index is to name; whoever asks decides on each, so it may be wider than what is meant.
#[derive(Clone, Debug)]
pub enum Narrow {
    /// Every service.
    All,
    /// None.
    None,
    /// Those with a tag.
    Tag(String),
    /// Those with one of these tags.
    AnyTag(Vec<String>),
    /// Those in all of these.
    And(Vec<Narrow>),
    /// Those in one of these; the scores of those they are in add up.
    Or(Vec<Narrow>),
    /// Those in which these words occur, with their score: this one is exact.
    Text(Sought),
}

impl Narrow {
    pub(super) fn scores(&self) -> bool {
        match self {
            Self::Text(_) => true,
            Self::And(parts) | Self::Or(parts) => parts.iter().any(Self::scores),
            Self::All | Self::None | Self::Tag(_) | Self::AnyTag(_) => false,
        }
    }
}
