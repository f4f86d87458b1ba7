//! Orders of groups of services, and positions in them.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

use crate::model::find::cursor::{opened, sealed};
use crate::model::{CursorError, FacetDimension, FacetKey, OrderKey, ServiceStatus, SortDirection, TriState};

/// An order of groups. Ties are sorted by the values of the groups.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GroupOrder {
    /// The sort criterion.
    pub by: GroupOrderBy,
    /// The direction.
    pub direction: SortDirection,
}

/// The sort criterion of groups.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum GroupOrderBy {
    /// The number of services.
    #[default]
    Count,
    /// The group's values, one dimension after the other: months by time, ranges from the lowest, days from Monday,
    /// names alphabetically. Services that state nothing come last in either direction.
    Key,
}

impl Default for GroupOrder {
    fn default() -> Self {
        Self { by: GroupOrderBy::Count, direction: SortDirection::Descending }
    }
}

/// The sort key of a value among all values of a dimension.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum SortKey {
    /// A number: of a month, a day of the week or a range.
    Rank(i32),
    /// A name.
    Name(OrderKey),
    /// A value that sorts by name but has none: after all names.
    Unnamed,
    /// No value: after everything else.
    Nothing,
}

impl SortKey {
    /// Returns the key of a value that sorts by number. Returns `None` for one that sorts by name.
    pub fn by_rank(said: &FacetKey) -> Option<Self> {
        Some(Self::Rank(match said {
            FacetKey::Nothing => return Some(Self::Nothing),
            FacetKey::Status(status) => place_in(&STATUSES, status),
            FacetKey::Cost(free) => place_in(&[TriState::Yes, TriState::No, TriState::Unknown], free),
            FacetKey::Day(day) => *day as i32,
            FacetKey::Freshness(recency) => *recency as i32,
            FacetKey::Month(year, month) => year.saturating_mul(12).saturating_add_unsigned(*month),
            FacetKey::Source(_)
            | FacetKey::Record(_)
            | FacetKey::TermGroup(_)
            | FacetKey::LocalAuthority(_)
            | FacetKey::PostcodeArea(_)
            | FacetKey::Language(_)
            | FacetKey::Date(_)
            | FacetKey::Ages(_) => return None,
        }))
    }

    /// Returns the key of a value with this name.
    pub fn by_name(name: Option<&str>) -> Self {
        name.map_or(Self::Unnamed, |name| Self::Name(OrderKey::of(name)))
    }

    // Missing values come last in either direction.
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

/// What is compared of a group.
#[derive(Clone, Copy, Debug)]
pub struct GroupRank<'g> {
    /// The number of services.
    pub services: usize,
    /// The sort keys of the values, if the order uses them.
    pub keys: [Option<&'g SortKey>; 3],
    /// The values.
    pub values: [Option<&'g FacetKey>; 3],
}

/// The position after which a page of groups ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupPosition {
    /// The number of services of the last group.
    pub services: usize,
    /// The sort keys of its values, if the order uses them.
    pub keys: Vec<SortKey>,
    /// Its values.
    pub values: Vec<FacetKey>,
}

impl GroupOrder {
    /// Compares two groups.
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

    /// Returns a view for comparison with groups.
    pub fn rank(&self) -> GroupRank<'_> {
        GroupRank {
            services: self.services,
            keys: std::array::from_fn(|at| self.keys.get(at)),
            values: std::array::from_fn(|at| self.values.get(at)),
        }
    }

    /// Returns the cursor that clients see: opaque, checksummed, and valid for these dimensions in this order.
    pub fn encode(&self, by: &[FacetDimension], order: GroupOrder) -> String {
        // The position contains only numbers and texts, so serialising does not fail.
        let body = serde_json::to_string(self).unwrap_or_default();
        sealed(Self::PURPOSE, Self::VERSION, &format!("{by:?} {order:?}\0{body}"))
    }

    /// Parses a cursor.
    ///
    /// # Errors
    /// Returns [`CursorError`] if it is damaged, was made for other dimensions or another order, or by another version.
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
