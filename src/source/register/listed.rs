//! A feed of a register as it would be configured, and an entry that cannot be used.

use serde::Serialize;
use serde_json::Value;
use url::Url;

use super::row::RegisterRow;
use super::{dialect, state};
use crate::model::{Dialect, SourceKey};

/// A feed as it would be configured.
#[derive(Clone, Debug, Serialize)]
pub struct ListedFeed {
    /// A slug made from the publisher's name.
    pub key: SourceKey,
    /// The base URL of the endpoints, without query, `/services` or trailing slash.
    pub url: Url,
    /// The name, for people.
    pub name: String,
    /// The organisation that publishes the feed.
    pub publisher: Option<String>,
    /// The publisher's own page.
    pub homepage: Option<Url>,
    /// The licence that the register states: an SPDX identifier, or a name.
    pub licence: Option<String>,
    /// The attribution that the publisher asks for.
    pub attribution: Option<String>,
    /// The dialect, if the register tells. `None` means that it is detected.
    pub dialect: Option<Dialect>,
    /// The path of the list of services, if it is not `/services`.
    pub services_path: Option<String>,
    /// The most records that the feed puts on a page, if known.
    pub page_size: Option<u32>,
    /// The pace that the feed can bear, if that is known to be less than usual.
    pub requests_per_second: Option<u32>,
    /// Why the feed should not be used for now. `None` if it may be used.
    pub disabled: Option<String>,
    /// Further notes, one a line.
    pub notes: Vec<String>,
}

/// An entry that cannot be used as it is.
#[derive(Clone, Debug, Serialize)]
pub struct UnusableEntry {
    /// The number of the entry, counted from 1.
    pub entry: usize,
    /// The name in the register, if there is one.
    pub name: Option<String>,
    /// Why it cannot be used.
    pub reason: String,
}

const NAME: [&str; 4] = ["name", "label", "title", "servicename"];
const PUBLISHER: [&str; 3] = ["publisher", "publishername", "organisationlabel"];
const HOMEPAGE: [&str; 4] = ["homepage", "publisherurl", "organisationurl", "publisher"];
/// Names of the licence that nearly all feeds use, and its SPDX identifier.
const OGL: ([&str; 4], &str) = (["ogl", "ogl v3", "ogl v3.0", "open government licence v3.0"], "OGL-UK-3.0");

impl ListedFeed {
    pub(super) fn of(row: &RegisterRow, key: SourceKey, url: Url) -> Self {
        let publisher = row.text(&PUBLISHER);
        let name = row.text(&NAME).or_else(|| publisher.clone()).unwrap_or_else(|| key.to_string());
        Self {
            dialect: dialect::dialect(row, &url),
            name,
            publisher,
            homepage: row.link(&HOMEPAGE),
            licence: row.text(&["licence", "license"]).map(spdx_where_known),
            attribution: row.text(&["attribution"]),
            services_path: services_path(row),
            page_size: row.count(&["pagesize"]).filter(|size| *size <= 10_000),
            requests_per_second: row.count(&["requestspersecond"]).filter(|pace| *pace <= 100),
            disabled: state::reason_to_wait(row),
            notes: state::notes(row),
            key,
            url,
        }
    }
}

impl UnusableEntry {
    pub(super) fn new(entry: usize, row: &Value, reason: String) -> Self {
        let row = RegisterRow::of(row);
        let name = row.and_then(|row| row.text(&NAME).or_else(|| row.text(&PUBLISHER)));
        Self { entry, name, reason }
    }
}

fn spdx_where_known(licence: String) -> String {
    let (names, id) = OGL;
    if names.contains(&licence.to_lowercase().as_str()) { id.to_owned() } else { licence }
}

fn services_path(row: &RegisterRow) -> Option<String> {
    let path = row.text(&["servicepathoverride"])?;
    let is_path = !path.contains("://") && !path.contains(['?', '#', ' ', '\\']);
    let path = format!("/{}", path.trim_matches('/'));
    (is_path && path != "/" && path != "/services").then_some(path)
}
