//! The orders of lists.

use std::cmp::Ordering;
use std::sync::Arc;

use crate::model::{OrderKey, RecordId, SortPosition, SourceKey};

/// An order of a list. Ties are sorted by name, then source, then upstream id. Records without the sort value come last
/// in either direction.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct SortOrder {
    /// The sort criterion.
    pub by: OrderBy,
    /// The direction.
    pub direction: SortDirection,
}

/// The sort criterion of an order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum OrderBy {
    /// How well a record's words match. The best come first in either direction.
    Relevance,
    /// The name.
    #[default]
    Name,
    /// The distance of the nearest location.
    Distance,
    /// The instant of the last change.
    LastModified,
    /// The date of the last check.
    AssuredDate,
    /// The source's key.
    Source,
}

/// Which way round an order is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum SortDirection {
    /// Least first.
    #[default]
    Ascending,
    /// Greatest first.
    Descending,
}

/// What is compared of a record before its name: a number that sorts ascending.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SortPrefix(pub(in crate::model) u64);

impl SortPrefix {
    const MISSING: Self = Self(u64::MAX);

    /// Returns the prefix for name order: the first letters, in which most names differ.
    pub fn of_name(order_key: &OrderKey) -> Self {
        Self(order_key.prefix())
    }
}

impl SortOrder {
    /// Returns the prefix for a record with this sort value. `None` sorts last.
    pub fn lead(self, value: Option<f64>) -> SortPrefix {
        let Some(value) = value.filter(|value| !value.is_nan()) else { return SortPrefix::MISSING };
        let ascending = ordered(value);
        let is_turned = self.by == OrderBy::Relevance || self.direction == SortDirection::Descending;
        SortPrefix(if is_turned { !ascending } else { ascending })
    }

    /// Returns whether a record with a smaller prefix always comes first.
    pub fn goes_by_lead(self) -> bool {
        match self.by {
            OrderBy::Source => false,
            OrderBy::Name => self.direction == SortDirection::Ascending,
            OrderBy::Relevance | OrderBy::Distance | OrderBy::LastModified | OrderBy::AssuredDate => true,
        }
    }

    /// Compares two records in this order.
    pub fn compare(self, a: SortRank<'_>, b: SortRank<'_>) -> Ordering {
        let by_name = || (a.lead, a.name, a.order_key).cmp(&(b.lead, b.name, b.order_key));
        // Only the criterion is reversed. Ties are always in the same sequence.
        let alike = || (a.source, a.upstream).cmp(&(b.source, b.upstream));
        match self.by {
            OrderBy::Name => self.turned(by_name()).then_with(alike),
            OrderBy::Source => self.turned(a.source.cmp(b.source)).then_with(by_name).then_with(alike),
            _ => by_name().then_with(alike),
        }
    }

    /// Returns the text that distinguishes cursors of different orders.
    pub(in crate::model) fn tag(self) -> String {
        format!("{:?} {:?}", self.by, self.direction)
    }

    fn turned(self, ordering: Ordering) -> Ordering {
        match self.direction {
            SortDirection::Ascending => ordering,
            SortDirection::Descending => ordering.reverse(),
        }
    }
}

/// What is compared of a record in an order.
///
/// In most cases the two numbers decide, without following the references.
#[derive(Clone, Copy, Debug)]
pub struct SortRank<'a> {
    /// What is compared before the name.
    pub lead: SortPrefix,
    /// The first letters of the name.
    pub name: SortPrefix,
    /// The folded name.
    pub order_key: &'a OrderKey,
    /// The source.
    pub source: &'a SourceKey,
    /// The feed's own id.
    pub upstream: &'a Arc<str>,
}

impl<'a> SortRank<'a> {
    /// Returns the rank of a record in name order.
    pub fn by_name(order_key: &'a OrderKey, id: &'a RecordId) -> Self {
        let name = SortPrefix::of_name(order_key);
        Self::new(name, name, order_key, id)
    }

    /// Returns the rank of a record. `name` is the prefix of its name.
    pub fn new(lead: SortPrefix, name: SortPrefix, order_key: &'a OrderKey, id: &'a RecordId) -> Self {
        Self { lead, name, order_key, source: id.source(), upstream: id.shared_upstream() }
    }

    /// Returns an owned position.
    pub fn to_position(self) -> SortPosition {
        let Self { lead, name: _, order_key, source, upstream } = self;
        SortPosition {
            lead,
            order_key: order_key.clone(),
            source: source.clone(),
            upstream: Arc::clone(upstream),
        }
    }
}

/// Maps a number to an integer that sorts in the same order.
fn ordered(value: f64) -> u64 {
    // Positive and negative zero are equal.
    let bits = (value + 0.0).to_bits();
    if bits >> 63 == 0 { bits | 1 << 63 } else { !bits }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn leads_sort_as_their_values(a in -1e12..1e12f64, b in -1e12..1e12f64) {
            let by = |direction| SortOrder { by: OrderBy::Distance, direction };
            let ascending = by(SortDirection::Ascending).lead(Some(a)).cmp(&by(SortDirection::Ascending).lead(Some(b)));
            let descending = by(SortDirection::Descending).lead(Some(a)).cmp(&by(SortDirection::Descending).lead(Some(b)));
            prop_assert_eq!(Some(ascending), a.partial_cmp(&b));
            prop_assert_eq!(descending, ascending.reverse());
        }
    }

    #[test]
    fn what_is_alike_keeps_its_sequence_whichever_way_round() {
        let keys = ["bath", "wells"].map(|key| SourceKey::parse(key).unwrap());
        let (twin, other) = (OrderKey::of("Twin"), OrderKey::of("Yak"));
        let upstream = ["1", "2"].map(Arc::<str>::from);
        let rank = |order_key, source, upstream| {
            let name = SortPrefix::of_name(order_key);
            SortRank { lead: name, name, order_key, source, upstream }
        };
        let [first, second, third] = [(0, 0), (0, 1), (1, 0)]
            .map(|(source, id): (usize, usize)| rank(&twin, &keys[source], &upstream[id]));
        let last = rank(&other, &keys[0], &upstream[0]);
        for direction in [SortDirection::Ascending, SortDirection::Descending] {
            let by_name = SortOrder { by: OrderBy::Name, direction };
            assert_eq!(by_name.compare(first, second), Ordering::Less, "{direction:?}");
            assert_eq!(by_name.compare(second, third), Ordering::Less, "{direction:?}");
            assert_eq!(by_name.compare(first, last), by_name.turned(Ordering::Less));
            let by_source = SortOrder { by: OrderBy::Source, direction };
            assert_eq!(by_source.compare(first, second), Ordering::Less, "{direction:?}");
            assert_eq!(by_source.compare(first, third), by_source.turned(Ordering::Less));
        }
    }

    #[test]
    fn what_is_missing_comes_last_either_way_and_relevance_knows_one_way() {
        for direction in [SortDirection::Ascending, SortDirection::Descending] {
            let order = SortOrder { by: OrderBy::LastModified, direction };
            assert!(order.lead(Some(f64::MAX)) < order.lead(None));
            assert!(order.lead(Some(f64::MIN)) < order.lead(None));
            let relevance = SortOrder { by: OrderBy::Relevance, direction };
            assert!(relevance.lead(Some(2.0)) < relevance.lead(Some(1.0)));
        }
    }
}
