//! The varieties of publishing systems, one file each: each describes how a system lays out the same invented records.
//! To add a variety, write a file with a [`FeedPublisher`] and add a line to the list below.

mod members;
mod placecube;
mod v1;

use std::fmt;
use std::str::FromStr;

use super::paging::FeedPaging;
use super::publisher::FeedPublisher;
use crate::model::Dialect;

macro_rules! varieties {
    ($($variety:ident = $name:tt in $file:ident, read as $dialect:ident: $about:tt,)+) => {
        $(mod $file;)+

        /// A publishing system that an invented feed imitates.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum FeedVariety {
            $(#[doc = $about] $variety,)+
        }

        impl FeedVariety {
            /// Returns all varieties.
            pub fn all() -> &'static [FeedVariety] {
                &[$(Self::$variety),+]
            }

            /// Returns the name of the variety on the command line, e.g. `oruk-3`.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$variety => $name,)+
                }
            }

            /// Returns the dialect with which a gateway reads the feed.
            pub fn dialect(self) -> Dialect {
                match self {
                    $(Self::$variety => Dialect::$dialect,)+
                }
            }

            pub(super) fn publisher(self) -> &'static dyn FeedPublisher {
                match self {
                    $(Self::$variety => &$file::$variety,)+
                }
            }
        }
    };
}

// Each line states the variant, its name on the command line, its file, the dialect with which it is read, and its
// description. `--help` lists the varieties in this order.
varieties! {
    Oruk3 = "oruk-3" in oruk3, read as Oruk3: "Open Referral UK 3.0 as a council's directory serves it.",
    Hsds31 = "hsds-3" in hsds31, read as Hsds3: "International HSDS 3.1, whole in its lists.",
    Aggregator = "aggregator" in aggregator, read as Oruk3: "An aggregator of several directories.",
    Oruk1 = "oruk-1" in oruk1, read as Oruk1: "Open Referral UK 1.0 as Porism serves it.",
    Placecube1 = "placecube-1" in placecube1, read as Placecube1: "Open Referral UK 1.0 as Placecube's older service serves it.",
    Outpost = "outpost" in outpost, read as Outpost: "Outpost, which counts requests.",
    LocalgovDrupal = "localgov-drupal" in localgov_drupal, read as LocalgovDrupal: "LocalGov Drupal, in pages of ten.",
    ConnectToSupport = "connect-to-support" in connect_to_support, read as ConnectToSupport: "Connect to Support, in small letters.",
    Southampton = "southampton" in southampton, read as Southampton: "Southampton's directory, which hides some addresses.",
    Hsds32 = "hsds-3.2" in hsds32, read as Hsds3: "International HSDS in the envelope of a web framework.",
    OpenSessions = "open-sessions" in open_sessions, read as Oruk3: "Open Sessions, whose pages are linked.",
    Clamp = "clamp" in clamp, read as Oruk3: "A re-publisher that repeats its last page.",
}

impl FeedVariety {
    /// Returns how the feed's lists are divided into pages.
    pub fn paging(self) -> FeedPaging {
        self.publisher().paging()
    }
}

/// The error that a text is not the name of a variety.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("is no variety of feed; use one of {}", names())]
pub struct UnknownVariety;

impl fmt::Display for FeedVariety {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for FeedVariety {
    type Err = UnknownVariety;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::all().iter().copied().find(|variety| variety.name() == text).ok_or(UnknownVariety)
    }
}

fn names() -> String {
    FeedVariety::all().iter().map(|variety| variety.name()).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_back_to_their_varieties() {
        for variety in FeedVariety::all() {
            assert_eq!(variety.to_string().parse(), Ok(*variety));
        }
        assert_eq!("oruk".parse::<FeedVariety>(), Err(UnknownVariety));
        assert!(UnknownVariety.to_string().contains("oruk-3, hsds-3, aggregator, oruk-1"));
    }

    #[test]
    fn every_dialect_has_a_variety() {
        for dialect in Dialect::ALL {
            let has_one = FeedVariety::all().iter().any(|variety| variety.dialect() == *dialect);
            assert!(has_one, "{} needs a variety in the list of src/demo/varieties.rs", dialect.as_str());
        }
    }
}
