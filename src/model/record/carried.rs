//! Which nested members the feed sent with a record. List pages often leave out members that the detail page has.

use serde::{Deserialize, Serialize};

/// The nested members of the standard's records.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "each is the standard's member of that name")]
pub enum NestedMember {
    Organization,
    Program,
    AdditionalLinks,
    Phones,
    Contacts,
    Schedules,
    ServiceAreas,
    ServiceAtLocations,
    Languages,
    Funding,
    CostOptions,
    RequiredDocuments,
    Capacities,
    Attributes,
    Metadata,
    Identifiers,
    Locations,
    Programs,
    Addresses,
    Accessibility,
    Location,
    Service,
    Services,
}

/// A set of [`NestedMember`]s.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CarriedMembers(u32);

impl CarriedMembers {
    /// Returns the set with `member` added.
    #[must_use]
    pub fn with(self, member: NestedMember) -> Self {
        Self(self.0 | 1 << (member as u32))
    }

    /// Returns the union of both sets.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Returns whether `member` is in the set.
    pub fn has(self, member: NestedMember) -> bool {
        self.0 & 1 << (member as u32) != 0
    }

    /// Returns whether the set contains nothing but the organisation and the programme, which even shallow lists
    /// include.
    pub fn is_list_only(self) -> bool {
        let listed = Self::default().with(NestedMember::Organization).with(NestedMember::Program);
        self.0 & !listed.0 == 0
    }

    /// Returns the number of members.
    pub fn count(self) -> usize {
        self.0.count_ones() as usize
    }

    /// Returns whether every member of `other` is in the set.
    pub fn covers(self, other: Self) -> bool {
        other.0 & !self.0 == 0
    }
}

impl FromIterator<NestedMember> for CarriedMembers {
    fn from_iter<I: IntoIterator<Item = NestedMember>>(members: I) -> Self {
        members.into_iter().fold(Self::default(), Self::with)
    }
}
