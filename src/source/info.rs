//! What is publicly known about a configured source.

use url::Url;

use crate::config;
use crate::model::{Dialect, SourceKey, SourceMode};

/// The configuration of a source, without credentials.
#[derive(Clone, Debug)]
pub struct SourceInfo {
    /// The slug that is part of every id.
    pub key: SourceKey,
    /// The name, for people.
    pub name: String,
    /// The organisation that publishes the feed.
    pub publisher: Option<String>,
    /// The publisher's page about the feed.
    pub homepage: Option<Url>,
    /// The base URL of the feed, without credentials.
    pub url: Url,
    /// The licence of the data.
    pub licence: Option<SourceLicence>,
    /// The words that the licence requires to be shown.
    pub attribution: Option<String>,
    /// Whether the records may be published again.
    pub republication: RepublicationRule,
    /// The configured dialect. `None` means that it is detected.
    pub dialect: Option<Dialect>,
    /// Whether the source is synchronised or live.
    pub mode: SourceMode,
}

impl SourceInfo {
    /// Takes the public part of a source's configuration.
    pub(crate) fn of(source: &config::SourceSettings) -> Self {
        let licence = source.licence.as_ref();
        Self {
            key: source.key.clone(),
            name: source.name.clone(),
            publisher: source.publisher.clone(),
            homepage: source.homepage.clone(),
            url: without_query(&source.url),
            licence: licence.map(|licence| SourceLicence {
                name: licence.name.clone(),
                url: licence.url.clone(),
                spdx_id: licence.spdx_id.clone(),
            }),
            attribution: source.attribution.clone(),
            republication: RepublicationRule::of(source),
            dialect: source.dialect,
            mode: source.mode,
        }
    }
}

/// Whether the records of a source are published again, and why not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RepublicationRule {
    /// They are.
    Allowed,
    /// They are not, because the configuration says so (`republish = false`).
    RefusedByOperator,
    /// They are not, because the licence is not known to be open and the configuration does not allow it.
    RefusedByLicence,
}

impl RepublicationRule {
    fn of(source: &config::SourceSettings) -> Self {
        match (source.republish, &source.licence) {
            (Some(true), _) | (None, None) => Self::Allowed,
            (Some(false), _) => Self::RefusedByOperator,
            (None, Some(licence)) if licence.is_open() => Self::Allowed,
            (None, Some(_)) => Self::RefusedByLicence,
        }
    }
}

// The query part may contain a key.
fn without_query(url: &Url) -> Url {
    let mut url = url.clone();
    url.set_query(None);
    url
}

/// A licence of data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceLicence {
    /// Its name.
    pub name: String,
    /// The URL of its text.
    pub url: Option<Url>,
    /// Its SPDX identifier.
    pub spdx_id: Option<String>,
}
