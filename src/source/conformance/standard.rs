//! The members that each version of the standards defines, as tables.

mod parts;
mod records;
mod v1;

use crate::model::RecordKind;
use crate::source::dialects::same_name;

/// A standard against which a feed can be checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FeedStandard {
    /// Open Referral UK 1.0.
    Oruk1,
    /// Open Referral UK 3.0.
    Oruk3,
    /// International HSDS 3.0.
    Hsds30,
    /// International HSDS 3.1, and 3.2, which has the same schemas.
    Hsds31,
}

/// What a standard requires of an object.
pub(super) struct ObjectStandard {
    /// The required members.
    pub required: &'static [&'static str],
    /// The known members, with the versions that define them and their type.
    pub members: &'static [(StandardScope, MemberKind, &'static [&'static str])],
}

/// Which versions define a member. Other versions allow it, as they allow any member, and do not check it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum StandardScope {
    /// All versions.
    All,
    /// HSDS, but not its UK profile.
    Hsds,
    /// HSDS from 3.1.
    Hsds31,
}

/// The type of a member.
#[derive(Clone, Copy)]
pub(super) enum MemberKind {
    Text,
    Number,
    Truth,
    Uuid,
    Email,
    Uri,
    Date,
    DateTime,
    Time,
    /// One of these codes.
    Code(&'static [&'static str]),
    /// An object.
    One(&'static ObjectStandard),
    /// A list of objects.
    Many(&'static ObjectStandard),
}

impl FeedStandard {
    /// Returns HSDS in the version that a feed declares.
    pub(crate) fn of_hsds(version: Option<&str>) -> Self {
        if version.is_some_and(is_3_0) { Self::Hsds30 } else { Self::Hsds31 }
    }

    /// Returns the requirements for records of a kind. Returns `None` if the standard has no such records.
    pub(super) fn object(self, kind: RecordKind) -> Option<&'static ObjectStandard> {
        match self {
            Self::Oruk1 => v1::object(kind),
            Self::Oruk3 | Self::Hsds30 | Self::Hsds31 => Some(records::object(kind)),
        }
    }

    /// Returns whether a feed's spelling is a name of a member. Feeds of 1.0 differ in case, underscores and hyphens.
    pub(super) fn is_name(self, name: &str, own: &str) -> bool {
        name == own || (self == Self::Oruk1 && same_name(name, own))
    }

    /// Returns whether this version defines members of a scope.
    pub(super) fn asks(self, scope: StandardScope) -> bool {
        match scope {
            StandardScope::All => true,
            StandardScope::Hsds => matches!(self, Self::Hsds30 | Self::Hsds31),
            StandardScope::Hsds31 => self == Self::Hsds31,
        }
    }
}

impl ObjectStandard {
    /// Returns the type of a member. Returns `None` if the standard does not define it.
    pub(super) fn kind(&self, member: &str, standard: FeedStandard) -> Option<MemberKind> {
        let is_it = |name: &&str| standard.is_name(name, member);
        let mut asked = self.members.iter().filter(|(scope, ..)| standard.asks(*scope));
        asked.find(|(_, _, names)| names.iter().any(is_it)).map(|(_, kind, _)| *kind)
    }
}

// Accepts `3.0`, `HSDS-3.0` and the like.
fn is_3_0(version: &str) -> bool {
    let mut numbers = version.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty());
    (numbers.next(), numbers.next()) == (Some("3"), Some("0"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Dialect;
    use crate::source::dialects::description;

    #[test]
    fn versions_differ_in_what_they_ask() {
        let contact = records::object(RecordKind::Service).kind("contacts", FeedStandard::Oruk3);
        let Some(MemberKind::Many(contact)) = contact else { panic!("services have contacts") };
        assert!(matches!(contact.kind("email", FeedStandard::Hsds30), Some(MemberKind::Email)));
        assert!(contact.kind("email", FeedStandard::Oruk3).is_none(), "the profile dropped it");
        let service = records::object(RecordKind::Service);
        assert!(service.kind("capacities", FeedStandard::Hsds31).is_some());
        assert!(service.kind("capacities", FeedStandard::Hsds30).is_none(), "not known before 3.1");
    }

    #[test]
    fn what_is_declared_decides_the_standard() {
        for (dialect, version, standard) in [
            (Dialect::Hsds3, Some("3.0"), Some(FeedStandard::Hsds30)),
            (Dialect::Hsds3, Some("3.1.1"), Some(FeedStandard::Hsds31)),
            (Dialect::Hsds3, None, Some(FeedStandard::Hsds31)),
            (Dialect::Oruk3, Some("V3"), Some(FeedStandard::Oruk3)),
            (Dialect::Placecube1, None, Some(FeedStandard::Oruk1)),
            (Dialect::Outpost, None, None),
        ] {
            let declared = description(dialect).standard.of_version(version);
            assert_eq!(declared, standard, "{dialect:?} {version:?}");
        }
    }
}
