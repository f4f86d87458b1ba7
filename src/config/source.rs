//! `[[sources]]`: the feeds, each over the values in `[defaults]`.

use std::collections::BTreeMap;

use serde_json::json;
use url::Url;

use super::auth::{SourceAuth, auth};
use super::kind::{self, NamedChoices, ValueKind};
use super::licence::{ConfiguredLicence, licence};
use super::limits::SourceLimits;
use super::problem::ValueRefusal;
use super::secret::SecretText;
use super::section::{ConfigSection, SectionVisitor, settings};
use crate::model::{Dialect, SourceKey, SourceMode};

/// One configured feed.
#[derive(Clone, Debug, PartialEq)]
pub struct SourceSettings {
    /// Its key, which is part of every id.
    pub key: SourceKey,
    /// The URL that its endpoints are below: http or https, without credentials or fragment.
    pub url: Url,
    /// Its display name, or the key if none is written.
    pub name: String,
    /// Its publisher.
    pub publisher: Option<String>,
    /// The publisher's home page.
    pub homepage: Option<Url>,
    /// The licence it is published under.
    pub licence: Option<ConfiguredLicence>,
    /// The attribution that the publisher asks for.
    pub attribution: Option<String>,
    /// Its dialect. `None` means that it is detected.
    pub dialect: Option<Dialect>,
    /// Whether its records are published again, in `/oruk/v3`. `None` means that its licence decides.
    pub republish: Option<bool>,
    /// How it is read.
    pub mode: SourceMode,
    /// Whether the gateway uses it.
    pub enabled: bool,
    /// How the gateway authenticates to it.
    pub auth: Option<SourceAuth>,
    /// Headers sent with every request, names in lower case, each once.
    pub headers: Vec<(String, SecretText)>,
    /// The paths of endpoints that are not where the dialect expects them, by [endpoint](SourceSettings::ENDPOINTS).
    pub paths: BTreeMap<String, String>,
    /// Query parameters that it is known to support beyond those of its dialect.
    pub honours: Vec<String>,
    /// Its limits.
    pub limits: SourceLimits,
}

impl SourceSettings {
    /// The endpoints whose paths can be overridden.
    pub const ENDPOINTS: [&str; 6] =
        ["services", "organizations", "locations", "service_at_locations", "taxonomies", "taxonomy_terms"];

    /// Creates a source with every default.
    pub fn new(key: SourceKey, url: Url) -> Self {
        let name = key.to_string();
        SourceDefaults::default().with_identity(key, url, name)
    }
}

settings! {
    /// Defaults for all sources: any key of a source except key, url and name.
    pub(super) struct SourceDefaults {
        /// The publisher of the feed.
        publisher: Option<String> = kind::text().optional(), None;
        /// The publisher's home page.
        homepage: Option<Url> = kind::url().optional(), None;
        /// The licence of the feed's data: an SPDX id, or a table with its name and url.
        licence: Option<ConfiguredLicence> = licence().optional(), None;
        /// The attribution that the publisher asks for.
        attribution: Option<String> = kind::text().optional(), None;
        /// Whether the gateway publishes the feed's records again, at /oruk/v3. Empty: unless the licence is
        /// known not to be open.
        republish: Option<bool> = kind::flag().optional(), None;
        /// The feed's dialect, which depends on the publishing system. auto detects it.
        dialect: Option<Dialect> = dialect(), None;
        /// How the feed is read.
        mode: SourceMode = kind::choice(NamedChoices::of()), SourceMode::default();
        /// Whether the gateway uses the feed.
        enabled: bool = kind::flag(), true;
        /// How the gateway authenticates to the feed: one of bearer, basic, header and query. Empty: no authentication.
        auth: Option<SourceAuth> = auth().optional(), None;
        /// Headers sent with every request, added to those of `[defaults]`.
        headers: BTreeMap<String, SecretText> = headers(), BTreeMap::new();
        /// The paths of endpoints that the publisher has moved, relative to the url.
        paths: BTreeMap<String, String> = paths(), BTreeMap::new();
        /// Query parameters that the feed is known to support beyond those of its dialect, such as modified_after. The
        /// gateway may pass filters on in these.
        honours: Vec<String> = kind::list(kind::word()), Vec::new();
        ..limits: SourceLimits;
    }
}

impl SourceDefaults {
    fn with_identity(self, key: SourceKey, url: Url, name: String) -> SourceSettings {
        SourceSettings {
            key,
            url,
            name,
            publisher: self.publisher,
            homepage: self.homepage,
            licence: self.licence,
            attribution: self.attribution,
            republish: self.republish,
            dialect: self.dialect,
            mode: self.mode,
            enabled: self.enabled,
            auth: self.auth,
            headers: self.headers.into_iter().collect(),
            paths: self.paths,
            honours: self.honours,
            limits: self.limits,
        }
    }
}

/// A source as written, over the defaults it starts from.
#[derive(Clone)]
pub(super) struct WrittenSource {
    key: Option<SourceKey>,
    url: Option<Url>,
    name: Option<String>,
    shared: SourceDefaults,
}

impl WrittenSource {
    /// Creates a source with only the defaults.
    pub(super) fn over(defaults: &SourceDefaults) -> Self {
        Self { key: None, url: None, name: None, shared: defaults.clone() }
    }

    /// Returns the source, unless its key or URL was refused.
    pub(super) fn believe(self) -> Option<SourceSettings> {
        let (key, url) = (self.key?, self.url?);
        let name = self.name.unwrap_or_else(|| key.to_string());
        Some(self.shared.with_identity(key, url, name))
    }
}

impl ConfigSection for WrittenSource {
    const ABOUT: &'static str = "The feeds. Each may have any key of [defaults], for itself alone.";

    fn keys(&mut self, keys: &mut impl SectionVisitor) {
        let about = "The source's unique key: a-z, 0-9 and -. It is part of every id, so never change it.";
        keys.required("key", about, source_key(), &mut self.key);
        let about = "The http or https URL that the feed's endpoints are below.";
        keys.required("url", about, kind::url(), &mut self.url);
        let about = "The source's display name. Default: its key.";
        keys.key("name", about, kind::text().optional(), &mut self.name);
        self.shared.keys(keys);
    }
}

fn source_key() -> ValueKind<SourceKey> {
    let parse = |text: &str| SourceKey::parse(text).map_err(|error| ValueRefusal::new(error.to_string()));
    let schema = json!({
        "type": "string",
        "pattern": format!("^[a-z0-9]([a-z0-9-]{{0,{}}}[a-z0-9])?$|\\$\\{{", SourceKey::MAX_LEN - 2),
    });
    ValueKind::parsed(schema, parse, |key: &SourceKey| Some(key.as_str().into()))
}

fn dialect() -> ValueKind<Option<Dialect>> {
    kind::choice(NamedChoices::of().map(Some).or("auto", "Detected from the feed's responses.", None))
}

fn headers() -> ValueKind<BTreeMap<String, SecretText>> {
    kind::map(&[], kind::parse_header_name, kind::header_value())
}

fn paths() -> ValueKind<BTreeMap<String, String>> {
    let endpoint = |name: &str| match SourceSettings::ENDPOINTS.contains(&name) {
        true => Ok(name.to_owned()),
        false => Err(ValueRefusal::unknown("endpoint", name, &SourceSettings::ENDPOINTS)),
    };
    kind::map(&SourceSettings::ENDPOINTS, endpoint, kind::endpoint())
}
