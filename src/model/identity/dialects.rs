//! The list of dialects, one line each. Everything else about a dialect is in its folder under `src/source/dialects`.

use serde::{Deserialize, Serialize};

/// Passes the list of dialects to a macro. Everything that has a part for every dialect is generated from this list.
///
/// Each line has the dialect's name in code, its name in configurations, its folder, and a sentence about it for the
/// GraphQL schema and the configuration's schema.
macro_rules! for_each_dialect {
    ($make:ident) => {
        $make! {
            Hsds3 = "hsds-3" in hsds3: "International HSDS 3.",
            Oruk3 = "oruk-3" in oruk3: "Open Referral UK 3.0.",
            Oruk1 = "oruk-1" in oruk1: "Open Referral UK 1.0.",
            Placecube1 = "placecube-1" in placecube1: "Open Referral UK 1.0 as served by Placecube's older service.",
            Outpost = "outpost" in outpost: "Outpost.",
            LocalgovDrupal = "localgov-drupal" in localgov_drupal: "LocalGov Drupal.",
            ConnectToSupport = "connect-to-support" in connect_to_support: "Connect to Support.",
            Southampton = "southampton" in southampton: "Southampton's own format.",
        }
    };
}
pub(crate) use for_each_dialect;

macro_rules! enumerate_dialects {
    ($($dialect:ident = $name:tt in $folder:ident: $about:tt,)+) => {
        /// The format a source uses, which depends on its publishing system.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
        pub enum Dialect {
            $(
                #[doc = $about]
                #[serde(rename = $name)]
                $dialect,
            )+
        }

        impl Dialect {
            /// All dialects, in the order in which users see them.
            pub const ALL: &[Self] = &[$(Self::$dialect),+];

            /// Returns the name used in configurations and on the command line.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$dialect => $name,)+
                }
            }

            /// Returns the sentence that describes the dialect.
            pub const fn about(self) -> &'static str {
                match self {
                    $(Self::$dialect => $about,)+
                }
            }
        }
    };
}

for_each_dialect!(enumerate_dialects);
