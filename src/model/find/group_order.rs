//! The orders that groups of services come in, and places in them.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

use crate::model::find::cursor::{opened, sealed};
use crate::model::{CursorError, FacetDimension, FacetKey, OrderKey, ServiceStatus, SortDirection, TriState};

/// An order of groups. Groups that are alike in it follow each other by what their services say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GroupOrder {
    /// What it goes by.
    pub by: GroupOrderBy,
    /// Which way round.
    pub direction: SortDirection,
}

/// What an order of groups goes by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum GroupOrderBy {
    /// How many services there are.
    #[default]
    Count,
    /// What the services have in common, one dimension after the other: months by time, ranges from the least, days from
    /// Monday, names by the alphabet. Services that state nothing come last, whichever way round it is.
    Key,
}

impl Default for GroupOrder {
    fn default() -> Self {
        Self { by: GroupOrderBy::Count, direction: SortDirection::Descending }
    }
}

/// The place of what a service says among all that can be said of a dimension.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum SortKey {
    /// By number: of a month, a day of the week, a range.
    Rank(i32),
    /// By name.
    Name(OrderKey),
    /// It should go by a name, but has none: after those that have.
    Unnamed,
    /// Nothing is said: after all.
    Nothing,
}

impl SortKey {
    /// The place of what goes by a number; none of what goes by a name.
    pub fn by_rank(said: &FacetKey) -> Option<Self> {
        Some(Self::Rank(match said {
            FacetKey::Nothing => return Some(Self::Nothing),
            FacetKey::Status(status) => place_in(&STATUSES, status),
            FacetKey::Cost(free) => place_in(&[TriState::Yes, TriState::No, TriState::Unknown], free),
            FacetKey::Day(day) => *day as i32,
            FacetKey::Freshness(recency) => *recency as i32,
            FacetKey::Month(year, month) => year.saturating_mul(12).saturating_add_unsigned(*month),
            _ => return None,
        }))
    }

    /// The place of what goes by this name.
    pub fn by_name(name: Option<&str>) -> Self {
        name.map_or(Self::Unnamed, |name| Self::Name(OrderKey::of(name)))
    }

    // What is missing comes last either way.
    fn compare(&self, other: &Self, direction: SortDirection) -> Ordering {
        let is_missing = |key: &Self| matches!(key, Self::Unnamed | Self::Nothing);
        match (is_missing(self) || is_missing(other), direction) {
            (false, SortDirection::Descending) => other.cmp(self),
            _ => self.cmp(other),
        }
    }
}

const STATUSES: [ServiceStatus; 5] = [
    ServiceStatus::Active,
    ServiceStatus::Inactive,
    ServiceStatus::Defunct,
    ServiceStatus::TemporarilyClosed,
    ServiceStatus::Unknown,
];

fn place_in<T: PartialEq>(all: &[T], one: &T) -> i32 {
    let at = all.iter().position(|other| other == one);
    at.and_then(|at| i32::try_from(at).ok()).unwrap_or(i32::MAX)
}

/// What decides where a group stands.
#[derive(Clone, Copy, Debug)]
pub struct GroupRank<'g> {
    /// How many services it has.
    pub services: usize,
    /// The places of what they say, where the order goes by these.
    pub keys: [Option<&'g SortKey>; 3],
    /// What they say.
    pub values: [Option<&'g FacetKey>; 3],
}

/// Where a page of groups ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupPosition {
    /// How many services the last group had.
    pub services: usize,
    /// The places of what they said, where the order goes by these.
    pub keys: Vec<SortKey>,
    /// What they said.
    pub values: Vec<FacetKey>,
}

