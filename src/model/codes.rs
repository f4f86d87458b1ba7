//! The closed lists: dialects, modes, and the standard's own enumerations.

use serde::{Deserialize, Serialize};

/// The family of publishing system a source speaks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Dialect {
    /// International HSDS 3.0, 3.1 or 3.2.
    #[serde(rename = "hsds-3")]
    Hsds3,
    /// Open Referral UK 3.0.
    #[serde(rename = "oruk-3")]
    Oruk3,
    /// Open Referral UK 1.0 as Porism serves it.
    #[serde(rename = "oruk-1")]
    Oruk1,
    /// Open Referral UK 1.0 as Placecube's older service serves it.
    #[serde(rename = "placecube-1")]
    Placecube1,
    /// Outpost.
    Outpost,
    /// LocalGov Drupal.
    LocalgovDrupal,
    /// Connect to Support.
    ConnectToSupport,
    /// Southampton (Etch).
    Southampton,
}

/// How a source is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum SourceMode {
    /// Synchronised into the catalogue.
    #[default]
    Catalogue,
    /// Asked afresh, through the cache, for each query.
    Live,
}
