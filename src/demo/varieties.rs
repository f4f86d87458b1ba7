//! The varieties of publishing system: one file each, saying how it lays out the same invented records.
//! To add one: a file with a [`Publisher`], a name in [`Variety`].

mod aggregator;
mod clamp;
mod connect_to_support;
mod hsds31;
mod hsds32;
mod localgov_drupal;
mod members;
mod open_sessions;
mod oruk1;
mod oruk3;
mod outpost;
mod placecube;
mod placecube1;
mod southampton;
mod v1;

use std::fmt;
use std::str::FromStr;

use super::publisher::Publisher;
use crate::model::Dialect;

/// A publishing system an invented feed behaves like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Variety {
    /// Open Referral UK 3.0 as a council's directory serves it: shallow lists, details one by one, no filters.
    Oruk3,
    /// International HSDS 3.1: everything nested in lists, filters that work, every optional collection.
    Hsds31,
    /// An aggregator of several directories: shallow lists, small pages, version `V3`, optional collections absent.
    Aggregator,
    /// Open Referral UK 1.0 as Porism serves it: lists with next to nothing, details with everything.
    Oruk1,
    /// Open Referral UK 1.0 as Placecube's older service serves it: "" for nothing, garbled text, details that fail.
    Placecube1,
    /// Outpost: numbers for ids, masked places, a hundred requests a minute.
    Outpost,
    /// LocalGov Drupal: pages of ten whatever is asked, guessed totals, objects for lists and lists for nothing.
    LocalgovDrupal,
    /// Connect to Support: names in lower case, values as text, everything nested in lists.
    ConnectToSupport,
    /// Southampton's directory: numbers as text for ids, days spelled out, addresses not for showing.
    Southampton,
    /// International HSDS in the `data` and `links` of a web framework.
    Hsds32,
    /// Open Sessions: pages linked to the next, each of which claims to be the only one.
    OpenSessions,
    /// A re-publisher that sends its last page again for every page past the end.
    Clamp,
}

/// A name that is no variety's.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("is no variety of feed; use one of {}", names())]
pub struct UnknownVariety;

impl Variety {
    /// Every variety there is.
    pub fn all() -> &'static [Variety] {
        &[
            Self::Oruk3,
            Self::Hsds31,
            Self::Aggregator,
            Self::Oruk1,
            Self::Placecube1,
            Self::Outpost,
            Self::LocalgovDrupal,
            Self::ConnectToSupport,
            Self::Southampton,
            Self::Hsds32,
            Self::OpenSessions,
            Self::Clamp,
        ]
    }

    /// The name on the command line, e.g. `oruk-3`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Oruk3 => "oruk-3",
            Self::Hsds31 => "hsds-3",
            Self::Aggregator => "aggregator",
            Self::Oruk1 => "oruk-1",
            Self::Placecube1 => "placecube-1",
            Self::Outpost => "outpost",
            Self::LocalgovDrupal => "localgov-drupal",
            Self::ConnectToSupport => "connect-to-support",
            Self::Southampton => "southampton",
            Self::Hsds32 => "hsds-3.2",
            Self::OpenSessions => "open-sessions",
            Self::Clamp => "clamp",
        }
    }

    /// The dialect a gateway reads it with.
    pub fn dialect(self) -> Dialect {
        match self {
            Self::Oruk3 | Self::Aggregator | Self::OpenSessions | Self::Clamp => Dialect::Oruk3,
            Self::Hsds31 | Self::Hsds32 => Dialect::Hsds3,
            Self::Oruk1 => Dialect::Oruk1,
            Self::Placecube1 => Dialect::Placecube1,
            Self::Outpost => Dialect::Outpost,
            Self::LocalgovDrupal => Dialect::LocalgovDrupal,
            Self::ConnectToSupport => Dialect::ConnectToSupport,
            Self::Southampton => Dialect::Southampton,
        }
    }

    pub(super) fn publisher(self) -> &'static dyn Publisher {
        match self {
            Self::Oruk3 => &oruk3::Oruk3,
            Self::Hsds31 => &hsds31::Hsds31,
            Self::Aggregator => &aggregator::Aggregator,
            Self::Oruk1 => &oruk1::Oruk1,
            Self::Placecube1 => &placecube1::Placecube1,
            Self::Outpost => &outpost::Outpost,
            Self::LocalgovDrupal => &localgov_drupal::LocalgovDrupal,
            Self::ConnectToSupport => &connect_to_support::ConnectToSupport,
            Self::Southampton => &southampton::Southampton,
            Self::Hsds32 => &hsds32::Hsds32,
            Self::OpenSessions => &open_sessions::OpenSessions,
            Self::Clamp => &clamp::Clamp,
        }
    }
}

impl fmt::Display for Variety {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Variety {
    type Err = UnknownVariety;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::all().iter().copied().find(|variety| variety.name() == text).ok_or(UnknownVariety)
    }
}

fn names() -> String {
    Variety::all().iter().map(|variety| variety.name()).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_back_to_their_varieties() {
        for variety in Variety::all() {
            assert_eq!(variety.to_string().parse(), Ok(*variety));
        }
        assert_eq!("oruk".parse::<Variety>(), Err(UnknownVariety));
        assert!(UnknownVariety.to_string().ends_with("hsds-3.2, open-sessions, clamp"));
    }
}