impl GroupOrder {
    /// Whether one group comes before, at or after another.
    pub fn compare(self, a: GroupRank<'_>, b: GroupRank<'_>) -> Ordering {
        match self.by {
            GroupOrderBy::Count => {
                let by_count = match self.direction {
                    SortDirection::Ascending => a.services.cmp(&b.services),
                    SortDirection::Descending => b.services.cmp(&a.services),
                };
                by_count.then_with(|| a.values.cmp(&b.values))
            }
            GroupOrderBy::Key => {
                let each = a.keys.iter().zip(&b.keys).zip(a.values.iter().zip(&b.values));
                let each = each.map(|((a, b), (said, other))| {
                    let by_key = a.zip(*b).map_or(Ordering::Equal, |(a, b)| a.compare(b, self.direction));
                    by_key.then_with(|| said.cmp(other))
                });
                each.fold(Ordering::Equal, Ordering::then)
            }
        }
    }
}

impl GroupPosition {
    const PURPOSE: &str = "groups";
    const VERSION: u8 = 1;

    /// The same, to be compared with groups.
    pub fn rank(&self) -> GroupRank<'_> {
        GroupRank {
            services: self.services,
            keys: std::array::from_fn(|at| self.keys.get(at)),
            values: std::array::from_fn(|at| self.values.get(at)),
        }
    }

    /// The text clients hold: opaque, checksummed, and tied to these dimensions in this order.
    pub fn encode(&self, by: &[FacetDimension], order: GroupOrder) -> String {
        // Numbers and texts alone: what cannot be written down does not occur.
        let body = serde_json::to_string(self).unwrap_or_default();
        sealed(Self::PURPOSE, Self::VERSION, &format!("{by:?} {order:?}\0{body}"))
    }

    /// Reads the text.
    ///
    /// # Errors
    /// When it is damaged, made for other dimensions or another order, or of another version.
    pub fn decode(by: &[FacetDimension], order: GroupOrder, text: &str) -> Result<Self, CursorError> {
        let body = opened(Self::PURPOSE, Self::VERSION, text)?;
        let (of, body) = body.split_once('\0').ok_or(CursorError::Invalid)?;
        if of != format!("{by:?} {order:?}") {
            return Err(CursorError::Invalid);
        }
        serde_json::from_str(body).map_err(|_| CursorError::Invalid)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn position(services: usize, month: u32) -> GroupPosition {
        let said = FacetKey::Month(2026, month);
        GroupPosition { services, keys: SortKey::by_rank(&said).into_iter().collect(), values: vec![said] }
    }

    #[test]
    fn a_place_comes_back_as_it_was_and_only_in_its_own_list() {
        let (by, order) = ([FacetDimension::ModifiedMonth], GroupOrder::default());
        let text = position(7, 5).encode(&by, order);
        assert_eq!(GroupPosition::decode(&by, order, &text), Ok(position(7, 5)));
        let others = [
            (vec![FacetDimension::Status], order),
            (vec![FacetDimension::ModifiedMonth, FacetDimension::Status], order),
            (by.to_vec(), GroupOrder { by: GroupOrderBy::Key, ..order }),
            (by.to_vec(), GroupOrder { direction: SortDirection::Ascending, ..order }),
        ];
        for (by, order) in others {
            assert_eq!(
                GroupPosition::decode(&by, order, &text),
                Err(CursorError::Invalid),
                "{by:?} {order:?}"
            );
        }
        assert!(GroupPosition::decode(&by, order, text.get(..text.len() - 2).unwrap()).is_err());
    }

    #[test]
    fn what_is_missing_comes_last_either_way() {
        for direction in [SortDirection::Ascending, SortDirection::Descending] {
            let order = GroupOrder { by: GroupOrderBy::Key, direction };
            let nothing =
                GroupPosition { services: 9, keys: vec![SortKey::Nothing], values: vec![FacetKey::Nothing] };
            assert_eq!(order.compare(position(1, 5).rank(), nothing.rank()), Ordering::Less, "{direction:?}");
        }
        let by_key = |direction| GroupOrder { by: GroupOrderBy::Key, direction };
        let later = |direction| by_key(direction).compare(position(1, 12).rank(), position(9, 5).rank());
        assert_eq!(
            (later(SortDirection::Ascending), later(SortDirection::Descending)),
            (Ordering::Greater, Ordering::Less)
        );
    }
}
