//! One feed of a register, as it would be configured; and an entry that cannot be.

use serde::Serialize;
use serde_json::Value;
use url::Url;

use super::row::RegisterRow;
use super::{dialect, state};
use crate::model::{Dialect, SourceKey};

/// A feed, as it would be configured.
#[derive(Clone, Debug, Serialize)]
pub struct ListedFeed {
    /// A slug after the publisher.
    pub key: SourceKey,
    /// The address its endpoints lie under: no query, no `/services`, no slash at the end.
    pub url: Url,
    /// Its name for people.
    pub name: String,
    /// Who publishes it.
    pub publisher: Option<String>,
    /// The publisher's own page.
    pub homepage: Option<Url>,
    /// The licence the register states: an SPDX id, or a name.
    pub licence: Option<String>,
    /// The words the publisher asks to be named with.
    pub attribution: Option<String>,
    /// The dialect, where the register's words tell; else it is to be detected.
    pub dialect: Option<Dialect>,
    /// Where its services are, when not at `/services`.
    pub services_path: Option<String>,
    /// The most records it puts on a page, where that is known.
    pub page_size: Option<u32>,
    /// The pace it can bear, where that is known to be less than usual.
    pub requests_per_second: Option<u32>,
    /// Why it should not be asked for now; none where nothing speaks against it.
    pub disabled: Option<String>,
    /// What else is worth knowing, a line each.
    pub notes: Vec<String>,
}

/// An entry that is no use as it stands.
#[derive(Clone, Debug, Serialize)]
pub struct UnusableEntry {
    /// Which one, counted from one.
    pub entry: usize,
    /// What the register calls it, if anything.
    pub name: Option<String>,
    /// Why.
    pub reason: String,
}

const NAME: [&str; 4] = ["name", "label", "title", "servicename"];
const PUBLISHER: [&str; 3] = ["publisher", "publishername", "organisationlabel"];
const HOMEPAGE: [&str; 4] = ["homepage", "publisherurl", "organisationurl", "publisher"];
/// Names for the licence nearly all use, and its SPDX id.
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
