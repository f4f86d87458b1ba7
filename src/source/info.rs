//! What is publicly known of a configured source.

use url::Url;

use crate::config;
use crate::model::{Dialect, SourceKey, SourceMode};

/// What the configuration says of a source, without its credentials.
#[derive(Clone, Debug)]
pub struct SourceInfo {
    /// The slug that is part of every id.
    pub key: SourceKey,
    /// Name for people.
    pub name: String,
    /// Who publishes it.
    pub publisher: Option<String>,
    /// The publisher's page about it.
    pub homepage: Option<Url>,
    /// Base address of the feed, without credentials.
    pub url: Url,
    /// The licence of the data.
    pub licence: Option<SourceLicence>,
    /// Words the licence asks to be shown.
    pub attribution: Option<String>,
    /// Whether its records are published again.
    pub republication: RepublicationRule,
    /// The dialect configured; none means it is to be detected.
    pub dialect: Option<Dialect>,
    /// How it is read.
    pub mode: SourceMode,
}

impl SourceInfo {
    /// What the configuration says of a source.
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

/// Whether the records of a source are published again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RepublicationRule {
    /// They are.
    Allowed,
    /// They are not, for the configuration says so (`republish = false`).
    RefusedByOperator,
    /// They are not, for the licence is not known to be open, and the configuration does not say that they may be.
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

// A query may hold a key.
fn without_query(url: &Url) -> Url {
    let mut url = url.clone();
    url.set_query(None);
    url
}

/// A licence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceLicence {
    /// Its name.
    pub name: String,
    /// Its text.
    pub url: Option<Url>,
    /// Its SPDX id.
    pub spdx_id: Option<String>,
}
