//! The first publisher of a record that another gateway has re-published.

use serde::{Deserialize, Serialize};
use url::Url;

/// The first publisher of a record, and the record as that publisher knows it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordOrigin {
    /// The name of the first source.
    pub name: String,
    /// Its publisher.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub publisher: Option<String>,
    /// The publisher's web page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub homepage: Option<Url>,
    /// The base address of its feed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub feed: Option<Url>,
    /// The licence of its data.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub licence: Option<OriginLicence>,
    /// The words that the licence asks to be shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attribution: Option<String>,
    /// The record's id in that feed. `None` for a record that was only nested in another one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub record_id: Option<String>,
    /// The record's address in that feed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub record_url: Option<Url>,
}

/// The licence of a first publisher.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OriginLicence {
    /// Its name.
    pub name: String,
    /// The address of its text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<Url>,
    /// Its SPDX id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spdx_id: Option<String>,
}

impl RecordOrigin {
    /// The publisher alone: what also holds for a record nested in this one.
    #[must_use]
    pub fn without_record(&self) -> Self {
        Self { record_id: None, record_url: None, ..self.clone() }
    }
}
