//! The licence a source publishes under.

use serde_json::json;
use toml::de::DeValue;
use url::Url;

use super::kind::{self, ValueKind};
use super::problem::ValueRefusal;
use super::reader::{FoundValue, ProblemReport};
use super::section::{ConfigSection, SectionVisitor};

/// The licence a source publishes under.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfiguredLicence {
    /// Its display name, or the SPDX id if no better name is known.
    pub name: String,
    /// Where it can be read.
    pub url: Option<Url>,
    /// Its id in the SPDX list, e.g. `OGL-UK-3.0`.
    pub spdx_id: Option<String>,
}

/// Licences that let anybody publish data again, by how their SPDX ids begin.
const OPEN: [&str; 8] = ["OGL-", "CC0-", "CC-BY-", "CC-PDDC", "ODC-By-", "ODbL-", "PDDL-", "NLOD-"];
/// What the ids of licences contain that begin so and are not open: no commercial use, no changes.
const NOT_OPEN: [&str; 2] = ["-NC", "-ND"];
/// Where the texts of such licences are.
const OPEN_TEXTS: [&str; 5] = [
    "nationalarchives.gov.uk/doc/open-government-licence",
    "creativecommons.org/publicdomain/",
    "creativecommons.org/licenses/by/",
    "creativecommons.org/licenses/by-sa/",
    "opendatacommons.org/licenses/",
];

impl ConfiguredLicence {
    /// Returns whether it is known to let anybody publish the data again, changed or not: by its SPDX id or, if it has
    /// none, by the address of its text or its name.
    pub fn is_open(&self) -> bool {
        if let Some(id) = &self.spdx_id {
            return OPEN.iter().any(|open| id.starts_with(open))
                && !NOT_OPEN.iter().any(|limit| id.contains(limit));
        }
        let has_open_text =
            |url: &Url| OPEN_TEXTS.iter().any(|text| url.as_str().to_ascii_lowercase().contains(text));
        self.url.as_ref().is_some_and(has_open_text)
            || self.name.to_ascii_lowercase().starts_with("open government licence")
    }
}

/// An SPDX id as text, or a table with the licence's name and URL.
pub(super) fn licence() -> ValueKind<ConfiguredLicence> {
    let by_id = ValueKind::parsed(json!({ "type": "string", "examples": [OGL.0] }), from_spdx_id, |_| None);
    let spelt_out = kind::table(|written: WrittenLicence| {
        let name =
            written.name.filter(|name| !name.is_empty()).ok_or_else(|| ValueRefusal::new("has no name"))?;
        Ok(ConfiguredLicence { name, url: written.url, spdx_id: written.spdx_id })
    });
    let schema = json!({ "anyOf": [by_id.schema(), spelt_out.schema()] });
    let read = move |report: &mut ProblemReport<'_>, found: &FoundValue<'_>| match found.value {
        DeValue::String(_) => by_id.read(report, found),
        DeValue::Table(_) => spelt_out.read(report, found),
        _ => {
            report.expected(found, "an SPDX id or a table { name, url }");
            None
        }
    };
    ValueKind::new(schema, read, |_| None)
}

/// The licence of nearly every UK publisher: id, name, URL.
const OGL: (&str, &str, &str) = (
    "OGL-UK-3.0",
    "Open Government Licence v3.0",
    "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
);

fn from_spdx_id(id: &str) -> Result<ConfiguredLicence, ValueRefusal> {
    if id == OGL.0 {
        let (id, name, url) = OGL;
        return Ok(ConfiguredLicence {
            name: name.into(),
            url: Url::parse(url).ok(),
            spdx_id: Some(id.into()),
        });
    }
    if id.is_empty() || !id.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '+')) {
        return Err(
            ValueRefusal::new("is not an SPDX id").remedy("write { name = \"…\", url = \"https://…\" }")
        );
    }
    Ok(ConfiguredLicence { name: id.into(), url: None, spdx_id: Some(id.into()) })
}

#[derive(Default)]
struct WrittenLicence {
    name: Option<String>,
    url: Option<Url>,
    spdx_id: Option<String>,
}

impl ConfigSection for WrittenLicence {
    const ABOUT: &'static str = "A licence by name.";

    fn keys(&mut self, keys: &mut impl SectionVisitor) {
        keys.required("name", "The licence's name.", kind::text(), &mut self.name);
        keys.key("url", "The address of its text.", kind::url().optional(), &mut self.url);
        keys.key("spdx_id", "Its SPDX id.", kind::word().optional(), &mut self.spdx_id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn licences_that_let_anybody_publish_again_are_told_from_others() {
        for (id, expected) in [
            ("OGL-UK-3.0", true),
            ("CC-BY-4.0", true),
            ("CC-BY-SA-4.0", true),
            ("CC0-1.0", true),
            ("ODbL-1.0", true),
            ("CC-BY-NC-4.0", false),
            ("CC-BY-NC-SA-4.0", false),
            ("CC-BY-ND-4.0", false),
            ("LicenseRef-ours", false),
        ] {
            assert_eq!(from_spdx_id(id).unwrap().is_open(), expected, "{id}");
        }
        let named = |name: &str, url: Option<&str>| ConfiguredLicence {
            name: name.to_owned(),
            url: url.map(|url| url.parse().unwrap()),
            spdx_id: None,
        };
        assert!(named("Open Government Licence v2.0", None).is_open());
        assert!(named("Ours", Some("https://creativecommons.org/licenses/by/4.0/")).is_open());
        assert!(!named("Ours", Some("https://creativecommons.org/licenses/by-nc/4.0/")).is_open());
        assert!(!named("All rights reserved", None).is_open());
    }
}
