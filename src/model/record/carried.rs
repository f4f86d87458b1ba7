//! Which nested members a record came with: list pages often leave out what the detail has.

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
    /// The set with `member` in it.
    #[must_use]
    pub fn with(self, member: NestedMember) -> Self {
        Self(self.0 | 1 << (member as u32))
    }

    /// The members of either.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether `member` is in it.
    pub fn has(self, member: NestedMember) -> bool {
        self.0 & 1 << (member as u32) != 0
    }

    /// Whether nothing is in it but what list pages carry at any depth: the organisation and the programme.
    pub fn is_list_only(self) -> bool {
        let listed = Self::default().with(NestedMember::Organization).with(NestedMember::Program);
        self.0 & !listed.0 == 0
    }

    /// Whether every member of `other` is in it.
    pub fn covers(self, other: Self) -> bool {
        other.0 & !self.0 == 0
    }
}

impl FromIterator<NestedMember> for CarriedMembers {
    fn from_iter<I: IntoIterator<Item = NestedMember>>(members: I) -> Self {
        members.into_iter().fold(Self::default(), Self::with)
    }
}
